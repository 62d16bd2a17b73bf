/** What lets this tab into its interview, kept so that a reload comes back to it. */

const KEY = "viva.admission";

/** @typedef {import("./interview.js").Admission} Admission */

/** @returns {Admission | null} */
export function recallAdmission() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return stored?.token && stored?.websocket_url ? stored : null;
  } catch {
    return null;
  }
}

/** @param {Admission} admission */
export function keepAdmission(admission) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(admission));
  } catch {
    // Without storage the interview works, it just cannot survive a reload.
  }
}

export function forgetAdmission() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
