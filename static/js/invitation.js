/** The candidate's invitation: what they are asked to, what they give and need, the way in and back. */

import { keepAdmission } from "./admission.js";
import { keyOf, Problem } from "./api.js";
import { DISPUTABLE, disputeItems } from "./disputes.js";
import { byId, make, showIf, writeEmphasised } from "./elements.js";
import { Full, FULL } from "./full.js";
import { tellInApp } from "./inapp.js";
import { Invitation } from "./invitationapi.js";
import { language, languageName, onLanguage, setPlain, setText, startLanguage, text } from "./language.js";
import { NEEDS } from "./needs.js";
import { Outcome } from "./outcome.js";
import { OwnRights } from "./ownrights.js";
import { Recorded } from "./recorded.js";
import { Upload } from "./upload.js";

const LOOK_MS = 3_000;

await startLanguage();

const token = () => new URLSearchParams(location.hash.slice(1)).get("link") ?? "";
const invitation = new Invitation(token());
/** As the server tells it. */
let shown = null;
let busy = false;
/** The candidate wants to send another résumé than the one that was read. */
let another = false;
let timer = 0;

const rights = new OwnRights();
const outcome = new Outcome();
const recorded = new Recorded();
rights.addEventListener("deleted", () => recorded.leave());
const full = new Full(true);
const upload = new Upload({ send: invitation.upload, look: invitation.look });
const moment = (instant) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "full", timeStyle: "short" }).format(new Date(instant));

/** One thing at a time. @param {() => Promise<string | void>} work answers the key of what is told after it */
async function doing(work) {
  if (busy) return;
  busy = true;
  showIf(byId("invited-problem"), false);
  showIf(byId("invited-done"), false);
  try {
    const told = await work();
    write();
    if (told) setText(byId("invited-done"), told);
    showIf(byId("invited-done"), Boolean(told));
  } catch (error) {
    if (error instanceof Problem && error.status === 410) await load();
    else {
      setText(byId("invited-problem"), keyOf(error));
      showIf(byId("invited-problem"), true);
      byId("invited-problem").scrollIntoView({ block: "nearest" });
    }
  } finally {
    busy = false;
  }
}

/** Why the link leads no further, and whom to ask. */
function tellOver(state, { organisation = "", contact = "", again = false } = {}) {
  setText(byId("over-title"), `invitation.${state}.title`);
  setText(byId("over-text"), `invitation.${state}`, { organisation });
  setText(byId("over-contact"), "invitation.contact", { contact });
  showIf(byId("over-contact"), contact);
  showIf(byId("over-again"), again);
  showIf(byId("invited"), false);
  showIf(byId("over"), true);
}

async function load() {
  try {
    shown = await invitation.show();
  } catch (error) {
    const unknown = error instanceof Problem && [401, 403].includes(error.status);
    tellOver(unknown ? "unknown" : "unreachable", { again: !unknown });
    return;
  }
  if (shown.title === null || shown.state === "ended") {
    tellOver(shown.state, shown);
    if (shown.interview) {
      const admission = { interview_id: shown.interview.interview_id, token: token() };
      rights.show(admission, "");
      recorded.show(admission);
      await outcome.show(admission);
      // It says that a person is going to.
      showIf(byId("over-text"), !outcome.decided);
    }
    return;
  }
  showIf(byId("over"), false);
  showIf(byId("invited"), true);
  fill();
  write();
}

/** What the candidate can change, as it stands. */
function fill() {
  const own = byId("own").elements;
  const read = shown.resume ?? {};
  own.name.value = shown.name || read.name || "";
  own.email.value = shown.email ?? read.email ?? "";
  own.phone.value = shown.phone || read.phone || "";
  const needs = byId("needs").elements;
  for (const name of NEEDS) needs[name].checked = shown.adjustments[name];
  needs.other.value = shown.adjustments.other;
}

function write() {
  if (shown === null || byId("invited").hidden) return;
  setText(byId("invited-by"), "invited.by", { organisation: shown.organisation });
  setPlain(byId("invited-title"), shown.title);
  setPlain(byId("invited-place"), [shown.team, shown.level].filter(Boolean).join(" · "));
  setPlain(byId("invited-text"), shown.description);
  if (shown.minutes) setText(byId("invited-minutes"), "invited.minutes.about", { minutes: shown.minutes });
  if (shown.topics) setText(byId("invited-topics"), "invited.topics.about", { topics: shown.topics });
  showIf(byId("topics-row"), shown.topics);
  setPlain(byId("invited-languages"), new Intl.ListFormat(language(), { type: "disjunction" }).format(shown.languages.map(languageName)));
  showIf(byId("languages-row"), shown.languages.length > 1);
  setText(byId("way-decides"), "invited.way.decides", { organisation: shown.organisation });
  setPlain(byId("invited-until"), moment(shown.expires_at));
  const { result_days: days, result_by: by } = shown;
  setText(byId("invited-result"), days ? "invited.result.within" : "result.by", { days, by });
  showIf(byId("result-row"), days || by);
  setPlain(byId("invited-contact"), shown.contact);
  showIf(byId("contact-row"), shown.contact);
  writeResume();
  writeWish();
  writeEnd();
}

function writeResume() {
  const { resume, attached, interview } = shown;
  const status = resume?.status ?? "none";
  const ready = status === "ready" && !another;
  const reading = !byId("reading").hidden;
  showIf(byId("read"), ready);
  showIf(byId("drop"), !ready && !attached && !reading && status !== "queued");
  showIf(byId("resume-waiting"), status === "queued" && !reading);
  if (status === "failed" && !reading && byId("resume-problem").hidden) {
    setText(byId("resume-problem"), attached ? "invited.unread" : keyOf(new Problem(resume.error)));
    showIf(byId("resume-problem"), true);
  }
  if (status === "queued") wait();
  if (!ready) return;
  const role = (interview?.target_role ?? resume.target_role ?? "").trim();
  if (resume.target_role) writeEmphasised(byId("read-role"), text("understood.role"), "role", role);
  else setPlain(byId("read-role"), text(resume.pictures ? "understood.unconfirmed" : "understood.general"));
  showIf(byId("read-scan"), resume.pictures);
  const where = resume.role_stands;
  showIf(byId("read-where"), where);
  if (where) setText(byId("read-where"), where.page > 0 ? "review.role.where" : "review.role.text", where);
  setText(byId("read-fixed"), interview ? "invited.fixed.now" : attached ? "invited.fixed.attached" : "invited.fixed");
  showIf(byId("another"), !attached && !interview);
  for (const control of byId("own").elements) control.disabled = interview !== null;
  byId("disputes").replaceChildren(...disputeItems(resume.disputes, "invited.dispute.told", moment));
  showIf(byId("disputes"), resume.disputes.length);
}

/** Somebody else, or another tab, sent it: look until it is read. */
function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => byId("reading").hidden && load(), LOOK_MS);
}

function writeWish() {
  const { wish } = shown;
  showIf(byId("wish-state"), wish);
  if (wish) setText(byId("wish-state"), `invited.wish.${wish.answer ?? "asked"}`, { at: () => moment(wish.at) });
  showIf(byId("date-part"), shown.state !== "live");
}

function writeEnd() {
  const ready = shown.resume?.status === "ready";
  setText(byId("enter"), shown.interview ? "invited.enter.again" : "invited.enter");
  byId("enter").disabled = !ready;
  showIf(byId("enter-hint"), !ready);
  const wanted = shown.person_wanted_at !== null;
  setText(byId("person"), wanted ? "invited.person.not" : "invited.person");
  showIf(byId("person-state"), wanted);
}

function on(id, work) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    doing(() => work(new FormData(event.target)));
  });
}

on("own", async (given) => {
  const [name, email, phone] = ["name", "email", "phone"].map((field) => String(given.get(field)).trim());
  shown = await invitation.call({ name, email: email || null, phone });
  return "invited.saved";
});
on("dispute", async (given) => {
  shown = await invitation.dispute({ field: given.get("field"), words: given.get("words") });
  byId("dispute").reset();
  byId("dispute-part").open = false;
  return "invited.dispute.sent";
});
on("needs", async (given) => {
  const needs = Object.fromEntries(NEEDS.map((name) => [name, given.has(name)]));
  shown = await invitation.adjust({ ...needs, other: given.get("other") });
  return "invited.needs.saved";
});
on("date", async (given) => {
  shown = await invitation.askForDate({ at: new Date(String(given.get("at"))).toISOString(), note: String(given.get("note")) });
  return "invited.date.asked";
});

byId("person").addEventListener("click", () =>
  doing(async () => {
    shown = await invitation.wantPerson(shown.person_wanted_at === null);
  }),
);
byId("another").addEventListener("click", () => {
  another = true;
  write();
  byId("resume-file").focus();
});
upload.addEventListener("ready", async () => {
  another = false;
  await load();
  byId("read-role").scrollIntoView({ block: "nearest" });
});
async function enter() {
  const link = location.pathname + location.hash;
  try {
    const begun = shown.state === "live";
    keepAdmission({ ...(await invitation.enter()), home: link, begun });
  } catch (error) {
    const none = error instanceof Problem && error.code === FULL;
    showIf(byId("full"), none);
    showIf(byId("invited"), !none);
    if (!none) throw error;
    full.wait(error.againS);
    byId("full-title").focus();
    return;
  }
  location.assign("/");
}

byId("enter").addEventListener("click", () => doing(enter));
full.addEventListener("again", () => doing(enter));
byId("over-again").addEventListener("click", () => load());
window.addEventListener("hashchange", () => location.reload());
onLanguage(write);

byId("dispute").elements.field.replaceChildren(
  ...DISPUTABLE.map((field) => {
    const choice = make("option", { value: field });
    setText(choice, `field.${field}`);
    return choice;
  }),
);

upload.takeChosen();
tellInApp(() => location.href);
await load();
