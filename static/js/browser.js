/** What this browser remembers of its choices. A private window may keep nothing. */

/** @param {string} key */
export function recall(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} key @param {string} value */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It holds for this page.
  }
}
