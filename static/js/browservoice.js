/** The browser's own voice says a question, a sentence at a time: so it can be stopped and go on where it was, which no
 * browser does well by itself. Loaded where the server's voice is a makeshift. */

const COME_MS = 1_500;
const BEGINS_MS = 4_000;
const REPORT_MS = 250;
/** As on the server, whose own voice can at least be taken out of what the microphone hears. */
const MAKESHIFT = /espeak/i;
/** Jokes of one maker, some of them first in the list. */
const JOKES = /^(Albert|Bad News|Bahh|Bells|Boing|Bubbles|Cellos|Fred|Good News|Jester|Junior|Kathy|Organ|Ralph|Superstar|Trinoids|Whisper|Wobble|Zarvox)\b/;
const GOOD = /natural|neural|premium|enhanced/i;
/** Small voices of the same maker are called so: Eddy (Korean). */
const SMALL = /\(/;

/** @typedef {{name: string, lang: string, voiceURI: string, localService: boolean, default: boolean}} Offered */

/** Those that speak the language, the one to be taken first. @param {Offered[]} offered @param {string} language
 * @param {boolean} cloud whether one of the browser's maker's servers may */
export function voicesFor(offered, language, cloud) {
  const speaks = ({ lang }) => lang.split(/[-_]/)[0].toLowerCase() === language.split("-")[0];
  const worth = ({ name, localService, default: usual }) =>
    8 * Number(localService) + 4 * Number(GOOD.test(name)) + 2 * Number(usual) - Number(SMALL.test(name));
  return offered
    .filter((one) => speaks(one) && (cloud || one.localService))
    .filter(({ name, voiceURI }) => !JOKES.test(name) && !MAKESHIFT.test(name + voiceURI))
    .sort((one, other) => worth(other) - worth(one));
}

/** @param {string} text @param {string} language @returns {string[]} its sentences */
export function sentences(text, language) {
  if (!Intl.Segmenter) return [text];
  const found = new Intl.Segmenter(language, { granularity: "sentence" }).segment(text);
  return [...found].map(({ segment }) => segment).filter((one) => one.trim());
}

/** Browsers come to know their voices late. @returns {Promise<SpeechSynthesisVoice[]>} */
async function known() {
  if (speechSynthesis.getVoices().length === 0) {
    await new Promise((resolve) => {
      speechSynthesis.addEventListener("voiceschanged", resolve, { once: true });
      setTimeout(resolve, COME_MS);
    });
  }
  return speechSynthesis.getVoices();
}

/** @param {string} language @param {boolean} cloud */
export async function offered(language, cloud) {
  return voicesFor(await known(), language, cloud);
}

/** @param {string} language @param {boolean} cloud @param {string} [chosen] @returns {Promise<BrowserVoice | null>} */
export async function browserVoice(language, cloud, chosen = "") {
  const all = await known();
  return voicesFor(all, language, cloud).length ? new BrowserVoice(all, cloud, chosen) : null;
}

/** Events: `played` with `{turn, playedMs, complete}`, `failed`. */
export class BrowserVoice extends EventTarget {
  #offered;
  #cloud;
  #chosen;
  /** @type {any} */
  #voice = null;
  /** @type {SpeechSynthesisUtterance | null} */
  #saying = null;
  #quiet = false;
  #turn = 0;
  #rate = 1;
  /** @type {string[]} */
  #left = [];
  /** Of the first sentence that is left, so much was said. */
  #from = 0;
  #playedMs = 0;
  #since = 0;
  #timer = 0;

  /** @param {Offered[]} all @param {boolean} cloud @param {string} chosen the `voiceURI` that is wanted */
  constructor(all, cloud, chosen) {
    super();
    this.#offered = all;
    this.#cloud = cloud;
    this.#chosen = chosen;
  }

  /** Read instead of spoken: it goes on unheard. */
  set quiet(quiet) {
    this.#quiet = quiet;
    if (!this.#saying) return;
    this.#stop();
    this.#goOn();
  }

  /** What the server tells. @param {any} event */
  heed({ type, turn, text, language, rate }) {
    if (type === "viva.speak") this.say(turn, text, language, rate);
    if (type === "viva.ended") this.stop();
    if (turn !== this.#turn) return;
    if (type === "viva.hold") this.#stop();
    if (type === "viva.release" && !this.#saying && this.#left.length) this.#goOn();
    if (type === "viva.hush") this.#hush();
  }

  /** @param {number} turn @param {string} text @param {string} language @param {number} rate 1 as usual */
  say(turn, text, language, rate) {
    this.stop();
    const voices = voicesFor(this.#offered, language, this.#cloud);
    this.#voice = voices.find(({ voiceURI }) => voiceURI === this.#chosen) ?? voices[0];
    this.#turn = turn;
    this.#rate = rate;
    this.#left = sentences(text, language);
    this.#from = this.#playedMs = 0;
    if (this.#voice) this.#goOn();
    else this.#fail();
  }

  /** Nothing of it is heard any more, and nobody is told. */
  stop() {
    this.#stop();
    this.#left = [];
  }

  #hush() {
    if (this.#left.length === 0) return;
    this.stop();
    this.#report(false);
  }

  #stop() {
    clearTimeout(this.#timer);
    if (this.#saying) this.#count();
    this.#saying = null;
    if (speechSynthesis.speaking || speechSynthesis.pending) speechSynthesis.cancel();
  }

  #goOn() {
    const words = this.#left[0].slice(this.#from);
    const from = this.#from;
    const saying = new SpeechSynthesisUtterance(words);
    saying.voice = this.#voice;
    saying.lang = this.#voice.lang;
    saying.rate = this.#rate;
    saying.volume = this.#quiet ? 0 : 1;
    this.#since = 0;
    const on = (name, take) => {
      saying[name] = (event) => {
        if (this.#saying === saying) take(event);
      };
    };
    on("onstart", () => this.#began());
    on("onboundary", ({ charIndex }) => (this.#from = from + charIndex));
    on("onend", () => this.#over());
    on("onerror", () => this.#fail());
    this.#saying = saying;
    this.#timer = setTimeout(() => this.#fail(), BEGINS_MS);
    speechSynthesis.speak(saying);
  }

  #began() {
    clearTimeout(this.#timer);
    this.#since = performance.now();
    this.#tell();
  }

  #tell() {
    this.#report(false);
    this.#timer = setTimeout(() => this.#tell(), REPORT_MS);
  }

  #over() {
    clearTimeout(this.#timer);
    this.#count();
    this.#saying = null;
    this.#left.shift();
    this.#from = 0;
    if (this.#left.length) this.#goOn();
    else this.#report(true);
  }

  #fail() {
    this.stop();
    this.dispatchEvent(new Event("failed"));
  }

  #count() {
    if (this.#since) this.#playedMs += performance.now() - this.#since;
    this.#since = 0;
  }

  #report(complete) {
    const running = this.#since ? performance.now() - this.#since : 0;
    const playedMs = Math.round(this.#playedMs + running);
    this.dispatchEvent(new CustomEvent("played", { detail: { turn: this.#turn, playedMs, complete } }));
  }
}
