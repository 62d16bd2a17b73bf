/** The candidate's WebSocket: events both ways, binary audio both ways, comes back by itself. Needs
 * no page, and runs beside it. */

import { Backoff } from "./backoff.js";
import { Heartbeat } from "./heartbeat.js";
import { Keeping } from "./keeping.js";
import { OpusMicrophone, OpusVoice, supported } from "./opus.js";
import { SoundStore } from "./soundstore.js";

const PCM_BYTES_PER_SECOND = 32_000;
const OPUS_BYTES_PER_SECOND = 4_000;
const SLOW_S = 10;
/** More than this waiting to be sent: a fresh connection is better than answers half a minute old. */
const STUCK_S = 30;
const HEADER_BYTES = 8;
/** Kept sound goes out ten times as fast as it was spoken: 25 frames of 40 ms each 100 ms. */
const CATCH_UP_FRAMES = 25;
const CATCH_UP_MS = 100;
const LOOK_MS = 500;
/** The server leaves; another takes over where it was, unless that takes too long. */
const LEAVES = 1012;
const SEAMLESS_MS = 3_000;
const FINAL_CODES = new Set([4001, 4401, 4404, 4409, 4503]);

/**
 * Events: `state` with `{state: "connecting" | "open" | "waiting" | "closed", code, attempt}`,
 * `event` with a server event, `voice` with `{turn, offset, pcm}`, `slow` with a boolean, `sent`
 * for sound that went out, `answered` with whether the server does, on a connection that is open.
 */
export class Realtime extends EventTarget {
  #url;
  #token;
  #socket = null;
  #backoff = new Backoff();
  #wanted = false;
  #slow = false;
  #store;
  #keeping;
  #answering = false;
  /** Where the server's audio clock stood when the connection was made. */
  #audioMs = 0;
  /** Sound is held back until the server has said who has the floor, and until what was kept is out. */
  #held = true;
  /** @type {OpusMicrophone | null} */
  #microphone = null;
  /** @type {OpusVoice | null} */
  #voice = null;
  #leftAt = -Infinity;
  /** The line is being taken over: nobody need be told. */
  #quiet = false;
  #heartbeat = new Heartbeat();
  #answered = true;
  #looking = 0;

  /** @param {string} url whole @param {string} token @param {string} interview its id */
  constructor(url, token, interview) {
    super();
    this.#store = new SoundStore(interview);
    this.#keeping = new Keeping(this.#store);
    this.#url = new URL(url);
    this.#token = token;
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** What an earlier page of this interview could not send goes first. */
  async connect() {
    this.#wanted = true;
    const left = await this.#store.all();
    if (!this.#wanted) return;
    this.#keeping.restore(left);
    this.#answering = left.some(({ answer }) => answer);
    this.#keeping.answering = this.#answering;
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#connect();
  }

  #connect() {
    if (!this.#quiet) this.#tell("state", { state: "connecting", attempt: this.#backoff.attempt });
    const protocols = ["viva.v1", `openai-insecure-api-key.${this.#token}`];
    // The question was heard a moment ago: it need not be said again.
    const seamless = Number(Date.now() - this.#leftAt < SEAMLESS_MS);
    const keptMs = this.#answering ? Math.max(this.#keeping.spokenMs, seamless) : 0;
    if (keptMs > 0) this.#url.searchParams.set("kept_ms", String(keptMs));
    else this.#url.searchParams.delete("kept_ms");
    const socket = new WebSocket(this.#url, protocols);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#backoff.opened();
      this.#setAnswered();
      this.#tell("state", { state: "open" });
      this.#speakOpus(socket);
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => this.#closed(code);
    this.#socket = socket;
  }

  /** Where the browser can, sound travels as Opus; until then, and where it cannot, as PCM. */
  async #speakOpus(socket) {
    if (!(await supported) || this.#socket !== socket || !this.open) return;
    const back = () => this.#speakPcm(socket);
    this.#microphone = new OpusMicrophone((packet) => {
      if (this.#socket === socket && this.open) this.#sendSound(packet);
    }, back);
    this.send({ type: "viva.audio", up: "opus", down: "opus" });
  }

  /** A codec broke: go on without. */
  #speakPcm(socket) {
    if (this.#socket !== socket || !this.#microphone) return;
    this.#microphone.close();
    this.#microphone = null;
    this.send({ type: "viva.audio", up: "pcm16", down: "pcm16" });
  }

  /** A line that is slow is not dead: there the answer is late like everything else. */
  #look() {
    if (!this.open) return;
    const seen = this.#heartbeat.look();
    if (seen === "ask") this.send({ type: "viva.ping" });
    if (seen === "gone" && !this.#slow) this.#abandon();
    else if (seen === "lost" && this.#answered) this.#tell("answered", (this.#answered = false));
  }

  #setAnswered() {
    this.#heartbeat.heard();
    if (!this.#answered) this.#tell("answered", (this.#answered = true));
  }

  #receive(data) {
    this.#setAnswered();
    if (typeof data === "string") {
      this.#take(JSON.parse(data));
      return;
    }
    if (data.byteLength < HEADER_BYTES) return;
    const header = new DataView(data, 0, HEADER_BYTES);
    const [turn, offset] = [header.getUint32(0, true), header.getUint32(4, true)];
    const sound = data.slice(HEADER_BYTES);
    if (this.#voice) this.#voice.decode(turn, offset, sound);
    else this.#tell("voice", { turn, offset, pcm: sound });
  }

  async #take(event) {
    if (event.type === "viva.audio") this.#hear(event.down);
    if (event.type === "viva.session") this.#resume(event);
    if (event.type === "viva.floor") this.#pass(event.floor);
    if (event.type === "viva.stored") this.#keeping.acknowledge(event.audio_ms);
    if (event.type === "viva.ended") this.#keeping.forget(this.#audioMs);
    if (event.type === "viva.hush") this.#voice?.drop();
    if (event.type === "viva.voice_done" && this.#voice) await this.#voice.drained();
    this.#tell("event", event);
  }

  #resume({ audio_ms: audioMs, heard_ms: heardMs }) {
    this.#audioMs = audioMs;
    this.#keeping.rewind(heardMs, audioMs);
  }

  /** The first floor on a connection says whether what was kept is an answer. */
  #pass(floor) {
    this.#answering = floor === "listening";
    this.#keeping.answering = this.#answering;
    if (!this.#held) return;
    if (!this.#answering) this.#keeping.forget(this.#audioMs);
    this.#catchUp(this.#socket);
  }

  #catchUp(socket) {
    if (!this.open || this.#socket !== socket) return;
    for (let count = 0; count < CATCH_UP_FRAMES && this.#keeping.waiting; count += 1) {
      this.#transmit(this.#keeping.take());
    }
    this.#held = this.#keeping.waiting;
    if (this.#held) setTimeout(() => this.#catchUp(socket), CATCH_UP_MS);
  }

  #hear(coding) {
    this.#voice?.close();
    const socket = this.#socket;
    this.#voice =
      coding === "opus"
        ? new OpusVoice((detail) => this.#tell("voice", detail), () => this.#speakPcm(socket))
        : null;
  }

  #closed(code) {
    this.#socket = null;
    this.#held = true;
    this.#microphone?.close();
    this.#voice?.close();
    this.#microphone = this.#voice = null;
    this.#setSlow(false);
    if (!this.#wanted || code === 1000 || FINAL_CODES.has(code)) {
      this.#leave();
      this.#tell("state", { state: "closed", code });
      return;
    }
    const leaves = code === LEAVES;
    if (leaves) this.#leftAt = Date.now();
    this.#backoff.schedule(() => this.#connect(), leaves);
    this.#quiet = leaves && this.#backoff.attempt === 1;
    if (!this.#quiet) this.#tell("state", { state: "waiting", code, attempt: this.#backoff.attempt });
  }

  /** The browser says that it is offline. */
  doubt() {
    this.#heartbeat.doubt();
  }

  /** The network is back or the reader is impatient: do not wait for the timer. */
  retryNow() {
    if (!this.#wanted || this.#socket) return;
    this.#backoff.cancel();
    this.#connect();
  }

  /** What is open does not carry what it should: begin anew with what is not understood yet. */
  reconnect() {
    if (this.#socket) this.#abandon();
    this.retryNow();
  }

  /** @param {object} event @returns {boolean} whether it could be sent */
  send(event) {
    if (!this.open) return false;
    this.#socket.send(JSON.stringify(event));
    return true;
  }

  /** @param {ArrayBuffer} pcm 16 kHz; kept while there is no connection @param {number} rms */
  sendAudio(pcm, rms) {
    this.#keeping.add(pcm, rms);
    if (this.open && !this.#held) this.#transmit(this.#keeping.take());
  }

  #transmit(pcm) {
    const waiting = this.#socket.bufferedAmount;
    const perSecond = this.#microphone ? OPUS_BYTES_PER_SECOND : PCM_BYTES_PER_SECOND;
    this.#setSlow(waiting > SLOW_S * perSecond);
    if (waiting > STUCK_S * perSecond) this.#abandon();
    else if (this.#microphone) this.#microphone.encode(pcm);
    else this.#sendSound(pcm);
  }

  #sendSound(bytes) {
    this.#socket.send(bytes);
    this.#tell("sent", null);
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
    clearInterval(this.#looking);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
