/** What a candidate sees of their interview once it is over, and what they say of it. */

import { ask, bearer } from "./api.js";

/** @typedef {{interview_id: string, token: string}} Admission */

const of = ({ interview_id: id }, path) => `/v1/interviews/${encodeURIComponent(id)}/${path}`;

const send = (admission, path, method, body) =>
  ask(of(admission, path), {
    method,
    headers: { "Content-Type": "application/json", ...bearer(admission.token) },
    body: JSON.stringify(body),
  });

/** @param {Admission} admission */
export const getOutcome = (admission) => ask(of(admission, "outcome"), { headers: bearer(admission.token) });
/** @param {Admission} admission @param {{turn: number, first: number, last: number, said: string}} line */
export const dispute = (admission, line) => send(admission, "disputes", "POST", line);
/** @param {Admission} admission @param {string} reason */
export const askForReview = (admission, reason) => send(admission, "review", "PUT", { reason });
