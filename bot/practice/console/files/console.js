"use strict";

/** Rows that have come in since the list was made, asked for while it is looked at. */
const EVERY_MS = 5000;

async function fetchNew(rows, told) {
  const answer = await fetch(`${rows.dataset.live}&than=${rows.dataset.top}`, { redirect: "manual" });
  if (answer.type === "opaqueredirect") return false; // logged out meanwhile
  if (answer.status !== 200) return true;
  const fragment = document.createElement("template");
  fragment.innerHTML = await answer.text(); // from this server, which has escaped it
  const fresh = [...fragment.content.querySelectorAll("tr")];
  for (const row of fresh) rows.querySelector(`tr[data-id="${row.dataset.id}"]:not(:focus-within)`)?.remove();
  rows.prepend(...fresh);
  rows.dataset.top = answer.headers.get("X-Top");
  told.textContent = told.dataset.told.replace("{number}", fresh.length);
  return true;
}

function keepLive(rows, told) {
  const look = async () => {
    let goOn = true;
    try {
      if (!document.hidden) goOn = await fetchNew(rows, told);
    } catch {
      // no connection now: the next look may have one
    }
    if (goOn) setTimeout(look, EVERY_MS);
  };
  setTimeout(look, EVERY_MS);
}

/** In these a key is a letter. */
const WRITTEN_IN = "input:not([type=radio], [type=checkbox]), textarea, select";

/** One key for each thing on the page that names one; in the list also up and down. */
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(WRITTEN_IN)) return;
  const links = [...document.querySelectorAll(".row-link")];
  const goal = links.length ? step(links, event.key) : null;
  const target = goal ?? document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (goal || target.matches(WRITTEN_IN)) target.focus();
  else target.click();
}

function step(links, key) {
  const here = links.indexOf(document.activeElement);
  if (key === "j") return links[Math.min(here + 1, links.length - 1)];
  if (key === "k") return links[Math.max(here - 1, 0)];
  return null;
}

/** Naming another topic chooses it. */
function chooseByTyping(field) {
  const choice = document.getElementById(field.dataset.chooses);
  field.addEventListener("input", () => {
    if (field.value) choice.checked = true;
  });
}

const live = document.querySelector("[data-live]");
if (live) keepLive(live, document.getElementById("live-told"));
for (const field of document.querySelectorAll("[data-chooses]")) chooseByTyping(field);
if (document.body.dataset.shortcuts) document.addEventListener("keydown", press);
