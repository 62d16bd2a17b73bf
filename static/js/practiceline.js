/** The connection of a rehearsal: its question and voice, words as they are heard, and round trips. */

const PROTOCOL = "viva.rehearsal.v1";
const HEADER_BYTES = 8;
const OPEN_MS = 8_000;
const PINGS = 8;
const BETWEEN_MS = 250;
const ANSWER_MS = 3_000;

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Events: `question`, `said`, `words`, `done` as the server tells them, `voice` with `{offset, pcm}`, `lost` with the code. */
export class PracticeLine extends EventTarget {
  #admission;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<number, (at: number) => void>} */
  #awaited = new Map();
  #pings = 0;

  /** @param {import("./interview.js").Admission} admission */
  constructor(admission) {
    super();
    this.#admission = admission;
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Whether there is a connection then. @returns {Promise<boolean>} */
  async connect() {
    if (this.open) return true;
    const url = new URL("/v1/rehearsal", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, [PROTOCOL, `openai-insecure-api-key.${this.#admission.token}`]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    const opened = new Promise((resolve) => {
      socket.addEventListener("open", () => resolve(true));
      socket.addEventListener("close", () => resolve(false));
    });
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", ({ code }) => {
      if (this.#socket === socket) this.#tell("lost", code);
    });
    const there = await Promise.race([opened, pause(OPEN_MS)]);
    if (there !== true) socket.close();
    return there === true;
  }

  #receive(data) {
    if (typeof data !== "string") {
      const offset = new DataView(data).getUint32(4, true);
      this.#tell("voice", { offset, pcm: data.slice(HEADER_BYTES) });
      return;
    }
    const event = JSON.parse(data);
    if (event.type === "pong") this.#awaited.get(event.id)?.(performance.now());
    else this.#tell(event.type, event);
  }

  /** Round trips in ms, one after the other. @returns {Promise<number[]>} those that came back */
  async measure() {
    const trips = [];
    for (let count = 0; count < PINGS && this.open; count += 1) {
      const id = (this.#pings += 1);
      const began = performance.now();
      const back = new Promise((resolve) => this.#awaited.set(id, resolve));
      this.#send({ type: "ping", id });
      const at = await Promise.race([back, pause(ANSWER_MS)]);
      this.#awaited.delete(id);
      if (typeof at === "number") trips.push(at - began);
      await pause(BETWEEN_MS);
    }
    return trips;
  }

  /** @param {boolean} slower */
  say(slower) {
    this.#send({ type: "say", slower });
  }

  done() {
    this.#send({ type: "done" });
  }

  /** @param {ArrayBuffer} pcm 16 kHz */
  hear(pcm) {
    if (this.open) this.#socket?.send(pcm);
  }

  close() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
  }

  #send(event) {
    if (this.open) this.#socket?.send(JSON.stringify(event));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
