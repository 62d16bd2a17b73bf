/** Where the organisation's own systems are told what happens, and what they were told. */

import { ask, askAll } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { language, onLanguage, setText, text } from "./language.js";

const EVENTS = ["interview.invited", "interview.started", "interview.ended", "report.ready", "interview.decided"];
const SHOWN = 20;

const place = (id, more = "") => `/v1/webhooks/${encodeURIComponent(id)}${more}`;
const send = (path, method, body) => ask(path, {
  method,
  headers: body === undefined ? {} : { "Content-Type": "application/json" },
  body: body === undefined ? undefined : JSON.stringify(body),
});
const moment = (instant) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));

/**
 * @param {(work: () => Promise<string | void>) => Promise<void>} doing one thing at a time
 * @param {(lead: string, values: object, secret: string) => void} tellOnce a secret
 */
export async function offerWebhooks(doing, tellOnce) {
  const form = byId("webhook-form");
  const open = new Set();

  const button = (key, name, work) => {
    const made = make("button", { type: "button", class: "button small", "aria-label": `${text(key)}: ${name}` });
    setText(made, key);
    made.addEventListener("click", () => doing(work));
    return made;
  };

  const row = (hook) => {
    const { id, url } = hook;
    const state = make("span", { class: hook.disabled_at ? "small bad" : "soft small" }, stateOf(hook));
    const events = make("span", { class: "soft small" }, hook.events.map((one) => text(`webhook.event.${one}`)).join(" · "));
    const about = make("span", { class: "about" }, make("span", { class: "name webhook-url" }, url), events, state);
    const told = make("ul", { class: "rows deliveries" });
    const details = make("details", { class: "webhook-told", open: open.has(id) }, make("summary", {}, text("webhook.told")), told);
    const look = () => showDeliveries(id, told);
    details.addEventListener("toggle", () => {
      if (details.open) open.add(id);
      else open.delete(id);
      if (details.open) doing(look);
    });
    const actions = make("div", { class: "webhook-actions" },
      button("webhook.test", url, async () => {
        await send(place(id, "/test"), "POST");
        open.add(id);
        await show();
        return "webhook.tested";
      }),
      button("webhook.secret", url, async () => {
        if (!confirm(text("webhook.secret.sure"))) return;
        tellOnce("webhook.secret.told", {}, (await send(place(id, "/secret"), "POST")).secret);
      }),
      button(hook.disabled_at ? "webhook.enable" : "webhook.disable", url, async () => {
        await send(place(id), "PATCH", { enabled: Boolean(hook.disabled_at) });
        await show();
      }),
      button("webhook.remove", url, async () => {
        if (!confirm(text("webhook.remove.sure", { url }))) return;
        await send(place(id), "DELETE");
        await show();
      }));
    return make("li", { class: "webhook", "data-testid": "webhook" }, about, actions, details);
  };

  const showDeliveries = async (id, list) => {
    const { items } = await ask(`${place(id, "/deliveries")}?limit=${SHOWN}`);
    if (items.length === 0) list.replaceChildren(make("li", { class: "soft small" }, text("webhook.told.none")));
    else list.replaceChildren(...items.map((one) => deliveryRow(id, one)));
  };

  const deliveryRow = (id, one) => {
    const name = one.event === "webhook.test" ? text("webhook.test") : text(`webhook.event.${one.event}`);
    const line = make("span", { class: "soft small" }, `${moment(one.happened_at)} · ${outcomeOf(one)}`);
    const about = make("span", { class: "about" }, make("span", {}, name), line);
    return make("li", { "data-testid": "delivery" }, about, button("webhook.again", name, async () => {
      await send(place(id, `/deliveries/${encodeURIComponent(one.id)}/again`), "POST");
      await show();
      return "webhook.tested";
    }));
  };

  const show = async () => {
    const hooks = await askAll("/v1/webhooks");
    byId("webhooks").replaceChildren(...hooks.map(row));
    for (const details of byId("webhooks").querySelectorAll("details[open]")) {
      details.dispatchEvent(new Event("toggle"));
    }
  };

  for (const event of EVENTS) {
    const label = make("span");
    setText(label, `webhook.event.${event}`);
    byId("webhook-events").append(make("label", {}, make("input", { type: "checkbox", name: "event", value: event, checked: true }), label));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(async () => {
      const given = new FormData(form);
      const made = await send("/v1/webhooks", "POST", { url: given.get("url"), events: given.getAll("event") });
      form.reset();
      await show();
      tellOnce("webhook.secret.told", {}, made.secret);
    });
  });
  await show();
  showIf(byId("webhooks-part"), true);
  onLanguage(() => doing(show));
}

function stateOf(hook) {
  if (hook.disabled_at) return text(`webhook.off.${hook.disabled_why}`, { day: moment(hook.disabled_at) });
  if (hook.failing_since) return text("webhook.failing", { day: moment(hook.failing_since) });
  return text("webhook.on");
}

function outcomeOf(one) {
  const why = one.status === null ? one.failure : `HTTP ${one.status}`;
  if (one.delivered_at) return text("webhook.delivered", { status: one.status, attempts: one.attempts });
  if (one.given_up_at) return text("webhook.given_up", { why });
  return one.attempts ? text("webhook.retrying", { why, attempts: one.attempts }) : text("webhook.waiting");
}
