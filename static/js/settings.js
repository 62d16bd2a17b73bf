/** What an organisation says of itself and decides for its members. */

import { changeOrganisation, getOrganisation, mailState, testMail } from "./accountapi.js";
import { Problem } from "./api.js";
import { byId, showIf } from "./elements.js";
import { knows, setText, text } from "./language.js";

const TEXTS = ["name", "address", "contact"];
const NUMBERS = ["resumes_per_day", "abandon_minutes"];
const MIB = 1024 * 1024;
const LOOKS = 15;
const BETWEEN_MS = 2_000;

/** Of an address that may be that of a page; what is none is refused by the server. */
function origin(address) {
  try {
    const { protocol, origin: site } = new URL(address);
    return /^https?:$/u.test(protocol) ? site : address;
  } catch {
    return address;
  }
}

const pause = () => new Promise((resolve) => { setTimeout(resolve, BETWEEN_MS); });

export class Settings {
  /** @param {(work: () => Promise<string | void>) => Promise<void>} doing one thing at a time */
  constructor(doing) {
    const form = byId("settings");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      doing(async () => {
        this.#fill(await changeOrganisation(this.#order(form.elements)));
        return "settings.saved";
      });
    });
    byId("mail-test").addEventListener("click", () => doing(() => this.#tryMail()));
  }

  async show() {
    this.#fill(await getOrganisation());
    showIf(byId("settings-part"), true);
  }

  #fill(organisation) {
    const fields = byId("settings").elements;
    for (const name of [...TEXTS, ...NUMBERS]) fields[name].value = organisation[name] ?? "";
    const bytes = organisation.upload_bytes_per_day;
    fields.upload_mib.value = bytes === null ? "" : Math.floor(bytes / MIB);
    fields.codes_required.checked = organisation.codes_required;
    fields.cloud_voice.checked = organisation.cloud_voice;
    fields.join_domain.value = organisation.join_domain ?? "";
    fields.allowed_origins.value = organisation.allowed_origins.join("\n");
    showIf(byId("join-domain"), organisation.provider !== null || organisation.join_domain !== null);
    setText(byId("provider-state"), organisation.provider ? "settings.provider" : "settings.provider.none", { provider: organisation.provider ?? "" });
    setText(byId("mail-state"), organisation.mail ? "settings.mail" : "settings.mail.none");
    showIf(byId("mail-test"), organisation.mail);
  }

  #order(fields) {
    const number = (name) => (fields[name].value === "" ? null : Number(fields[name].value));
    const mib = number("upload_mib");
    return {
      name: fields.name.value.trim(),
      address: fields.address.value.trim(),
      contact: fields.contact.value.trim(),
      codes_required: fields.codes_required.checked,
      cloud_voice: fields.cloud_voice.checked,
      allowed_origins: fields.allowed_origins.value.split(/\s+/u).filter(Boolean).map(origin),
      join_domain: fields.join_domain.value.trim().toLowerCase() || null,
      resumes_per_day: number("resumes_per_day"),
      abandon_minutes: number("abandon_minutes"),
      upload_bytes_per_day: mib === null ? null : mib * MIB,
    };
  }

  /** Until it is handed over, or half a minute. */
  async #tryMail() {
    setText(byId("mail-state"), "settings.mail.trying");
    const { mail_id: id } = await testMail();
    for (let look = 0; look < LOOKS; look += 1) {
      const { state, failure } = await mailState(id);
      if (state === "sent") return setText(byId("mail-state"), "settings.mail.sent");
      if (state === "failed") {
        setText(byId("mail-state"), "settings.mail.failed", { why: () => (knows(`mail.failure.${failure}`) ? text(`mail.failure.${failure}`) : failure) });
        throw new Problem("mail_failed", failure, 0);
      }
      await pause();
    }
    setText(byId("mail-state"), "settings.mail.waits");
  }
}
