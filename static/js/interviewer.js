/** The interviewer's page: which interviews are open, and one of them followed live. */

import { byId } from "./elements.js";
import { Following } from "./following.js";
import { InterviewList } from "./interviews.js";
import { startLanguage } from "./language.js";

await startLanguage();

const list = new InterviewList();
const following = new Following();

function chosen() {
  return new URLSearchParams(location.search).get("interview") ?? "";
}

/** Show what the address says. */
function show(focus) {
  const id = chosen();
  list.chosen = id;
  document.body.classList.toggle("reading", id !== "");
  byId("following").hidden = id === "";
  byId("choose").hidden = id !== "";
  if (id) following.show(id);
  else following.leave();
  if (focus) byId(id ? "followed-name" : "list-title").focus({ preventScroll: true });
}

function go(url) {
  history.pushState(null, "", url);
  show(true);
  window.scrollTo(0, 0);
}

list.addEventListener("choose", ({ detail }) => {
  if (detail !== chosen()) go(`?interview=${encodeURIComponent(detail)}`);
});

byId("back").addEventListener("click", (event) => {
  event.preventDefault();
  go("/interviewer");
});

window.addEventListener("popstate", () => show(true));
list.start();
show(false);
