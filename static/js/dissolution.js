/** Deleting the organisation: by its administrator, who types its name. */

import { deleteOrganisation, getOrganisation } from "./accountapi.js";
import { byId, showIf } from "./elements.js";
import { setText } from "./language.js";
import { save } from "./privacyapi.js";

const form = byId("deletion");
let name = "";

/** @param {(work: () => Promise<string | void>) => Promise<void>} doing one thing at a time */
export async function offerDeletion(doing) {
  const organisation = await getOrganisation();
  ({ name } = organisation);
  setText(byId("deletion-name"), "deletion.name", { name });
  showIf(byId("deletion-part"), !organisation.local);
  const go = form.querySelector("button");
  form.elements.name.addEventListener("input", () => {
    go.disabled = form.elements.name.value.trim() !== name;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(async () => {
      const receipt = await deleteOrganisation(form.elements.name.value.trim());
      save(new Blob([receipt.signed], { type: "text/plain" }), `viva-deleted-${receipt.id}.txt`);
      setTimeout(() => location.replace("/sign-in"), 1_500);
      return "deletion.done";
    });
  });
}
