/** What of the server is not well, for whoever can have it mended: one quiet line on the board. */

import { byId, make, showIf } from "./elements.js";
import { may } from "./key.js";
import { knows, onLanguage, setPlain, text } from "./language.js";

const LOOK_MS = 60_000;
const AGAIN_MS = 10_000;

/** @typedef {{name: string, ok: boolean, detail: string}} Part */

export class Trouble {
  /** @type {Part[]} */
  #last = [];
  /** @type {Part[]} What was not well twice in a row: a moment is nobody's business. */
  #stays = [];

  start() {
    if (!may("measure")) return;
    onLanguage(() => this.#write());
    this.#look();
  }

  async #look() {
    const found = document.hidden ? this.#last : await ailing();
    const before = new Set(this.#last.map(({ name }) => name));
    this.#stays = found.filter(({ name }) => before.has(name));
    this.#last = found;
    this.#write();
    setTimeout(() => this.#look(), found.length > this.#stays.length ? AGAIN_MS : LOOK_MS);
  }

  #write() {
    const line = byId("board-trouble");
    showIf(line, this.#stays.length > 0);
    line.replaceChildren(
      ...this.#stays.map(({ name, detail }) => {
        const said = make("span", { title: detail });
        setPlain(said, knows(`trouble.${name}`) ? text(`trouble.${name}`) : `${name}: ${detail}`);
        return said;
      }),
    );
  }
}

/** The parts that say they are not well; a server that does not answer is told of elsewhere. @returns {Promise<Part[]>} */
async function ailing() {
  try {
    const answer = await fetch("/health", { cache: "no-store" });
    const { parts } = await answer.json();
    return parts.filter(({ ok }) => !ok);
  } catch {
    return [];
  }
}
