/** Openings and invitations over HTTP, for who invites. */

import { ask, bearer } from "./api.js";
import { interviewerKey } from "./key.js";

const PAGE = 100;
const opening = (id) => `/v1/openings/${encodeURIComponent(id)}`;
const invitation = (id, one) => `${opening(id)}/invitations/${encodeURIComponent(one)}`;

const call = (path, method, body) =>
  ask(path, {
    method,
    headers: { ...bearer(interviewerKey()), ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

const page = (path, cursor) =>
  call(`${path}?limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`, "GET");

/** @param {string | null} [cursor] @returns {Promise<{items: any[], next_cursor: string | null}>} */
export const getOpenings = (cursor) => page("/v1/openings", cursor);
export const getOpening = (id) => call(opening(id), "GET");
export const addOpening = (order) => call("/v1/openings", "POST", order);
export const changeOpening = (id, order) => call(opening(id), "PUT", order);
export const closeOpening = (id, closed) => call(`${opening(id)}/closed`, "POST", { closed });
export const removeOpening = (id) => call(opening(id), "DELETE");

/** @param {string | null} [cursor] @returns {Promise<{items: any[], next_cursor: string | null}>} */
export const getInvitations = (id, cursor) => page(`${opening(id)}/invitations`, cursor);
export const invite = (id, order) => call(`${opening(id)}/invitations`, "POST", order);
export const renewInvitation = (id, one) => call(`${invitation(id, one)}/link`, "POST");
export const changeInvitation = (id, one, order) => call(invitation(id, one), "PATCH", order);
export const revokeInvitation = (id, one) => call(invitation(id, one), "DELETE");
