/** An organisation's own wording over HTTP. */

import { ask, bearer } from "./api.js";
import { interviewerKey } from "./key.js";
import { fetched } from "./privacyapi.js";

const path = (language) => `/v1/wordings/${encodeURIComponent(language)}`;

const call = (where, method, body) =>
  ask(where, {
    method,
    headers: { ...bearer(interviewerKey()), ...(body ? { "Content-Type": "application/json" } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  });

export const getWording = (language) => call(path(language), "GET");
/** @param {Record<string, string | null>} texts by place; null: the pack's again */
export const changeWording = (language, texts) => call(path(language), "PATCH", { texts });
/** @returns {Promise<Blob>} */
export const downloadWording = (language) => fetched(`${path(language)}/file`, { headers: bearer(interviewerKey()) });
export const uploadWording = (language, toml) => call(`${path(language)}/file`, "PUT", { toml });
/** The newest ones. @returns {Promise<any[]>} */
export const getVersions = async (language) => (await call(`${path(language)}/versions?limit=10`, "GET")).items;
export const bringBack = (language, id) => call(`${path(language)}/versions/${encodeURIComponent(id)}/again`, "POST");
