/** What stays the same around a conversation: the launcher, the window, its head, the log and the line to write in. */
import { link, make } from "./dom.js";

const PHONE = "(max-width: 30em), (max-height: 30em)";

export class Frame {
  #texts;
  #typing = make("p", { className: "typing", role: "status" });

  /** `privacy`: address of the privacy notice, or none; `send(text)` is called with what a visitor wrote. */
  constructor(texts, privacy, send) {
    this.#texts = texts;
    this.log = make("div", { className: "log", role: "log", tabIndex: 0, "aria-live": "polite", "aria-label": texts.log });
    this.input = make("textarea", { id: "input", rows: 1, placeholder: texts.placeholder, autocomplete: "off", enterKeyHint: "send" });
    this.launcher = make("button", { type: "button", className: "launcher", "aria-haspopup": "dialog" }, texts.open);
    this.dialog = make("dialog", { "aria-labelledby": "title" }, this.#head(privacy), this.log, this.#typing, this.#form(send));
    this.root = make("aside", { "aria-label": texts.title }, this.launcher, this.dialog);
    this.dialog.addEventListener("keydown", (event) => this.#closeOnEscape(event));
    this.dialog.addEventListener("close", () => this.#closed());
  }

  /** Opens the window: over the whole page on a small screen, beside it on a large one. */
  open() {
    if (window.matchMedia(PHONE).matches) this.dialog.showModal();
    else this.dialog.show();
    this.launcher.hidden = true;
    this.reveal();
    this.input.focus();
  }

  /** Adds to the conversation, in view. */
  add(node) {
    this.log.append(node);
    this.reveal();
  }

  /** Brings the visitor's latest message, with what follows it, into view. */
  reveal() {
    const latest = [...this.log.querySelectorAll(".visitor")].pop();
    this.log.scrollTop = latest ? latest.offsetTop - this.log.offsetTop - 8 : this.log.scrollHeight;
  }

  set typing(on) {
    this.#typing.replaceChildren(...(on ? [make("span", { className: "unseen" }, this.#texts.typing), make("i"), make("i"), make("i")] : []));
  }

  #head(privacy) {
    const close = make("button", { type: "button", className: "close" }, this.#texts.close);
    close.addEventListener("click", () => this.dialog.close());
    const about = make("p", {}, this.#texts.about);
    if (privacy) about.append(link(privacy, this.#texts.privacy, this.#texts.new_tab));
    return make("div", { className: "head" }, make("h2", { id: "title" }, this.#texts.title), close, about);
  }

  #form(send) {
    const form = make("form", {}, make("label", { htmlFor: "input", className: "unseen" }, this.#texts.input), this.input);
    form.append(make("button", { className: "send" }, this.#texts.send));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      this.input.value = "";
      this.input.focus();
      if (text) send(text);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    return form;
  }

  #closeOnEscape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.dialog.close();
  }

  #closed() {
    this.launcher.hidden = false;
    this.launcher.focus();
  }
}
