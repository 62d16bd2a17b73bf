/** One interview on the board: what is said of it, in words, and for how long it has been so. */

import { make, showIf } from "./elements.js";
import { knows, language, setPlain, text } from "./language.js";
import { roleName } from "./readiness.js";

const SECOND = 1_000;
const BARS = 7;

/** Drawn on 24 × 24, in the colour of the words beside them. */
const ICONS = {
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4 3.5-6 8-6s8 2 8 6",
  asks: "M4 4h16v12H9l-5 4zM10 8.5a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1M12 13.4v.2",
  lost: "M2 9a15 15 0 0 1 20 0M6 13a9 9 0 0 1 12 0M10 17a3.5 3.5 0 0 1 4 0M4 3l16 18",
  mute: "M9 5a3 3 0 0 1 6 0v6M9 9v2a3 3 0 0 0 4 2.8M5 11a7 7 0 0 0 11 5.7M19 11a7 7 0 0 1-.6 2.8M12 18v3M4 3l16 18",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 2",
  wave: "M3 10v4M7 7v10M11 4v16M15 8v8M19 6v12M22 10v4",
  bubble: "M4 4h16v12H9l-5 4z",
  dots: "M5 12h.1M12 12h.1M19 12h.1",
  pause: "M9 5v14M15 5v14",
  sheet: "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
  out: "M10 4H5v16h5M10 12h10M16 8l4 4-4 4",
  tick: "M4 12l5 6L20 6",
};
const ICON_OF = {
  help: "person", person: "person", asks: "asks", cut_off: "lost", unheard: "mute", unclear: "mute",
  silent: "clock", led: "person", paused: "pause", away: "lost", talking: "wave", moment: "dots",
  listening: "dots", thinking: "dots", speaking: "bubble", begins: "bubble", finished: "sheet",
  scored: "tick", not_begun: "clock", abandoned: "out", nothing_said: "out", over: "tick",
};
/** What a person can do about it, by what is the matter. */
const ACTION_OF = { asks: "answer", cut_off: "watch", finished: "score" };
/** What is over has a page of its own, to be scored and read on. */
const READ = new Set(["finished", "scored", "over", "nothing_said"]);
const PAST = new Set(["finished", "scored", "nothing_said", "over", "abandoned"]);

/** @param {keyof typeof ICONS} name */
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** So long, in the reader's words. @param {number} ms */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds < 60) return text("board.seconds", { count: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) {
    const rest = seconds % 60;
    return text("board.minutes_seconds", { minutes, padded: String(rest).padStart(2, "0") });
  }
  if (minutes < 120) return text("board.minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return text("board.hours", { count: hours });
  return text("board.days", { count: Math.floor(hours / 24) });
}

export class BoardRow {
  element;
  link;
  #parts;
  #entry;
  #late = 0;
  #icon = "";
  #id = "";

  /** @param {string} id @param {(id: string, about: string) => void} open */
  constructor(id, open) {
    const url = `?interview=${encodeURIComponent(id)}`;
    this.#id = id;
    this.link = make("a", { href: url, class: "board-name", "data-testid": `interview-${id}` });
    const bars = make("span", { class: "bars", "aria-hidden": "true" });
    for (let bar = 0; bar < BARS; bar += 1) bars.append(make("span", { class: "bar" }));
    // On a phone they are laid out as cards, and are rows of a table to whoever hears them.
    const parts = {
      group: make("td", { role: "cell", class: "board-group" }, make("span", { class: "board-group-name" }), make("span", { class: "board-group-why soft small" })),
      who: make("th", { role: "rowheader", class: "board-who", scope: "row" }, this.link, make("span", { class: "board-role soft small" })),
      state: make("td", { role: "cell", class: "board-state" }, make("span", { class: "board-word" }), make("span", { class: "board-detail soft small" }), make("span", { class: "board-late small", "data-testid": "board-late", hidden: true })),
      topics: make("td", { role: "cell", class: "board-topics" }, bars, make("span", { class: "board-count" })),
      left: make("td", { role: "cell", class: "board-left" }),
      line: make("td", { role: "cell", class: "board-line soft" }),
      act: make("td", { role: "cell", class: "board-act" }, make("a", { href: url, class: "button small" })),
    };
    this.#parts = parts;
    this.element = make("tr", { role: "row", "data-testid": `row-${id}` }, ...Object.values(parts));
    const act = parts.act.firstElementChild;
    for (const one of [this.link, act]) {
      one.addEventListener("click", (event) => {
        event.stopPropagation();
        if (event.metaKey || event.ctrlKey || event.shiftKey || READ.has(this.#entry?.state)) return;
        event.preventDefault();
        open(id, one === act ? (this.#action() ?? "") : "");
      });
    }
    this.element.addEventListener("click", (event) => {
      if (!getSelection()?.toString() && !event.defaultPrevented) this.link.click();
    });
  }

  /** @param {any} entry @param {boolean} first of its group */
  write(entry, first) {
    this.#entry = entry;
    this.#late = performance.now();
    const { group, who, topics, line, act } = this.#parts;
    this.element.dataset.group = entry.group;
    this.element.dataset.state = entry.state;
    this.element.classList.toggle("first", first);
    setPlain(group.firstChild, text(`board.group.${entry.group}`));
    const why = `board.group.${entry.group}.why`;
    setPlain(group.lastChild, knows(why) ? text(why) : "");
    const url = READ.has(entry.state) ? `/interviewer/interviews/${this.#id}` : `?interview=${this.#id}`;
    for (const one of [this.link, act.firstElementChild]) one.setAttribute("href", url);
    setPlain(this.link, entry.candidate_name ?? text("watch.nobody"));
    setPlain(who.lastChild, [roleName(entry.target_role), entry.opening].filter(Boolean).join(" · "));
    this.#bars(topics);
    setPlain(line, this.#lineOf());
    line.classList.toggle("bad", entry.state === "cut_off" || entry.state === "unheard");
    const action = this.#action();
    const button = act.firstElementChild;
    showIf(button, action);
    if (action) {
      setPlain(button, text(`board.act.${action}`));
      button.setAttribute("aria-label", text("board.act.for", { action: text(`board.act.${action}`), name: this.link.textContent }));
      button.classList.toggle("primary", entry.group === "needs" && action !== "watch");
      button.classList.toggle("quiet", entry.group !== "needs" || action === "watch");
    }
    this.tick();
  }

  /** What changes with the time alone. */
  tick() {
    if (!this.#entry) return;
    const { state, left } = this.#parts;
    const word = state.firstChild;
    const name = ICON_OF[this.#entry.state] ?? "dots";
    if (this.#icon !== name) {
      this.#icon = name;
      state.querySelector("svg")?.remove();
      state.prepend(icon(name));
    }
    setPlain(state.querySelector(".board-word"), this.told());
    setPlain(state.querySelector(".board-detail"), this.#detail());
    this.#writeLate(state.querySelector(".board-late"));
    setPlain(left, this.#left());
    return word;
  }

  /** The state in words, with how long where that matters. */
  told() {
    const { state, help } = this.#entry;
    const key = state === "help" && knows(`board.help.${help}`) ? `board.help.${help}` : `board.state.${state}`;
    return text(key, { time: this.#since() });
  }

  /** The server's clock, as it stands by now. */
  #now() {
    return Date.parse(this.#entry.at) + performance.now() - this.#late;
  }

  #since() {
    return this.#entry.since ? span(this.#now() - Date.parse(this.#entry.since)) : "";
  }

  #action() {
    const { group, state } = this.#entry;
    if (group === "needs") return ACTION_OF[state] ?? "step_in";
    return group === "to_score" ? "score" : null;
  }

  #detail() {
    const { state, question, end_reason: reason, people, floor, created_at: created, unanswered_since: unanswered } = this.#entry;
    const told = [];
    if (state === "asks" && question) told.push(text("board.quoted", { words: question }));
    if (["asks", "help", "person", "talking", "speaking", "thinking", "listening"].includes(state)) {
      if (this.#entry.since) told.push(this.#since());
    }
    if (state === "silent") told.push(text("board.detail.silent"));
    if (state === "cut_off" && floor === "listening") told.push(text("board.detail.answering"));
    if (state === "abandoned") told.push(text("board.detail.abandoned"));
    if (["finished", "over", "scored", "nothing_said"].includes(state) && knows(`watch.reason.${reason}`)) {
      told.push(text(`watch.reason.${reason}`));
    }
    if (unanswered) told.push(text("board.unanswered", { time: span(this.#now() - Date.parse(unanswered)) }));
    if (state === "not_begun") told.push(text("board.detail.created", { day: day(created) }));
    if (people > 0) told.push(text("board.people", { count: people }));
    return told.join(" · ");
  }

  /** What was promised to them, and has not come. */
  #writeLate(element) {
    const { promised_until: promised } = this.#entry;
    const late = promised && this.#now() > Date.parse(promised);
    showIf(element, late);
    if (late) setPlain(element, text("board.late", { day: day(promised) }));
  }

  #left() {
    const { state, minutes, spent_ms: spent, runs_since: runs } = this.#entry;
    if (state === "finished") return text("board.waits", { time: this.#since() });
    if (minutes === null || (PAST.has(state) && state !== "abandoned")) return "—";
    const running = runs ? this.#now() - Date.parse(runs) : 0;
    const left = Math.max(0, Math.ceil(minutes - (spent + running) / 60_000));
    if (state === "abandoned") return text("board.left.kept", { count: left });
    return text(runs ? "board.left" : "board.left.stopped", { count: left });
  }

  #lineOf() {
    const { state, group, gaps, lost_ms: lost, started_at: started } = this.#entry;
    if (["cut_off", "away"].includes(state)) return text("board.line.lost");
    if (state === "unheard") return text("board.line.unheard");
    if (state === "unclear") return text("board.line.unclear");
    if (gaps > 0) return text("board.line.gaps", { count: gaps, time: span(lost) });
    return started && group !== "closed" ? text("board.line.good") : "—";
  }

  #bars(topics) {
    const { topics: all, covered } = this.#entry;
    [...topics.firstChild.children].forEach((bar, place) => {
      bar.dataset.full = String(all > 0 && (place + 1) / BARS <= covered / all + 0.001);
    });
    showIf(topics.firstChild, all > 0);
    setPlain(topics.lastChild, all > 0 ? text("board.topics", { covered, all }) : "—");
  }
}

/** @param {string} instant */
function day(instant) {
  return new Intl.DateTimeFormat(language(), { month: "short", day: "numeric" }).format(new Date(instant));
}
