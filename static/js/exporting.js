/** Taking one interview out of the house: on paper, as data, or as a signed archive. */

import { ask, bearer, keyOf } from "./api.js";
import { byId, showIf } from "./elements.js";
import { interviewerKey, may } from "./key.js";
import { setText } from "./language.js";
import { fetched, save } from "./privacyapi.js";

/** @param {string} id of an interview whose report there is */
export function offerExport(id) {
  const place = `/v1/interviews/${encodeURIComponent(id)}/dossier`;
  byId("export-print").setAttribute("href", `/interviewer/interviews/${encodeURIComponent(id)}/print`);
  showIf(byId("export"), true);
  showIf(byId("export-files"), may("delete"));
  let busy = false;

  const take = async (path, name) => {
    if (busy) return;
    busy = true;
    const told = byId("export-told");
    try {
      save(await fetched(path, { headers: bearer(interviewerKey()) }), name);
      setText(told, "export.done");
    } catch (error) {
      setText(told, keyOf(error));
    }
    showIf(told, true);
    busy = false;
  };

  byId("export-json").addEventListener("click", () => take(place, `viva-interview-${id}.json`));
  byId("export-archive").addEventListener("click", () => {
    const sound = byId("export-sound").checked ? "?sound=true" : "";
    take(`${place}/archive${sound}`, `viva-interview-${id}.zip`);
  });
  byId("export").addEventListener("toggle", async () => {
    if (!may("delete")) return;
    const { keys } = await ask("/v1/receipts/keys", { anyone: true }).catch(() => ({ keys: [] }));
    if (keys.length) setText(byId("export-key"), "export.key", { fingerprint: keys[0].fingerprint });
  }, { once: true });
}
