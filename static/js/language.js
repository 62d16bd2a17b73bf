/** The reader's language: strings by key, kept on the elements so that a switch rewrites them. */

import { recall, remember } from "./browser.js";
import { all } from "./elements.js";

/** @typedef {string} Language its tag */
/** @typedef {Record<string, string | number | (() => string)>} Values a function is asked anew in another language */
/** @typedef {string | Record<string, string>} Text one string, or its plural forms and which value they go `by` */

const REMEMBERED = "viva.language";
const listeners = new Set();
/** @type {WeakMap<Element, Values>} */
const valuesOf = new WeakMap();

/**
 * What the page was sent with: the strings of one language, and where those of the others are.
 * @type {{language: Language, otherwise: Language, no_role: string, doubted_below: number, languages: Record<Language, {name: string, texts: string}>, strings: Record<string, Text>}}
 */
let given = { language: "", otherwise: "", no_role: "", doubted_below: 0, languages: {}, strings: {} };
/** @type {Record<string, Text>} */
let strings = {};
/** @type {Language} */
let current = "";
let plural = new Intl.PluralRules();

function remembered() {
  const stored = recall(REMEMBERED);
  return stored in given.languages ? stored : null;
}

/** @returns {Language} */
export function language() {
  return current;
}

/** A day, without its time. @param {string | number} instant */
export function dayOf(instant) {
  return new Intl.DateTimeFormat(current, { dateStyle: "long" }).format(new Date(instant));
}

/** The languages that interviews are held in. @returns {Language[]} */
export function languages() {
  return Object.keys(given.languages);
}

/** The language of an interview for a résumé in this one. @returns {Language} */
export function spokenFor(tag) {
  return tag in given.languages ? tag : given.otherwise;
}

/** The role of an interview whose résumé states none. */
export function noRole() {
  return given.no_role;
}

/** Words that are less likely than this what was said are underlined. */
export function doubtedBelow() {
  return given.doubted_below;
}

/** @param {string} key @param {Values} [values] */
export function text(key, values = {}) {
  const found = strings[key] ?? key;
  return filled(typeof found === "string" ? found : formOf(found, values), values);
}

function formOf(forms, values) {
  return forms[plural.select(Number(values[forms.by]))] ?? forms.other;
}

/** `[A part]` in brackets is left out where its value is 0 or not there. */
function filled(found, values) {
  return found
    .replace(/\[([^\]{]*\{(\w+)\}[^\]]*)\]/g, (_, part, name) => (values[name] ? part : ""))
    .replace(/\{(\w+)\}/g, (whole, name) => String(valueOf(values[name]) ?? whole));
}

const valueOf = (value) => (typeof value === "function" ? value() : value);

/** Whether there is a string for the key, e.g. for a problem code the pages do not know. */
export function knows(key) {
  return key in strings;
}

/** Give an element a text that follows the language. Unchanged text is not written again. */
export function setText(element, key, values = {}) {
  element.dataset.text = key;
  valuesOf.set(element, values);
  write(element);
}

/** Give an element a text of its own, e.g. from the server. */
export function setPlain(element, plain) {
  delete element.dataset.text;
  if (element.textContent !== plain) element.textContent = plain;
}

function write(element) {
  const next = text(element.dataset.text, valuesOf.get(element));
  if (element.textContent !== next) element.textContent = next;
}

/** The word for a language of the interview, in the reader's language. */
export function languageName(tag) {
  return knows(`language.${tag}`) ? text(`language.${tag}`) : (given.languages[tag]?.name ?? tag);
}

/** @param {() => void} listener called after each switch */
export function onLanguage(listener) {
  listeners.add(listener);
}

function apply() {
  document.documentElement.lang = current;
  for (const element of all("[data-text]")) write(element);
  for (const element of all("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
  for (const element of all("[data-placeholder]")) {
    element.setAttribute("placeholder", text(element.dataset.placeholder));
  }
  for (const button of all("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === current));
  }
}

async function load(next) {
  if (next === given.language) strings = given.strings;
  else {
    const answer = await fetch(given.languages[next].texts);
    if (!answer.ok) throw new Error(`the texts in ${next} cannot be had`);
    strings = await answer.json();
  }
  current = next;
  plural = new Intl.PluralRules(next);
}

async function choose(next) {
  await load(next);
  remember(REMEMBERED, next);
  apply();
  for (const listener of listeners) listener();
}

/** A button for each language. */
function fill(group) {
  for (const [tag, { name }] of Object.entries(given.languages)) {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = tag;
    button.dataset.language = tag;
    button.dataset.testid = `${group.dataset.languages}language-${tag}`;
    button.textContent = name;
    button.addEventListener("click", () => choose(tag));
    group.append(button);
  }
}

/** Build the switch and write every string of the page. */
export async function startLanguage() {
  given = JSON.parse(document.getElementById("texts").textContent);
  await load(remembered() ?? given.language).catch(() => load(given.language));
  for (const group of all("[data-languages]")) fill(group);
  apply();
  document.documentElement.classList.remove("loading");
}
