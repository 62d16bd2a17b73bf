/** A receipt as a file of its own: read and printed as it is, and checked by what is signed in it. */

import { language, text } from "./language.js";

const STYLE = `
@page { margin: 20mm; }
body { font: 11pt/1.6 system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif; color: #111; background: #fff; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
:lang(ko) { word-break: keep-all; }
h1 { font-size: 1.4rem; line-height: 1.35; margin: 0 0 .3rem; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; break-after: avoid; }
p, li { margin: 0 0 .6rem; }
ul { padding-left: 1.2rem; }
.when { color: #555; }
.signed { font: 8pt/1.4 ui-monospace, Consolas, monospace; overflow-wrap: anywhere; border: 1px solid #bbb; padding: .6rem; break-inside: avoid; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
`;

/**
 * HTML that needs nothing else. What is in it goes in as text, never as markup.
 *
 * @param {{title: string, when: string, parts: {title: string, paragraphs?: string[], items?: string[]}[], signed: string}} said
 * @returns {Blob}
 */
export function receiptFile({ title, when, parts, signed }) {
  const page = document.implementation.createHTMLDocument(title);
  page.documentElement.lang = language();
  const add = (tag, words, name = "") => {
    const element = page.createElement(tag);
    element.textContent = words;
    if (name) element.className = name;
    page.body.append(element);
    return element;
  };
  add("h1", title);
  add("p", when, "when");
  for (const part of parts) {
    add("h2", part.title);
    for (const paragraph of part.paragraphs ?? []) add("p", paragraph);
    const list = part.items && add("ul", "");
    for (const item of part.items ?? []) list.append(Object.assign(page.createElement("li"), { textContent: item }));
  }
  add("h2", text("receipt.signature"));
  add("p", text("receipt.signed"));
  add("p", signed, "signed");
  const style = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style>`;
  const whole = page.documentElement.outerHTML.replace("<head>", () => `<head>${style}`);
  return new Blob([`<!doctype html>\n${whole}\n`], { type: "text/html" });
}
