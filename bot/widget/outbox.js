/** Messages that are not answered yet, kept in this tab: a reload or the site's next page sends them again, under the same id. */
export class Outbox {
  #store;

  constructor(store) {
    this.#store = store;
  }

  get turns() {
    const kept = this.#store.get("outbox");
    return Array.isArray(kept) ? kept : [];
  }

  has(id) {
    return this.turns.some((turn) => turn.id === id);
  }

  put(turn) {
    this.#store.set("outbox", [...this.turns.filter(({ id }) => id !== turn.id), turn]);
  }

  drop(id) {
    const rest = this.turns.filter((turn) => turn.id !== id);
    this.#store.set("outbox", rest.length ? rest : null);
  }

  clear() {
    this.#store.set("outbox", null);
  }
}

/** A new message's id; `randomUUID` is missing on pages without https. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );
}
