// Sitting an exam: every answer is sent as it changes, kept in this browser until the server has it, and the page says
// truthfully which. Without this file the paper is a form that is saved with its button.
"use strict";
(() => {
  const NOT_SAVED_AFTER = 4500, BEAT = 15000, TYPING = 1000, LONGEST_TYPING = 3000, PAUSES = [1000, 2000, 4000, 8000];
  const say = (words, ...values) => values.reduce((text, value, n) => text.replaceAll(`{${n}}`, value), words);
  const prefix = (attempt) => `exam:${attempt}:`;

  // --- What is not sent yet, in this browser, by attempt and question; where storage is refused, in the page alone.
  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, entry) { try { localStorage.setItem(key, JSON.stringify(entry)); } catch { /* the page still has it */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing to drop */ } },
    of(attempt) {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(prefix(attempt)))
          .map((key) => [Number(key.slice(prefix(attempt).length)), store.read(key)]).filter(([, entry]) => entry);
      } catch { return []; }
    },
  };

  // --- Sending: one at a time, again until the server has said yes. `done` and `failed` hear of it.
  class Courier {
    constructor(attempt, address, token, done, failed) {
      Object.assign(this, { attempt, address, token, done, failed, waiting: new Map(), busy: false, failures: 0 });
      window.addEventListener("online", () => this.send());
      window.addEventListener("focus", () => { if (this.failures) this.send(); });
      for (const [position, entry] of store.of(attempt)) this.waiting.set(position, entry);
    }
    put(position, entry) {
      this.waiting.set(position, entry);
      store.write(prefix(this.attempt) + position, entry);
    }
    body(position, entry) {
      const body = new URLSearchParams(entry.boxes);
      for (const name of ["page", "turn", "based", "flagged"]) body.set(name, entry[name]);
      body.set("position", position);
      body.set("csrf_token", this.token);
      return body;
    }
    async send() {
      clearTimeout(this.timer);
      if (this.busy) return;
      this.busy = true;
      try {
        while (this.waiting.size) {
          const [position, entry] = this.waiting.entries().next().value;
          const answer = await ask(this.address, this.body(position, entry));
          if (!answer.ok) {
            this.failures += 1;
            this.failed(answer.status, position, entry);
            this.timer = setTimeout(() => this.send(), PAUSES[Math.min(this.failures, PAUSES.length) - 1]);
            return;
          }
          this.failures = 0;
          const newer = this.waiting.get(position) !== entry;
          if (!newer) {
            this.waiting.delete(position);
            store.drop(prefix(this.attempt) + position);
          }
          this.done(position, answer.said, newer);
        }
      } finally { this.busy = false; }
    }
  }

  async function ask(address, body, keepalive = false) {
    const patience = new AbortController(), timer = setTimeout(() => patience.abort(), NOT_SAVED_AFTER);
    try {
      const answer = await fetch(address, { method: "POST", body, keepalive, headers: { Accept: "application/json" }, signal: patience.signal });
      return { ok: answer.ok, status: answer.status, said: answer.ok ? await answer.json() : null };
    } catch { return { ok: false, status: 0, said: null }; } finally { clearTimeout(timer); }
  }

  // --- Beside the paper: what this browser still holds is sent from here too.
  const rest = document.querySelector("[data-exam-rest]");
  if (rest) {
    const words = JSON.parse(rest.dataset.words);
    const show = () => { rest.textContent = courier.waiting.size ? say(words.pending, courier.waiting.size) : words.sent; };
    const courier = new Courier(rest.dataset.examRest, rest.dataset.save, rest.dataset.token, show, show);
    const handIn = document.querySelector("form[data-exam-hand-in]");
    if (courier.waiting.size) {
      show();
      courier.send();
    }
    if (handIn) handIn.addEventListener("submit", (event) => {
      if (!courier.waiting.size) return;
      event.preventDefault();
      event.stopPropagation();
      courier.send();
    }, true);
    return;
  }

  const form = document.getElementById("exam");
  if (!form) return;
  const words = JSON.parse(form.dataset.words), data = form.dataset;
  const bit = (name, inside = form) => inside.querySelector(`[data-${name}]`);
  const questions = new Map();
  let left = 0, leftAt = 0, over = false, away = 0, awayMs = 0, awaySince = 0, heardAt = performance.now(), trouble = "", elsewhere = "";

  for (const section of form.querySelectorAll("[data-question]")) {
    const n = Number(section.dataset.question);
    questions.set(n, {
      n, section, said: bit("said", section), mark: form.querySelector(`.exam-mark[value="${n}"]`), page: data.page, turn: 0,
      based: form.elements[`based-${n}`].value, flag: form.elements[`flag-${n}`], since: 0, typed: 0,
    });
  }
  const here = () => [...questions.values()].find((one) => !one.section.hidden);

  // --- An answer: what stands in its boxes, put back into them, sent.
  function boxes(one) {
    const name = `q${one.n}`;
    return [...new FormData(form)].filter(([key]) => key === name || key.startsWith(`${name}-`));
  }
  function fill(one, kept) {
    for (const box of one.section.querySelectorAll(`[name="q${one.n}"], [name^="q${one.n}-"]`)) {
      const values = kept.filter(([key]) => key === box.name).map(([, value]) => value);
      if (box.matches("[type=radio], [type=checkbox]")) box.checked = values.includes(box.value);
      else box.value = values[0] ?? "";
    }
  }
  function changed(one, soon) {
    one.turn += 1;
    one.since ||= Date.now();
    courier.put(one.n, { page: one.page, turn: one.turn, based: one.based, flagged: one.flag.checked ? "yes" : "no", boxes: boxes(one) });
    mark(one);
    show();
    clearTimeout(one.timer);
    if (!courier.failures) one.timer = setTimeout(() => courier.send(), soon ? 0 : Math.max(0, Math.min(TYPING, one.since + LONGEST_TYPING - Date.now())));
  }
  function done(n, answer, newer) {
    const one = questions.get(n);
    heardAt = performance.now();
    trouble = "";
    synchronize(answer.remaining);
    if (!one) return;
    if (!answer.aside) one.based = String(answer.standing);
    one.since = newer ? Date.now() : 0;
    one.last = answer.late ? words.late : answer.aside ? "" : say(words.saved, answer.at);
    bit("conflict", one.section).replaceChildren();
    if (answer.aside) conflict(one, answer);
    show();
    if (over && !courier.waiting.size) beat();
  }
  function failed(status, n, entry) {
    trouble = status === 401 ? "signin" : [400, 403, 404].includes(status) ? "refused" : "offline";
    const one = questions.get(n);
    if (status === 409 && one) {  // another page has used this count: go on under a name of one's own
      one.page = `${data.page.slice(0, 20)}-${Date.now()}`;
      courier.put(n, { ...entry, page: one.page });
    }
    show();
  }
  function conflict(one, answer) {
    const told = document.createElement("p"), row = document.createElement("div");
    told.textContent = say(words.aside, answer.standing_at);
    row.className = "buttons";
    row.append(button(words.mine, () => { one.based = String(answer.standing); changed(one, true); }), button(words.theirs, () => { location.reload(); }));
    bit("conflict", one.section).replaceChildren(told, row);
  }
  function button(text, act) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: text, className: "btn btn-quiet" });
    made.addEventListener("click", act);
    return made;
  }

  // --- What the page says. "Saved" only after the server's yes; "not saved" at the first failure, or after 4.5 seconds.
  function show() {
    const late = [...questions.values()].filter((one) => courier.waiting.has(one.n) && (trouble || Date.now() - one.since > NOT_SAVED_AFTER));
    for (const one of questions.values()) {
      const waits = courier.waiting.has(one.n), bad = late.includes(one);
      if (waits || one.last !== undefined) one.said.textContent = bad ? words.unsaved : waits ? words.saving : one.last;
      one.said.className = `exam-said ${bad ? "is-unsaved" : !waits && one.last ? "is-saved" : ""}`;
    }
    const count = courier.waiting.size, shown = here(), state = bit("state");
    state.className = `exam-state ${late.length ? "is-unsaved" : ""}`;
    state.textContent = late.length ? say(words.some, late.length) : count ? words.saving : shown && shown.last ? shown.last : trouble ? "" : words.ready;
    if (!late.length && !count && shown && shown.last) state.classList.add("is-saved");
    alarm();
    if (late.length && !show.bad) announce(say(words.some, late.length));
    if (!late.length && !count && show.bad) announce(words.all);
    show.bad = late.length > 0 || (show.bad && count > 0);
  }
  function alarm() {
    const kind = over ? (courier.waiting.size ? "pending" : "over") : trouble || elsewhere;
    const key = `${kind}:${kind === "pending" ? courier.waiting.size : ""}`;
    if (alarm.key === key) return;
    alarm.key = key;
    const place = bit("alert"), told = document.createElement("p");
    place.replaceChildren();
    if (!kind) return;
    told.textContent = say(words[kind], courier.waiting.size);
    if (kind === "signin") {
      const link = document.createElement("a");
      Object.assign(link, { href: data.signIn, target: "_blank", rel: "noopener", textContent: words.signin_link });
      told.append(" ", link);
    }
    place.append(told);
  }
  function mark(one) {
    const answered = boxes(one).some(([, value]) => value.trim()), flagged = one.flag.checked;
    one.mark.classList.toggle("is-answered", answered);
    one.mark.classList.toggle("is-flagged", flagged);
    bit("mark", one.mark).textContent = ` ${answered ? words.answered : words.unanswered}${flagged ? ` ${words.flagged}` : ""}`;
    bit("count").textContent = say(words.count, form.querySelectorAll("button.exam-mark.is-answered").length, questions.size);
  }
  function announce(text) { bit("announce").textContent = text; }

  // --- The time that is left, by the server's clock.
  const now = () => Math.max(0, left - (performance.now() - leftAt) / 1000);
  function synchronize(remaining) {
    const longer = remaining - now() > 30;
    left = remaining;
    leftAt = performance.now();
    if (longer && tick.before !== undefined) announce(say(words.longer, clock(remaining)));
    if (remaining > 5 && over) location.reload();
  }
  const clock = (seconds) => `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;
  function tick() {
    const seconds = now();
    bit("left-words").textContent = say(words.left, clock(seconds));
    bit("left-words").parentElement.classList.toggle("is-short", seconds <= 300);
    for (const minutes of [5, 1]) if (tick.before > minutes * 60 && seconds <= minutes * 60) announce(say(words.announce, minutes));
    tick.before = seconds;
    if (seconds <= 3 && courier.waiting.size && !courier.failures) courier.send();
    if (seconds <= 0 && !over) finish();
    show();
  }
  function finish() {
    over = true;
    form.classList.add("is-over");
    form.querySelector(".exam-grid").inert = true;
    announce(words.over);
    show();
    courier.send();
    setTimeout(beat, 1500);
  }

  // --- The page is there; with how often it was left, where the exam notes that.
  async function beat() {
    if (performance.now() - heardAt < BEAT - 1000 && !away && !over && !trouble) return;
    clearTimeout(beat.again);
    const sent = [away, awayMs], body = new URLSearchParams({ csrf_token: courier.token, away, away_seconds: Math.round(awayMs / 1000) });
    const answer = await ask(data.beat, body);
    if (!answer.ok) {
      failed(answer.status, 0, null);
      beat.again = setTimeout(beat, 4000);
      return;
    }
    heardAt = performance.now();
    away -= sent[0];
    awayMs -= sent[1];
    if (!courier.waiting.size) trouble = "";
    if (courier.failures && courier.waiting.size) courier.send();
    if (answer.said.ended) {
      if (!over) finish();
      else if (!courier.waiting.size) location.assign(data.receipt);
    } else synchronize(answer.said.remaining);
    show();
  }
  if ("lockdown" in data) {
    const leave = () => { awaySince ||= performance.now(); };
    const back = () => {
      const gone = awaySince ? performance.now() - awaySince : 0;
      awaySince = 0;
      if (gone < 1000) return;  // a click beside the page is no leaving
      away += 1;
      awayMs += gone;
      back.times = (back.times || 0) + 1;
      bit("away").textContent = say(words.away, back.times);
      beat();
    };
    document.addEventListener("visibilitychange", () => (document.hidden ? leave() : back()));
    window.addEventListener("blur", leave);
    window.addEventListener("focus", back);
    const full = bit("fullscreen");
    if (document.fullscreenEnabled) {
      full.hidden = false;
      full.addEventListener("click", () => document.documentElement.requestFullscreen());
      document.addEventListener("fullscreenchange", () => { full.hidden = Boolean(document.fullscreenElement); });
    }
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
  for (const event of ["online", "focus"]) window.addEventListener(event, () => { if (trouble) beat(); });

  // --- Going about: between questions without asking the server, away only when everything is saved.
  function go(n) {
    const next = questions.get(n);
    if (!next) return;
    if (data.here !== "0") {
      for (const one of questions.values()) one.section.hidden = one !== next;
      form.querySelector(".exam-mark[aria-current]")?.removeAttribute("aria-current");
      next.mark.setAttribute("aria-current", "true");
      history.replaceState(null, "", `${data.questions}/${n}`);
    }
    next.section.querySelector("h2").focus({ preventScroll: true });
    next.section.scrollIntoView({ block: data.here === "0" ? "start" : "nearest" });
    show();
  }
  async function away_to(act) {
    await courier.send();
    for (let wait = 0; wait < 50 && courier.busy; wait += 1) await new Promise((next) => { setTimeout(next, 100); });
    if (courier.waiting.size) {
      const told = document.createElement("p");
      told.textContent = words.stay;
      bit("alert").replaceChildren(told);
      alarm.key = "";
    } else act();
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = event.submitter, wanted = pressed && pressed.name === "go" ? pressed.value : "";
    if (pressed && pressed.name === "clear") { const one = questions.get(Number(pressed.value)); fill(one, []); changed(one, true); }
    else if (/^\d+$/.test(wanted)) { courier.send(); go(Number(wanted)); }
    else if (wanted === "review") away_to(() => location.assign(data.review));
    else if (pressed && pressed.name === "language") away_to(() => {
      const chosen = Object.assign(document.createElement("input"), { type: "hidden", name: "language", value: pressed.value });
      form.append(chosen);
      if (data.here !== "0") form.action = form.action.replace(/\d+$/, here().n);
      form.submit();
    });
    else courier.send();
  });
  form.addEventListener("input", (event) => {
    const section = event.target.closest("[data-question]");
    if (section) changed(questions.get(Number(section.dataset.question)), !event.target.matches("textarea, input[type=text], input:not([type])"));
  });
  form.addEventListener("focusout", (event) => {
    const section = event.target.closest("[data-question]");
    if (section && !courier.failures && courier.waiting.has(Number(section.dataset.question))) courier.send();
  });
  window.addEventListener("beforeunload", (event) => { if (courier.waiting.size) event.preventDefault(); });
  window.addEventListener("pagehide", () => {
    for (const [position, entry] of courier.waiting) ask(data.save, courier.body(position, entry), true);
  });

  // --- Another tab with the same exam: both say so. Which answer stands, the server decides.
  if (window.BroadcastChannel) {
    const channel = new BroadcastChannel(`exam-${data.exam}`);
    channel.onmessage = (event) => {
      elsewhere = "elsewhere";
      show();
      if (event.data === "here") channel.postMessage("here too");
    };
    channel.postMessage("here");
  }

  // --- Begin: what an earlier page of this browser could not send is put back and sent under that page's own count.
  const courier = new Courier(data.exam, data.save, form.elements.csrf_token.value, done, failed);
  for (const [n, entry] of courier.waiting) {
    const one = questions.get(n);
    if (!one) continue;
    fill(one, entry.boxes);
    Object.assign(one, { page: entry.page, turn: entry.turn, based: entry.based, since: Date.now() });
    one.flag.checked = entry.flagged === "yes";
    mark(one);
  }
  synchronize(Number(data.left));
  tick();
  setInterval(tick, 500);
  setInterval(beat, BEAT);
  if (courier.waiting.size) courier.send();
})();
