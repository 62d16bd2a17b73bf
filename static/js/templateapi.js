/** Interview templates over HTTP, with the interviewer's key. */

import { ask, askAll, bearer } from "./api.js";
import { interviewerKey } from "./key.js";

const path = (id) => `/v1/templates/${encodeURIComponent(id)}`;

const call = (where, method, body) =>
  ask(where, {
    method,
    headers: { ...bearer(interviewerKey()), ...(body ? { "Content-Type": "application/json" } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  });

export const getTemplates = () =>
  askAll("/v1/templates", { headers: bearer(interviewerKey()) });
export const addTemplate = (template) => call("/v1/templates", "POST", template);
export const changeTemplate = (id, template) => call(path(id), "PUT", template);
export const makeDefault = (id) => call(`${path(id)}/default`, "POST");
export const removeTemplate = (id) => call(path(id), "DELETE");
