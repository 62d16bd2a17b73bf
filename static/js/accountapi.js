/** Accounts over HTTP: signing in, one's own account, members and keys. */

import { ask, askAll, forgetWho } from "./api.js";

const send = (path, method, body, anyone = false) =>
  ask(path, {
    method,
    anyone,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

/** @param {{email: string, password: string, code: string | null}} shown */
export async function signIn(shown) {
  await send("/v1/session", "POST", shown, true);
  forgetWho();
}

export async function signOut() {
  await send("/v1/session", "DELETE");
  forgetWho();
}

export const ways = () => ask("/v1/session/ways", { anyone: true });
export const forgotten = (email) => send("/v1/password/forgotten", "POST", { email }, true);
/** @returns {Promise<string>} where one signs in */
export const beginAtProvider = async () => (await send("/v1/session/provider/begin", "POST", undefined, true)).location;

/** @param {{state: string | null, code: string}} answer what the provider added to the address */
export async function finishAtProvider(answer) {
  await send("/v1/session/provider", "POST", answer, true);
  forgetWho();
}

export const readLink = (token) => send("/v1/links/read", "POST", { token }, true);

/** @param {string} token @param {string | null} password @returns {Promise<boolean>} whether one is signed in by it */
export async function followLink(token, password) {
  const followed = await send("/v1/links/follow", "POST", { token, password }, true);
  forgetWho();
  return followed.signed_in;
}

export const changePassword = (order) => send("/v1/password", "PUT", order);
export const offerCodes = () => send("/v1/codes", "POST");
export const setCodes = (order) => send("/v1/codes", "PUT", order);
export const getSessions = () => askAll("/v1/sessions");
export const endSession = (id, password) => send(`/v1/sessions/${encodeURIComponent(id)}/end`, "POST", { password });

export const getOrganisation = () => ask("/v1/organisation");
export const changeOrganisation = (order) => send("/v1/organisation", "PATCH", order);
export const testMail = () => send("/v1/organisation/mail-test", "POST");
export const mailState = (id) => ask(`/v1/mails/${encodeURIComponent(id)}`);

const member = (id) => `/v1/members/${encodeURIComponent(id)}`;
export const getMembers = () => askAll("/v1/members");
export const invite = (order) => send("/v1/members", "POST", order);
/** @param {"mail" | "link" | null} way null: by mail where viva can */
export const renewLink = (id, way = null) => send(`${member(id)}/link${way ? `?way=${way}` : ""}`, "POST");
export const changeMember = (id, order) => send(member(id), "PATCH", order);
export const removeMember = (id) => send(member(id), "DELETE");

export const getKeys = () => askAll("/v1/keys");
export const makeKey = (order) => send("/v1/keys", "POST", order);
export const revokeKey = (id) => send(`/v1/keys/${encodeURIComponent(id)}`, "DELETE");
/** @param {string} name as it is written */
export const deleteOrganisation = (name) => send("/v1/organisation/deletion", "POST", { name });
