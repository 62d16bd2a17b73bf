/** The page of one interview that is over: what was said, what it shows, and what people make of it. */

import { getRecordings, keyOf } from "./api.js";
import { Criteria } from "./criteria.js";
import { clockOf } from "./clocktime.js";
import { Decision } from "./decision.js";
import { all, byId, showIf } from "./elements.js";
import { offerExport } from "./exporting.js";
import { Heard } from "./heard.js";
import { interviewerKey, learnWho, may, takeKey } from "./key.js";
import { language, languageName, onLanguage, setPlain, setText, startLanguage, text } from "./language.js";
import { writeResume } from "./planrows.js";
import { roleName } from "./readiness.js";
import { Release } from "./release.js";
import { Remarks } from "./remarks.js";
import {
  correctLine, decide, getCards, getRelease, getReport, keepLetter, openQuote, release, saveCard, sendLetter, submitCard,
} from "./reportapi.js";
import { Said, titleOf } from "./said.js";
import { offerSharing } from "./sharing.js";
import { levelsOf, stretchesOf } from "./soundmap.js";
import { PlayerBar, Timeline } from "./timeline.js";

const AGAIN_MS = 2_000;
const READING = new Set(["queued", "reading"]);

const id = location.pathname.split("/").at(-1);
takeKey();
// Asked for at once, before the page has its words.
const asked = Promise.all([
  getReport(id), getCards(id), getRecordings(id, interviewerKey()).catch(() => []),
]);
asked.catch(() => {});
await Promise.all([startLanguage(), learnWho()]);

for (const button of all("[data-show]")) {
  button.addEventListener("click", () => show(button.dataset.show));
}

/** Of the parts of the page one is in front on a narrow screen. */
function show(part) {
  document.body.dataset.part = part;
  for (const tab of all("#tabs [data-show]")) {
    tab.setAttribute("aria-current", String(tab.dataset.show === part));
  }
}

function complain(error) {
  setText(byId("problem"), keyOf(error));
  showIf(byId("problem"), true);
}

async function open() {
  const [report, cards, recordings] = await asked;
  write(report, cards);
  if (report.version === null) {
    setText(byId("state"), `report.state.${report.state}`);
    showIf(byId("state"), true);
    if (READING.has(report.state)) setTimeout(() => location.reload(), AGAIN_MS);
    return;
  }
  offerExport(id);
  offerSharing(id);
  await furnish(report, cards, recordings);
}

let tellAgain = () => {};
onLanguage(() => tellAgain());

function write(report, cards) {
  tellAgain = () => write(report, cards);
  const name = report.candidate_name ?? text("watch.nobody");
  setPlain(byId("name"), name);
  document.title = `${name} · viva`;
  const parts = [roleName(report.target_role)];
  if (report.opening) parts.push(report.opening);
  if (report.ended_at) parts.push(text("report.ended", { moment: momentOf(report.ended_at) }));
  if (report.duration_ms) parts.push(text("report.length", { time: clockOf(report.duration_ms) }));
  parts.push(languageName(report.language));
  setPlain(byId("about"), parts.join(" · "));
  const submitted = cards.others.length + (cards.own.some((one) => one.submitted_at) ? 1 : 0);
  const standing = [submitted ? text("report.cards", { count: submitted }) : text("report.cards.none")];
  const decided = cards.decisions.at(-1);
  standing.push(decided ? text("report.decided", { outcome: text(`report.outcome.${decided.outcome}`) }) : text("report.undecided"));
  standing.push(report.engine ? text("report.engine", { model: report.engine }) : text("report.engine.none"));
  setPlain(byId("standing"), report.version === null ? "" : standing.join(" · "));
}

const momentOf = (instant) =>
  new Intl.DateTimeFormat(language(), { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }).format(new Date(instant));

async function furnish(report, cards, recordings) {
  const stretches = stretchesOf(recordings);
  const said = new Said(report, report.candidate_name ?? "", may("rate"));
  said.quote(new Set(report.criteria.flatMap((one) => one.lines.flatMap((line) => line.statements.map((s) => s.sentence)))));
  const criteria = new Criteria(may("rate"));
  criteria.show(report, cards, stretches);
  const heard = new Heard(id, stretches);
  const timeline = new Timeline(timelineOf(report, stretches, levelsOf(recordings)));
  new PlayerBar(heard, timeline);
  const remarks = new Remarks(id, report, { may: may("rate"), now: () => heard.place });
  for (const name of ["move", "play", "pause"]) {
    heard.addEventListener(name, () => {
      said.follow(heard.place, heard.playing);
      remarks.moved();
    });
  }
  remarks.addEventListener("notes", (/** @type {any} */ { detail }) => timeline.flag(detail));
  remarks.addEventListener("problem", (/** @type {any} */ { detail }) => complain(detail));
  remarks.addEventListener("place", (/** @type {any} */ { detail }) => heard.seek(detail));
  said.addEventListener("choose", (/** @type {any} */ { detail }) => {
    if (detail.start_ms === null) said.reveal(detail.number);
    else if (stretches.length) heard.playQuote(detail.start_ms, Infinity);
    else heard.seek(detail.start_ms);
  });
  said.addEventListener("correct", (/** @type {any} */ { detail }) => {
    // The report is written anew then, and this page with it.
    correctLine(id, detail).then(() => location.reload(), complain);
  });
  const decision = new Decision(may("rate"));
  decision.take(cards);
  rate(criteria, decision, said, heard, (/** @type {any} */ now) => write(report, now));
  show("criteria");
  for (const part of ["body", "tabs"]) showIf(byId(part), true);
  showIf(byId("player"), report.duration_ms > 0);
  if (stretches.length === 0) {
    setText(byId("player-note"), "report.no_sound");
    showIf(byId("player-note"), true);
    byId("play").disabled = true;
  }
  if (report.state === "reading") {
    setText(byId("state"), "report.state.reading");
    showIf(byId("state"), true);
  }
  timeline.show(0);
  // Whoever comes from a search is led to the sentence.
  const sentence = Number(/^#sentence-(\d+)$/.exec(location.hash)?.[1] ?? 0);
  if (sentence) {
    if (!matchMedia("(min-width: 60rem)").matches) show("said");
    said.reveal(sentence, true);
  }
  await Promise.all([letGo(criteria, decision), writeResume(report.topics, report.resume_id)]);
}

/** What the candidate sees, and the letter to them: it goes by what people rated and decided. */
async function letGo(criteria, decision) {
  const released = new Release({ rate: may("rate"), plan: may("plan") });
  /** @param {Promise<any>} answer @param {boolean} [anew] */
  const taking = async (answer, anew = false) => {
    try {
      released.take(await answer, anew);
      showIf(byId("problem"), false);
    } catch (error) {
      complain(error);
    }
  };
  released.addEventListener("release", (/** @type {any} */ { detail }) => taking(release(id, detail)));
  released.addEventListener("keep", (/** @type {any} */ { detail }) => taking(keepLetter(id, detail), true));
  released.addEventListener("send", (/** @type {any} */ { detail }) => taking(sendLetter(id, detail), true));
  for (const rated of [criteria, decision]) rated.addEventListener("settled", () => taking(getRelease(id)));
  await taking(getRelease(id));
}

/** What somebody does with the card goes to the server, one thing after another. */
function rate(criteria, decision, said, heard, tell) {
  let last = Promise.resolve();
  /** @param {() => Promise<any>} work answers the cards as they are then */
  const then = (work) => {
    last = last.then(work).then((cards) => {
      decision.take(cards);
      tell(cards);
      showIf(byId("problem"), false);
    }).catch(complain);
  };
  const taken = (cards) => {
    criteria.take(cards);
    return cards;
  };
  criteria.addEventListener("quote", (/** @type {any} */ { detail: { statement, sounds } }) => {
    said.reveal(statement.sentence);
    if (sounds) heard.playQuote(statement.start_ms, statement.end_ms);
    else if (!matchMedia("(min-width: 60rem)").matches) {
      show("said");
      said.reveal(statement.sentence);
    }
    if (may("rate")) then(async () => taken(await openQuote(id, statement.id)));
  });
  criteria.addEventListener("save", (/** @type {any} */ { detail }) => {
    then(async () => {
      const cards = taken(await saveCard(id, detail));
      criteria.learn(await getReport(id));
      return cards;
    });
  });
  byId("submit").addEventListener("click", () => {
    if (byId("submit").getAttribute("aria-disabled") === "true") {
      byId("missing").focus();
      return;
    }
    then(async () => {
      const cards = await submitCard(id);
      criteria.settle(cards);
      criteria.dispatchEvent(new Event("settled"));
      return cards;
    });
  });
  decision.addEventListener("decide", (/** @type {any} */ { detail }) => {
    then(async () => {
      const cards = taken(await decide(id, detail.outcome, detail.reason));
      decision.dispatchEvent(new Event("settled"));
      return cards;
    });
  });
}

function timelineOf(report, stretches, levels) {
  const passages = new Map(report.passages.map((one) => [one.turn, one]));
  const asked = report.topics.filter((topic) => topic.asked);
  const starts = asked.map((topic) => passages.get(topic.exchanges[0]?.turn)?.asked_ms ?? null);
  const topics = asked.flatMap((topic, at) => {
    if (starts[at] === null) return [];
    const end = starts.slice(at + 1).find((ms) => ms !== null) ?? report.duration_ms;
    return [{ number: at + 1, title: () => titleOf(topic), start_ms: starts[at], end_ms: end }];
  });
  const sentences = asked.flatMap((topic) => topic.exchanges.flatMap((one) => one.sentences));
  const speech = sentences.filter((one) => one.start_ms !== null).map((one) => [one.start_ms, one.end_ms]);
  // While nobody was connected the clock of the sound stood still: such a gap has no length on it.
  const onClock = ({ cause, at_ms: at, lasted_ms: lasted }) =>
    ({ at_ms: at, lasted_ms: ["unread", "unclear"].includes(cause) ? lasted : 0 });
  const gaps = report.trouble.gaps.map(onClock);
  return { duration_ms: report.duration_ms, topics, speech, gaps, stretches, levels };
}

try {
  await open();
} catch (error) {
  complain(error);
}
