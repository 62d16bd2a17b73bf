/** The candidate's way: résumé, what was read, microphone, interview, end. */

import { forgetAdmission, keepAdmission, recallAdmission } from "./admission.js";
import { createInterview, newKey, Problem } from "./api.js";
import { choose, chosen, onChoice } from "./choices.js";
import { Consent } from "./consent.js";
import { byId, showIf } from "./elements.js";
import { followLateWords, showBroken, showEnding } from "./ending.js";
import { Full, FULL } from "./full.js";
import { LiveInterview } from "./interview.js";
import { setText, startLanguage } from "./language.js";
import { Microphone } from "./microphone.js";
import { Outline } from "./outline.js";
import { OwnRights } from "./ownrights.js";
import { Readiness } from "./readiness.js";
import { showRoleSource } from "./rolesource.js";
import { showScreen } from "./screens.js";
import { Speaker } from "./speaker.js";
import { showUnderstanding } from "./understanding.js";
import { Upload } from "./upload.js";

await startLanguage();

function enlarge() {
  document.documentElement.classList.toggle("larger", chosen("larger"));
  byId("larger").checked = chosen("larger");
}

byId("larger").addEventListener("change", ({ target }) => choose("larger", target.checked));
onChoice(enlarge);
enlarge();

const microphone = new Microphone();
const speaker = new Speaker();
const upload = new Upload();
const readiness = new Readiness(microphone, speaker);
const rights = new OwnRights();
rights.addEventListener("deleted", () => {
  for (const id of ["ended-conversation", "recorded"]) showIf(byId(id), false);
});
const consent = new Consent(rights);
const live = new LiveInterview(microphone, speaker);
const outline = new Outline();

let resume = null;
/** Of the interview that is wished for: asked for again after a broken line, it stays one. */
let wish = "";
let admission = recallAdmission();
let speaking = true;
/** What is done once there is room. */
let wanted = () => {};
const full = new Full(Boolean(admission?.home));
full.addEventListener("again", () => wanted());

/** @param {() => void} then @param {number} [seconds] */
function waitForRoom(then, seconds) {
  wanted = then;
  showScreen("full");
  full.wait(seconds);
}

/** What the candidate said they need, where they were invited. */
function adapt({ adjustments = null, typed = false }) {
  if (adjustments?.larger_captions && !chosen("larger")) choose("larger", true);
  readiness.typed = Boolean(typed || adjustments?.typed);
}

/** @param {boolean} recalled this tab came back to it */
function showReady(recalled) {
  adapt(admission);
  readiness.show(admission, Boolean(admission?.begun), recalled);
  consent.show(admission);
  outline.show(admission);
  showScreen("ready");
}

outline.addEventListener("language", ({ detail }) => {
  admission = { ...admission, language: detail };
  keepAdmission(admission);
  readiness.spoken = detail;
});

upload.addEventListener("ready", ({ detail }) => {
  resume = detail;
  wish = newKey();
  showIf(byId("understood-problem"), false);
  showUnderstanding(resume.structured_data ?? {});
  showRoleSource(resume.id, resume.structured_data?.header ?? {});
  showScreen("understood");
});

upload.takeChosen();

byId("understood-again").addEventListener("click", () => {
  resume = null;
  showScreen("resume");
});

async function create() {
  const button = byId("understood-continue");
  button.disabled = true;
  showIf(byId("understood-problem"), false);
  try {
    admission = await createInterview(resume.id, wish);
  } catch (error) {
    if (error instanceof Problem && error.code === FULL) {
      waitForRoom(create, error.againS);
      return;
    }
    showScreen("understood");
    setText(byId("understood-problem"), error instanceof Problem ? error.key : "problem.unknown");
    showIf(byId("understood-problem"), true);
    return;
  } finally {
    button.disabled = false;
  }
  keepAdmission(admission);
  showReady(false);
}

byId("understood-continue").addEventListener("click", create);

readiness.addEventListener("start", ({ detail }) => {
  speaking = detail;
  readiness.leave();
  begin();
});

function begin() {
  admission = { ...admission, begun: true };
  keepAdmission(admission);
  showScreen("interview");
  return live.start(admission, speaking);
}

live.addEventListener("over", ({ detail }) => {
  if (detail.code === 4503) {
    waitForRoom(begin);
    return;
  }
  if (detail.code === 4001) {
    showBroken(detail.code);
    showScreen("broken");
    return;
  }
  microphone.stop();
  speaker.stop();
  forgetAdmission();
  if (detail.reason || detail.code === 4409) {
    showEnding(detail.reason ?? "closed", live.conversation, admission);
    followLateWords(admission, live.conversation);
    rights.show(admission, detail.reason);
    showScreen("ended");
    return;
  }
  showBroken(detail.code);
  showScreen("broken");
});

byId("broken-here").addEventListener("click", async () => {
  showScreen("interview");
  await live.start(admission, speaking && microphone.open);
});

for (const id of ["broken-restart", "abandon"]) {
  byId(id).addEventListener("click", () => {
    const home = admission?.home ?? "/";
    forgetAdmission();
    location.assign(home);
  });
}

if (admission) showReady(true);
else showScreen("resume");
