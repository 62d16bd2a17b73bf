/** The organisation's page: one's own account, who else is in it, and keys for programs. */

import { changeMember, getKeys, getMembers, invite, makeKey, removeMember, renewLink, revokeKey } from "./accountapi.js";
import { Account } from "./account.js";
import { keyOf, who } from "./api.js";
import { offerImpact } from "./impact.js";
import { offerWebhooks } from "./webhooks.js";
import { offerDeletion } from "./dissolution.js";
import { Settings } from "./settings.js";
import { byId, make, showIf } from "./elements.js";
import { language, onLanguage, setPlain, setText, startLanguage, text } from "./language.js";

const ROLES = ["admin", "recruiter", "interviewer", "viewer"];
const SCOPES = ["see", "prepare", "correct", "listen", "delete", "plan", "measure", "step_in"];

await startLanguage();

const problem = byId("house-problem");
const done = byId("house-done");
let busy = false;

/** One thing at a time. @param {() => Promise<string | void>} work answers the key of what is told after it */
async function doing(work) {
  if (busy) return;
  busy = true;
  showIf(problem, false);
  showIf(done, false);
  try {
    const told = await work();
    if (told) setText(done, told);
    showIf(done, Boolean(told));
  } catch (error) {
    setText(problem, keyOf(error));
    showIf(problem, true);
    problem.scrollIntoView({ block: "nearest" });
  } finally {
    busy = false;
  }
}

const day = (instant) => new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(instant));

/** A link that was made for somebody: mailed, or told once to be handed on. */
function tellLink({ link, mail_id: mailed, member_id: id }, name) {
  showIf(byId("told-link"), Boolean(mailed));
  if (!mailed) return tellOnce("members.link.told", { name }, link);
  setText(byId("told-lead"), "members.link.mailed", { name });
  showIf(byId("told-copy"), false);
  showIf(byId("told"), true);
  byId("told-link").onclick = () => doing(async () => tellLink(await renewLink(id, "link"), name));
}

/** A secret that is told once, with what to do with it. */
function tellOnce(lead, values, secret) {
  setText(byId("told-lead"), lead, values);
  setPlain(byId("told-secret"), secret);
  showIf(byId("told-copy"), true);
  showIf(byId("told"), true);
  byId("told").scrollIntoView({ block: "nearest" });
}

function button(key, label, work) {
  const made = make("button", { type: "button", class: "button small" });
  setText(made, key);
  made.setAttribute("aria-label", `${text(key)}: ${label}`);
  made.addEventListener("click", () => doing(work));
  return made;
}

function about(name, key, values) {
  const line = make("span", { class: "soft small" });
  setText(line, key, values);
  return make("span", { class: "about" }, make("span", { class: "name" }, name), line);
}

function options(select, chosen) {
  select.replaceChildren(...ROLES.map((role) => {
    const option = make("option", { value: role, selected: role === chosen });
    setText(option, `role.${role}`);
    return option;
  }));
}

function memberRow(member, me) {
  const { id, name, email } = member;
  const state = member.joined_at ? "members.joined" : "members.invited";
  const role = make("select", { "aria-label": `${text("members.role")}: ${name}` });
  options(role, member.role);
  role.addEventListener("change", () => doing(async () => {
    await changeMember(id, { role: role.value }).finally(showMembers);
    return "members.changed";
  }));
  const row = make("li", {}, about(name, state, { email: email ?? (() => text("members.here")), day: () => day(member.joined_at ?? member.created_at) }), role);
  if (email !== null) {
    row.append(button("members.link", name, async () => {
      tellLink(await renewLink(id), name);
    }));
  }
  if (email !== me.email) {
    row.append(button("members.remove", name, async () => {
      if (!confirm(text("members.remove.sure", { name }))) return;
      await removeMember(id);
      await showMembers();
      return "members.removed";
    }));
  }
  return row;
}

async function showMembers() {
  const [members, me] = await Promise.all([getMembers(), who()]);
  byId("members").replaceChildren(...members.map((member) => memberRow(member, me)));
}

function keyRow(key) {
  const scopes = () => key.scopes.map((scope) => text(`scope.${scope}`)).join(", ");
  const values = { scopes, day: () => day(key.expires_at) };
  const state = new Date(key.expires_at) > new Date() ? "keys.about" : "keys.expired";
  return make("li", {}, about(key.name, state, values), button("keys.revoke", key.name, async () => {
    if (!confirm(text("keys.revoke.sure", { name: key.name }))) return;
    await revokeKey(key.id);
    await showKeys();
    return "keys.revoked";
  }));
}

async function showKeys() {
  byId("keys").replaceChildren(...(await getKeys()).map(keyRow));
}

byId("invite").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  doing(async () => {
    const { name, email, role } = Object.fromEntries(new FormData(form));
    const invited = await invite({ name, email, role });
    form.reset();
    await showMembers();
    tellLink(invited, String(name));
  });
});

byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  doing(async () => {
    const given = new FormData(form);
    const scopes = given.getAll("scope");
    const { token } = await makeKey({ name: given.get("name"), days: Number(given.get("days")), scopes });
    form.reset();
    await showKeys();
    showIf(byId("told-link"), false);
    tellOnce("keys.told", {}, token);
  });
});

byId("copy").addEventListener("click", () => doing(async () => {
  await navigator.clipboard.writeText(byId("told-secret").textContent);
  return "members.copied";
}));

function scopeBoxes() {
  for (const scope of SCOPES) {
    const label = make("span");
    setText(label, `scope.${scope}`);
    const box = make("input", { type: "checkbox", name: "scope", value: scope, checked: scope === "see" });
    byId("scopes").append(make("label", {}, box, label));
  }
}

const me = await who();
if (me === null) location.replace("/sign-in?to=/interviewer/members");
else {
  if (me.kind === "member") await new Account(doing).show(me);
  if (me.codes_missing) {
    setText(problem, "problem.codes_first");
    showIf(problem, true);
    byId("codes-form").closest("details").open = true;
  }
  if (me.rights.includes("manage")) {
    options(byId("invite").elements.role, "interviewer");
    scopeBoxes();
    await doing(async () => {
      await Promise.all([showMembers(), showKeys(), new Settings(doing).show(), offerDeletion(doing), offerImpact(), offerWebhooks(doing, (...told) => {
        showIf(byId("told-link"), false);
        tellOnce(...told);
      })]);
      showIf(byId("members-part"), true);
      showIf(byId("keys-part"), true);
    });
    onLanguage(() => doing(() => Promise.all([showMembers(), showKeys()]).then(() => undefined)));
  } else if (me.kind !== "member") {
    setText(problem, "members.none");
    showIf(problem, true);
  }
}
