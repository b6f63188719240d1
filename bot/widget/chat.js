/** The chat as an element: what happens from the first opening to the last answer. */
import { ChannelError, Client } from "./client.js";
import { make, webAddress } from "./dom.js";
import { Frame } from "./frame.js";
import { assistantMessage, notice, onceButton, retireAll, setState, visitorMessage } from "./render.js";
import { TabStore } from "./store.js";

const LANGUAGES = ["en", "nl"];
const TYPING_AFTER_MS = 400; // answers mostly come sooner: an indicator would only flicker

class Chat extends HTMLElement {
  #texts;
  #client;
  #frame;
  #line = Promise.resolve(); // turns go one after the other, in the order they were made
  #waiting = 0;
  #opened = false;
  #joined = false;
  #fault = null; // the line that says why the conversation could not begin
  #shown = new Set();

  async connectedCallback() {
    if (this.shadowRoot) return; // moved within the page
    const root = this.attachShadow({ mode: "open" });
    this.lang = languageOf(this.dataset.language || document.documentElement.lang);
    const [texts] = await Promise.all([fetchTexts(this.lang), addStyle(root)]);
    const { assistant, privacy } = this.dataset;
    this.#texts = texts;
    this.#client = new Client(assistant, this.lang, new TabStore(`medicadermis-chat ${assistant}`));
    this.#frame = new Frame(texts, webAddress(privacy), (text) => this.#say({ id: crypto.randomUUID(), text }, text));
    this.#frame.launcher.addEventListener("click", () => this.#open());
    root.append(this.#frame.root);
  }

  #open() {
    this.#frame.open();
    if (this.#opened) return;
    this.#opened = true;
    this.#inLine(() => this.#begin());
  }

  async #begin() {
    try {
      await this.#join();
    } catch (error) {
      this.#fault = notice(this.#reason(error), this.#retryButton(() => this.#inLine(() => this.#begin())));
      this.#frame.add(this.#fault);
    }
  }

  /** Shows the conversation that this tab already had, or the first message of a new one. */
  async #join() {
    this.#fault?.remove();
    const messages = this.#client.hasSession ? await this.#resume() : await this.#client.start();
    this.#joined = true;
    this.#show(messages);
  }

  async #resume() {
    try {
      return await this.#client.history();
    } catch (error) {
      if (!error.sessionLost) throw error;
      this.#frame.add(notice(this.#texts.new_session));
      return this.#client.start();
    }
  }

  #say(turn, title) {
    const bubble = visitorMessage(title, this.#texts);
    this.#attempt(turn, bubble);
    this.#moveToEnd(bubble);
  }

  #attempt(turn, bubble) {
    setState(bubble, "sending", make("span", { "aria-hidden": "true" }, this.#texts.sending));
    return this.#inLine(() => this.#deliver(turn, bubble));
  }

  async #deliver(turn, bubble) {
    try {
      await this.#turn(turn, bubble);
    } catch (error) {
      this.#failed(error, turn, bubble);
    }
  }

  async #turn(turn, bubble) {
    if (!this.#joined) {
      await this.#join();
      this.#moveToEnd(bubble);
    }
    const answer = await this.#send(turn, bubble);
    setState(bubble, "answered");
    this.#show(answer);
  }

  /** When the session is over, a new one is started, said so, and gets what was written. A choice belonged to the old one alone. */
  async #send(turn, bubble) {
    try {
      return await this.#client.send(turn);
    } catch (error) {
      if (!error.sessionLost) throw error;
      this.#frame.add(notice(this.#texts.new_session));
      this.#show(await this.#client.start());
      if (turn.payload) throw new ChannelError("payload_not_offered");
      this.#moveToEnd(bubble);
      return this.#client.send(turn);
    }
  }

  #moveToEnd(bubble) {
    retireAll(this.#frame.log);
    this.#frame.add(bubble);
  }

  #failed(error, turn, bubble) {
    const reason = make("span", {}, this.#reason(error));
    setState(bubble, "failed", reason, error.passing ? this.#retryButton(() => this.#attempt(turn, bubble)) : null);
    this.#frame.reveal();
    if (error.code === "too_long" && !this.#frame.input.value) this.#frame.input.value = turn.text; // to be shortened, not typed again
  }

  #retryButton(press) {
    const pressed = () => {
      this.#frame.input.focus(); // the button is about to go
      press();
    };
    return onceButton(this.#texts.retry, pressed, "retry");
  }

  #reason(error) {
    return this.#texts.errors[error.code] ?? this.#texts.errors.internal;
  }

  #show(messages) {
    const fresh = messages.filter((message) => !this.#shown.has(message.id));
    for (const message of fresh) {
      this.#shown.add(message.id);
      if (message.from === "visitor") retireAll(this.#frame.log);
      this.#frame.add(this.#node(message));
    }
  }

  #node(message) {
    if (message.from === "visitor") return visitorMessage(message.text, this.#texts);
    return assistantMessage(message, this.#texts, ({ title, payload }) => this.#say({ id: crypto.randomUUID(), payload }, title));
  }

  #inLine(work) {
    this.#waiting += 1;
    setTimeout(() => (this.#frame.typing = this.#waiting > 0), TYPING_AFTER_MS);
    this.#line = this.#line.then(work).finally(() => {
      this.#waiting -= 1;
      if (!this.#waiting) this.#frame.typing = false;
    });
    return this.#line;
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

async function fetchTexts(language) {
  return (await fetch(new URL(`texts.${language}.json`, import.meta.url))).json();
}

customElements.define("medicadermis-chat", Chat);
