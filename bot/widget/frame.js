/** What stays the same around a conversation: the launcher, the window, its head, the log and the line to write in. */
import { icon, link, make, webAddress } from "./dom.js";

const PHONE = "(max-width: 30em), (max-height: 30em)";
const BUBBLE = "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 5v-5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2";
const CROSS = "M5 3.6 12 10.6 19 3.6 20.4 5 13.4 12 20.4 19 19 20.4 12 13.4 5 20.4 3.6 19 10.6 12 3.6 5Z";

export class Frame {
  #texts;
  #does;
  #typing = make("p", { className: "typing", role: "status" });
  #badge = make("span", { className: "badge", hidden: true });
  #news = make("p", { className: "unseen", role: "status" });
  #phone = window.matchMedia(PHONE);

  /**
   * `look`: name, picture and privacy, an address, all optional; `menu`: the element with further choices.
   * `does`: send(text), opened() and closed().
   */
  constructor(texts, look, menu, does, signal) {
    this.#texts = texts;
    this.#does = does;
    this.log = make("div", { className: "log", role: "log", tabIndex: 0, "aria-live": "polite", "aria-label": texts.log });
    this.input = make("textarea", { id: "input", rows: 1, placeholder: texts.placeholder, autocomplete: "off", enterKeyHint: "send" });
    this.launcher = make("button", { type: "button", className: "launcher", "aria-haspopup": "dialog" });
    this.launcher.append(picture(look.picture), make("span", {}, texts.open), this.#badge);
    const head = this.#head(look, menu);
    this.dialog = make("dialog", { className: "window", "aria-labelledby": "title" }, head, this.log, this.#typing, this.#form());
    this.root = make("aside", { "aria-label": look.name || texts.title }, this.launcher, this.dialog, this.#news);
    this.launcher.addEventListener("click", () => this.open());
    this.dialog.addEventListener("keydown", (event) => this.#closeOnEscape(event));
    this.dialog.addEventListener("close", () => this.#closed());
    this.#phone.addEventListener("change", () => this.#turned(), { signal });
    for (const event of ["resize", "scroll"]) window.visualViewport?.addEventListener(event, () => this.#fit(), { signal });
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** Opens the window: over the whole page on a small screen, beside it on a large one. */
  open() {
    if (!this.isOpen) this.#unfold();
    this.input.focus();
  }

  /** Opens it as it was on the page before, without taking the focus from where the visitor is. */
  openAgain() {
    const focused = document.activeElement;
    this.#unfold();
    if (this.#phone.matches) return; // over the page: there is nothing else to be at
    this.root.getRootNode().activeElement?.blur();
    focused?.focus({ preventScroll: true });
  }

  close() {
    this.dialog.close();
  }

  /** Adds to the end of the conversation, in view. */
  add(...nodes) {
    this.log.append(...nodes);
    this.reveal();
  }

  addBehind(previous, node) {
    previous.after(node);
    this.reveal();
  }

  clear() {
    this.log.replaceChildren();
  }

  /** Brings the visitor's latest message into view, with what follows it; before there is one, who this is. */
  reveal() {
    let first = [...this.log.querySelectorAll(".visitor")].pop();
    while (first?.previousElementSibling?.matches(".notice")) first = first.previousElementSibling;
    this.log.scrollTop = first ? first.offsetTop - this.log.offsetTop - 8 : 0;
  }

  set typing(on) {
    if (on === this.#typing.hasChildNodes()) return; // said once
    this.#typing.replaceChildren(...(on ? [make("span", { className: "unseen" }, this.#texts.typing), make("i"), make("i"), make("i")] : []));
  }

  /** How many answers came while the window was closed. */
  set unread(count) {
    const news = count ? `${count} ${this.#texts.unread}` : "";
    if (this.#news.textContent !== news) this.#news.textContent = news;
    this.#badge.hidden = !count;
    this.#badge.replaceChildren(`${count}`, make("span", { className: "unseen" }, ` ${this.#texts.unread}`));
  }

  #unfold() {
    if (this.#phone.matches) this.dialog.showModal();
    else this.dialog.show();
    this.launcher.hidden = true;
    this.#fit();
    this.reveal();
    this.#does.opened();
  }

  #head(look, menu) {
    const close = make("button", { type: "button", className: "close", title: this.#texts.close, "aria-label": this.#texts.close }, icon(CROSS));
    close.addEventListener("click", () => this.close());
    const about = make("p", {}, this.#texts.about);
    if (webAddress(look.privacy)) about.append(link(look.privacy, this.#texts.privacy, this.#texts.new_tab));
    return make("div", { className: "head" }, make("h2", { id: "title" }, look.name || this.#texts.title), menu, close, about);
  }

  #form() {
    const form = make("form", {}, make("label", { htmlFor: "input", className: "unseen" }, this.#texts.input), this.input);
    form.append(make("button", { className: "send" }, this.#texts.send));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      this.input.value = "";
      this.input.focus();
      if (text) this.#does.send(text);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    return form;
  }

  /** A phone was turned, or the window made larger: what was over the page stands beside it now, or the other way round. */
  #turned() {
    if (!this.isOpen) return;
    const focused = this.root.getRootNode().activeElement;
    this.dialog.close();
    this.#unfold();
    focused?.focus();
  }

  /** Keeps clear of the keyboard on a phone's screen, which covers the page without making it smaller. */
  #fit() {
    const { height, offsetTop, scale } = window.visualViewport ?? {};
    if (!height || scale > 1.01) return; // enlarged by hand: the visitor decides what is in view
    this.dialog.style.setProperty("--seen", `${height}px`);
    this.dialog.style.setProperty("--above", `${offsetTop}px`);
  }

  #closeOnEscape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  #closed() {
    if (this.isOpen) return; // only turned
    this.launcher.hidden = false;
    this.launcher.focus();
    this.#does.closed();
  }
}

function picture(address) {
  const src = webAddress(address);
  return src ? make("img", { src, alt: "" }) : icon(BUBBLE);
}
