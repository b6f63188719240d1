/** What a visitor can do with the chat as a whole: language, sound, download, deletion. */
import { icon, make } from "./dom.js";

const DOTS = "M12 3a2 2 0 1 0 0 4 2 2 0 0 0 0-4m0 7a2 2 0 1 0 0 4 2 2 0 0 0 0-4m0 7a2 2 0 1 0 0 4 2 2 0 0 0 0-4";

/** A button that opens to the choices; `does` has speak(language), sound(on), download() and delete(). */
export function menu(texts, soundIsOn, does) {
  const choice = (title, press, properties = {}) => {
    const button = make("button", { type: "button", ...properties }, title);
    button.addEventListener("click", () => press(button));
    return make("li", {}, button);
  };
  const { code, name } = texts.other;
  const list = make(
    "ul",
    {},
    choice(name, () => does.speak(code), { lang: code }),
    choice(texts.sound, (button) => does.sound(toggle(button)), { "aria-pressed": String(Boolean(soundIsOn)) }),
    choice(texts.download, () => leave(does.download)),
    choice(texts.delete, () => leave(does.delete)),
  );
  const dots = make("summary", { title: texts.menu, "aria-label": texts.menu }, icon(DOTS));
  const node = make("details", { className: "menu" }, dots, list);
  const leave = (next) => {
    node.open = false;
    dots.focus();
    next();
  };
  node.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !node.contains(relatedTarget)) node.open = false;
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !node.open) return;
    event.preventDefault();
    event.stopPropagation(); // closes this, not the chat
    node.open = false;
    dots.focus();
  });
  return node;
}

/** Asks once more; resolves to whether the answer was yes. */
export function confirmed(root, { title, text, yes, no }) {
  const buttons = [yes, no].map((name) => make("button", { value: name }, name));
  const form = make("form", { method: "dialog" }, ...buttons);
  const dialog = make("dialog", { className: "confirm", role: "alertdialog", "aria-labelledby": "sure", "aria-describedby": "what" });
  dialog.append(make("h2", { id: "sure" }, title), make("p", { id: "what" }, text), form);
  root.append(dialog);
  dialog.showModal();
  buttons[1].focus();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === yes);
    });
  });
}

function toggle(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  return on;
}
