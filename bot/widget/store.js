/**
 * Keeps the conversation's token for this tab.
 *
 * sessionStorage, not localStorage: what people write about their skin must not be open to the next person at a shared
 * computer. It lasts through reloads and the site's other pages, and ends with the tab. No cookie.
 */
export class TabStore {
  #key;
  #value = null; // where the browser forbids storage, the page itself remembers

  constructor(key) {
    this.#key = key;
  }

  get() {
    return this.#quietly((storage) => storage.getItem(this.#key)) ?? this.#value;
  }

  set(value) {
    this.#value = value;
    this.#quietly((storage) => storage.setItem(this.#key, value));
  }

  remove() {
    this.#value = null;
    this.#quietly((storage) => storage.removeItem(this.#key));
  }

  #quietly(use) {
    try {
      return use(window.sessionStorage);
    } catch {
      return null;
    }
  }
}
