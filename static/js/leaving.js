/** Signing out, from every page of those who hire. */

import { signOut } from "./accountapi.js";
import { make } from "./elements.js";
import { setText } from "./language.js";

export function offerLeaving() {
  const masthead = document.querySelector(".masthead");
  if (!masthead || document.getElementById("leave")) return;
  const leave = make("button", { type: "button", class: "button quiet small", id: "leave", "data-testid": "leave" });
  setText(leave, "account.signout");
  leave.addEventListener("click", async () => {
    leave.disabled = true;
    await signOut().catch(() => undefined);
    location.replace("/sign-in");
  });
  masthead.append(leave);
}
