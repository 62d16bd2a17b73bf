/** A level for the eye: in steps, a few times a second, moved between them by the compositor. Each
 * drawing costs the page a whole frame, and forty milliseconds are soon over. */

const EVERY_MS = 200;
const STEPS = 12;

/** By its bar: the step that it shows, and since when. @type {WeakMap<HTMLElement, [number, number]>} */
const drawn = new WeakMap();

/** @param {HTMLElement} bar @param {number} share 0 to 1; nothing at all is shown at once */
export function draw(bar, share) {
  const step = Math.round(share * STEPS);
  const [before, at] = drawn.get(bar) ?? [0, 0];
  const now = performance.now();
  if (step === before || (step > 0 && now - at < EVERY_MS)) return;
  drawn.set(bar, [step, now]);
  bar.style.transform = `scaleX(${(step / STEPS).toFixed(2)})`;
}
