/** Words of an answer: which are doubtful, and where in its recording they are. */

import { make } from "./elements.js";

/** @typedef {{element: HTMLElement, from_s: number}} Span */

/** A little before the word, so that it is not cut. */
const LEAD_MS = 120;

/**
 * A time of the session's audio clock in the file: in the last part that had begun by then,
 * because after a break the clock may run through the same times again.
 */
function inFile(ms, parts) {
  const part = parts.findLast(({ start_ms: start }) => start <= ms) ?? parts[0];
  return (part.offset_ms + Math.max(0, ms - LEAD_MS - part.start_ms)) / 1_000;
}

/**
 * The text with every word that is in the recording, or is doubtful, as an element of its own, in
 * order. What the words of the recogniser do not cover stays plain text.
 * @param {string} text @param {{text: string, start_ms: number, doubtful: boolean}[]} words
 * @param {object[]} parts of the recording; none without one
 * @returns {{nodes: Node[], spans: Span[]}} spans: of the words in the recording
 */
export function spansOf(text, words, parts) {
  const nodes = [];
  const spans = [];
  let from = 0;
  const heard = parts.length > 0;
  for (const word of words) {
    const wanted = word.text.trim();
    const at = wanted ? text.indexOf(wanted, from) : -1;
    if (at < 0) continue;
    if (!heard && !word.doubtful) {
      nodes.push(document.createTextNode(text.slice(from, at + wanted.length)));
      from = at + wanted.length;
      continue;
    }
    const names = [heard && "spoken", word.doubtful && "doubtful"].filter(Boolean);
    const element = make("span", { class: names.join(" ") }, wanted);
    nodes.push(document.createTextNode(text.slice(from, at)), element);
    if (heard) spans.push({ element, from_s: inFile(word.start_ms, parts) });
    from = at + wanted.length;
  }
  nodes.push(document.createTextNode(text.slice(from)));
  return { nodes, spans };
}

/** The word that is being spoken. @param {Span[]} spans @param {number} seconds */
export function placeOf(spans, seconds) {
  return spans.findLast((span) => span.from_s <= seconds) ?? null;
}
