/** The candidate's WebSocket: events both ways, binary audio both ways, comes back by itself. */

import { Backoff } from "./backoff.js";

const BYTES_PER_SECOND = 32_000;
const SLOW_BYTES = 10 * BYTES_PER_SECOND;
/** More than this waiting to be sent: a fresh connection is better than answers half a minute old. */
const STUCK_BYTES = 30 * BYTES_PER_SECOND;
const HEADER_BYTES = 8;
const FINAL_CODES = new Set([4001, 4401, 4404, 4409]);

/**
 * Events: `state` with `{state: "connecting" | "open" | "waiting" | "closed", code, attempt}`,
 * `event` with a server event, `voice` with `{turn, offset, pcm}`, `slow` with a boolean.
 */
export class Realtime extends EventTarget {
  #url;
  #token;
  #socket = null;
  #backoff = new Backoff();
  #wanted = false;
  #slow = false;
  #retry = () => this.retryNow();

  /** @param {string} url @param {string} token */
  constructor(url, token) {
    super();
    this.#url = new URL(url, location.href);
    // A proxy may hide from the server that the page came over TLS; a plain socket would be refused.
    const secure = location.protocol === "https:" || /^(https|wss):$/.test(this.#url.protocol);
    this.#url.protocol = secure ? "wss:" : "ws:";
    this.#token = token;
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    this.#wanted = true;
    window.addEventListener("online", this.#retry);
    this.#connect();
  }

  #connect() {
    this.#tell("state", { state: "connecting", attempt: this.#backoff.attempt });
    const protocols = ["viva.v1", `openai-insecure-api-key.${this.#token}`];
    const socket = new WebSocket(this.#url, protocols);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#backoff.opened();
      this.#tell("state", { state: "open" });
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => this.#closed(code);
    this.#socket = socket;
  }

  #receive(data) {
    if (typeof data === "string") {
      this.#tell("event", JSON.parse(data));
      return;
    }
    if (data.byteLength < HEADER_BYTES) return;
    const header = new DataView(data, 0, HEADER_BYTES);
    const pcm = data.slice(HEADER_BYTES);
    this.#tell("voice", { turn: header.getUint32(0, true), offset: header.getUint32(4, true), pcm });
  }

  #closed(code) {
    this.#socket = null;
    this.#setSlow(false);
    if (!this.#wanted || code === 1000 || FINAL_CODES.has(code)) {
      this.#leave();
      this.#tell("state", { state: "closed", code });
      return;
    }
    this.#backoff.schedule(() => this.#connect());
    this.#tell("state", { state: "waiting", code, attempt: this.#backoff.attempt });
  }

  /** The network is back or the reader is impatient: do not wait for the timer. */
  retryNow() {
    if (!this.#wanted || this.#socket) return;
    this.#backoff.cancel();
    this.#connect();
  }

  /** @param {object} event @returns {boolean} whether it could be sent */
  send(event) {
    if (!this.open) return false;
    this.#socket.send(JSON.stringify(event));
    return true;
  }

  /** @param {ArrayBuffer} pcm 16 kHz; dropped while there is no connection */
  sendAudio(pcm) {
    if (!this.open) return;
    const waiting = this.#socket.bufferedAmount;
    this.#setSlow(waiting > SLOW_BYTES);
    if (waiting > STUCK_BYTES) this.#abandon();
    else this.#socket.send(pcm);
  }

  #abandon() {
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#closed(1006);
  }

  #setSlow(slow) {
    if (slow === this.#slow) return;
    this.#slow = slow;
    this.#tell("slow", slow);
  }

  close() {
    this.#leave();
    this.#socket?.close(1000);
  }

  #leave() {
    this.#wanted = false;
    this.#backoff.cancel();
    window.removeEventListener("online", this.#retry);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
