/** Finding and making elements. Text always goes in as text, never as markup. */

/** @param {string} id @returns {any} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`there is no element #${id}`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | undefined>} [attributes] `true` sets an empty attribute,
 *   `false` and `undefined` leave it out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Write a sentence in which `{name}` is emphasised. */
export function writeEmphasised(element, sentence, name, value) {
  const [before, after = ""] = sentence.split(`{${name}}`);
  element.replaceChildren(before, make("strong", {}, value), after);
}

/** @param {string} selector @returns {NodeListOf<HTMLElement>} */
export function all(selector) {
  return document.querySelectorAll(selector);
}

/** A notice that keeps its element: empty text hides it. Whoever pressed what goes away with it is
 * put at the heading of the screen, which would else be nowhere. */
export function showIf(element, condition) {
  if (element.hidden !== Boolean(condition)) return;
  const held = !condition && element.contains(document.activeElement);
  element.hidden = !condition;
  if (held) element.closest(".page, .stage-page")?.querySelector("h1")?.focus({ preventScroll: true });
}
