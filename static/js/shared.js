/** One interview for a colleague who came by a link. */

import { ask, bearer, keyOf, Problem } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { onLanguage, setPlain, setText, startLanguage, text } from "./language.js";
import { aboutOf, momentOf, sheetOf } from "./sheet.js";

const TOKEN = "viva.share";
const given = new URLSearchParams(location.hash.slice(1)).get("link");
if (given) {
  sessionStorage.setItem(TOKEN, given);
  history.replaceState(history.state, "", location.pathname);
}

/** One's own cards are nobody's here: all are others'. */
const cardsOf = (shared) => (shared.judgement
  ? { own: [], others: shared.cards.map((card) => ({ card })), decisions: shared.decisions }
  : null);

function write(shared) {
  const { report } = shared;
  const name = report.candidate_name ?? text("watch.nobody");
  setPlain(byId("name"), name);
  document.title = `${name} · viva`;
  setPlain(byId("about"), aboutOf(report));
  setPlain(byId("made"), text(shared.by ? "shared.about" : "shared.about.company", {
    who: shared.by ?? "", organisation: shared.organisation, moment: momentOf(shared.expires_at),
  }));
  const ready = report.version !== null;
  if (!ready) setText(byId("problem"), `report.state.${report.state}`);
  showIf(byId("problem"), !ready);
  byId("sheet").replaceChildren(...(ready ? sheetOf(report, cardsOf(shared)) : []), make("p", { class: "soft small" }, text("shared.decide")));
}

await startLanguage();
const token = sessionStorage.getItem(TOKEN) ?? "";
try {
  const shared = await ask("/v1/shared", { headers: bearer(token) });
  onLanguage(() => write(shared));
  write(shared);
} catch (error) {
  const over = error instanceof Problem && [401, 403].includes(error.status);
  if (over) setText(byId("name"), "shared.over.title");
  setText(byId("problem"), over ? "shared.over" : keyOf(error));
  showIf(byId("problem"), true);
}
