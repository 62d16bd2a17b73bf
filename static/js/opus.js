/** Opus both ways by WebCodecs, where the browser has it: one packet for each 20 ms. */

const MICROPHONE_RATE = 16_000;
const VOICE_RATE = 24_000;
const ENCODING = {
  codec: "opus",
  sampleRate: MICROPHONE_RATE,
  numberOfChannels: 1,
  bitrate: 28_000,
  opus: { frameDuration: 20_000, complexity: 5 },
};
const DECODING = { codec: "opus", sampleRate: 48_000, numberOfChannels: 1 };
const MICROSECONDS = 1_000_000;

/** Whether both directions can be had; outside a secure context a browser has neither. */
async function ask() {
  if (!self.AudioEncoder || !self.AudioDecoder || !self.AudioData) return false;
  try {
    const [up, down] = await Promise.all([
      AudioEncoder.isConfigSupported(ENCODING),
      AudioDecoder.isConfigSupported(DECODING),
    ]);
    return Boolean(up.supported && down.supported);
  } catch {
    return false;
  }
}

export const supported = ask();

/** The microphone: PCM16 16 kHz in, packets to `onPacket`. `onFailed` once, if it breaks. */
export class OpusMicrophone {
  #encoder;
  #samples = 0;

  constructor(onPacket, onFailed) {
    this.#encoder = new AudioEncoder({
      output: (chunk) => {
        const packet = new ArrayBuffer(chunk.byteLength);
        chunk.copyTo(packet);
        onPacket(packet);
      },
      error: onFailed,
    });
    this.#encoder.configure(ENCODING);
  }

  /** @param {ArrayBuffer} pcm */
  encode(pcm) {
    if (this.#encoder.state !== "configured") return;
    const numberOfFrames = pcm.byteLength / 2;
    const sound = new AudioData({
      format: "s16",
      sampleRate: MICROPHONE_RATE,
      numberOfChannels: 1,
      numberOfFrames,
      timestamp: (this.#samples * MICROSECONDS) / MICROPHONE_RATE,
      data: pcm,
    });
    this.#samples += numberOfFrames;
    this.#encoder.encode(sound);
    sound.close();
  }

  close() {
    if (this.#encoder.state !== "closed") this.#encoder.close();
  }
}

/** The voice: packets in, `{turn, offset, pcm}` with PCM16 24 kHz to `onVoice`, in order. */
export class OpusVoice {
  #decoder;
  #waiting = [];

  constructor(onVoice, onFailed) {
    this.#decoder = new AudioDecoder({
      output: (sound) => {
        const place = this.#waiting.shift();
        if (place) onVoice({ ...place, pcm: toPcm(sound) });
        sound.close();
      },
      error: onFailed,
    });
    this.#decoder.configure(DECODING);
  }

  decode(turn, offset, packet) {
    if (this.#decoder.state !== "configured") return;
    this.#waiting.push({ turn, offset });
    const timestamp = Math.round((offset * MICROSECONDS) / VOICE_RATE);
    this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp, data: packet }));
  }

  /** Resolves once everything so far has been given to `onVoice`. */
  async drained() {
    if (this.#decoder.state === "configured") await this.#decoder.flush().catch(() => {});
  }

  /** What is still being decoded must not be heard any more. */
  drop() {
    this.#waiting = [];
    if (this.#decoder.state === "closed") return;
    this.#decoder.reset();
    this.#decoder.configure(DECODING);
  }

  close() {
    if (this.#decoder.state !== "closed") this.#decoder.close();
  }
}

/** The server's voice has nothing above 12 kHz, so every second sample of 48 kHz is all of it. */
function toPcm(sound) {
  const wide = new Float32Array(sound.numberOfFrames);
  sound.copyTo(wide, { planeIndex: 0, format: "f32-planar" });
  const step = sound.sampleRate / VOICE_RATE;
  const pcm = new Int16Array(Math.floor(wide.length / step));
  for (let i = 0; i < pcm.length; i += 1) {
    const sample = Math.max(-1, Math.min(1, wide[Math.floor(i * step)]));
    pcm[i] = Math.round(sample * 32_767);
  }
  return pcm.buffer;
}
