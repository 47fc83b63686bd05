// Forms that lose nothing: sent once, asked before leaving, long texts kept, days shown back. Works without this file.
"use strict";
(() => {
  const arabic = (text) => text.replace(/[๐-๙]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙".indexOf(digit));

  // --- The list of what to put right gets the reader's attention first.
  const errors = document.querySelector("[data-errors]");
  if (errors) errors.focus();

  // --- Send once. The server also knows a repeat by its key; this only spares the wait.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-guard]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    // After the browser has read the pressed button's own value.
    setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }), 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
    }
  });

  // --- Ask before leaving with unsaved words.
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-unsaved]")) form.dataset.changed = "yes";
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-unsaved][data-changed]:not([data-sent])")) event.preventDefault();
  });

  // --- Drafts of long texts, in this browser's session only; forgotten when the form has been sent and accepted.
  const drafts = {
    place: (form, area) => `draft:${location.pathname}:${form.dataset.draft}:${area.name}`,
    read(key) { try { return sessionStorage.getItem(key); } catch { return null; } },
    write(key, text) { try { sessionStorage.setItem(key, text); return true; } catch { return false; } },
    drop(key) { try { sessionStorage.removeItem(key); } catch { /* nothing to drop */ } },
  };
  const sentKey = "draft-sent";
  const sent = drafts.read(sentKey);
  if (sent) {
    drafts.drop(sentKey);
    // Accepted: the reader is on another page, or on a page without errors. Refused: the page shows the words again.
    if (!errors) for (const key of JSON.parse(sent)) drafts.drop(key);
  }
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const said = form.querySelector("[data-draft-said]");
    const areas = [...form.querySelectorAll("textarea, input[type=text]:not([data-day])")];
    for (const area of areas) {
      const kept = drafts.read(drafts.place(form, area));
      if (kept && !area.value) {
        area.value = kept;
        form.dataset.changed = "yes";
        if (said) said.hidden = false;
      }
      let timer;
      area.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          if (drafts.write(drafts.place(form, area), area.value) && said) said.hidden = false;
        }, 600);
      });
    }
    form.addEventListener("submit", () => {
      drafts.write(sentKey, JSON.stringify(areas.map((area) => drafts.place(form, area))));
    });
  }

  // --- How many letters are left in a long text.
  for (const area of document.querySelectorAll("textarea[data-longest]")) {
    const count = document.createElement("span");
    count.className = "count";
    count.setAttribute("aria-hidden", "true");
    const show = () => { count.textContent = `${area.value.length} / ${area.dataset.longest}`; };
    area.after(count);
    area.addEventListener("input", show);
    show();
  }

  // --- A typed day, shown back in words. Only the plain number forms; the server reads the others.
  for (const box of document.querySelectorAll("input[data-day]")) {
    const months = box.dataset.day.split("|");
    const echo = document.getElementById(`${box.id}-echo`);
    const thai = document.documentElement.lang === "th";
    const show = () => {
      const text = arabic(box.value.trim());
      let found = text.match(/^(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})$/);
      let day, month, year;
      if (found) [, day, month, year] = found.map(Number);
      else if ((found = text.match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/))) [, year, month, day] = found.map(Number);
      else { echo.textContent = ""; return; }
      if (year > 2400) year -= 543;
      const real = new Date(Date.UTC(year, month - 1, day));
      const valid = real.getUTCMonth() === month - 1 && real.getUTCDate() === day;
      echo.textContent = valid ? `${day} ${months[month - 1]} ${thai ? year + 543 : year}` : "";
    };
    box.addEventListener("input", show);
  }

  // --- The attendance sheet: everyone at once, arrows between rows, hours follow the tick.
  for (const sheet of document.querySelectorAll("[data-sheet]")) {
    const rows = [...sheet.querySelectorAll("tbody tr")];
    const parts = (row) => [row.querySelector("input[type=checkbox]"), row.querySelector("input.form-control")];
    const said = sheet.querySelector("[data-present]");
    const count = () => {
      const here = rows.filter((row) => parts(row)[0].checked).length;
      said.textContent = said.dataset.words.replace("{0}", here).replace("{1}", rows.length);
    };
    const mark = (row, present) => {
      const [tick, hours] = parts(row);
      tick.checked = present;
      hours.value = present ? sheet.dataset.full : "0";
      row.classList.toggle("absent", !present);
    };
    sheet.addEventListener("change", (event) => {
      const row = event.target.closest("tr");
      const [tick, hours] = parts(row);
      if (event.target === tick) mark(row, tick.checked);
      else if (event.target === hours && /[1-9\u0e51-\u0e59]/.test(hours.value)) {
        tick.checked = true;  // whoever has hours was there
        row.classList.remove("absent");
      }
      count();
    });
    const everyone = sheet.querySelector("[data-everyone]");
    if (everyone) {
      everyone.type = "button";
      everyone.addEventListener("click", () => {
        for (const row of rows) if (!parts(row)[0].checked) mark(row, true);
        count();
        const form = everyone.form;
        if (form && form.matches("[data-unsaved]")) form.dataset.changed = "yes";
      });
    }
    sheet.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
      if (!step || !event.target.matches("input")) return;
      event.preventDefault();
      const next = rows[rows.indexOf(event.target.closest("tr")) + step];
      if (!next) return;
      const box = parts(next)[event.target.type === "checkbox" ? 0 : 1];
      box.focus();
      if (box.select && box.type !== "checkbox") box.select();
    });
  }

  // --- A sheet of marks: arrows and Enter move between the rows of a column.
  for (const grid of document.querySelectorAll("[data-grid]")) {
    grid.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
      const cell = event.target.matches("input") && event.target.closest("td");
      if (!step || !cell) return;
      event.preventDefault();
      let row = cell.parentElement;
      while ((row = step > 0 ? row.nextElementSibling : row.previousElementSibling)) {
        const box = row.cells[cell.cellIndex] && row.cells[cell.cellIndex].querySelector("input");
        if (box) { box.focus(); box.select(); return; }
      }
    });
  }

  // --- A sheet that keeps its draft on the server says so, or says that it could not.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form[data-not-saved]");
    if (!form) return;
    const said = form.querySelector("[data-saved]");
    if (event.detail.successful) delete form.dataset.changed;
    else if (said) said.textContent = form.dataset.notSaved;
  });
})();
