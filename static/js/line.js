/** The line to the server as the page knows it: the line itself is on a thread of its own. */

const AGAIN_MS = 1_000;

/**
 * @typedef {{url: string, token: string, interview: string}} Whereto
 *
 * Events: `state` with `{state: "connecting" | "open" | "waiting" | "closed", code, attempt}`,
 * `event` with a server event, `slow` with a boolean, `sent` for sound that went out, a few times a
 * second, `answered` with whether the server does, on a connection that is open, `begun` when
 * microphone and loudspeaker are to join.
 */
export class Line extends EventTarget {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Whereto | null} */
  #whereto = null;
  #open = false;

  constructor() {
    super();
    window.addEventListener("online", () => this.retryNow());
    window.addEventListener("offline", () => this.#ask("doubt"));
  }

  get open() {
    return this.#open;
  }

  /** @param {string} url @param {string} token @param {string} interview its id */
  connect(url, token, interview) {
    const there = new URL(url, location.href);
    // A proxy may hide from the server that the page came over TLS; a plain socket would be refused.
    const secure = location.protocol === "https:" || /^(https|wss):$/.test(there.protocol);
    there.protocol = secure ? "wss:" : "ws:";
    this.#whereto = { url: there.href, token, interview };
    if (!this.#worker) this.#begin();
    this.#ask("connect", this.#whereto);
  }

  #begin() {
    const worker = new Worker("/static/worklets/line.js", { type: "module" });
    let begun = false;
    worker.onmessage = ({ data: { name, detail } }) => {
      begun = true;
      this.#take(name, detail);
    };
    worker.onerror = () => {
      if (!begun) this.#unloaded();
    };
    this.#worker = worker;
    this.#tell("begun", null);
  }

  /** Its script could not be loaded: the network is gone, as for the socket. */
  #unloaded() {
    this.#worker = null;
    this.#tell("state", { state: "waiting", attempt: 1 });
    setTimeout(() => {
      if (this.#worker || !this.#whereto) return;
      this.#begin();
      this.#ask("connect", this.#whereto);
    }, AGAIN_MS);
  }

  #take(name, detail) {
    if (name === "state") this.#open = detail.state === "open";
    if (name !== "begun") this.#tell(name, detail);
  }

  /** @param {"microphone" | "loudspeaker"} end @returns {MessagePort} for its worklet */
  join(end) {
    const { port1, port2 } = new MessageChannel();
    this.#worker?.postMessage({ name: end, port: port1 }, [port1]);
    return port2;
  }

  /** @param {object} event @returns {boolean} whether it could be sent */
  send(event) {
    if (this.#open) this.#ask("send", { event });
    return this.#open;
  }

  /** The network is back or the reader is impatient: do not wait for the timer. */
  retryNow() {
    this.#ask("retry");
  }

  /** What is open does not carry what it should: begin anew with what is not understood yet. */
  reconnect() {
    this.#ask("reconnect");
  }

  #ask(name, what = {}) {
    this.#worker?.postMessage({ name, ...what });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
