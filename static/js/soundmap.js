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
 * How loud each of so many equal pieces of a sound is, from 0 to 1.
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
    return Math.min(1, Math.sqrt(sum / Math.max(1, count)) * 4);
  });
}
