// Observations typed while the network is away: kept in this browser under their own key, sent when it is back.
"use strict";
(() => {
  const form = document.querySelector("form[data-observe]");
  if (!form) return;
  const words = form.elements.words;
  const said = form.querySelector("[data-said]");
  const list = document.querySelector("[data-waiting-list]");
  const place = `observe:${form.dataset.observe}`;
  const text = `${place}:text`;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); return true; } catch { return false; } };
  const drop = (key) => { try { localStorage.removeItem(key); } catch { /* nothing to drop */ } };
  const waiting = () => JSON.parse(read(place) || "[]");
  const keep = (rows) => (rows.length ? write(place, JSON.stringify(rows)) : (drop(place), true));
  const freshKey = () => crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;

  const show = () => {
    const rows = waiting();
    list.replaceChildren(...rows.map((row) => {
      const item = document.createElement("li");
      item.textContent = row.words;
      item.className = "typed";
      return item;
    }));
    list.hidden = rows.length === 0;
  };

  // What is kept, and what is still missing, as the server shows it now; the box being typed in stays as it is.
  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const now = page.querySelector(`[data-part=${part.dataset.part}]`);
      if (now) part.replaceWith(document.adoptNode(now));
    }
  };

  let sending = false;
  const send = async () => {
    if (sending || !waiting().length) return;
    sending = true;
    let sent = 0;
    try {
      for (const row of waiting()) {
        said.textContent = form.dataset.saving;
        const body = new URLSearchParams();
        body.set("csrf_token", form.elements.csrf_token.value);
        for (const name of ["words", "seen_at", "key", "sign"]) body.set(name, row[name]);
        for (const one of row.competencies) body.append("competency", one);
        const answer = await fetch(location.href, {
          method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual",
        });
        if (answer.type === "opaqueredirect" || answer.status === 401) throw new Error("enter");
        const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
        if (answer.ok && told.saved) {
          keep(waiting().filter((one) => one.key !== row.key));
          sent += 1;
        } else if (told.refused) {
          // The server has read it and says no: the words go back into the box, with the reason.
          keep(waiting().filter((one) => one.key !== row.key));
          words.value = row.words + (words.value ? `\n${words.value}` : "");
          write(text, words.value);
          show();
          said.textContent = told.refused;
          return;
        } else throw new Error("later");
      }
      said.textContent = form.dataset.saved;
      show();
      if (sent) await refresh();
    } catch (error) {
      show();
      said.textContent = error.message === "enter" ? form.dataset.enter : form.dataset.waiting;
    } finally {
      sending = false;
    }
  };

  form.addEventListener("submit", (event) => {
    if (!words.value.trim()) return;
    const row = {
      words: words.value, seen_at: new Date().toISOString(), key: form.elements.key.value,
      sign: form.elements.sign.value,
      competencies: [...form.querySelectorAll("[name=competency]:checked")].map((one) => one.value),
    };
    if (!keep([...waiting(), row])) return; // no place to keep it: the plain form sends it
    event.preventDefault();
    form.elements.key.value = freshKey();
    words.value = "";
    drop(text);
    form.querySelectorAll("[name=competency]").forEach((one) => { one.checked = false; });
    form.elements.sign.value = "+";
    words.focus();
    show();
    send();
  });

  // Half-typed words survive a closed page.
  if (!words.value && read(text)) words.value = read(text);
  words.addEventListener("input", () => write(text, words.value));
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  window.addEventListener("online", send);
  setInterval(send, 15000);
  show();
  send();
})();
