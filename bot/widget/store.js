/** Keeps values in one of the browser's storages; where that is forbidden, the page itself remembers. */
class Area {
  #storage;
  #name;
  #memory = {};

  constructor(storage, name) {
    this.#storage = storage;
    this.#name = name;
  }

  get(key) {
    try {
      const kept = JSON.parse(window[this.#storage].getItem(`${this.#name} ${key}`));
      if (kept !== null) return kept;
    } catch {
      // forbidden, or not written by us
    }
    return this.#memory[key] ?? null;
  }

  /** Keeps a value, or with null nothing. */
  set(key, value) {
    delete this.#memory[key];
    try {
      if (value === null) window[this.#storage].removeItem(`${this.#name} ${key}`);
      else window[this.#storage].setItem(`${this.#name} ${key}`, JSON.stringify(value));
    } catch {
      this.#memory[key] = value;
    }
  }
}

/**
 * What stays in the browser. For all tabs: the session from the visitor's first message on, what was seen of it, and chosen
 * options. For this tab: whether the chat is open, and messages on their way. No cookie.
 */
export class Store {
  constructor(name) {
    this.shared = new Area("localStorage", name);
    this.tab = new Area("sessionStorage", name);
  }
}
