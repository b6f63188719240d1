/** The chat as an element: what a website can set and call. It is put together anew where the language changes. */
import { Client } from "./client.js";
import { Conversation } from "./conversation.js";
import { make } from "./dom.js";
import { Frame } from "./frame.js";
import { confirmed, menu } from "./menu.js";
import { notice } from "./render.js";
import { Outbox } from "./outbox.js";
import { ownFetch } from "./realm.js";
import { chime } from "./sound.js";
import { Store } from "./store.js";
import { download } from "./transcript.js";

const LANGUAGES = ["en", "nl"];

class Chat extends HTMLElement {
  static observedAttributes = ["data-language", "data-theme"];
  #fetch = null;
  #style = null;
  #store;
  #frame = null;
  #conversation = null;
  #ready;
  #isReady;
  #stop = new AbortController();

  constructor() {
    super();
    this.#ready = new Promise((done) => (this.#isReady = done));
  }

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren();
    this.#style = addStyle(root);
    this.#fetch = ownFetch(root);
    this.#store = new Store(this.#name);
    this.#build();
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#frame || before === now) return;
    if (name === "data-theme") this.#paint();
    else this.#speak(now);
  }

  /** Opens the chat. */
  async open() {
    await this.#ready;
    this.#frame.open();
  }

  /** Closes the chat. */
  async close() {
    await this.#ready;
    this.#frame.close();
  }

  /** Opens the chat and says `text` in the visitor's name. */
  async send(text) {
    await this.open();
    this.#conversation.write(String(text));
  }

  /** Calls `listener(detail)` on "open", "close" and "message" ({from, id}, never the text); gives a function that ends it. */
  on(event, listener) {
    const heard = ({ detail }) => listener(detail);
    this.addEventListener(event, heard);
    return () => this.removeEventListener(event, heard);
  }

  get #name() {
    return `medicadermis-chat ${this.dataset.assistant}`;
  }

  async #build() {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const language = languageOf(this.#store.shared.get("language") ?? (this.dataset.language || document.documentElement.lang));
    const [fetch] = await Promise.all([this.#fetch, this.#style]);
    const texts = await (await fetch(new URL(`texts.${language}.json`, import.meta.url))).json();
    if (signal.aborted) return;
    this.lang = language;
    this.#putTogether(texts, language, fetch, signal);
    this.#isReady();
  }

  #putTogether(texts, language, fetch, signal) {
    const { assistant, name, icon, privacy, privacyNl } = this.dataset;
    const { shared, tab } = this.#store;
    const does = {
      send: (text) => this.#conversation.write(text),
      opened: () => this.#turned("open"),
      closed: () => this.#turned("close"),
      speak: (other) => this.#speak(other),
      sound: (on) => shared.set("sound", on || null),
      download: () => this.#download(texts, language),
      delete: () => this.#delete(texts),
    };
    const look = { name, picture: icon, privacy: (language === "nl" && privacyNl) || privacy };
    const before = this.#frame;
    const frame = new Frame(texts, look, menu(texts, shared.get("sound"), does), does, signal);
    const client = new Client(assistant, fetch, shared);
    const parts = { client, outbox: new Outbox(tab), frame, texts, language, store: this.#store, tell: (message) => this.#tell(message) };
    this.#frame = frame;
    this.#conversation = new Conversation(parts, this.#name, signal);
    before?.root.remove();
    this.shadowRoot.append(frame.root);
    this.#paint();
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint(), { signal });
    if (before?.isOpen) frame.open();
    else if (tab.get("open")) frame.openAgain();
  }

  #paint() {
    const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    this.#frame.root.classList.toggle("dark", this.dataset.theme ? this.dataset.theme === "dark" : dark);
  }

  #speak(language) {
    this.#store.shared.set("language", language);
    this.#build();
  }

  #turned(event) {
    this.#store.tab.set("open", event === "open" || null);
    if (event === "open") this.#conversation.open();
    this.dispatchEvent(new CustomEvent(event));
  }

  #tell(message) {
    if (message.from === "assistant" && this.#store.shared.get("sound")) chime();
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  async #download(texts, language) {
    try {
      download(await this.#conversation.history(), texts, language);
    } catch (error) {
      this.#frame.add(notice(texts.errors[error.code] ?? texts.errors.internal));
    }
  }

  async #delete(texts) {
    if (!(await confirmed(this.#frame.root, texts.confirm))) return;
    await this.#conversation.delete();
    this.#frame.input.focus();
  }
}

function languageOf(tag) {
  const language = (tag ?? "").slice(0, 2).toLowerCase();
  return LANGUAGES.includes(language) ? language : LANGUAGES[0];
}

/** Resolves when the style is there, so that nothing is seen without it; a chat without style is still a chat. */
function addStyle(root) {
  const sheet = make("link", { rel: "stylesheet", href: new URL("style.css", import.meta.url).href });
  root.append(sheet);
  return new Promise((done) => ["load", "error"].forEach((event) => sheet.addEventListener(event, done)));
}

customElements.define("medicadermis-chat", Chat);
