/** The candidate's second screen: a picture of the place where the role was read. */

import { getResumePages } from "./api.js";
import { byId, showIf } from "./elements.js";
import { closeUp, sheetOf, standsOnPage, writeCaption } from "./evidence.js";
import { onLanguage, setText } from "./language.js";

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
  const pages = await getResumePages(resumeId).catch(() => []);
  if (shown !== header) return;
  const page = pages.find((each) => each.page === evidence.page);
  if (!page) return hide();
  const made = sheetOf(resumeId, page, evidence, hide);
  describe = made.describe;
  closeUp(made.sheet, page, evidence);
  byId("evidence-window").append(made.sheet);
}

byId("evidence-whole").addEventListener("click", () => {
  byId("evidence-window").classList.toggle("whole");
  writeWhole();
});
onLanguage(write);
