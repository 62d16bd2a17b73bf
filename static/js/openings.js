/** Openings: all of them, one with who is invited to it, and a form. The address says which. */

import { ways } from "./accountapi.js";
import { bearer } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { Invitations } from "./invitationrows.js";
import { company, interviewerKey, isMember, learnWho, may, takeKey } from "./key.js";
import { language, onLanguage, setPlain, setText, startLanguage, text } from "./language.js";
import { addOpening, changeOpening, closeOpening, getOpening, getOpenings, invite, removeOpening } from "./openingapi.js";
import { blank, openingFields } from "./openingform.js";
import { asCsv, MOST, peopleIn } from "./people.js";
import { fetched, save } from "./privacyapi.js";
import { getTemplates } from "./templateapi.js";

const HERE = "/interviewer/openings";
/** What the organisation of this machine is called until somebody names it. */
const UNNAMED = "local";
const SHOWN = 50;

takeKey();
await Promise.all([startLanguage(), learnWho()]);

const problem = byId("problem");
const done = byId("done");
/** The opening that is looked at, as the server tells it. */
let opening = null;
let busy = false;
/** Links that were just made. @type {{name: string, link: string}[]} */
let made = [];

/** The server's own sentence says which question or line it is about. */
function tell(error) {
  if ([409, 422].includes(error.status) && error.detail) setPlain(problem, error.detail);
  else setText(problem, error.key ?? "problem.unknown");
  showIf(problem, true);
  problem.scrollIntoView({ block: "nearest" });
}

/**
 * One thing at a time.
 *
 * @param {() => Promise<string | [string, Record<string, any>] | void>} work answers the key of what is told after it, or that and its values
 */
async function doing(work) {
  if (busy) return;
  busy = true;
  showIf(problem, false);
  showIf(done, false);
  try {
    const told = await work();
    if (told) setText(done, ...(Array.isArray(told) ? told : /** @type {[string]} */ ([told])));
    showIf(done, Boolean(told));
  } catch (error) {
    tell(error);
  } finally {
    busy = false;
  }
}

const day = (instant) => new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(instant));
const place = () => ({ id: new URLSearchParams(location.search).get("opening") ?? "", part: location.hash.slice(1) });

function go(url) {
  history.pushState(null, "", url);
  show();
  window.scrollTo(0, 0);
}

function only(id) {
  for (const part of ["all", "editor", "one"]) showIf(byId(part), part === id);
  setText(byId("back-to"), id === "all" ? "templates.back" : "openings.title");
  byId("back").setAttribute("href", id === "all" ? "/interviewer" : HERE);
}

function describe({ opening: { team, level, deadline }, closed_at: closed, invited, interviewed }) {
  const parts = [team, level].filter(Boolean);
  if (deadline) parts.push(text("opening.until", { day: day(deadline) }));
  parts.push(text("opening.counts", { invited, interviewed }));
  if (closed) parts.push(text("invited.state.closed"));
  return parts.join(" · ");
}

function row(one) {
  const name = make("a", { class: "name", href: `${HERE}?opening=${encodeURIComponent(one.id)}` }, one.opening.title);
  name.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(name.getAttribute("href"));
  });
  return make("li", {}, make("span", { class: "about" }, name, make("span", { class: "soft small" }, describe(one))));
}

async function showAll() {
  const rows = [];
  let cursor = null;
  do {
    const page = await getOpenings(cursor);
    rows.push(...page.items.map(row));
    cursor = page.next_cursor;
  } while (cursor !== null);
  byId("openings").replaceChildren(...rows);
  showIf(byId("none"), rows.length === 0);
  showIf(byId("new"), may("plan"));
  only("all");
  byId("all-title").focus({ preventScroll: true });
}

const invitations = new Invitations(doing, tellOnce, may("plan"));

async function showOne(id) {
  opening = await getOpening(id);
  writeOne();
  await invitations.show(opening);
  only("one");
  byId("one-title").focus({ preventScroll: true });
}

function writeOne() {
  setPlain(byId("one-title"), opening.opening.title);
  setPlain(byId("one-about"), describe(opening));
  const closed = opening.closed_at !== null;
  byId("compare").setAttribute("href", `${HERE}/${encodeURIComponent(opening.id)}/comparison`);
  showIf(byId("one-compare"), opening.interviewed > 1);
  showIf(byId("one-closed"), closed);
  showIf(byId("one-actions"), may("plan"));
  showIf(byId("results"), may("delete") && opening.invited + opening.interviewed > 0);
  showIf(byId("invite-part"), may("plan") && !closed);
  showIf(byId("invite-unnamed"), company() === UNNAMED);
  showIf(byId("remove"), opening.invited === 0 && opening.interviewed === 0);
  setText(byId("close"), closed ? "openings.reopen" : "openings.close");
}

/** @param {any} stored null: a new one @param {any[]} warnings of what was just saved */
async function edit(stored, warnings = []) {
  const templates = await getTemplates();
  const heading = make("h1", { tabindex: "-1", id: "form-title" });
  if (stored) setPlain(heading, stored.opening.title);
  else setText(heading, "openings.new");
  const { element, read, warn } = openingFields(stored?.opening ?? blank(), templates);
  const send = make("button", { type: "submit", class: "button primary", "data-testid": "opening-save" });
  setText(send, "template.save");
  const form = make("form", { class: "template", "aria-labelledby": heading.id, "data-testid": "opening-form" }, heading, ...element, make("div", { class: "actions" }, send));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(async () => {
      const saved = await (stored ? changeOpening(stored.id, read()) : addOpening(read()));
      if (saved.warnings.length > 0) {
        history.replaceState(null, "", `${HERE}?opening=${encodeURIComponent(saved.id)}#edit`);
        await edit(saved, saved.warnings);
        return "template.saved.warned";
      }
      history.pushState(null, "", `${HERE}?opening=${encodeURIComponent(saved.id)}`);
      await showOne(saved.id);
      return "members.changed";
    });
  });
  byId("editor").replaceChildren(form);
  for (const warning of warnings) warn(warning);
  only("editor");
  heading.focus({ preventScroll: true });
}

/** Show what the address says. */
function show() {
  showIf(byId("told"), false);
  doing(async () => {
    const { id, part } = place();
    if (part === "new") await edit(null);
    else if (id && part === "edit") await edit(await getOpening(id));
    else if (id) await showOne(id);
    else await showAll();
  });
}

// Inviting.

function read() {
  return peopleIn(byId("invite").elements.people.value);
}

function tellRead() {
  const { people, faults } = read();
  const line = byId("invite-read");
  if (people.length > MOST) setText(line, "invite.many", { most: MOST.toLocaleString(language()) });
  else if (faults.length > 0) {
    const shown = faults.slice(0, 5).map(({ line: at, why }) => text(`invite.fault.${why}`, { line: at }));
    setPlain(line, [text("invite.read", { count: people.length }), ...shown].join(" "));
  } else if (people.length > 0) setText(line, "invite.read", { count: people.length });
  else setPlain(line, "");
  line.classList.toggle("bad", faults.length > 0);
  byId("invite-go").disabled = people.length === 0 || people.length > MOST || faults.length > 0;
}

/** Links that are told once. */
function tellOnce(links) {
  made = links;
  setText(byId("told-lead"), links.length === 1 ? "invite.told.one" : "invite.told", { count: links.length, name: links[0].name });
  const rows = links.slice(0, SHOWN).map(({ name, link }) => make("li", {}, make("span", { class: "small" }, name), make("code", {}, link)));
  if (links.length > SHOWN) {
    const more = make("li", { class: "small soft" });
    setText(more, "invite.told.more", { count: links.length - SHOWN });
    rows.push(more);
  }
  byId("told-links").replaceChildren(...rows);
  showIf(byId("told"), true);
  byId("told").focus({ preventScroll: true });
  byId("told").scrollIntoView({ block: "nearest" });
}

byId("invite").addEventListener("input", tellRead);
byId("invite-file").addEventListener("change", async ({ target }) => {
  const file = target.files[0];
  target.value = "";
  if (!file) return;
  byId("invite").elements.people.value = await file.text();
  tellRead();
});
byId("invite").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = byId("invite");
  doing(async () => {
    const { people } = read();
    const way = form.elements.told.checked ? "link" : null;
    const { invited } = await invite(opening.id, { people, days: Number(form.elements.days.value), way });
    form.elements.people.value = "";
    tellRead();
    opening = await getOpening(opening.id);
    writeOne();
    await invitations.show(opening);
    const links = invited.filter(({ link }) => link !== null);
    if (links.length > 0) tellOnce(links.map(({ name, email, link }) => ({ name: name || email || "", email: email ?? "", link })));
    const count = invited.length - links.length;
    if (count > 0) return ["invite.mailed", { count }];
  });
});
byId("told-copy").addEventListener("click", () => doing(async () => {
  const words = made.length === 1 ? made[0].link : made.map(({ name, link }) => `${name}\t${link}`).join("\n");
  await navigator.clipboard.writeText(words);
  return "members.copied";
}));
byId("told-save").addEventListener("click", () => {
  const rows = made.map((one) => [one.name, /** @type {any} */ (one).email ?? "", one.link]);
  const url = URL.createObjectURL(new Blob([asCsv(rows)], { type: "text/csv" }));
  make("a", { href: url, download: "invitations.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
});

// One opening.

byId("new").addEventListener("click", () => go(`${HERE}#new`));
byId("edit").addEventListener("click", () => go(`${HERE}?opening=${encodeURIComponent(opening.id)}#edit`));
byId("close").addEventListener("click", () => doing(async () => {
  opening = await closeOpening(opening.id, opening.closed_at === null);
  writeOne();
  await invitations.show(opening);
  return "members.changed";
}));
byId("results").addEventListener("click", () => doing(async () => {
  const path = `/v1/openings/${encodeURIComponent(opening.id)}/results`;
  const headers = { "Accept-Language": language(), ...bearer(interviewerKey()) };
  save(await fetched(path, { headers }), `${opening.opening.title}.csv`);
  return "export.done";
}));
byId("remove").addEventListener("click", () => doing(async () => {
  if (!confirm(text("template.delete.confirm", { name: opening.opening.title }))) return;
  await removeOpening(opening.id);
  history.pushState(null, "", HERE);
  await showAll();
}));
byId("back").addEventListener("click", (event) => {
  if (byId("back").getAttribute("href") !== HERE) return;
  event.preventDefault();
  go(HERE);
});
window.addEventListener("popstate", show);
onLanguage(() => {
  if (!byId("all").hidden) doing(showAll);
  else if (opening && !byId("one").hidden) doing(async () => {
    writeOne();
    await invitations.show(opening);
  });
  tellRead();
});

/** Where viva can mail them, links are mailed unless somebody wants to see them. */
async function offerMail() {
  const { forgotten: mail } = await ways(); // that link would be mailed too
  showIf(byId("invite-way"), mail);
  showIf(byId("invite-mail"), mail);
}

if (may("see")) {
  offerMail().catch(() => undefined);
  tellRead();
  show();
} else {
  setText(problem, isMember() ? "problem.not_allowed" : "templates.no_key");
  showIf(problem, true);
}
