/** The assistant's web channel as a page sees it: a session, turns, the conversation so far, and what is tried again. */

const TRIES = 3;
const BACK_OFF_MS = [500, 2000];
const LONGEST_WAIT_MS = 5000;
const TIMEOUT_MS = 10_000;

/** Faults that pass by themselves: the same message may well succeed later. */
const PASSING = new Set(["network", "unavailable", "too_many", "internal"]);
/** Faults worth waiting for without asking the visitor. */
const RETRIED = new Set(["network", "unavailable"]);

/** What went wrong, by the channel's error code; "network" when no answer came. */
export class ChannelError extends Error {
  constructor(code, waitSeconds) {
    super(code);
    this.code = code;
    this.waitMs = waitSeconds ? Math.min(waitSeconds * 1000, LONGEST_WAIT_MS) : null;
  }

  get sessionLost() {
    return this.code.startsWith("token_");
  }

  get passing() {
    return PASSING.has(this.code);
  }
}

export class Client {
  #base;
  #language;
  #store;

  /** `store` keeps the session's token: get(), set(token), remove(). */
  constructor(base, language, store) {
    this.#base = `${base.replace(/\/+$/, "")}/webhooks/web`;
    this.#language = language;
    this.#store = store;
  }

  get hasSession() {
    return this.#store.get() !== null;
  }

  /** Starts a new conversation; gives its first messages. */
  async start() {
    this.#store.remove();
    const answer = await this.#patiently("POST", "session", { language: this.#language });
    this.#store.set(answer.token);
    return answer.messages;
  }

  /** The conversation so far, of both sides. */
  async history() {
    return (await this.#patiently("GET", "messages")).messages;
  }

  /** Sends `{id, text}` or `{id, payload}`; a repeat keeps the id, so that the assistant takes the turn once. */
  async send(turn) {
    return (await this.#patiently("POST", "messages", turn)).messages;
  }

  async #patiently(method, path, body) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(method, path, body);
      } catch (error) {
        if (!RETRIED.has(error.code) || attempt === TRIES) throw error;
        await new Promise((go) => setTimeout(go, error.waitMs ?? BACK_OFF_MS[attempt - 1]));
      }
    }
  }

  async #once(method, path, body) {
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (this.hasSession) headers.Authorization = `Bearer ${this.#store.get()}`;
    const request = { method, headers, body: body && JSON.stringify(body), credentials: "omit", cache: "no-store" };
    let response;
    try {
      response = await fetch(`${this.#base}/${path}`, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch {
      throw new ChannelError("network");
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && Array.isArray(answer?.messages)) return answer;
    throw new ChannelError(codeOf(response.status, answer), Number(response.headers.get("Retry-After")));
  }
}

/** A proxy in between answers without the channel's JSON: then the status has to tell. */
function codeOf(status, answer) {
  if (typeof answer?.error?.code === "string") return answer.error.code;
  if (status === 401) return "token_invalid";
  if (status === 413) return "too_long";
  if (status === 429) return "too_many";
  return status === 500 || status < 500 ? "internal" : "unavailable";
}
