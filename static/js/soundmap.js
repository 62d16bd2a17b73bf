/** Where in the recordings a time of the interview is: pure, without a page. */

/**
 * @typedef {object} Stretch unbroken sound of one answer
 * @property {string} answer its id @property {number} start_ms on the session's audio clock
 * @property {number} end_ms @property {number} offset_ms where it begins in the answer's file
 */

/**
 * Every stretch of sound in order.
 * @param {import("./player.js").Recording[]} recordings @returns {Stretch[]}
 */
export function stretchesOf(recordings) {
  return recordings
    .filter((one) => one.answer_id !== null)
    .flatMap((one) =>
      one.parts.map((part) => ({
        answer: one.answer_id,
        start_ms: part.start_ms,
        end_ms: part.start_ms + part.duration_ms,
        offset_ms: part.offset_ms,
      })),
    )
    .sort((a, b) => a.start_ms - b.start_ms);
}

/** What one level is of. */
export const LEVEL_MS = 60;
const QUIET = 0.15;

/**
 * How loud each answer is, from 0 to 1 for each LEVEL_MS of its file, where the server knows it.
 * @param {import("./player.js").Recording[]} recordings @returns {Map<string, number[]>}
 */
export function levelsOf(recordings) {
  const known = recordings.filter((one) => one.answer_id !== null && one.loudness !== null);
  return new Map(known.map((one) => [
    one.answer_id, Array.from(atob(one.loudness), (byte) => byte.charCodeAt(0) / 255),
  ]));
}

/**
 * The loudest of a time; null where nothing is known of it.
 * @param {Stretch[]} stretches @param {Map<string, number[]>} levels @param {number} from @param {number} to
 */
export function levelBetween(stretches, levels, from, to) {
  let loudest = null;
  for (const { answer, start_ms: start, end_ms: end, offset_ms: offset } of stretches) {
    const own = levels.get(answer);
    if (!own || start >= to || end <= from) continue;
    const first = Math.floor((offset + Math.max(0, from - start)) / LEVEL_MS);
    const last = Math.max(first + 1, Math.ceil((offset + Math.min(to, end) - start) / LEVEL_MS));
    loudest = own.slice(first, last).reduce((most, one) => Math.max(most, one), loudest ?? 0);
  }
  return loudest;
}

/** Of an interview, not below a whisper: microphones differ, and each is drawn by its own. @param {Map<string, number[]>} levels */
export function loudestOf(levels) {
  return [...levels.values()].flat().reduce((most, one) => Math.max(most, one), QUIET);
}

/** The stretch that is heard at a time, or else the next one. @param {Stretch[]} stretches @param {number} ms */
export function soundAt(stretches, ms) {
  return stretches.find((one) => one.end_ms > ms) ?? null;
}

/** Whether any of a quote can be heard. @param {Stretch[]} stretches */
export function audible(stretches, { answer_id: answer, start_ms: start, end_ms: end }) {
  if (start === null) return false;
  return stretches.some((one) => one.answer === answer && one.start_ms < end && one.end_ms > start);
}

/**
 * How loud each of so many equal pieces of a sound is, from 0 to 1, as the server tells it.
 * @param {Float32Array} samples @param {number} pieces @returns {number[]}
 */
export function loudness(samples, pieces) {
  const size = Math.max(1, Math.floor(samples.length / pieces));
  const step = Math.max(1, Math.floor(size / 64));
  return Array.from({ length: pieces }, (_, piece) => {
    let sum = 0;
    let count = 0;
    for (let at = piece * size; at < Math.min(samples.length, (piece + 1) * size); at += step) {
      sum += samples[at] ** 2;
      count += 1;
    }
    return Math.sqrt(Math.min(1, Math.sqrt(sum / Math.max(1, count)) * 4));
  });
}
