/** Candidates of one opening side by side, question by question. */

import { ask, bearer, getRecordings, keyOf } from "./api.js";
import { clockOf } from "./clocktime.js";
import { byId, make, showIf } from "./elements.js";
import { Heard } from "./heard.js";
import { interviewerKey, learnWho, may, takeKey } from "./key.js";
import { languageName, onLanguage, setPlain, setText, startLanguage, text } from "./language.js";
import { stageKey } from "./planitem.js";
import { marked } from "./said.js";
import { audible, stretchesOf } from "./soundmap.js";

const [FEWEST, MOST] = [2, 4];

takeKey();
await Promise.all([startLanguage(), learnWho()]);

const opening = location.pathname.split("/").at(-2) ?? "";
let shown = null;
/** By interview: its player, and where there is sound. @type {Map<string, {heard: Heard, stretches: import("./soundmap.js").Stretch[]}>} */
const players = new Map();
let playing = null;

const wanted = () => new URLSearchParams(location.search).getAll("of");
const nameOf = ({ candidate_name: name }) => name ?? text("watch.nobody");

function complain(error) {
  setText(byId("problem"), keyOf(error));
  showIf(byId("problem"), true);
}

async function load() {
  showIf(byId("problem"), false);
  const query = new URLSearchParams(wanted().map((one) => ["of", one]));
  try {
    shown = await ask(`/v1/openings/${encodeURIComponent(opening)}/comparison?${query}`, { headers: bearer(interviewerKey()) });
    await Promise.all(shown.candidates.map(listen));
    write();
  } catch (error) {
    complain(error);
  }
}

async function listen({ interview_id: id }) {
  if (players.has(id)) return;
  const stretches = may("listen") ? stretchesOf(await getRecordings(id, interviewerKey()).catch(() => [])) : [];
  const heard = new Heard(id, stretches);
  heard.addEventListener("problem", (/** @type {any} */ { detail }) => {
    setText(byId("problem"), detail);
    showIf(byId("problem"), true);
  });
  heard.addEventListener("pause", () => playing?.heard === heard && told(null));
  players.set(id, { heard, stretches });
}

/** Which button plays: one sound at a time. */
function told(now) {
  playing?.button.classList.remove("opened");
  playing?.button.setAttribute("aria-pressed", "false");
  playing = now;
  now?.button.classList.add("opened");
  now?.button.setAttribute("aria-pressed", "true");
}

function write() {
  if (!shown) return;
  setPlain(byId("title"), text("comparison.title", { opening: shown.opening }));
  document.title = `${shown.opening} · viva`;
  byId("back").setAttribute("href", `/interviewer/openings?opening=${encodeURIComponent(opening)}`);
  byId("choices").replaceChildren(...shown.choices.map(choice));
  showIf(byId("choose"), true);
  hint();
  const count = shown.candidates.length;
  document.body.dataset.count = String(count);
  byId("heads").replaceChildren(...shown.candidates.map(head));
  byId("rows").replaceChildren(...shown.rows.map(row));
  if (count > 0 && shown.rows.length === 0) byId("rows").append(make("p", { class: "soft" }, text("comparison.nothing")));
}

function choice(one) {
  const box = make("input", { type: "checkbox", value: one.interview_id, "data-testid": "compare-choice" });
  box.checked = wanted().includes(one.interview_id);
  box.addEventListener("change", choose);
  return make("label", { class: "choice" }, box, make("span", {}, nameOf(one)));
}

/** Whom the boxes name goes into the address, so that it can be kept and come back to. */
function choose() {
  const boxes = /** @type {HTMLInputElement[]} */ ([...byId("choices").querySelectorAll("input")]);
  const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
  hint();
  if (chosen.length < FEWEST || chosen.length > MOST) return;
  const kept = [...wanted().filter((one) => chosen.includes(one)), ...chosen.filter((one) => !wanted().includes(one))];
  const focused = /** @type {HTMLInputElement | null} */ (document.activeElement)?.value;
  history.replaceState(null, "", `?${new URLSearchParams(kept.map((one) => ["of", one]))}`);
  load().then(() => {
    /** @type {HTMLElement | null} */ (byId("choices").querySelector(`[value="${focused}"]`))?.focus();
  });
}

function hint() {
  const count = byId("choices").querySelectorAll(":checked").length;
  if (shown.choices.length < FEWEST) setText(byId("choose-hint"), "comparison.nobody");
  else if (count < FEWEST) setText(byId("choose-hint"), "comparison.choose");
  else if (count > MOST) setText(byId("choose-hint"), "comparison.many", { most: MOST });
  else setPlain(byId("choose-hint"), "");
}

function head(one) {
  const name = make("a", { href: `/interviewer/interviews/${encodeURIComponent(one.interview_id)}` }, nameOf(one));
  const about = [languageName(one.language), text("comparison.probes", { count: one.probes })];
  if (!one.read) about.push(text("comparison.unread"));
  /** @type {HTMLElement[]} */
  const parts = [make("h2", {}, name), make("p", { class: "soft small" }, about.join(" · "))];
  const levels = Object.entries(one.own ?? {});
  if (one.own === null) parts.push(make("p", { class: "soft small" }, text("comparison.unrated")));
  else {
    const rows = levels.map(([competency, level]) =>
      make("li", {}, make("span", {}, competency), make("span", { class: "level-chip" }, text(`report.level.${level}`))));
    parts.push(make("ul", { class: "own-levels small", "aria-label": text("comparison.own") }, ...rows));
  }
  return make("section", { class: "candidate" }, ...parts);
}

function row(one, at) {
  const id = `row-${at}`;
  const stage = one.competency || text(stageKey(one.stage));
  const about = [stage, one.common ? text("comparison.common") : text("comparison.some")].join(" · ");
  const question = make("h3", { id }, one.text);
  const title = make("div", { class: "row-head" }, make("p", { class: "soft small" }, about), question);
  const cells = one.cells.map((cell, place) => answered(cell, shown.candidates[place]));
  return make("section", { class: "row", "aria-labelledby": id, "data-testid": "row" }, title, make("div", { class: "cells" }, ...cells));
}

function answered(cell, candidate) {
  const name = make("h4", { class: "cell-name" }, nameOf(candidate));
  const box = make("div", { class: "cell", "data-testid": "cell" }, name);
  if (!cell) return put(box, "comparison.not_planned");
  if (!cell.topic.asked) return put(box, "report.not_asked");
  for (const exchange of cell.topic.exchanges) {
    if (exchange.sentences.length === 0 && ["aside", "confirm"].includes(exchange.kind)) continue;
    if (exchange.kind === "follow_up") box.append(make("p", { class: "probe small", lang: candidate.language }, exchange.question));
    box.append(answer(exchange, candidate));
  }
  box.append(make("p", { class: "soft small" }, text("comparison.probes", { count: cell.probes })));
  return box;
}

function put(box, key) {
  box.append(make("p", { class: "soft small" }, text(key)));
  return box;
}

function answer(exchange, candidate) {
  const words = make("p", { class: "answer", lang: candidate.language });
  if (exchange.sentences.length === 0) words.append(make("span", { class: "soft small" }, text("comparison.no_answer")));
  for (const one of exchange.sentences) words.append(...marked(one.text, one.first, one.doubted), " ");
  const timed = exchange.sentences.filter((one) => one.start_ms !== null);
  const [start, end] = [timed[0]?.start_ms, timed.at(-1)?.end_ms];
  const { heard, stretches } = players.get(candidate.interview_id) ?? { heard: null, stretches: [] };
  const place = { answer_id: exchange.answer_id, start_ms: start ?? null, end_ms: end };
  if (!heard || !audible(stretches, place)) return make("div", { class: "said" }, words);
  const button = make("button", {
    type: "button", class: "round-button", "aria-pressed": "false", "data-testid": "hear",
    "aria-label": text("comparison.hear", { name: nameOf(candidate), time: clockOf(start) }),
  }, "▶");
  button.addEventListener("click", () => {
    const again = playing?.button === button;
    playing?.heard.pause();
    told(null);
    if (again) return;
    heard.playQuote(start, end);
    told({ heard, button });
  });
  return make("div", { class: "said" }, button, words);
}

onLanguage(write);
window.addEventListener("popstate", load);
await load();
