/** The interviewers' key and the interviewer's name, kept as long as the window is open. */

import { who } from "./api.js";
import { offerLeaving } from "./leaving.js";

const KEY = "viva.interviewer.key";
const NAME = "viva.interviewer.name";
/** For windows that refuse storage. */
const held = new Map();

function recall(name) {
  try {
    return sessionStorage.getItem(name) ?? held.get(name) ?? "";
  } catch {
    return held.get(name) ?? "";
  }
}

function keep(name, value) {
  held.set(name, value);
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // It is still held here.
  }
}

/** Take `#key=…` out of the address, so that nobody copies it along. @returns {boolean} */
export function takeKey() {
  const found = new URLSearchParams(location.hash.slice(1)).get("key");
  if (found === null) return false;
  keep(KEY, found);
  history.replaceState(history.state, "", location.pathname + location.search);
  return true;
}

export const interviewerKey = () => recall(KEY);
export const interviewerName = () => recall(NAME) || (me?.name ?? "");

/** Whoever signed in; null: nobody did. */
let me = null;

/** Learn who one is; a stranger is sent to the door. */
export async function learnWho() {
  const found = await who();
  if (found === null && !interviewerKey()) location.replace(`/sign-in?to=${encodeURIComponent(location.pathname)}`);
  me = found ?? null;
  if (isMember()) offerLeaving();
}

/** Whether one may do this: the interviewer's key is for everything. @param {string} right */
export const may = (right) => interviewerKey() !== "" || (me?.rights.includes(right) ?? false);

/** Whether the page is about an organisation that one is a member of. */
export const isMember = () => me?.kind === "member";

/** What candidates read as who invites them. */
export const company = () => me?.organisation ?? "";

/** @param {string} name */
export const keepInterviewerName = (name) => keep(NAME, name);
