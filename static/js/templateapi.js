/** Interview templates over HTTP, with the interviewer's key. */

import { ask, bearer } from "./api.js";
import { interviewerKey } from "./key.js";

const path = (id) => `/templates/${encodeURIComponent(id)}`;

const call = (where, method, body) =>
  ask(where, {
    method,
    headers: { ...bearer(interviewerKey()), ...(body ? { "Content-Type": "application/json" } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  });

export const getTemplates = () => call("/templates", "GET");
export const addTemplate = (template) => call("/templates", "POST", template);
export const changeTemplate = (id, template) => call(path(id), "PUT", template);
export const makeDefault = (id) => call(`${path(id)}/default`, "POST");
export const removeTemplate = (id) => call(path(id), "DELETE");
