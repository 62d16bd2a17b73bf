/** An interview's facts as they are stored: each once, in order, also across lost connections. */

import { Backoff } from "./backoff.js";

const FINAL_CODES = new Set([4401, 4403, 4404]);
const HEADER_BYTES = 8;
/** What is told beside facts. */
const BESIDE = new Set(["partial", "person_partial", "voice", "kept"]);

/**
 * Events: `fact` with `{seq, kind, recorded_at, data}`, `partial` with `{turn, segment, text, tentative}`,
 * words that are no fact yet, `person_partial` with `{turn, step_id, text, tentative, over}`, those of a
 * person who leads, `sound` with a frame of it, `state` with connecting, live or waiting;
 * of our own voice `voice` with `{step_id}`, under which it counts, and `kept` with `{step_id, at}`.
 */
export class Watch extends EventTarget {
  #id;
  #seq = 0;
  #socket = null;
  #backoff = new Backoff();
  #wanted = false;
  /** What is wanted on every connection. */
  #listen = null;
  #retry = () => this.#connect();

  /** @param {string} id */
  constructor(id) {
    super();
    this.#id = id;
  }

  open() {
    this.#wanted = true;
    window.addEventListener("online", this.#retry);
    this.#connect();
  }

  #connect() {
    if (!this.#wanted || this.#socket) return;
    this.#backoff.cancel();
    this.#tell("state", "connecting");
    const url = new URL(`/v1/interviews/${encodeURIComponent(this.#id)}/watch`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("after", String(this.#seq));
    url.searchParams.set("together", "true");
    const socket = new WebSocket(url);
    socket.onopen = () => {
      this.#backoff.opened();
      if (this.#listen) socket.send(JSON.stringify(this.#listen));
      this.#tell("state", "live");
    };
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.#tell("sound", data);
      else this.#receive(JSON.parse(data));
    };
    socket.onclose = ({ code }) => this.#closed(code);
    this.#socket = socket;
  }

  /** Whether the sound is wanted, on this connection and on those after it. */
  send(wanted) {
    this.#listen = wanted;
    this.say(wanted);
  }

  /** For this connection alone. */
  say(order) {
    if (this.#open) this.#socket.send(JSON.stringify(order));
  }

  /** Sound of ours: the number of its first sample, whether it is late, and the sound itself. */
  speak(at, late, sound) {
    if (!this.#open) return;
    const frame = new Uint8Array(HEADER_BYTES + sound.byteLength);
    const header = new DataView(frame.buffer);
    header.setUint32(0, at, true);
    header.setUint32(4, Number(late), true);
    frame.set(new Uint8Array(sound), HEADER_BYTES);
    this.#socket.send(frame);
  }

  get #open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #receive(told) {
    for (const fact of told.type === "facts" ? told.facts : [told]) this.#learn(fact);
  }

  #learn(fact) {
    if (BESIDE.has(fact.type)) this.#tell(fact.type, fact);
    if (fact.type !== "fact" || fact.seq <= this.#seq) return;
    this.#seq = fact.seq;
    this.#tell("fact", fact);
  }

  #closed(code) {
    this.#socket = null;
    if (!this.#wanted || FINAL_CODES.has(code)) return;
    this.#tell("state", "waiting");
    this.#backoff.schedule(() => this.#connect());
  }

  close() {
    this.#wanted = false;
    this.#backoff.cancel();
    window.removeEventListener("online", this.#retry);
    if (!this.#socket) return;
    this.#socket.onmessage = null;
    this.#socket.close(1000);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
