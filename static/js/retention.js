/** How long what is kept of people is kept, for whoever manages the organisation. */

import { changeOrganisation, getOrganisation } from "./accountapi.js";
import { byId, showIf } from "./elements.js";

/** @param {(work: () => Promise<string | void>) => Promise<void>} doing */
export async function showRetention(doing) {
  const form = byId("retention");
  const { media_days: media, record_days: record } = form.elements;
  const write = (organisation) => {
    media.value = organisation.media_days ?? "";
    record.value = organisation.record_days;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(async () => {
      const days = media.value === "" ? null : Number(media.value);
      write(await changeOrganisation({ media_days: days, record_days: Number(record.value) }));
      return "retention.saved";
    });
  });
  write(await getOrganisation());
  showIf(byId("retention-part"), true);
}
