/** What a candidate says was read wrongly: on their own page and on the review's. */

import { make } from "./elements.js";
import { setText, text } from "./language.js";

/** What may be said to be wrong, as the server has it. */
export const DISPUTABLE = [
  "target_role", "name", "email", "phone", "work", "education", "target_company", "location", "headline", "other",
];

/** @param {{field: string, words: string, disputed_at: string}[]} disputes @param {string} key with field, words and time
    @param {(instant: string) => string} moment */
export function disputeItems(disputes, key, moment) {
  return disputes.map((dispute) => {
    const item = make("li", {});
    const told = { words: dispute.words, field: () => text(`field.${dispute.field}`), time: () => moment(dispute.disputed_at) };
    setText(item, key, told);
    return item;
  });
}
