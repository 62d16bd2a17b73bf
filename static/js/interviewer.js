/** The interviewer's page: open interviews followed live, and résumés as they were understood. */

import { Board } from "./board.js";
import { byId } from "./elements.js";
import { Following } from "./following.js";
import { isMember, learnWho, takeKey } from "./key.js";
import { startLanguage } from "./language.js";
import { PersonData } from "./persondata.js";
import { ResumeList } from "./resumes.js";
import { Review } from "./review.js";
import { SaidSearch } from "./saidsearch.js";
import { Trouble } from "./trouble.js";

takeKey();
await Promise.all([startLanguage(), learnWho()]);
byId("members-link").hidden = !isMember();

const board = new Board();
const resumes = new ResumeList();
const following = new Following();
const review = new Review(resumes);
const kept = new PersonData();

/** One of both at most; an interview goes first. */
function chosen() {
  const asked = new URLSearchParams(location.search);
  const interview = asked.get("interview") ?? "";
  return { interview, resume: interview ? "" : (asked.get("resume") ?? "") };
}

let listing = false;

/** Whoever comes to follow an interview waits for no list of others. */
function list() {
  if (listing) return;
  listing = true;
  board.start();
  resumes.start();
}

let before = "";

/** Show what the address says. */
function show(focus) {
  const { interview, resume } = chosen();
  const left = before;
  before = interview;
  resumes.chosen = resume;
  document.body.classList.toggle("reading", interview !== "" || resume !== "");
  byId("following").hidden = interview === "";
  byId("review").hidden = resume === "";
  byId("board").hidden = interview !== "" || resume !== "";
  if (interview) following.show(interview);
  else {
    following.leave();
    list();
    board.refresh();
  }
  if (resume) review.show(resume);
  else review.leave();
  kept.show(resume);
  if (!focus || (!interview && !resume && board.focus(left))) return;
  const heading = interview ? "followed-name" : resume ? "review-name" : "list-title";
  byId(heading).focus({ preventScroll: true });
}

function go(url) {
  history.pushState(null, "", url);
  show(true);
  window.scrollTo(0, 0);
}

board.addEventListener("choose", ({ detail }) => {
  go(`?interview=${encodeURIComponent(detail.id)}`);
  following.about = detail.about;
});

resumes.addEventListener("choose", ({ detail }) => {
  if (detail !== chosen().resume) go(`?resume=${encodeURIComponent(detail)}`);
});

for (const id of ["back", "review-back"]) {
  byId(id).addEventListener("click", (event) => {
    event.preventDefault();
    go("/interviewer");
  });
}

kept.addEventListener("deleted", () => {
  go("/interviewer");
  resumes.refresh();
  board.refresh();
});

window.addEventListener("popstate", () => show(true));
window.addEventListener("hashchange", () => {
  if (!takeKey()) return;
  review.look();
  kept.show(chosen().resume);
});
show(false);
new SaidSearch().start();
new Trouble().start();
