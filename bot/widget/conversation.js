/** The conversation: what is said, what is answered, and that nothing of it gets lost or comes twice. */
import { ChannelError } from "./client.js";
import { Connection } from "./connection.js";
import { make } from "./dom.js";
import { newId } from "./outbox.js";
import { assistantMessage, notice, onceButton, retireOld, setState, visitorMessage } from "./render.js";
import { Tabs } from "./tabs.js";

const TYPING_AFTER_MS = 400; // answers mostly come sooner: an indicator would only flicker
const LOOK_EVERY_MS = 5000;
const LOOK_AT_MOST = 360; // half an hour without a word of the visitor

export class Conversation {
  #parts;
  #connection;
  #tabs;
  #line = Promise.resolve(); // turns go one after the other, in the order they were made
  #waiting = 0;
  #token = null; // of the session that is shown
  #ended = false; // the session before that was over
  #nodes = new Map(); // what is shown, by message id
  #complete = null; // up to this message nothing is missing
  #fault = null; // the line that says why the conversation could not begin
  #offline = false;
  #looking = false;
  #looks = 0;

  /** `parts`: client, outbox, frame, texts, language, store, and `tell(message)`, called with what is new to the visitor. */
  constructor(parts, name, signal) {
    this.#parts = { ...parts, signal };
    this.#connection = new Connection(signal);
    this.#tabs = new Tabs(name, signal, (what) => (what === "deleted" ? this.#clear() : this.#look()));
    const timer = setInterval(() => this.#lookNow(), LOOK_EVERY_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
    document.addEventListener("visibilitychange", () => this.#lookNow(), { signal });
    if (parts.client.session || parts.outbox.turns.length) this.#inLine(() => this.#begin(false));
    for (const turn of parts.outbox.turns) this.#restore(turn);
  }

  /** Shows what there is, or begins a new conversation. */
  open() {
    if (!this.#token && !this.#fault) this.#inLine(() => this.#begin(true));
    this.#countUnread();
  }

  write(text) {
    this.#say({ id: newId(), text, title: text });
  }

  /** The whole conversation, as the assistant has it. */
  async history() {
    return this.#parts.client.session ? this.#parts.client.history() : [];
  }

  /** Deletes the conversation from the server, this tab and the others. */
  delete() {
    const { client, outbox, frame } = this.#parts;
    outbox.clear();
    this.#connection.wake();
    return this.#inLine(async () => {
      try {
        if (client.session) await client.erase();
      } catch (error) {
        if (!error.sessionLost) return frame.add(notice(this.#reason(error)));
      }
      this.#clear();
      this.#tabs.tell("deleted");
    });
  }

  #clear() {
    const { client, outbox, frame, store, texts } = this.#parts;
    if (client.session) client.drop(client.session.token);
    outbox.clear();
    store.shared.set("seen", null);
    this.#forgetShown();
    frame.add(notice(texts.deleted));
  }

  #forgetShown() {
    this.#token = this.#complete = null;
    this.#nodes.clear();
    this.#parts.frame.clear();
    this.#countUnread();
  }

  /** Joins the conversation that this browser already has; a new one only where the visitor `asked`. */
  async #begin(asked) {
    if (this.#token) return;
    try {
      await this.#connection.carry(
        () => this.#join(asked),
        () => this.#unable("network", () => this.#connection.wake()),
      );
    } catch (error) {
      this.#unable(error.code, () => this.#inLine(() => this.#begin(true)));
    }
  }

  #unable(code, again) {
    this.#offline = code === "network";
    this.#fault?.remove();
    this.#fault = notice(this.#reason({ code }), this.#retryButton(again));
    this.#parts.frame.add(this.#fault);
  }

  async #join(asked = true) {
    const { client, frame, outbox, texts, language } = this.#parts;
    const earlier = client.session && (await this.#earlier());
    if (!earlier && !asked) return;
    const messages = earlier ?? (await client.start(language));
    const over = this.#ended && !earlier ? [notice(texts.new_session)] : [];
    const unsaid = outbox.turns.map((turn) => turn.text && this.#nodes.get(turn.id)).filter(Boolean);
    this.#fault?.remove();
    this.#fault = null;
    this.#offline = false;
    this.#ended = false;
    this.#token = client.session?.token;
    if (!unsaid.length) frame.add(...over);
    this.#show(messages);
    if (earlier) this.#advance(earlier);
    if (unsaid.length) frame.add(...over, ...unsaid); // in sight, not above what is said next
    retireOld(frame.log);
  }

  /** The conversation so far, or nothing when it is over. */
  async #earlier() {
    const { client, language } = this.#parts;
    const { token, language: spoken } = client.session;
    try {
      if (spoken !== language) await client.speak(language);
      return await client.history();
    } catch (error) {
      if (!error.sessionLost) throw error;
      this.#lost(token);
      return null;
    }
  }

  #lost(token) {
    this.#parts.client.drop(token);
    this.#token = this.#complete = null;
    this.#ended = true;
  }

  #say(turn) {
    const { frame, outbox } = this.#parts;
    outbox.put(turn);
    this.#looks = 0;
    frame.log.querySelectorAll("[data-state=answered] .state").forEach((state) => state.remove());
    this.#parts.tell({ from: "visitor", id: turn.id });
    this.#attempt(turn, this.#bubble(turn));
    frame.reveal();
  }

  #bubble(turn) {
    const { frame, texts } = this.#parts;
    const bubble = visitorMessage(turn.title, texts);
    this.#nodes.set(turn.id, bubble);
    frame.add(bubble);
    retireOld(frame.log);
    return bubble;
  }

  /** A message that this tab had not got rid of before the page was left. */
  #restore(turn) {
    this.#inLine(() => {
      const bubble = this.#nodes.get(turn.id) ?? this.#bubble(turn);
      if (turn.failed) return this.#showFailed(new ChannelError(turn.failed), turn, bubble);
      return this.#deliver(turn, bubble);
    });
  }

  #attempt(turn, bubble) {
    if (this.#offline) this.#showWaiting(bubble);
    else setState(bubble, "sending", this.#mark(this.#parts.texts.sending));
    this.#inLine(() => this.#deliver(turn, bubble));
  }

  async #deliver(turn, bubble) {
    const { outbox, signal, texts } = this.#parts;
    try {
      await this.#connection.carry(
        () => this.#turn(turn, bubble),
        () => this.#wait(),
      );
      outbox.drop(turn.id);
    } catch (error) {
      if (signal.aborted || !outbox.has(turn.id)) return;
      if (error.passing) outbox.put({ ...turn, failed: error.code });
      else outbox.drop(turn.id);
      this.#showFailed(error, turn, bubble);
    }
    this.#offline = false;
  }

  async #turn(turn, bubble, again = true) {
    const { client, outbox, texts, signal } = this.#parts;
    if (signal.aborted || !outbox.has(turn.id)) return;
    await this.#joinAgain(turn);
    client.keep();
    let answer;
    try {
      answer = await client.send(turn);
    } catch (error) {
      if (!error.sessionLost || !again) throw error;
      this.#lost(this.#token);
      return this.#turn(turn, bubble, false);
    }
    setState(bubble, answer.length ? "answered" : "sent", this.#mark(answer.length ? texts.answered : texts.sent));
    this.#show(answer, bubble, true);
    this.#tabs.tell("changed");
  }

  /** Makes sure that the message goes into the conversation that is shown. A choice belonged to the one it was offered in. */
  async #joinAgain(turn) {
    if (this.#token && this.#parts.client.session?.token === this.#token) return;
    await this.#join();
    if (turn.payload) throw new ChannelError("payload_not_offered");
  }

  #wait() {
    this.#offline = true;
    for (const { id, failed } of this.#parts.outbox.turns) if (!failed) this.#showWaiting(this.#nodes.get(id));
    this.#parts.frame.typing = false;
  }

  #showWaiting(bubble) {
    if (!bubble || bubble.dataset.state === "waiting") return;
    setState(bubble, "waiting", make("span", {}, this.#parts.texts.waiting), this.#retryButton(() => this.#connection.wake(), true));
    this.#parts.frame.reveal();
  }

  #showFailed(error, turn, bubble) {
    const { frame, outbox } = this.#parts;
    const again = () => {
      outbox.put({ ...turn, failed: undefined });
      frame.add(bubble); // it is said now, behind what was said meanwhile
      this.#attempt(turn, bubble);
    };
    setState(bubble, "failed", make("span", {}, this.#reason(error)), error.passing ? this.#retryButton(again) : null);
    frame.reveal();
    if (error.code === "too_long" && !frame.input.value) frame.input.value = turn.text; // to be shortened, not typed again
  }

  #mark(text) {
    return make("span", { "aria-hidden": "true" }, text);
  }

  #retryButton(press, often = false) {
    const { frame, texts } = this.#parts;
    const pressed = () => {
      if (!often) frame.input.focus(); // the button is about to go
      press();
    };
    return onceButton(texts.retry, pressed, "retry", often);
  }

  #reason({ code }) {
    const { errors } = this.#parts.texts;
    return errors[code] ?? errors.internal;
  }

  /** Shows what is not shown yet, each message behind the one before it; `live`: it was just said. */
  #show(messages, previous, live = false) {
    const { frame, tell } = this.#parts;
    for (const message of messages) {
      const known = this.#nodes.get(message.id);
      const node = known ?? this.#node(message);
      if (!known) {
        this.#nodes.set(message.id, node);
        if (previous) frame.addBehind(previous, node);
        else frame.add(node);
        if (message.from !== "visitor" && live) tell({ from: "assistant", id: message.id });
      }
      if (message.lang && previous?.matches(".visitor")) previous.lang = message.lang; // it was answered in its own language
      previous = node;
    }
    retireOld(frame.log);
    this.#countUnread();
  }

  #node(message) {
    if (message.from === "visitor") return visitorMessage(message.text, this.#parts.texts);
    return assistantMessage(message, this.#parts.texts, ({ title, payload }) => this.#say({ id: newId(), payload, title }));
  }

  /** Remembers up to where nothing is missing: an answer still to come stands in front of what was said meanwhile. */
  #advance(messages) {
    for (const [index, message] of messages.entries()) {
      if (message.from === "assistant") this.#complete = message.id;
      else if (messages[index + 1]?.from !== "assistant") return;
    }
  }

  #countUnread() {
    const { frame, store } = this.#parts;
    const answers = [...this.#nodes].filter(([, node]) => node.matches(".assistant")).map(([id]) => id);
    if (frame.isOpen && this.#token) {
      this.#seen = answers.at(-1);
      if (store.shared.get("session")) store.shared.set("seen", this.#seen ?? null);
    }
    frame.unread = answers.slice(answers.indexOf(store.shared.get("seen") ?? this.#seen) + 1).length;
  }

  #seen = null;

  /** Looks whether somebody else, such as another tab, went on with the conversation. */
  #lookNow() {
    if (document.visibilityState !== "visible" || !this.#parts.store.shared.get("session")) return;
    this.#looks += 1;
    if (this.#looks < LOOK_AT_MOST) this.#look();
  }

  async #look() {
    const { client } = this.#parts;
    const token = client.session?.token;
    if (!token || this.#looking || this.#offline) return;
    if (token !== this.#token) {
      this.#inLine(() => this.#changeOver());
      return;
    }
    this.#looking = true;
    try {
      const messages = await client.history(this.#complete);
      if (token !== this.#token) return;
      this.#show(messages, this.#nodes.get(this.#complete), true);
      this.#advance(messages);
    } catch (error) {
      if (error.sessionLost) this.#lost(token);
      else if (!(error instanceof ChannelError)) throw error; // else the next look finds it
    } finally {
      this.#looking = false;
    }
  }

  /** Takes over the conversation of another tab. */
  async #changeOver() {
    if (this.#parts.client.session?.token === this.#token) return;
    this.#forgetShown();
    await this.#begin(false);
  }

  #inLine(work) {
    const { frame } = this.#parts;
    this.#waiting += 1;
    setTimeout(() => (frame.typing = this.#waiting > 0 && !this.#offline), TYPING_AFTER_MS);
    this.#line = this.#line.then(work).finally(() => {
      this.#waiting -= 1;
      if (!this.#waiting) frame.typing = false;
    });
    return this.#line;
  }
}
