/** A list that is asked for again and again and written in place. */

import { byId, make, showIf } from "./elements.js";
import { onLanguage } from "./language.js";

/**
 * @typedef {object} Kind what is listed, and the ids of the elements it is shown in
 * @property {string} list @property {string} stale @property {string} loading @property {string} empty
 * @property {string} parameter of the address that names the chosen one
 * @property {number} refreshMs
 * @property {() => Promise<any[]>} load
 * @property {(one: any) => string} idOf
 * @property {(one: any, row: Row) => void} write
 */

/** @typedef {Record<"item" | "link" | "name" | "mark" | "role" | "about", HTMLElement>} Row */

/** Events: `choose` with the id of an entry, `refreshed` with what the server lists. */
export class LiveList extends EventTarget {
  /** @type {Kind} */
  #kind;
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #entries = null;
  #chosen = "";
  #timer = 0;
  #tell;
  /** Fulfilled once the server was asked for the first time. */
  asked = new Promise((resolve) => {
    this.#tell = resolve;
  });

  /** @param {Kind} kind */
  constructor(kind) {
    super();
    this.#kind = kind;
  }

  start() {
    onLanguage(() => this.#write());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.refresh();
    });
    this.refresh();
  }

  async refresh() {
    clearTimeout(this.#timer);
    try {
      this.#entries = await this.#kind.load();
      showIf(byId(this.#kind.stale), false);
      this.dispatchEvent(new CustomEvent("refreshed", { detail: this.#entries }));
    } catch {
      showIf(byId(this.#kind.stale), true);
    }
    this.#tell();
    this.#write();
    clearTimeout(this.#timer);
    if (!document.hidden) this.#timer = setTimeout(() => this.refresh(), this.#kind.refreshMs);
  }

  /** @param {string} id */
  set chosen(id) {
    this.#chosen = id;
    this.#write();
  }

  /** @returns {object | undefined} what the list says about one */
  find(id) {
    return this.#entries?.find((one) => this.#kind.idOf(one) === id);
  }

  #write() {
    if (!this.#entries) return;
    showIf(byId(this.#kind.loading), false);
    showIf(byId(this.#kind.empty), this.#entries.length === 0);
    const present = new Set(this.#entries.map(this.#kind.idOf));
    for (const [id, row] of this.#rows) {
      if (present.has(id)) continue;
      row.item.remove();
      this.#rows.delete(id);
    }
    this.#entries.forEach((one, place) => this.#row(one, place));
  }

  #row(one, place) {
    const id = this.#kind.idOf(one);
    if (!this.#rows.has(id)) this.#rows.set(id, this.#make(id));
    const row = this.#rows.get(id);
    const list = byId(this.#kind.list);
    if (list.children[place] !== row.item) list.insertBefore(row.item, list.children[place] ?? null);
    this.#kind.write(one, row);
    if (id === this.#chosen) row.link.setAttribute("aria-current", "page");
    else row.link.removeAttribute("aria-current");
  }

  #make(id) {
    const { parameter } = this.#kind;
    const words = {
      name: make("span", { class: "row-name" }),
      mark: make("span", { class: "pill" }),
      role: make("span", { class: "row-role" }),
      about: make("span", { class: "row-about soft small" }),
    };
    const href = `?${parameter}=${encodeURIComponent(id)}`;
    const parts = Object.values(words);
    const link = make("a", { href, class: "row", "data-testid": `${parameter}-${id}` }, ...parts);
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("choose", { detail: id }));
    });
    return { ...words, link, item: make("li", {}, link) };
  }
}
