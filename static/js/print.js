/** The page of one interview on paper. */

import { keyOf } from "./api.js";
import { byId, showIf } from "./elements.js";
import { learnWho, takeKey } from "./key.js";
import { onLanguage, setPlain, setText, startLanguage, text } from "./language.js";
import { getCards, getReport } from "./reportapi.js";
import { aboutOf, momentOf, sheetOf } from "./sheet.js";

const id = location.pathname.split("/").at(-2);
takeKey();
const asked = Promise.all([getReport(id), getCards(id)]);
asked.catch(() => {});
await Promise.all([startLanguage(), learnWho()]);
byId("back").setAttribute("href", `/interviewer/interviews/${id}`);
byId("print").addEventListener("click", () => print());

function write(report, cards) {
  const name = report.candidate_name ?? text("watch.nobody");
  setPlain(byId("name"), name);
  document.title = `${name} · viva`;
  setPlain(byId("about"), aboutOf(report));
  setPlain(byId("made"), text("sheet.made", { moment: momentOf(new Date().toISOString()), id }));
  byId("sheet").replaceChildren(...(report.version === null ? [] : sheetOf(report, cards)));
  if (report.version === null) setText(byId("problem"), `report.state.${report.state}`);
  showIf(byId("problem"), report.version === null);
  showIf(byId("print"), report.version !== null);
}

try {
  const [report, cards] = await asked;
  onLanguage(() => write(report, cards));
  write(report, cards);
} catch (error) {
  setText(byId("problem"), keyOf(error));
  showIf(byId("problem"), true);
}
