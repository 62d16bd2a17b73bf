/** The plan of an interview and what became of each question in it, kept up as facts come. */

import { byId, make, showIf } from "./elements.js";
import { Gathered } from "./gathered.js";
import { setText } from "./language.js";
import { PlanItem, stageKey } from "./planitem.js";

const GATHER_MS = 300;
const ARRIVING_MS = 4_000;
const BESIDE = window.matchMedia("(min-width: 75rem)");
const TOPICS = new Set(["opening", "planned"]);

export class Coverage {
  /** @type {Map<string, PlanItem>} */
  #items = new Map();
  #load = null;
  #timer = 0;
  /** The question that is talked about; `""`: none. */
  #now = "";
  #turn = 0;
  #begun = false;
  #over = false;
  /** Of a long interview hundreds of facts come at once. */
  #changed = new Gathered(() => this.#load && this.#write());

  /**
   * @param {any[]} questions as `GET /interviews/{id}` has them
   * @param {boolean} over whether the interview is
   * @param {() => Promise<any[]>} load asks for them again
   */
  follow(questions, over, load) {
    this.leave();
    this.#load = load;
    byId("plan-whole").open = BESIDE.matches;
    this.#over = over;
    this.#take(questions);
    if (!this.#known && !over) this.#lookAgain(ARRIVING_MS);
  }

  leave() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#load = null;
    this.#items.clear();
    this.#now = "";
    this.#turn = 0;
    this.#begun = false;
    this.#over = false;
    byId("plan-list").replaceChildren();
    showIf(byId("plan"), false);
  }

  /** The fact that a question was asked. Older ones than the questions loaded say nothing new. */
  ask(asked) {
    const { question_id: id, kind, turn } = asked;
    if (turn < this.#turn) return;
    this.#turn = turn;
    this.#topic(id, kind);
    if (TOPICS.has(kind)) {
      this.#items.get(id)?.ask(asked);
      if (!this.#items.has(id)) this.#lookAgain(GATHER_MS);
    }
    this.#changed.add(this);
  }

  /** The fact that a question was not asked after all: what it settled is open again. */
  takeBack({ question_id: id, unsettled }) {
    for (const open of unsettled) this.#items.get(open)?.settle(null, null);
    this.#items.get(id)?.takeBack();
    const asked = [...this.#items].filter(([, item]) => item.turn !== null);
    asked.sort(([, a], [, b]) => a.turn - b.turn);
    this.#now = asked.at(-1)?.[0] ?? "";
    this.#changed.add(this);
  }

  /** The fact of what became of one question. */
  settle({ question_id: id, outcome, reason }) {
    const item = this.#items.get(id);
    if (!item) {
      this.#lookAgain(GATHER_MS);
      return;
    }
    item.settle(outcome, reason);
    this.#changed.add(this);
  }

  end() {
    this.#over = true;
    this.#changed.add(this);
  }

  get #known() {
    return this.#items.size > 0;
  }

  #topic(id, kind) {
    if (kind === "closing") this.#now = "";
    if (TOPICS.has(kind)) this.#now = id;
    if (kind === "planned") this.#begun = true;
  }

  /** However many facts ask for it, the server is asked once. */
  #lookAgain(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  async #look() {
    const load = this.#load;
    this.#timer = 0;
    const questions = await load?.().catch(() => null);
    if (this.#load !== load || !load) return;
    if (questions) this.#take(questions);
    // No fact tells that the plan has arrived.
    if (!this.#known && !this.#over && !this.#timer) this.#lookAgain(ARRIVING_MS);
  }

  #take(questions) {
    const asked = questions.filter(({ turn }) => turn !== null).sort((a, b) => a.turn - b.turn);
    for (const { id, kind, turn } of asked) {
      if (turn < this.#turn) continue;
      this.#turn = turn;
      this.#topic(id, kind);
    }
    const planned = questions.filter(({ ordinal }) => ordinal !== null);
    planned.sort((a, b) => a.ordinal - b.ordinal);
    for (const question of planned) {
      if (!this.#items.has(question.id)) this.#items.set(question.id, new PlanItem());
      this.#items.get(question.id).take(question);
    }
    this.#arrange(planned);
    this.#write();
  }

  /** By stage, in the order of the plan. What is in its place already is left alone. */
  #arrange(planned) {
    const list = byId("plan-list");
    for (const stage of new Set(planned.map((question) => question.stage))) {
      const questions = planned.filter((question) => question.stage === stage);
      const items = questions.map(({ id }) => this.#items.get(id).element);
      const own = [...list.children].find(({ dataset }) => dataset.stage === stage) ?? group(stage);
      if (!own.isConnected) list.append(own);
      const places = own.querySelector("ol");
      items.forEach((item, at) => {
        if (places.children[at] !== item) places.insertBefore(item, places.children[at] ?? null);
      });
    }
  }

  #write() {
    const counts = { open: 0, unasked: 0, now: 0, answered: 0, asked: 0, skipped: 0 };
    for (const item of this.#items.values()) {
      counts[item.write(this.#over)] += 1;
    }
    const { answered, asked, skipped } = counts;
    const whole = this.#items.size;
    if (whole) {
      setText(byId("plan-summary"), "plan.summary", { answered, whole, asked, skipped });
      setText(byId("plan-count"), "plan.show", { count: whole });
    } else setText(byId("plan-summary"), "plan.none");
    showIf(byId("plan-whole"), whole);
    showIf(byId("plan"), whole || !(this.#over || this.#begun));
    this.#reveal();
  }

  /** Bring what is talked about into the list's own view, unless the reader is busy in it. */
  #reveal() {
    const list = byId("plan-list");
    const item = this.#items.get(this.#now)?.element;
    if (!item || this.#over || !byId("plan-whole").open || list.matches(":hover, :focus-within")) return;
    const [seen, wanted] = [list.getBoundingClientRect(), item.getBoundingClientRect()];
    if (wanted.top < seen.top) list.scrollTop += wanted.top - seen.top;
    else if (wanted.bottom > seen.bottom) list.scrollTop += wanted.bottom - seen.bottom;
  }
}

/** @returns {HTMLElement} a stage and room for its questions */
function group(stage) {
  const id = `plan-stage-${stage}`;
  const title = make("h3", { id });
  setText(title, stageKey(stage));
  // Without the role a list that has no markers is none to some screen readers.
  const list = make("ol", { class: "plan-items", role: "list", "aria-labelledby": id });
  const made = make("li", { class: "plan-stage" }, title, list);
  made.dataset.stage = stage;
  return made;
}
