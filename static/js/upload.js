/** The résumé goes up and is read. */

import { getResume, Problem, uploadResume } from "./api.js";
import { byId, showIf } from "./elements.js";
import { setPlain, setText } from "./language.js";

const FIRST_LOOK_MS = 500;
const LONGEST_LOOK_MS = 2_000;
const SLOW_MS = 20_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Event `ready` with the résumé as the server has read it. */
export class Upload extends EventTarget {
  #running = null;
  #calls;

  /** @param {{send: typeof uploadResume, look: (id: string, signal: AbortSignal) => Promise<any>}} [calls] */
  constructor(calls = { send: uploadResume, look: getResume }) {
    super();
    this.#calls = calls;
    byId("resume-file").addEventListener("change", () => this.takeChosen());
    byId("resume-cancel").addEventListener("click", () => this.reset());
    this.#acceptDrops(byId("drop"));
  }

  /** Also for a file that was chosen before this script ran: its `change` event is over. */
  takeChosen() {
    const input = byId("resume-file");
    if (input.files.length > 0) this.#take(input.files[0]);
    input.value = "";
  }

  #acceptDrops(zone) {
    // A file dropped beside the zone would otherwise replace the page.
    for (const name of ["dragover", "drop"]) {
      window.addEventListener(name, (event) => event.preventDefault());
    }
    zone.addEventListener("dragover", () => zone.classList.add("over"));
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", ({ dataTransfer }) => {
      zone.classList.remove("over");
      if (dataTransfer.files.length > 0) this.#take(dataTransfer.files[0]);
    });
  }

  reset() {
    this.#running?.abort();
    this.#running = null;
    showIf(byId("drop"), true);
    showIf(byId("reading"), false);
    showIf(byId("resume-problem"), false);
  }

  async #take(file) {
    this.reset();
    const running = new AbortController();
    this.#running = running;
    this.#show(file.name);
    try {
      const { id } = await this.#calls.send(file, (share) => this.#progress(share), running.signal);
      this.#progress(1);
      const resume = await this.#read(id, running.signal);
      this.dispatchEvent(new CustomEvent("ready", { detail: resume }));
      this.reset();
    } catch (error) {
      if (running.signal.aborted) return;
      this.reset();
      this.#tell(error instanceof Problem ? error : new Problem("unknown"));
    }
  }

  async #read(id, signal) {
    setText(byId("reading-state"), "resume.reading");
    const began = Date.now();
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.3, LONGEST_LOOK_MS)) {
      const resume = await this.#look(id, signal);
      if (resume.status === "ready") return resume;
      if (resume.status === "failed") {
        throw new Problem(resume.error?.code ?? "resume_failed", resume.error?.detail);
      }
      showIf(byId("reading-slow"), Date.now() - began > SLOW_MS);
      await pause(wait);
      signal.throwIfAborted();
    }
  }

  /** A look that fails because the network hiccups is taken again; any other problem is final. */
  async #look(id, signal) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#calls.look(id, signal);
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "network" || attempt >= 4) throw error;
        await pause(LONGEST_LOOK_MS);
      }
    }
  }

  #show(name) {
    setPlain(byId("reading-file"), name);
    setText(byId("reading-state"), "resume.uploading");
    showIf(byId("reading-slow"), false);
    showIf(byId("drop"), false);
    showIf(byId("reading"), true);
    this.#progress(0);
    byId("reading").focus({ preventScroll: true });
  }

  #progress(share) {
    byId("reading-progress").value = share;
    showIf(byId("reading-progress"), share < 1);
    showIf(byId("reading-spinner"), share >= 1);
  }

  /** @param {Problem} problem */
  #tell(problem) {
    setText(byId("resume-problem"), problem.key);
    byId("resume-problem").dataset.code = problem.code;
    showIf(byId("resume-problem"), true);
    byId("resume-file").focus();
  }
}
