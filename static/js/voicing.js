/** Who says the questions: the browser, where the server's voice is a makeshift and it has a better one. */

import { getOutline } from "./api.js";
import { chosen, onChoice } from "./choices.js";

const WHERE = "/static/js/browservoice.js";

/** @param {{voice?: string}} admission */
const may = ({ voice }) => voice !== "server" && "speechSynthesis" in globalThis;

/** Some browsers speak only if they have in a click. */
export function allowVoice(admission) {
  if (may(admission)) speechSynthesis.speak(new SpeechSynthesisUtterance(""));
}

/** Whether one of the browser's maker's servers may: null where the server speaks. Who began at once was not told yet.
 * @param {import("./interview.js").Admission} admission @returns {Promise<boolean | null>} */
async function cloud(admission) {
  admission.voice ??= (await getOutline(admission)).voice;
  return may(admission) ? admission.voice === "cloud" : null;
}

/** Those that may be taken, the best first. @param {import("./interview.js").Admission} admission
 * @returns {Promise<any[]>} */
export async function voicesOf(admission) {
  try {
    const online = await cloud(admission);
    return online === null ? [] : await (await import(WHERE)).offered(admission.language, online);
  } catch {
    return []; // The server's is there.
  }
}

/** @param {import("./interview.js").Admission} admission @returns {Promise<any>} null: the server's is heard */
export async function browserVoice(admission) {
  const { language, speaker } = admission;
  if (speaker === "server") return null;
  try {
    const online = await cloud(admission);
    return online === null ? null : await (await import(WHERE)).browserVoice(language, online, speaker);
  } catch {
    return null;
  }
}

/** The voice of an interview, with its line: what was heard is told to the server. */
export class Voicing {
  #line;
  /** @type {any} */
  #own = null;

  /** @param {import("./line.js").Line} line */
  constructor(line) {
    this.#line = line;
    line.addEventListener("event", ({ detail }) => this.#own?.heed(detail));
    line.addEventListener("state", () => this.#own?.stop());
    onChoice((name, on) => {
      if (name === "read" && this.#own) this.#own.quiet = on;
    });
  }

  /** @param {import("./interview.js").Admission} admission */
  async connect(admission) {
    const { websocket_url: url, token, interview_id: id } = admission;
    this.#own?.stop();
    const own = (this.#own = await browserVoice(admission));
    const there = new URL(url, location.href);
    if (own) {
      there.searchParams.set("voice", "client");
      own.quiet = chosen("read");
      own.addEventListener("played", ({ detail: { turn, playedMs, complete } }) =>
        this.#line.send({ type: "viva.played", turn, played_ms: playedMs, complete }),
      );
      own.addEventListener("failed", () => this.connect({ ...admission, speaker: "server" }));
    }
    this.#line.connect(there.href, token, id);
  }
}
