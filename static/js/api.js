/** The HTTP side of the server: one function per call, problems as exceptions. */

import { knows } from "./language.js";

/** The most items that a list answers with at once. */
const PAGE = 100;

/** What the server (RFC 9457) or the network says went wrong. */
export class Problem extends Error {
  /** @param {string} code @param {string} [detail] @param {number} [status] @param {number} [againS] */
  constructor(code, detail = "", status = 0, againS = 0) {
    super(detail || code);
    /** Seconds after which it is of use to try again; 0: the server does not say. */
    this.againS = againS;
    this.code = code;
    this.detail = detail;
    this.status = status;
  }

  /** The key of the sentence that tells the reader what to do. */
  get key() {
    if (knows(`problem.${this.code}`)) return `problem.${this.code}`;
    return this.status === 429 || this.status === 503 ? "problem.busy" : "problem.unknown";
  }
}

/** The sentence for whatever went wrong. @param {unknown} error @returns {string} */
export const keyOf = (error) => (error instanceof Problem ? error.key : "problem.unknown");

function problemFrom(status, body, againS = 0) {
  if (status === 413) return new Problem("too_large", body?.detail, status);
  return new Problem(body?.code ?? "unknown", body?.detail ?? "", status, againS || 0);
}

const SAFE = ["GET", "HEAD"];
/** @type {Promise<any> | null} */
let session = null;

/** Who one is here, `{kind, rights, csrf, …}`; null: a stranger, undefined: it cannot be told. @returns {Promise<any>} */
export function who() {
  session ??= ask("/v1/session").catch((error) => {
    session = null;
    return error.status === 401 ? null : undefined;
  });
  return session;
}

/** Somebody signed in, or out. */
export function forgetWho() {
  session = null;
}

/** What a page of ours sends along where the cookie says who one is. @returns {Promise<Record<string, string>>} */
async function proof() {
  const csrf = (await who())?.csrf;
  return csrf ? { "X-CSRF-Token": csrf } : {};
}

const needsProof = ({ method = "GET", headers = {}, anyone = false }) =>
  !anyone && !SAFE.includes(method) && !("Authorization" in headers);

/**
 * The answer's JSON; null where it has no body. Throws Problem.
 *
 * @param {{method?: string, headers?: Record<string, string>, body?: any, signal?: AbortSignal, anyone?: boolean}} [options]
 *   `anyone`: it is open to whoever asks
 */
export async function ask(path, options = {}) {
  const more = needsProof(options) ? await proof() : {};
  let response;
  try {
    response = await fetch(path, {
      cache: "no-store", ...options, headers: { ...options.headers, ...more },
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem("network");
  }
  if (response.status === 204) return null;
  const body = await response.json().catch(() => null);
  if (!response.ok) throw problemFrom(response.status, body, Number(response.headers.get("Retry-After")));
  if (body === null) throw new Problem("unknown", "", response.status);
  return body;
}

/** Every item of a list, however many pages it has. @returns {Promise<any[]>} */
export async function askAll(path, options = {}) {
  const items = [];
  let cursor = null;
  do {
    const place = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await ask(`${path}?limit=${PAGE}${place}`, options);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}

/** The items at the top of a list that may be long. @returns {Promise<any[]>} */
const askTop = async (path) => (await ask(`${path}?limit=${PAGE}`)).items;

/**
 * @param {string} path
 * @param {[string, string][]} headers
 * @param {File} file
 * @param {(share: number) => void} onProgress share of the bytes sent, 0 to 1
 * @param {AbortSignal} signal
 * @returns {Promise<{id: string, status: string}>}
 */
export function uploadTo(path, headers, file, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status < 300 && request.response) resolve(request.response);
      else reject(problemFrom(request.status, request.response));
    };
    request.onerror = () => reject(new Problem("network"));
    request.onabort = () => reject(new DOMException("another file was chosen", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

export async function uploadResume(file, onProgress, signal) {
  return uploadTo("/v1/resumes", Object.entries(await proof()), file, onProgress, signal);
}

export const getResume = (id, signal) => ask(`/v1/resumes/${encodeURIComponent(id)}`, { signal });

/** For one wish to create something: sent again with it, the request does nothing twice. */
export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

/** The résumé decides everything; nothing else is sent. @param {string} key from `newKey` */
export const createInterview = (resumeId, key) =>
  ask("/v1/interviews/realtime", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key },
    body: JSON.stringify({ resume_id: resumeId }),
  });

export const getEngines = () => askAll("/v1/engines");
/** @param {Record<string, string>} filters @param {string | null} cursor */
export function getBoard(filters, cursor) {
  const asked = new URLSearchParams({ limit: "50" });
  for (const [name, value] of Object.entries(filters)) if (value) asked.set(name, value);
  if (cursor !== null) asked.set("cursor", cursor);
  return ask(`/v1/board?${asked}`);
}

/** @param {string} id @param {Record<string, unknown>} order @param {string} key */
export const stepIn = (id, order, key) =>
  ask(`/v1/interviews/${encodeURIComponent(id)}/steps`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...bearer(key) },
    body: JSON.stringify(order),
  });

export const getInterview = (id, signal) =>
  ask(`/v1/interviews/${encodeURIComponent(id)}`, { signal });

export const getResumes = () => askTop("/v1/resumes");
export const getResumePages = (id) => askAll(`/v1/resumes/${encodeURIComponent(id)}/pages`);
export const getCorrections = (id) => askAll(`/v1/resumes/${encodeURIComponent(id)}/corrections`);
export const getDisputes = (id) => askAll(`/v1/resumes/${encodeURIComponent(id)}/disputes`);

/** @param {{field: string, value: string | null, by: string}} order @param {string} key */
export const correctResume = (id, order, key) =>
  ask(`/v1/resumes/${encodeURIComponent(id)}`, {
    method: "PATCH",
    headers: { "Content-Type": "application/json", ...bearer(key) },
    body: JSON.stringify(order),
  });

/** @returns {Record<string, string>} none where there is no token: then the cookie counts */
export const bearer = (token) => (token ? { Authorization: `Bearer ${token}` } : {});
const consentOf = ({ interview_id: id }) => `/v1/interviews/${encodeURIComponent(id)}/consent`;

/** @param {{interview_id: string, token: string}} admission */
export const getConsent = (admission) =>
  ask(consentOf(admission), { headers: bearer(admission.token) });

/**
 * Agree to the recording, or take that back, which deletes what there is.
 *
 * @param {{version: string, language: string}} [notice] what was read before
 */
export const giveConsent = (admission, recording, notice) =>
  ask(consentOf(admission), {
    method: "POST",
    headers: { "Content-Type": "application/json", ...bearer(admission.token) },
    body: JSON.stringify({ recording, notice }),
  });

const ownOf = ({ interview_id: id }, what) => `/v1/interviews/${encodeURIComponent(id)}/${what}`;

/** What is coming. @param {{interview_id: string, token: string}} admission */
export const getOutline = (admission) =>
  ask(ownOf(admission, "outline"), { headers: bearer(admission.token) });

/** @param {{interview_id: string, token: string}} admission @param {string} language */
export const chooseLanguage = (admission, language) =>
  ask(ownOf(admission, "language"), {
    method: "PUT",
    headers: { "Content-Type": "application/json", ...bearer(admission.token) },
    body: JSON.stringify({ language }),
  });

/** The candidate's own words, as they were heard. @param {{interview_id: string, token: string}} admission */
export const getOwnAnswers = (admission) =>
  askAll(`/v1/interviews/${encodeURIComponent(admission.interview_id)}/answers`, {
    headers: bearer(admission.token),
  });

const recordingsOf = (id) => `/v1/interviews/${encodeURIComponent(id)}/recordings`;

export const getRecordings = (id, key) => askAll(recordingsOf(id), { headers: bearer(key) });
export const deleteRecordings = (id, key) =>
  ask(recordingsOf(id), { method: "DELETE", headers: bearer(key) });

/** The sound of one answer. An audio element cannot send the key itself. @returns {Promise<Blob>} */
export async function getSound(id, answerId, key) {
  const path = `/v1/interviews/${encodeURIComponent(id)}/answers/${encodeURIComponent(answerId)}/recording`;
  const response = await fetch(path, { cache: "no-store", headers: bearer(key) });
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => null));
  return response.blob();
}
