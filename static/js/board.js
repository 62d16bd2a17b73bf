/** The board: all interviews, who needs a person first; written in place, so that focus stays. */

import { getBoard } from "./api.js";
import { BoardRow, span } from "./boardrow.js";
import { byId, make, showIf } from "./elements.js";
import { languageName, languages, onLanguage, setPlain, text } from "./language.js";
import { getOpenings } from "./openingapi.js";

const REFRESH_MS = 2_000;
const TYPED_MS = 250;
const GROUPS = ["needs", "running", "to_score", "coming", "closed"];

/** Events: `choose` with `{id, about}`: which interview, and what is to be done there. */
export class Board extends EventTarget {
  /** @type {Map<string, BoardRow>} */
  #rows = new Map();
  #entries = null;
  #counts = {};
  #more = false;
  #pages = 1;
  #group = "";
  #timer = 0;
  #typing = 0;
  #asked = 0;
  #at = 0;
  #needing = null;
  #buttons = new Map();

  start() {
    this.#makeFilters();
    onLanguage(() => this.#write());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.refresh();
    });
    document.addEventListener("keydown", (event) => this.#key(event));
    byId("board-more").addEventListener("click", () => {
      this.#pages += 1;
      this.refresh();
    });
    setInterval(() => this.#tick(), 1_000);
  }

  /** Back to the row of an interview that was left; whether there is one. @param {string} id */
  focus(id) {
    const link = this.#rows.get(id)?.link;
    if (!link?.isConnected) return false;
    link.focus();
    return true;
  }

  async refresh() {
    clearTimeout(this.#timer);
    if (byId("board").hidden) return;
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const found = await this.#load();
      if (asked !== this.#asked) return;
      [this.#entries, this.#counts, this.#more] = found;
      this.#at = performance.now();
      showIf(byId("list-stale"), false);
    } catch {
      if (asked === this.#asked) showIf(byId("list-stale"), true);
    }
    if (asked !== this.#asked) return;
    this.#write();
    this.#tell();
    if (!document.hidden) this.#timer = setTimeout(() => this.refresh(), REFRESH_MS);
  }

  /** As many pages as are shown. */
  /** @returns {Promise<[any[], Record<string, number>, boolean]>} */
  async #load() {
    const items = [];
    let cursor = null;
    let counts = {};
    for (let page = 0; page < this.#pages && (page === 0 || cursor !== null); page += 1) {
      const found = await getBoard(this.#filters(), cursor);
      items.push(...found.items);
      ({ next_cursor: cursor, counts } = found);
    }
    return [items, counts, cursor !== null];
  }

  #filters() {
    return {
      group: this.#group,
      search: byId("board-search").value.trim(),
      opening_id: byId("board-opening").value,
      language: byId("board-language").value,
    };
  }

  // Filters.

  #makeFilters() {
    for (const group of ["", ...GROUPS]) {
      const name = make("span");
      const count = make("b");
      const button = make("button", { type: "button", class: "chip", "aria-pressed": String(group === ""), "data-testid": `group-${group || "all"}` }, name, count);
      button.addEventListener("click", () => this.#choose(group));
      this.#buttons.set(group, { button, name, count });
      byId("board-groups").append(button);
    }
    byId("board-search").addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#anew(), TYPED_MS);
    });
    for (const id of ["board-opening", "board-language"]) {
      byId(id).addEventListener("change", () => this.#anew());
    }
    this.#fillOpenings().catch(() => {});
  }

  async #fillOpenings() {
    const { items } = await getOpenings(null);
    byId("board-opening").append(...items.map((one) => make("option", { value: one.id }, one.opening.title)));
    showIf(byId("board-openings"), items.length > 0);
  }

  #choose(group) {
    this.#group = group;
    this.#anew();
  }

  async #anew() {
    this.#pages = 1;
    this.#needing = null;
    await this.refresh();
    const count = this.#entries?.length ?? 0;
    setPlain(byId("board-told"), text(count > 0 ? "board.count" : "board.nothing", { count }));
  }

  // What is shown.

  #write() {
    this.#writeFilters();
    if (!this.#entries) return;
    showIf(byId("list-loading"), false);
    const none = this.#entries.length === 0;
    const filtered = Object.values(this.#filters()).some(Boolean);
    showIf(byId("list-empty"), none && !filtered);
    showIf(byId("board-nothing"), none && filtered);
    showIf(byId("board-table"), !none);
    showIf(byId("board-more"), this.#more);
    this.#writeRows();
    this.#tick();
  }

  #writeFilters() {
    for (const [group, { button, name, count }] of this.#buttons) {
      setPlain(name, text(group ? `board.group.${group}` : "board.all"));
      const counted = group ? (this.#counts[group] ?? 0) : this.#total();
      setPlain(count, this.#entries ? String(counted) : "");
      button.setAttribute("aria-pressed", String(group === this.#group));
    }
    const spoken = byId("board-language");
    while (spoken.options.length <= languages().length) {
      spoken.append(make("option", { value: languages()[spoken.options.length - 1] }));
    }
    for (const option of [...spoken.options].slice(1)) setPlain(option, languageName(option.value));
  }

  #total() {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  #writeRows() {
    const present = new Set(this.#entries.map((one) => one.interview_id));
    for (const [id, row] of this.#rows) {
      if (present.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    const list = byId("list");
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    this.#entries.forEach((one, place) => {
      const row = this.#row(one.interview_id);
      if (list.children[place] !== row.element) list.insertBefore(row.element, list.children[place] ?? null);
      row.write(one, one.group !== this.#entries[place - 1]?.group);
    });
    if (focused instanceof HTMLElement && document.activeElement !== focused && focused.isConnected) {
      focused.focus({ preventScroll: true });
    }
  }

  #row(id) {
    let row = this.#rows.get(id);
    if (!row) {
      row = new BoardRow(id, (chosen, about) => {
        this.dispatchEvent(new CustomEvent("choose", { detail: { id: chosen, about } }));
      });
      this.#rows.set(id, row);
    }
    return row;
  }

  #tick() {
    if (!this.#entries || document.hidden) return;
    for (const row of this.#rows.values()) row.tick();
    const running = (this.#counts.needs ?? 0) + (this.#counts.running ?? 0);
    const about = [
      text("board.count", { count: this.#total() }),
      text("board.running", { count: running }),
      text("board.fresh", { time: span(performance.now() - this.#at) }),
    ];
    setPlain(byId("board-fresh"), about.join(" · "));
  }

  /** Only what newly needs a person is read out. */
  #tell() {
    if (!this.#entries) return;
    const needing = new Set(this.#entries.filter((one) => one.group === "needs").map((one) => `${one.interview_id} ${one.state}`));
    const before = this.#needing;
    this.#needing = needing;
    if (before === null) return;
    const told = this.#entries
      .filter((one) => needing.has(`${one.interview_id} ${one.state}`) && !before.has(`${one.interview_id} ${one.state}`))
      .map((one) => text("board.told", { name: one.candidate_name ?? text("watch.nobody"), state: this.#row(one.interview_id).told() }));
    if (told.length > 0) setPlain(byId("board-told"), told.join(" "));
  }

  /** Arrows go from row to row, a slash to the search. @param {KeyboardEvent} event */
  #key(event) {
    const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    if (byId("board").hidden || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      byId("board-search").focus();
      return;
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = (this.#entries ?? []).map((one) => this.#row(one.interview_id).link);
    if (!by || links.length === 0) return;
    const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    if (at < 0 && document.activeElement !== document.body && document.activeElement !== byId("list-title")) return;
    event.preventDefault();
    links[Math.min(links.length - 1, Math.max(0, at + by))].focus();
  }
}
