/** Finding what was said, in all interviews that are over; a hit leads to its sentence. */

import { ask, bearer, keyOf } from "./api.js";
import { clockOf } from "./clocktime.js";
import { byId, make, showIf } from "./elements.js";
import { interviewerKey } from "./key.js";
import { language, onLanguage, setText, text } from "./language.js";

const day = (instant) => new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(instant));

export class SaidSearch {
  #found = null;
  #asked = 0;

  start() {
    byId("said-search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search();
    });
    // An emptied box shows the board alone again.
    byId("said-words").addEventListener("input", () => byId("said-words").value.trim() || this.#show(null));
    onLanguage(() => this.#show(this.#found));
  }

  async #search() {
    const words = byId("said-words").value.trim();
    if (!words) return this.#show(null);
    this.#asked += 1;
    const asked = this.#asked;
    const opening = byId("board-opening").value || null;
    try {
      const found = await ask("/v1/transcripts/search", {
        method: "POST",
        headers: { "Content-Type": "application/json", ...bearer(interviewerKey()) },
        body: JSON.stringify({ words, opening_id: opening }),
      });
      if (asked === this.#asked) this.#show(found);
    } catch (error) {
      setText(byId("said-count"), keyOf(error));
      showIf(byId("said-count"), true);
    }
  }

  #show(found) {
    this.#found = found;
    byId("said-hits").replaceChildren(...(found?.hits ?? []).map(hit));
    showIf(byId("said-hits"), found?.hits.length);
    showIf(byId("said-count"), found);
    if (!found) return;
    if (found.hits.length === 0) setText(byId("said-count"), "board.said.none");
    else setText(byId("said-count"), found.more ? "board.said.more" : "board.said.found", { count: found.hits.length });
  }
}

function hit(one) {
  const place = `/interviewer/interviews/${encodeURIComponent(one.interview_id)}#sentence-${one.number}`;
  const words = make("a", { href: place, lang: one.language, "data-testid": "said-hit" }, one.text);
  const about = [one.candidate_name ?? text("watch.nobody"), one.opening ?? one.target_role, day(one.ended_at)];
  if (one.start_ms !== null) about.push(clockOf(one.start_ms));
  return make("li", {}, words, make("p", { class: "soft small" }, about.join(" · ")));
}
