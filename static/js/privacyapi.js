/** What is kept of people, over HTTP: a copy, a receipt, a legal hold, deletion. */

import { ask, askAll, bearer, Problem } from "./api.js";
import { interviewerKey } from "./key.js";

const JSON_TYPE = { "Content-Type": "application/json" };
const interview = ({ interview_id: id }) => `/v1/interviews/${encodeURIComponent(id)}`;
const resume = (id) => `/v1/resumes/${encodeURIComponent(id)}`;
const own = (admission, options = {}) => ({
  ...options, headers: { ...options.headers, ...bearer(admission.token) },
});
const ours = (options = {}) => ({
  ...options, headers: { ...options.headers, ...bearer(interviewerKey()) },
});

/** @param {boolean} wanted to speak with a person instead @returns {Promise<string | null>} since when */
export const askForPerson = async (admission, wanted) =>
  (await ask(`${interview(admission)}/person`, own(admission, {
    method: "PUT", headers: JSON_TYPE, body: JSON.stringify({ wanted }),
  }))).asked_at;

export const getConsentReceipt = (admission) =>
  ask(`${interview(admission)}/consent/receipt`, own(admission));
export const exportOwn = (admission) => fetched(`${interview(admission)}/export`, own(admission));
export const deleteOwn = (admission) => ask(interview(admission), own(admission, { method: "DELETE" }));

export const exportPerson = (id) => fetched(`${resume(id)}/export`, ours());
export const deletePerson = (id) => ask(resume(id), ours({ method: "DELETE" }));
export const getHolds = (id) => askAll(`${resume(id)}/holds`, ours());
export const placeHold = (id, reason) =>
  ask(`${resume(id)}/holds`, ours({ method: "POST", headers: JSON_TYPE, body: JSON.stringify({ reason }) }));
export const liftHold = (id) => ask(`/v1/holds/${encodeURIComponent(id)}`, ours({ method: "DELETE" }));

/** Hand a file to whoever is at the page. @param {Blob} content @param {string} name */
export function save(content, name) {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

/** @returns {Promise<Blob>} */
export async function fetched(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Problem("network");
  }
  if (!response.ok) throw new Problem("unknown", "", response.status);
  return response.blob();
}
