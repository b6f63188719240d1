/** The assistant's web channel as a page sees it: a session, turns, the conversation so far, and what is tried again. */

const TRIES = 3;
const BACK_OFF_MS = [500, 2000];
const LONGEST_WAIT_MS = 5000;
const TIMEOUT_MS = 10_000;

/** Faults that pass by themselves: the same message may well succeed later. */
const PASSING = new Set(["network", "unavailable", "too_many", "internal"]);

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
  #fetch;
  #store;
  #fresh = null; // a session in which the visitor has said nothing yet
  #keeping = false;

  /** `store` keeps the session, `{token, language}`, from `keep` on. */
  constructor(base, fetch, store) {
    this.#base = `${base.replace(/\/+$/, "")}/webhooks/web`;
    this.#fetch = fetch;
    this.#store = store;
  }

  get session() {
    return this.#store.get("session") ?? this.#fresh;
  }

  /** Starts a new conversation; gives its first messages. */
  async start(language) {
    const { token, messages } = await this.#patiently("POST", "session", { language }, null);
    this.#fresh = { token, language };
    if (this.#keeping) this.keep();
    return messages;
  }

  /** Lets the session outlive the page, and reach the other tabs. */
  keep() {
    this.#keeping = true;
    if (this.#fresh && !this.#store.get("session")) this.#store.set("session", this.#fresh);
    this.#fresh = null;
  }

  /** Forgets a session that is over. */
  drop(token) {
    this.#keeping = false;
    if (this.#fresh?.token === token) this.#fresh = null;
    if (this.#store.get("session")?.token === token) this.#store.set("session", null);
  }

  /** The conversation of both sides, from behind the message `after`. */
  async history(after) {
    return (await this.#patiently("GET", after ? `messages?after=${after}` : "messages")).messages;
  }

  /** Sends `{id, text}` or `{id, payload}`; a repeat keeps the id, so that the assistant takes the turn once. */
  async send({ id, text, payload }) {
    return (await this.#patiently("POST", "messages", payload ? { id, payload } : { id, text })).messages;
  }

  /** Lets the assistant go on in another language. */
  async speak(language) {
    const session = { ...this.session, language };
    await this.#patiently("PUT", "session", { language });
    if (this.#fresh) this.#fresh = session;
    else this.#store.set("session", session);
  }

  /** Deletes the conversation from the server. */
  async erase() {
    await this.#patiently("DELETE", "session");
  }

  async #patiently(method, path, body, session = this.session) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(method, path, body, session);
      } catch (error) {
        if (error.code !== "unavailable" || attempt === TRIES) throw error;
        await new Promise((go) => setTimeout(go, error.waitMs ?? BACK_OFF_MS[attempt - 1]));
      }
    }
  }

  async #once(method, path, body, session) {
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (session) headers.Authorization = `Bearer ${session.token}`;
    const request = { method, headers, body: body && JSON.stringify(body), credentials: "omit", cache: "no-store" };
    let response;
    try {
      response = await this.#fetch(`${this.#base}/${path}`, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch {
      throw new ChannelError("network");
    }
    if (response.status === 204) return null;
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
