/** The page of an organisation's own wording: each text of the pack, and beside it the own one. */

import { keyOf, Problem } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { isMember, learnWho, may, takeKey } from "./key.js";
import { language, languageName, languages, onLanguage, setPlain, setText, startLanguage, text } from "./language.js";
import { save } from "./privacyapi.js";
import { bringBack, changeWording, downloadWording, getVersions, getWording, uploadWording } from "./wordingapi.js";
import { partOf, partsOf, placeName } from "./wordingplaces.js";

/** So many are shown at most of what was searched for. */
const MOST = 100;
const NO_KEY = "templates.no_key";

takeKey();
await Promise.all([startLanguage(), learnWho()]);

const problem = byId("wording-problem");
const done = byId("wording-done");
const spokenIn = byId("wording-language");
const part = byId("wording-part");
const search = byId("wording-search");
const ownOnly = byId("wording-own");
/** What the server answered; its texts are kept up to date. */
let wording = null;
let versions = [];
/** By place, codes of what had better be looked at again in what was just saved. */
let doubts = new Map();
let busy = false;

/** One thing at a time. @param {() => Promise<[string, any?] | void>} work answers what is told after it */
async function doing(work) {
  if (busy) return;
  busy = true;
  showIf(problem, false);
  showIf(done, false);
  try {
    const told = await work();
    if (told) setText(done, ...told);
    showIf(done, Boolean(told));
  } catch (error) {
    tell(error);
  } finally {
    busy = false;
  }
}

/** Of a file the server says in which places something is wrong. */
function tell(error) {
  setText(byId("wording-problem-what"), keyOf(error));
  setPlain(byId("wording-problem-detail"), error.status === 422 ? error.detail : "");
  showIf(problem, true);
  problem.scrollIntoView({ block: "nearest" });
}

const day = (instant) => new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));

async function load() {
  const tag = spokenIn.value;
  [wording, versions] = await Promise.all([getWording(tag), getVersions(tag)]);
  doubts = new Map();
  write();
}

function write() {
  writeParts();
  writeStale();
  writeTexts();
  writeVersions();
}

function writeParts() {
  const chosen = part.value || "speech";
  part.replaceChildren(...partsOf(wording).map(([value, name]) => make("option", { value }, name)));
  part.value = chosen;
}

const asksFirst = (one, other) => Number(other.sort === "question") - Number(one.sort === "question");

/** Of a family its questions come first. @returns {any[]} */
function found() {
  const words = search.value.trim().toLocaleLowerCase();
  const some = wording.texts.filter((one) => {
    if (ownOnly.checked && one.own === null) return false;
    if (words) return `${one.pack}\n${one.own ?? ""}\n${one.place}`.toLocaleLowerCase().includes(words);
    return ownOnly.checked || partOf(one.place) === part.value;
  });
  return part.value.startsWith("families/") ? some.sort(asksFirst) : some;
}

function writeTexts() {
  const some = found();
  const own = wording.texts.filter((one) => one.own !== null).length;
  const key = some.length > MOST ? "wording.count.many" : "wording.count";
  setText(byId("wording-count"), key, { count: some.length, own, most: MOST });
  byId("wording-texts").replaceChildren(...some.slice(0, MOST).map((one) => row(one)));
}

/** @param {string} name what it is about, for whoever does not see where it stands */
function button(key, name, testid, act) {
  const made = make("button", { type: "button", class: "button small", "data-testid": testid });
  setText(made, key);
  made.setAttribute("aria-label", `${text(key)}: ${name}`);
  made.addEventListener("click", act);
  return made;
}

/** Across parts, which part it is. */
function titleOf(place) {
  if (!search.value.trim() && !ownOnly.checked) return placeName(place);
  const name = partsOf(wording).find(([value]) => value === partOf(place))?.[1];
  return `${name} · ${placeName(place)}`;
}

function row(one) {
  const element = make("li", { class: one.own === null ? "" : "own", "data-place": one.place });
  fill(element, one);
  return element;
}

function fill(element, one) {
  const name = titleOf(one.place);
  const words = make("div", { class: "words" }, make("span", { class: "soft small" }, name));
  words.append(make("span", { lang: spokenIn.value }, one.own ?? one.pack));
  if (one.own !== null) words.append(packs(one));
  for (const code of doubts.get(one.place) ?? []) {
    const doubt = make("p", { class: "notice warn small", "data-testid": "wording-doubt" });
    setText(doubt, `template.warning.${code}`);
    words.append(doubt);
  }
  const edit = button(one.own === null ? "wording.edit" : "wording.change", name, "wording-edit", () => reword(element, one));
  const side = make("div", { class: "side" }, edit);
  if (one.own !== null) side.append(button("wording.reset", name, "wording-reset", () => doing(() => put(element, one, null))));
  element.classList.toggle("own", one.own !== null);
  element.replaceChildren(words, side);
  return edit;
}

function packs(one) {
  const label = make("span");
  setText(label, "wording.pack");
  return make("span", { class: "soft small" }, label, " ", make("span", { lang: spokenIn.value }, one.pack));
}

function reword(element, one) {
  const area = make("textarea", { rows: "3", maxlength: "500", lang: spokenIn.value, "aria-label": titleOf(one.place), "data-testid": "wording-text" });
  area.value = one.own ?? one.pack;
  const fault = make("p", { class: "notice bad small", role: "alert", "data-testid": "wording-fault", hidden: true });
  const keep = make("button", { type: "submit", class: "button small primary", "data-testid": "wording-save" });
  setText(keep, "wording.save");
  const leave = make("button", { type: "button", class: "button small quiet" });
  setText(leave, "wording.cancel");
  const form = make("form", { novalidate: true }, make("span", { class: "soft small" }, titleOf(one.place)), packs(one), area, fault, make("div", { class: "actions" }, keep, leave));
  const cancel = () => fill(element, one).focus();
  leave.addEventListener("click", cancel);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(async () => {
      try {
        return await put(element, one, area.value);
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 422) throw error;
        setText(fault, keyOf(error));
        showIf(fault, true);
        area.setAttribute("aria-invalid", "true");
        area.focus();
        return undefined;
      }
    });
  });
  element.replaceChildren(form);
  area.focus();
}

/** @returns {Promise<[string]>} */
async function put(element, one, words) {
  const { warnings } = await changeWording(spokenIn.value, { [one.place]: words });
  one.own = words === null || words.trim() === one.pack ? null : words.trim();
  doubts.set(one.place, warnings.map(({ code }) => code));
  fill(element, one).focus();
  versions = await getVersions(spokenIn.value);
  writeVersions();
  const told = warnings.length > 0 ? "wording.saved.warned" : "wording.saved";
  return [words === null ? "wording.reset.done" : told];
}

function writeStale() {
  showIf(byId("wording-stale"), wording.stale.length > 0);
  byId("wording-stales").replaceChildren(...wording.stale.map((one) => {
    const before = make("span", { class: "soft small" });
    setText(before, "wording.stale.over", { text: one.over });
    const about = make("span", { class: "about" }, make("span", { lang: spokenIn.value }, one.own), before);
    return make("li", {}, about, button("wording.stale.drop", one.own, "wording-drop", () => doing(async () => {
      await changeWording(spokenIn.value, { [one.place]: null });
      await load();
    })));
  }));
}

function writeVersions() {
  byId("wording-versions").replaceChildren(...versions.map((one, at) => {
    const about = make("span", { class: "about" });
    const who = one.made_by ?? (() => text("wording.version.program"));
    setText(about, "wording.version", { moment: () => day(one.made_at), who, count: one.texts });
    const element = make("li", {}, about);
    if (at > 0) element.append(button("wording.version.again", day(one.made_at), "wording-again", () => doing(async () => {
      await bringBack(spokenIn.value, one.id);
      await load();
      return ["wording.version.done"];
    })));
    return element;
  }));
  if (versions.length > 0) return;
  const none = make("li", { class: "soft" });
  setText(none, "wording.versions.none");
  byId("wording-versions").append(none);
}

byId("wording-finding").addEventListener("submit", (event) => event.preventDefault());
spokenIn.addEventListener("change", () => doing(load));
part.addEventListener("change", () => {
  search.value = "";
  ownOnly.checked = false;
  writeTexts();
});
search.addEventListener("input", writeTexts);
ownOnly.addEventListener("change", writeTexts);
byId("wording-download").addEventListener("click", () => doing(async () => {
  save(await downloadWording(spokenIn.value), `viva-wording-${spokenIn.value}.toml`);
}));
byId("wording-upload").addEventListener("change", (event) => {
  const chooser = event.currentTarget;
  const [file] = chooser.files;
  if (!file) return;
  const said = { name: file.name, language: languageName(spokenIn.value) };
  const sure = confirm(text("wording.upload.sure", said));
  doing(async () => {
    if (!sure) return undefined;
    const { own, warnings } = await uploadWording(spokenIn.value, await file.text());
    await load();
    for (const { place, code } of warnings) doubts.set(place, [...(doubts.get(place) ?? []), code]);
    writeTexts();
    return [warnings.length > 0 ? "wording.uploaded.warned" : "wording.uploaded", { own }];
  }).finally(() => {
    chooser.value = "";
  });
});

async function start() {
  if (!may("plan")) {
    setText(byId("wording-problem-what"), isMember() ? "problem.not_allowed" : NO_KEY);
    showIf(problem, true);
    return;
  }
  spokenIn.replaceChildren(...languages().map((tag) => make("option", { value: tag, selected: tag === language() }, languageName(tag))));
  await doing(load);
  showIf(byId("wording-desk"), wording !== null);
}

onLanguage(() => {
  for (const option of spokenIn.options) option.textContent = languageName(option.value);
  if (wording) write();
});
window.addEventListener("hashchange", () => {
  if (takeKey()) start();
});
await start();
