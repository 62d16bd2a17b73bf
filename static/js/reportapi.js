/** The report of an interview, cards and notes, as the server has them. */

import { ask, askAll, bearer, newKey } from "./api.js";
import { interviewerKey } from "./key.js";

const of = (id, path) => `/v1/interviews/${encodeURIComponent(id)}/${path}`;
const headers = () => bearer(interviewerKey());

const send = (path, method, body, more = {}) =>
  ask(path, {
    method,
    headers: { "Content-Type": "application/json", ...headers(), ...more },
    body: JSON.stringify(body),
  });

export const getReport = (id) => ask(of(id, "report"), { headers: headers() });
export const getCards = (id) => ask(of(id, "scorecards"), { headers: headers() });
export const getNotes = (id) => askAll(of(id, "notes"), { headers: headers() });

/** @param {{ratings: object[], summary: string}} card all of the draft */
export const saveCard = (id, card) => send(of(id, "scorecard"), "PUT", card);
export const openQuote = (id, statement) =>
  send(of(id, "scorecard/opened"), "POST", { statement_id: statement });
export const submitCard = (id) =>
  ask(of(id, "scorecard/submission"), { method: "POST", headers: headers() });

/** @param {"advance" | "decline" | "open"} outcome @param {string} reason */
export const decide = (id, outcome, reason) => send(of(id, "decision"), "POST", { outcome, reason });

/** @param {number | null} at on the session's audio clock @param {string} words "": a bookmark */
export const addNote = (id, at, words) =>
  send(of(id, "notes"), "POST", { at_ms: at, text: words }, { "Idempotency-Key": newKey() });
export const removeNote = (id, note) =>
  ask(of(id, `notes/${encodeURIComponent(note)}`), { method: "DELETE", headers: headers() });

/** @param {{turn: number, first: number, last: number, said: string}} line */
export const correctLine = (id, line) => send(of(id, "corrections"), "POST", line);

export const getRelease = (id) => ask(of(id, "release"), { headers: headers() });
export const release = (id, released) => send(of(id, "release"), "PUT", { released });
/** @param {string} words all of the draft */
export const keepLetter = (id, words) => send(of(id, "letter"), "PUT", { text: words });
export const sendLetter = (id, words) => send(of(id, "letter/sending"), "POST", { text: words });
