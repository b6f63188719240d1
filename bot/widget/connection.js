const PAUSES_S = [1, 2, 5, 10, ...Array(30).fill(20)]; // ten minutes in all

/** A connection that comes and goes: what needs it waits, and goes on when the browser is online again, after a while, or on `wake`. */
export class Connection {
  #signal;
  #woken = new EventTarget();

  /** Waits no longer once `signal` is aborted. */
  constructor(signal) {
    this.#signal = signal;
    for (const event of ["online", "pageshow"]) window.addEventListener(event, () => this.wake(), { signal });
  }

  wake() {
    this.#woken.dispatchEvent(new Event("wake"));
  }

  /** Does `work` until the network lets it through, calling `waiting` each time that it does not; then gives its result or throws "network". */
  async carry(work, waiting) {
    for (const pause of PAUSES_S) {
      try {
        return await work();
      } catch (error) {
        if (error.code !== "network" || this.#signal.aborted) throw error;
      }
      waiting();
      await this.#pause(pause);
    }
    return work();
  }

  #pause(seconds) {
    return new Promise((go) => {
      this.#woken.addEventListener("wake", go, { once: true });
      setTimeout(go, seconds * 1000);
    });
  }
}
