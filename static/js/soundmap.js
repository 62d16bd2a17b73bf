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
/** The loudest bar is not below it: noise alone stays low. */
const QUIET = 0.1;

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
 * The whole clock as so many bars: how loud each is beside the loudest, for microphones differ; null
 * where nothing is known of it.
 * @param {Stretch[]} stretches @param {Map<string, number[]>} levels @param {number} duration_ms
 * @param {number} count @returns {(number | null)[]}
 */
export function barsOf(stretches, levels, duration_ms, count) {
  const known = stretches.filter(({ answer }) => levels.has(answer));
  const size = duration_ms / count;
  const bars = Array.from({ length: count }, (_, bar) => {
    const [from, to] = [bar * size, (bar + 1) * size];
    const within = known.filter((one) => one.start_ms < to && one.end_ms > from);
    if (within.length === 0) return null;
    return within.reduce((sum, one) => sum + amount(one, levels.get(one.answer), from, to), 0) / size;
  });
  const loudest = bars.reduce((most, one) => Math.max(most, one ?? 0), QUIET);
  return bars.map((one) => one === null ? null : one / loudest);
}

/** Of a stretch within a time: its mean level, for as long as it lasts there. */
function amount({ start_ms: start, end_ms: end, offset_ms: offset }, levels, from, to) {
  const [begin, stop] = [Math.max(from, start), Math.min(to, end)];
  const first = Math.floor((offset + begin - start) / LEVEL_MS);
  const pieces = levels.slice(first, Math.max(first + 1, Math.ceil((offset + stop - start) / LEVEL_MS)));
  const sum = pieces.reduce((all, one) => all + one, 0);
  return (stop - begin) * sum / Math.max(1, pieces.length);
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
