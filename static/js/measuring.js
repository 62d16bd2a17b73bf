/** What a rehearsal measures: the way to the server and back, and whether the microphone hears the loudspeaker. */

/** A conversation feels late above this, and sound arrives in fits above the other. */
const SLOW_MS = 400;
const UNEVEN_MS = 120;
/** So much louder than before, and this loud at least: the loudspeaker comes back. */
const ECHO_TIMES = 2.5;
const ECHO_RMS = 0.006;
/** One trip that was held up makes two steps of seven large, and no line uneven. */
const USUAL = 0.7;
/** Syllables are loud, and the gaps between them are not. */
const LOUDEST = 0.8;

/** @param {number[]} values @param {number} share 0 to 1 */
function at(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/**
 * @param {number[]} trips in ms, in their order
 * @returns {{tripMs: number, jitterMs: number, good: boolean} | null} null: nothing came back
 */
export function lineOf(trips) {
  if (trips.length === 0) return null;
  const steps = trips.slice(1).map((trip, index) => Math.abs(trip - trips[index]));
  const [tripMs, jitterMs] = [Math.round(at(trips, 0.5)), Math.round(at(steps, USUAL))];
  return { tripMs, jitterMs, good: tripMs <= SLOW_MS && jitterMs <= UNEVEN_MS };
}

/** @param {number[]} still levels before the voice @param {number[]} during levels while it is played */
export function echoes(still, during) {
  const loud = at(during, LOUDEST);
  return loud >= ECHO_RMS && loud >= ECHO_TIMES * at(still, LOUDEST);
}
