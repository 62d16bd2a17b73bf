/** Links by which colleagues without an account read one interview. */

import { ask, askAll, bearer, keyOf, newKey } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { interviewerKey, may } from "./key.js";
import { language, onLanguage, setPlain, setText, text } from "./language.js";

/** @param {string} id of an interview whose report there is */
export function offerSharing(id) {
  if (!may("delete")) return;
  const place = `/v1/interviews/${encodeURIComponent(id)}/shares`;
  const headers = () => bearer(interviewerKey());
  const form = byId("share-form");
  let busy = false;

  const doing = async (work) => {
    if (busy) return;
    busy = true;
    showIf(byId("share-problem"), false);
    try {
      await work();
    } catch (error) {
      setText(byId("share-problem"), keyOf(error));
      showIf(byId("share-problem"), true);
    }
    busy = false;
  };
  const day = (instant) => new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(instant));

  const row = (share) => {
    const over = share.revoked_at !== null || new Date(share.expires_at) < new Date();
    const parts = [text(over ? "share.over" : "share.until", { day: day(share.revoked_at ?? share.expires_at) })];
    if (share.judgement) parts.push(text("share.judged"));
    parts.push(share.opened ? text("share.opened", { count: share.opened }) : text("share.unopened"));
    const about = make("span", {}, share.name, " ", make("span", { class: "soft small" }, parts.join(" · ")));
    const item = make("li", { "data-testid": "share-row" }, about);
    if (over) return item;
    const revoke = make("button", { type: "button", class: "link-button", "aria-label": text("share.revoke.for", { name: share.name }) }, text("share.revoke"));
    revoke.addEventListener("click", () => doing(async () => {
      await ask(`${place}/${encodeURIComponent(share.id)}`, { method: "DELETE", headers: headers() });
      await show();
    }));
    item.append(" ", revoke);
    return item;
  };
  const show = async () => {
    byId("shares").replaceChildren(...(await askAll(place, { headers: headers() })).map(row));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(async () => {
      const order = {
        name: form.elements.name.value, days: Number(form.elements.days.value), judgement: form.elements.judgement.checked,
      };
      const made = await ask(place, {
        method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": newKey(), ...headers() }, body: JSON.stringify(order),
      });
      form.reset();
      setPlain(byId("share-link"), made.link);
      showIf(byId("share-told"), true);
      await show();
    });
  });
  byId("share-copy").addEventListener("click", () => navigator.clipboard.writeText(byId("share-link").textContent));
  byId("export").addEventListener("toggle", () => doing(show), { once: true });
  showIf(byId("share-part"), true);
  onLanguage(() => doing(show));
}
