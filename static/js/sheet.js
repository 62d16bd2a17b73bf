/** One interview as a document: what it shows, what people made of it, and what was said. */

import { clockOf } from "./clocktime.js";
import { countsOf, spreadOf } from "./criteria.js";
import { make } from "./elements.js";
import { language, languageName, text } from "./language.js";
import { roleName } from "./readiness.js";
import { troubleOf } from "./remarks.js";
import { marked, titleOf } from "./said.js";

/** @param {string} instant */
export const momentOf = (instant) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));

/** What the interview was, in one line. @returns {string} */
export function aboutOf(report) {
  const parts = [roleName(report.target_role)];
  if (report.opening) parts.push(report.opening);
  if (report.ended_at) parts.push(text("report.ended", { moment: momentOf(report.ended_at) }));
  if (report.duration_ms) parts.push(text("report.length", { time: clockOf(report.duration_ms) }));
  parts.push(languageName(report.language));
  return parts.join(" · ");
}

/**
 * All of it, in the reader's language.
 * @param {any} report @param {any | null} cards null: nobody's judgement is shown @returns {Node[]}
 */
export function sheetOf(report, cards) {
  const made = report.engine ? text("report.engine", { model: report.engine }) : text("report.engine.none");
  const parts = [
    part("report.shows", make("p", { class: "soft small" }, made), ...report.criteria.map((one) => criterion(one, report, cards))),
  ];
  const judged = cards ? judgement(report, cards) : [];
  if (judged.length) parts.push(part("sheet.people", ...judged));
  parts.push(
    part("report.trouble", ...troubleOf(report)),
    part("report.asked", ...asked(report)),
    part("report.said", make("p", { class: "soft small" }, text("report.said.help")), ...topics(report)),
  );
  return parts;
}

function part(key, ...children) {
  return make("section", { class: "sheet-part" }, make("h2", {}, text(key)), ...children);
}

function criterion(one, report, cards) {
  const lines = one.lines.map((line) => {
    const state = text(line.status === "shown" && !line.statements.length ? "report.unread" : `report.${line.status}`);
    const quotes = line.statements.map((statement) => quote(statement, report));
    return make("li", {}, make("p", {}, line.text, " ", make("span", { class: "state small" }, state)), ...quotes);
  });
  const said = [make("h3", {}, one.name), make("p", { class: "soft small" }, countsOf(one)), make("ul", { class: "sheet-lines" }, ...lines)];
  if (cards && one.suggestion) said.push(make("p", { class: "small" }, suggestionOf(one.suggestion)));
  return make("article", { class: "sheet-criterion" }, ...said);
}

function suggestionOf(suggestion) {
  if (suggestion.level === null) return text("report.suggestion.withheld", { spread: spreadOf(suggestion) });
  const { agree, runs } = suggestion;
  return `${text("report.suggestion", { level: text(`report.level.${suggestion.level}`) })} ${text("report.suggestion.runs", { agree, runs })}`;
}

function quote(one, report) {
  const when = one.start_ms === null ? text("report.quote.typed") : `${clockOf(one.start_ms)}–${clockOf(one.end_ms)}`;
  const about = [when, text("report.quote.number", { number: one.sentence })];
  if (one.doubted.length) about.push(text("report.quote.doubt", { count: one.doubted.length }));
  if (one.stale) about.push(text("report.quote.stale"));
  const words = make("q", { lang: report.language }, ...marked(one.quote, one.first_word, one.doubted));
  const said = make("div", { class: "sheet-quote" }, words, " ", make("span", { class: "soft small time" }, about.join(" · ")));
  if (one.why) said.append(make("p", { class: "soft small" }, text("report.why", { why: one.why })));
  return said;
}

/** The cards that may be shown here, side by side, and what was decided. */
function judgement(report, cards) {
  const newest = new Map();
  for (const card of [...cards.own, ...cards.others.map((one) => one.card)]) {
    if (card?.submitted_at) newest.set(card.author, card);
  }
  const people = [...newest.values()];
  const nodes = [];
  if (people.length) nodes.push(ratings(report, people));
  for (const card of people) {
    if (card.summary) nodes.push(make("p", { class: "small" }, make("strong", {}, nameOf(card)), ` ${card.summary}`));
  }
  const hidden = cards.others.filter((one) => one.card === null).length;
  if (hidden) nodes.push(make("p", { class: "soft small" }, text("sheet.hidden", { count: hidden })));
  nodes.push(...cards.decisions.map(decided));
  if (!cards.decisions.length) nodes.push(make("p", {}, text("report.decision.none")));
  return nodes;
}

const nameOf = (card) => card.name ?? text("report.somebody");

function ratings(report, people) {
  const head = make("tr", {}, make("td"), ...people.map((card) =>
    make("th", { scope: "col" }, nameOf(card), make("span", { class: "soft small" }, momentOf(card.submitted_at)))));
  const rows = report.criteria.filter((one) => one.asked).map((one) =>
    make("tr", {}, make("th", { scope: "row" }, one.name), ...people.map((card) => {
      const rating = card.ratings.find((other) => other.competency === one.name);
      const level = rating?.level ? text(`report.level.${rating.level}`) : "–";
      return make("td", {}, level, rating?.reason ? make("span", { class: "soft small" }, rating.reason) : "");
    })));
  return make("div", { class: "sheet-scroll" }, make("table", { class: "sheet-table" }, make("thead", {}, head), make("tbody", {}, ...rows)));
}

function decided(one) {
  const what = make("strong", {}, text(`report.outcome.${one.outcome}`));
  const who = make("span", { class: "soft small" }, `${nameOf(one)} · ${momentOf(one.decided_at)}`);
  return make("div", { class: "sheet-decision" }, make("p", {}, what, " ", who), make("p", {}, one.reason));
}

function asked(report) {
  if (!report.questions.length) return [make("p", { class: "soft" }, text("report.asked.none"))];
  return [make("ul", { class: "sheet-lines" }, ...report.questions.map((one) => {
    const state = one.by ? text("report.asked.by", { name: one.by }) : text(one.answered ? "report.asked.answered" : "report.asked.open");
    const when = one.at_ms === null ? "" : `${clockOf(one.at_ms)} · `;
    return make("li", {}, make("q", { lang: report.language }, one.text), " ", make("span", { class: "soft small" }, when + state));
  }))];
}

function topics(report) {
  const passages = new Map(report.passages.map((one) => [one.turn, one]));
  const gaps = Map.groupBy(report.trouble.gaps, (gap) => gap.turn);
  return report.topics.filter((topic) => topic.asked).map((topic, at) =>
    make("article", { class: "sheet-topic" },
      make("h3", {}, text("report.topic", { number: at + 1, name: titleOf(topic) })),
      ...topic.exchanges.flatMap((one) => exchange(one, report, passages.get(one.turn), gaps.get(one.turn) ?? []))));
}

function exchange(one, report, passage, gaps) {
  const rows = [];
  if (!["aside", "confirm"].includes(one.kind) || one.sentences.length > 0) {
    const who = one.source === "interviewer" ? "talk.human" : "talk.interviewer";
    rows.push(spoken(passage?.asked_ms ?? null, text(who), make("strong", { lang: report.language }, one.question)));
  }
  if (one.sentences.length > 0) {
    const words = one.sentences.flatMap((sentence) => [
      make("sup", {}, String(sentence.number)), ...marked(sentence.text, sentence.first, sentence.doubted), " ",
    ]);
    const start = one.sentences.find((sentence) => sentence.start_ms !== null)?.start_ms ?? null;
    const name = report.candidate_name ?? text("talk.candidate");
    const said = make("span", { lang: report.language }, ...words);
    rows.push(spoken(start, name, said, one.typed ? make("span", { class: "soft small" }, text("report.typed")) : ""));
  }
  rows.push(...gaps.map((gap) => {
    const seconds = Math.max(1, Math.round(gap.lasted_ms / 1_000));
    return spoken(gap.at_ms, "", make("em", {}, text(`report.gap.${gap.cause}`, { seconds })));
  }));
  return rows;
}

function spoken(ms, who, ...words) {
  const time = make("span", { class: "soft small time" }, ms === null ? "" : clockOf(ms));
  return make("div", { class: "sheet-row" }, time, make("p", {}, make("span", { class: "soft small" }, who), " ", ...words));
}
