/** The candidate's second screen: a picture of the place where the role was read. */

import { getResumePages } from "./api.js";
import { byId, showIf } from "./elements.js";
import { closeUp, sheetOf, standsOnPage, writeCaption } from "./evidence.js";
import { onLanguage, setText } from "./language.js";

/** Pages are drawn after the words are understood; so often one looks for them, and so long after. */
const LOOKS = 12;
const LOOK_MS = 1_000;

let shown = null;
let describe = null;

function hide() {
  showIf(byId("evidence"), false);
}

function writeWhole() {
  const whole = byId("evidence-window").classList.contains("whole");
  byId("evidence-whole").setAttribute("aria-expanded", String(whole));
  setText(byId("evidence-whole"), whole ? "evidence.part" : "evidence.whole");
}

function write() {
  if (!shown) return;
  describe?.();
  writeCaption(byId("evidence-caption"), shown);
}

/** Its room is kept from the start, so that nothing moves once the picture is there. */
export async function showRoleSource(resumeId, header) {
  shown = null;
  describe = null;
  byId("evidence-window").replaceChildren();
  byId("evidence-window").classList.remove("whole");
  showIf(byId("understood-corrected"), header.target_role_source === "correction");
  const evidence = header.target_role_evidence;
  if (!header.target_role || !standsOnPage(evidence)) return hide();
  shown = header;
  write();
  writeWhole();
  showIf(byId("evidence"), true);
  const page = await drawn(resumeId, evidence.page, () => shown === header);
  if (shown !== header) return;
  if (!page) return hide();
  const made = sheetOf(resumeId, page, evidence, hide);
  describe = made.describe;
  closeUp(made.sheet, page, evidence);
  byId("evidence-window").append(made.sheet);
}

/** The page, once it is drawn; none where it never is, or nobody waits for it any more. */
async function drawn(resumeId, number, wanted) {
  for (let look = 0; look < LOOKS && wanted(); look += 1) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const pages = await getResumePages(resumeId).catch(() => []);
    if (pages.length > 0) return pages.find((each) => each.page === number);
  }
  return undefined;
}

byId("evidence-whole").addEventListener("click", () => {
  byId("evidence-window").classList.toggle("whole");
  writeWhole();
});
onLanguage(write);
