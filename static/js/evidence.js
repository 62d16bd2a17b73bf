/** The pages of a résumé as pictures, with the place marked where the role was read. */

import { make } from "./elements.js";
import { setText, text } from "./language.js";

/** Of the close-up; must match `.close-up` in review.css. */
const CLOSE_UP_RATIO = 2.4;
const LARGEST_ZOOM = 1.6;
/** Points added around the box, so that the mark does not touch the letters. */
const MARGIN = 1.5;

const within = (value, lowest, highest) => Math.min(Math.max(value, lowest), highest);
const percent = (share) => `${(share * 100).toFixed(3)}%`;

/** @returns {boolean} whether the evidence stands somewhere on a page */
export function standsOnPage(evidence) {
  return Boolean(evidence?.page > 0 && evidence.bbox);
}

/** Where the box lies, as shares of the page. */
/** @param {{width: number, height: number}} page @param {number[]} box */
function placeOf({ width, height }, [x0, top, x1, bottom]) {
  const left = within((x0 - MARGIN) / width, 0, 1);
  const above = within((top - MARGIN) / height, 0, 1);
  return {
    left,
    top: above,
    width: within((x1 + MARGIN) / width, 0, 1) - left,
    height: within((bottom + MARGIN) / height, 0, 1) - above,
  };
}

function markOf(place) {
  const mark = make("span", { class: "mark", "data-testid": "mark", "aria-hidden": "true" });
  // The content security policy forbids style attributes; the CSSOM it allows.
  for (const [name, share] of Object.entries(place)) mark.style[name] = percent(share);
  return mark;
}

/**
 * One page. `onNone` is called where the picture cannot be had.
 *
 * @param {string} resumeId
 * @param {{page: number, width: number, height: number}} page in PDF points
 * @param {{page: number, bbox: number[], text: string} | null} evidence marked if it is on this page
 * @param {() => void} [onNone]
 */
export function sheetOf(resumeId, page, evidence, onNone) {
  const marked = standsOnPage(evidence) && evidence.page === page.page;
  const picture = make("img", {
    src: `/v1/resumes/${encodeURIComponent(resumeId)}/pages/${page.page}`,
    width: String(Math.round(page.width)),
    height: String(Math.round(page.height)),
    loading: "lazy",
    decoding: "async",
  });
  const sheet = make("div", { class: "sheet" }, picture);
  if (marked) sheet.append(markOf(placeOf(page, evidence.bbox)));
  if (onNone) picture.addEventListener("error", onNone);
  const describe = () => {
    const key = sheet.querySelector(".mark") ? "evidence.alt.marked" : "evidence.alt";
    picture.alt = text(key, { page: page.page, text: evidence?.text ?? "" });
  };
  describe();
  return { sheet, describe };
}

/** Make the sheet show the surroundings of the box, as large as they can be. */
export function closeUp(sheet, page, evidence) {
  const place = placeOf(page, evidence.bbox);
  const zoom = within(0.9 / place.width, 1, LARGEST_ZOOM);
  const seenAcross = 1 / zoom;
  const seenDown = Math.min(page.width / page.height / zoom / CLOSE_UP_RATIO, 1);
  const left = within(place.left + place.width / 2 - seenAcross / 2, 0, 1 - seenAcross);
  const top = within(place.top + place.height / 2 - seenDown / 2, 0, 1 - seenDown);
  sheet.style.setProperty("--zoom", String(zoom));
  sheet.style.setProperty("--across", percent(-left));
  sheet.style.setProperty("--down", percent(-top));
}

/** In words how the role was read. @param {string} source `target_role_source` */
export function sourceName(source) {
  return text(`how.${source}`);
}

/** "We read the role here": the words, the page, and how. */
export function writeCaption(element, header) {
  const evidence = header.target_role_evidence;
  setText(element, "evidence.caption", {
    text: evidence.text,
    page: evidence.page,
    how: sourceName(header.target_role_source),
  });
}
