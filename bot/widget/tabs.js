/** Lets the other tabs of this website know that the conversation has changed; never what was said. */
export class Tabs {
  #channel;

  /** `hear(what)` is called when another tab calls `tell(what)`. */
  constructor(name, signal, hear) {
    if (!window.BroadcastChannel) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ origin, data }) => {
      if (origin === location.origin) hear(data);
    };
    signal.addEventListener("abort", () => this.#channel.close());
  }

  tell(what) {
    this.#channel?.postMessage(what);
  }
}
