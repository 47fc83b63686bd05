// Small comforts on every page. Without this file everything still works.
"use strict";

// Menus made of <details>: close on Escape and on a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});

// Browsers cut Thai names in the middle where a line ends: short words of a task stay whole.
for (const link of document.querySelectorAll(".tasks a")) {
  if (link.children.length) continue;
  const whole = (word) => {
    if (word.length > 20 || !/[\u0e00-\u0e7f]/.test(word)) return word;
    const kept = document.createElement("span");
    kept.className = "whole";
    kept.textContent = word;
    return kept;
  };
  link.replaceChildren(...link.textContent.trim().split(/\s+/).flatMap((word, place) => place ? [" ", whole(word)] : [whole(word)]));
}

// A row opens its thing; selecting text, links and boxes in the row keep their own meaning.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-open]");
  if (!row || event.target.closest("a, button, input, label, select, summary")) return;
  if (String(window.getSelection())) return;
  const link = row.querySelector("a[href]");
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});

// A drop-down above a table asks at once.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-find]");
  if (form && event.target.matches("select")) form.requestSubmit();
});

// An expired sign-in inside a piece of a page: show the sign-in page, not a fragment of it.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401 && !event.detail.xhr.getResponseHeader("HX-Redirect")) window.location.reload();
});

// Signing out takes exam answers that wait in this browser along (exam.js keeps them): asked first, for they would be lost.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-sign-out]")) return;
  let waiting = [];
  try { waiting = Object.keys(localStorage).filter((key) => key.startsWith("exam:")); } catch { /* no storage, nothing waits */ }
  if (waiting.length && !window.confirm(event.target.dataset.signOut)) event.preventDefault();
  else for (const key of waiting) localStorage.removeItem(key);
});
