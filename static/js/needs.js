/** What a candidate said they need. */

import { text } from "./language.js";

export const NEEDS = ["more_time", "slower_voice", "larger_captions", "typed"];

/** As who invited reads it, in the reader's language. @param {Record<string, any>} adjustments @returns {string[]} */
export function needsOf(adjustments) {
  const named = NEEDS.filter((need) => adjustments?.[need]).map((need) => text(`needs.${need}.told`));
  return adjustments?.other ? [...named, adjustments.other] : named;
}
