/** The candidate's microphone: permission, devices, frames and level. */

import { recall, remember } from "./browser.js";

const RATE = 16_000;
const PROCESSING = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const REMEMBERED = "viva.microphone";

const BEGINS_MS = 10_000;

/** Why the microphone cannot be used: denied, nodevice, busy, unsupported or still. */
export class MicrophoneError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

function reasonOf(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "nodevice";
  return "busy";
}

/**
 * Events: `frame` with `{pcm: ArrayBuffer, rms: number}` every 40 ms, without `pcm` once that goes
 * to the line, `lost` when the device goes,
 * `track` with `live`, `muted` (by the system), `ended` or `none`, `context` with its state.
 */
export class Microphone extends EventTarget {
  #context = null;
  #stream = null;
  #node = null;
  #chosen = "";
  /** What is still heard while another device opens. */
  #before = null;
  /** @type {import("./line.js").Line | null} */
  #line = null;

  get open() {
    return this.#stream !== null;
  }

  get deviceId() {
    return this.#stream?.getAudioTracks()[0]?.getSettings().deviceId ?? "";
  }

  /** Raises MicrophoneError. An already open device is let go first. Without an id: the device that
   * was chosen last here, or else any. */
  async start(deviceId = "") {
    this.#letGo();
    await this.#open(deviceId);
  }

  /** To another device while one is open: that one is heard until the first frame of the other.
   * Raises MicrophoneError; then it stays. @param {string} deviceId */
  async change(deviceId) {
    const before = { context: this.#context, stream: this.#stream, node: this.#node };
    this.#before = before;
    try {
      await this.#open(deviceId);
    } catch (error) {
      if (this.#before === before) this.#before = null;
      throw error;
    }
  }

  async #open(deviceId) {
    if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) {
      throw new MicrophoneError("unsupported");
    }
    const stream = await streamOf(deviceId);
    await this.#listen(stream);
    this.#chosen = this.deviceId;
    if (deviceId) remember(REMEMBERED, deviceId);
    this.#tell("track", stream.getAudioTracks()[0]?.muted ? "muted" : "live");
  }

  /** The device that was chosen before; `any`: or else another. Raises MicrophoneError. */
  async again(any) {
    const had = this.open;
    try {
      await this.#startChosen(any);
    } catch (error) {
      if (had) this.#gone();
      throw error;
    }
  }

  async #startChosen(any) {
    try {
      await this.start(this.#chosen);
    } catch (error) {
      const gone = error instanceof MicrophoneError && error.reason === "nodevice";
      if (!any || !this.#chosen || !gone) throw error;
      await this.start();
    }
  }

  async #listen(stream) {
    const { context, source } = this.#source(stream);
    await context.audioWorklet.addModule("/static/worklets/capture.js");
    const node = new AudioWorkletNode(context, "viva-capture", {
      channelCount: 1,
      channelCountMode: "explicit",
      numberOfOutputs: 1,
    });
    node.port.onmessage = ({ data }) => this.#frame(node, data);
    // The node writes no sound; only what is connected to the destination is sure to run.
    source.connect(node).connect(context.destination);
    for (const track of stream.getAudioTracks()) {
      track.addEventListener("ended", () => this.#lose(stream));
      track.addEventListener("mute", () => this.#tell("track", "muted"));
      track.addEventListener("unmute", () => this.#tell("track", "live"));
    }
    context.addEventListener("statechange", () => {
      if (this.#context === context) this.#tell("context", context.state);
    });
    this.#context = context;
    this.#stream = stream;
    this.#node = node;
    this.#join();
    // Where there is no loudspeaker at all, Firefox never answers.
    const told = () => this.#context === context && this.#tell("context", context.state);
    context.resume().then(told, told);
  }

  /** Until it is heard. Raises MicrophoneError, and lets it go, where nothing ever comes of it. */
  async begins() {
    let late = 0;
    const first = new Promise((resolve) => {
      this.addEventListener("frame", () => resolve(true), { once: true });
      late = setTimeout(() => resolve(false), BEGINS_MS);
    });
    const heard = await first;
    clearTimeout(late);
    if (heard) return;
    this.stop();
    throw new MicrophoneError("still");
  }

  /** From here on what is heard goes to the line. @param {import("./line.js").Line} line */
  join(line) {
    this.#line = line;
    this.#join();
  }

  #join() {
    const port = this.#node && this.#line?.join("microphone");
    if (port) this.#node.port.postMessage({ line: port }, [port]);
  }

  /** Some browsers refuse a context whose rate differs from the device's; then we resample. */
  #source(stream) {
    let context;
    try {
      context = new AudioContext({ sampleRate: RATE });
      return { context, source: context.createMediaStreamSource(stream) };
    } catch {
      context?.close();
      context = new AudioContext();
      return { context, source: context.createMediaStreamSource(stream) };
    }
  }

  #frame(node, data) {
    if (node === this.#node) this.#leaveBefore();
    else if (node !== this.#before?.node) return;
    this.#tell("frame", data);
  }

  #leaveBefore() {
    if (this.#before && this.#before.node !== this.#node) {
      close(this.#before);
      this.#before = null;
    }
  }

  /** Some systems end a device when another is opened: it is on its way then. */
  #lose(stream) {
    if (this.#stream !== stream || this.#before) return;
    this.#letGo();
    this.#gone();
  }

  #gone() {
    this.#tell("track", "ended");
    this.dispatchEvent(new Event("lost"));
  }

  /** After a phone call or a locked screen the context may be asleep. */
  async resume() {
    if (!this.#context || this.#context.state === "running") return;
    try {
      await this.#context.resume();
    } catch {
      // As long as the call goes on; its end changes the state.
    }
  }

  stop() {
    this.#letGo();
    this.#tell("track", "none");
  }

  #letGo() {
    this.#leaveBefore();
    close({ context: this.#context, stream: this.#stream, node: this.#node });
    this.#context = null;
    this.#stream = null;
    this.#node = null;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** The microphones there are; names are known only once one has been allowed. */
  async devices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((device) => device.kind === "audioinput" && device.deviceId);
  }
}

/** Raises MicrophoneError. */
async function streamOf(deviceId) {
  const last = recall(REMEMBERED);
  for (const wanted of deviceId ? [deviceId] : last ? [last, ""] : [""]) {
    const which = wanted ? { deviceId: { exact: wanted } } : {};
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: { ...PROCESSING, channelCount: 1, ...which } });
    } catch (error) {
      const gone = reasonOf(error) === "nodevice" && wanted && wanted !== deviceId;
      if (!gone) throw new MicrophoneError(reasonOf(error));
    }
  }
  throw new MicrophoneError("nodevice");
}

function close({ context, stream, node }) {
  node?.port.postMessage("stop");
  for (const track of stream?.getTracks() ?? []) track.stop();
  context?.close();
}

/** Loudness for the eye: 0 at -60 dB, 1 at full scale. */
export function loud(rms) {
  return Math.max(0, Math.min(1, 1 + (20 * Math.log10(rms + 1e-9)) / 60));
}
