/** What a place in a pack is called, for whoever words what stands there. */

import { knows, text } from "./language.js";

const PARTS = ["speech", "stages", "probes"];

export const partOf = (place) => place.slice(0, place.indexOf(": "));

/** Parts in the order in which they are chosen, each with its name. @returns {[string, string][]} */
export function partsOf({ families }) {
  const named = Object.entries(families).sort(([, one], [, other]) => one.localeCompare(other));
  return [...PARTS.map((part) => /** @type {[string, string]} */ ([part, text(`wording.part.${part}`)])), ...named];
}

/** One place in words, e.g. "Question 3, in simpler words". */
export function placeName(place) {
  const key = place.slice(place.indexOf(": ") + 2);
  const part = partOf(place);
  if (part === "speech") return spoken(key);
  if (part === "probes") return probe(key);
  return ofRoles(key);
}

const number = (index) => (index === undefined ? "" : ` ${Number(index) + 1}`);

function spoken(key) {
  const [, name, index] = /^(.*?)(?:\[(\d+)\])?$/.exec(key);
  const stage = /^bridge\.stage\.(\w+)$/.exec(name);
  if (stage) return text("wording.speech.bridge.stage", { stage: stageName(stage[1]) });
  return `${known(`wording.speech.${name}`, name)}${number(index)}`;
}

function probe(key) {
  const [, asks, aspect, what, index] = /^(\w+)\.(\w+)\.(\w+)(?:\[(\d+)\])?$/.exec(key);
  const named = { asks: known(`wording.asks.${asks}`, asks), aspect: known(`wording.aspect.${aspect}`, aspect) };
  return what === "simpler" ? text("wording.probe.simpler", named) : `${text("wording.probe", named)}${number(index)}`;
}

/** Of a family, or of every role. */
function ofRoles(key) {
  if (key === "focus") return text("wording.focus");
  const [, stage, rest] = /^(?:competency\.)?(?:(\w+)\.)?((?:competency\.|question\[|hints\[|lines\[|levels\[|name).*)$/.exec(key) ?? [];
  const before = stage ? `${stageName(stage)} · ` : "";
  const index = /\[(\d+)\]/.exec(rest ?? key)?.[1];
  const question = /^question\[\d+\]\.(\w+)$/.exec(rest ?? key);
  if (question) return `${before}${text(question[1] === "simpler" ? "wording.question.simpler" : "wording.question", { number: Number(index) + 1 })}`;
  if (rest?.startsWith("hints")) return `${before}${text("wording.hint")}${number(index)}`;
  if (rest?.includes("levels[")) return `${before}${text("wording.level")}${number(index)}`;
  if (rest?.includes("lines[")) return `${before}${text("wording.line")}${number(index)}`;
  return `${before}${text("wording.competency")}`;
}

const stageName = (name) => known(`stage.${name}`, name);
const known = (key, otherwise) => (knows(key) ? text(key) : otherwise);
