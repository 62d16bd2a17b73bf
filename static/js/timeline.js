/** The interview as one line: topics, who spoke when, gaps, notes, and where one is. */

import { clockOf } from "./clocktime.js";
import { byId, make, showIf } from "./elements.js";
import { onLanguage, setPlain, setText, text } from "./language.js";
import { LEVEL_MS, barsOf, loudness } from "./soundmap.js";

const STEP_MS = 5_000;
const PAGE_MS = 30_000;
const BAR_PX = 3;
/** Of the height, for speech of which nobody knows yet how loud it was. */
const UNKNOWN = 0.34;
const NARROW_PX = 56;

const share = (part, whole) => `${((100 * part) / Math.max(1, whole)).toFixed(3)}%`;

/** Events: `seek` with a place. */
export class Timeline extends EventTarget {
  #element = byId("timeline");
  #canvas = byId("wave");
  #duration = 1;
  #topics = [];
  #speech = [];
  #gaps = [];
  #place = 0;
  /** @type {Map<string, number[]>} as levelsOf gives them */
  #levels = new Map();
  /** @type {(number | null)[]} */
  #bars = [];
  #stretches = [];

  /**
   * @param {{duration_ms: number, topics: {title: () => string, number: number, start_ms: number, end_ms: number}[],
   *   speech: [number, number][], gaps: {at_ms: number, lasted_ms: number}[], stretches: import("./soundmap.js").Stretch[],
   *   levels: Map<string, number[]>}} what
   */
  constructor({ duration_ms: duration, topics, speech, gaps, stretches, levels }) {
    super();
    this.#duration = duration;
    this.#topics = topics;
    this.#speech = speech;
    this.#gaps = gaps;
    this.#stretches = stretches;
    this.#levels = levels;
    this.#element.setAttribute("aria-valuemin", "0");
    this.#element.setAttribute("aria-valuemax", String(Math.round(duration / 1_000)));
    this.#element.addEventListener("keydown", (event) => this.#key(event));
    this.#element.addEventListener("pointerdown", (event) => this.#drag(event));
    this.#element.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) this.#drag(event);
    });
    new ResizeObserver(() => this.#draw()).observe(this.#element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    onLanguage(() => this.#write());
    this.#write();
  }

  /** @param {number} ms */
  show(ms) {
    this.#place = ms;
    byId("playhead").style.left = share(ms, this.#duration);
    setPlain(byId("time"), `${clockOf(ms)} / ${clockOf(this.#duration)}`);
    const topic = this.topicAt(ms);
    const time = clockOf(ms);
    const told = topic ? text("report.place", { time, topic: topic.title() }) : time;
    this.#element.setAttribute("aria-valuenow", String(Math.round(ms / 1_000)));
    this.#element.setAttribute("aria-valuetext", told);
    for (const [at, region] of [...byId("regions").children].entries()) {
      region.classList.toggle("now", this.#topics[at] === topic);
    }
    this.#draw();
  }

  topicAt(ms) {
    return this.#topics.findLast(({ start_ms: start }) => start <= ms + 1) ?? null;
  }

  /** The beginning of the topic before or after. @param {-1 | 1} way */
  neighbour(way) {
    const at = this.#topics.indexOf(this.topicAt(this.#place));
    // Some seconds into a topic its own beginning is what "back" means.
    const begun = way < 0 && this.#place - (this.#topics[at]?.start_ms ?? 0) > 3_000;
    const next = this.#topics[begun ? at : at + way];
    return next ? next.start_ms : way < 0 ? 0 : this.#duration;
  }

  /** @param {{at_ms: number | null}[]} notes */
  flag(notes) {
    const flags = notes.filter(({ at_ms: at }) => at !== null).map(({ at_ms: at }) => {
      const flag = make("span", { class: "flag" });
      flag.style.left = share(at, this.#duration);
      return flag;
    });
    byId("flags").replaceChildren(...flags);
  }

  /** How loud an answer is of which the server did not know it, once its sound is here. @param {string} answer @param {Blob} sound */
  async learn(answer, sound) {
    if (this.#levels.has(answer)) return;
    const context = new OfflineAudioContext(1, 1, 16_000);
    const decoded = await context.decodeAudioData(await sound.arrayBuffer()).catch(() => null);
    if (!decoded) return;
    const pieces = Math.max(1, Math.round((decoded.duration * 1_000) / LEVEL_MS));
    this.#levels.set(answer, loudness(decoded.getChannelData(0), pieces));
    this.#bars = [];
    this.#draw();
  }

  #key(event) {
    const step = {
      ArrowLeft: -STEP_MS, ArrowRight: STEP_MS, ArrowDown: -STEP_MS, ArrowUp: STEP_MS,
      PageDown: -PAGE_MS, PageUp: PAGE_MS, Home: -Infinity, End: Infinity,
    }[event.key];
    if (!step) return;
    event.preventDefault();
    this.#seek(this.#place + step);
  }

  #drag(event) {
    const box = this.#element.getBoundingClientRect();
    this.#seek(((event.clientX - box.left) / box.width) * this.#duration);
  }

  #seek(ms) {
    const place = Math.min(Math.max(0, ms), this.#duration);
    this.dispatchEvent(new CustomEvent("seek", { detail: place }));
  }

  #write() {
    const regions = this.#topics.map((topic) => {
      const region = make("span", { class: "region" });
      const label = make("span", { class: "region-label" });
      region.append(label);
      region.style.left = share(topic.start_ms, this.#duration);
      region.style.width = share(topic.end_ms - topic.start_ms, this.#duration);
      setPlain(label, `${topic.number} ${topic.title()}`);
      return region;
    });
    byId("regions").replaceChildren(...regions);
    this.show(this.#place);
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!width) return;
    for (const [at, region] of [...byId("regions").children].entries()) {
      const own = ((this.#topics[at].end_ms - this.#topics[at].start_ms) / this.#duration) * width;
      region.classList.toggle("narrow", own < NARROW_PX);
    }
    const scale = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const drawn = this.#canvas.getContext("2d");
    const style = getComputedStyle(this.#element);
    drawn.scale(scale, scale);
    const count = Math.ceil(width / BAR_PX);
    if (this.#bars.length !== count) this.#bars = barsOf(this.#stretches, this.#levels, this.#duration, count);
    for (let bar = 0; bar < count; bar += 1) {
      const x = bar * BAR_PX;
      const ms = (bar / count) * this.#duration;
      const level = this.#level(bar, ms, ((bar + 1) / count) * this.#duration);
      const size = Math.max(2, level * height);
      const colour = ms <= this.#place ? "--accent" : level > 0 ? "--edge" : "--line";
      drawn.fillStyle = style.getPropertyValue(colour);
      drawn.fillRect(x, (height - size) / 2, BAR_PX - 1, size);
    }
    drawn.fillStyle = style.getPropertyValue("--bad");
    for (const { at_ms: at, lasted_ms: lasted } of this.#gaps) {
      const x = (at / this.#duration) * width;
      const size = Math.max(5, (lasted / this.#duration) * width);
      for (let y = 0; y < height; y += 4) drawn.fillRect(x, y, size, 2);
    }
  }

  #level(bar, from, to) {
    const level = this.#bars[bar];
    if (level !== null) return Math.max(0.04, level);
    return this.#speech.some(([start, end]) => start < to && end > from) ? UNKNOWN : 0;
  }
}

/** The bar below the page: what plays, and how fast. */
export class PlayerBar {
  /** @param {import("./heard.js").Heard} heard @param {Timeline} timeline */
  constructor(heard, timeline) {
    const note = byId("player-note");
    const button = byId("play");
    const tell = () => {
      button.classList.toggle("playing", heard.playing);
      button.setAttribute("aria-label", text(heard.playing ? "report.pause" : "report.play"));
    };
    for (const name of ["play", "pause"]) heard.addEventListener(name, tell);
    onLanguage(tell);
    tell();
    heard.addEventListener("move", (/** @type {any} */ { detail }) => timeline.show(detail));
    heard.addEventListener("problem", (/** @type {any} */ { detail }) => {
      setText(note, detail);
      showIf(note, true);
    });
    heard.addEventListener("sound", (/** @type {any} */ { detail }) =>
      timeline.learn(detail.answer, detail.sound),
    );
    timeline.addEventListener("seek", (/** @type {any} */ { detail }) => heard.seek(detail));
    button.addEventListener("click", () => heard.toggle());
    byId("topic-back").addEventListener("click", () => heard.seek(timeline.neighbour(-1)));
    byId("topic-on").addEventListener("click", () => heard.seek(timeline.neighbour(1)));
    byId("speed").addEventListener("change", (event) => {
      heard.speed = Number(event.target.value);
    });
    document.addEventListener("keydown", (event) => keys(event, heard, timeline));
  }
}

/** Where nobody writes: k plays, j and l go back and on, n and p by topic. */
function keys(event, heard, timeline) {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target instanceof HTMLElement && target.matches("input:not([type=radio]), textarea, select")) return;
  const act = {
    k: () => heard.toggle(),
    j: () => heard.seek(heard.place - STEP_MS),
    l: () => heard.seek(heard.place + STEP_MS),
    p: () => heard.seek(timeline.neighbour(-1)),
    n: () => heard.seek(timeline.neighbour(1)),
  }[key];
  if (!act) return;
  event.preventDefault();
  act();
}
