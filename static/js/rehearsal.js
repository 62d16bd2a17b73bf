/** The rehearsal: microphone, voice, line and one practice question, and what is to be done where something does not work. Nothing of it is stored. */

import { keepAdmission, recallAdmission } from "./admission.js";
import { all, byId, make, showIf } from "./elements.js";
import { tellInApp } from "./inapp.js";
import { Invitation } from "./invitationapi.js";
import { languageName, onLanguage, setPlain, setText, startLanguage, text } from "./language.js";
import { draw } from "./level.js";
import { echoes, lineOf } from "./measuring.js";
import { loud, Microphone, MicrophoneError } from "./microphone.js";
import { Microphones } from "./microphones.js";
import { OwnVoice } from "./ownvoice.js";
import { PracticeAnswer } from "./practiceanswer.js";
import { PracticeLine } from "./practiceline.js";
import { Speaker } from "./speaker.js";
import { allowVoice, browserVoice, voicesOf } from "./voicing.js";

const STEPS = ["microphone", "voice", "practice", "result"];
const HEARD_RMS = 0.012;
const STILL_FRAMES = 50;

await startLanguage();

/** @type {import("./interview.js").Admission} */
const admission = recallAdmission() ?? { interview_id: "", target_role: "", language: "", token: "", websocket_url: "" };
const microphone = new Microphone();
const microphones = new Microphones(microphone, byId("microphone-device"));
const speaker = new Speaker();
const line = new PracticeLine(admission);
const own = new OwnVoice();
const answer = new PracticeAnswer(line);

/** What was found; undefined: not tried. */
const found = { microphone: undefined, sound: undefined, echo: false, trips: undefined, covered: undefined, words: undefined };
let at = "microphone";
/** Levels of the microphone before the voice is played, and while. */
let still = [];
let during = [];
let playing = false;
let questionText = "";
/** Those of the browser that may say the questions. @type {any[]} */
let voices = [];
/** The one that speaks. @type {any} */
let aloud = null;
let slowerRate = 1;

/** @type {Record<"act" | "other", () => void>} */
const does = { act: () => {}, other: () => {} };

/** What a button says and does; without a key it is not there.
 * @param {"act" | "other"} id @param {string | null} key @param {(() => void) | null} [work] null: one has to wait */
function offer(id, key, work = null) {
  showIf(byId(id), key);
  if (key) setText(byId(id), key);
  byId(id).setAttribute("aria-disabled", String(work === null));
  does[id] = work ?? (() => {});
}
for (const id of /** @type {const} */ (["act", "other"])) byId(id).addEventListener("click", () => does[id]());

/** @param {string} step */
function go(step) {
  at = step;
  for (const section of all("[data-step]")) section.hidden = section.dataset.step !== step;
  showIf(byId("leave"), step !== "result");
  offer("other", null);
  writePlace();
  begin[step]();
  byId("body").scrollTop = 0;
  all(`[data-step="${step}"] h1`)[0].focus({ preventScroll: true });
}

function writePlace() {
  setText(byId("place"), "rehearsal.place", { step: STEPS.indexOf(at) + 1, steps: STEPS.length });
}

function toInterview() {
  microphone.stop();
  aloud?.stop();
  line.close();
  location.assign("/");
}
byId("leave").addEventListener("click", toInterview);

// The microphone, and one's own voice.

function tellMicrophone(name, problem = false) {
  const element = byId("microphone-state");
  element.classList.toggle("problem", problem);
  element.classList.toggle("good", name === "ready.heard");
  setText(element, name);
}

async function openMicrophone() {
  tellMicrophone("ready.asking");
  offer("act", "ready.open");
  try {
    await microphone.start();
    await microphone.begins();
  } catch (error) {
    found.microphone = error instanceof MicrophoneError ? error.reason : "busy";
    showIf(byId("microphone-live"), false);
    tellMicrophone(`ready.${found.microphone}`, true);
    offer("act", "retry", openMicrophone);
    offer("other", "rehearsal.typed", () => go("result"));
    return;
  }
  tellMicrophone("ready.speak");
  showIf(byId("microphone-live"), true);
  offer("act", "rehearsal.tape", hearOneself);
  offer("other", null);
}

async function hearOneself() {
  tellMicrophone("rehearsal.taping");
  offer("act", "rehearsal.taping.short");
  offer("other", null);
  const loudest = await own.record();
  const heard = loudest > HEARD_RMS;
  if (heard) {
    tellMicrophone("rehearsal.playing");
    await own.play();
  }
  found.microphone = heard ? "heard" : "silent";
  tellMicrophone(heard ? "rehearsal.taped" : "ready.silent", !heard);
  offer("act", heard ? "rehearsal.next" : "rehearsal.tape", heard ? () => go("voice") : hearOneself);
  offer("other", heard ? "rehearsal.tape.again" : "rehearsal.next.without", heard ? hearOneself : () => go("voice"));
}

byId("microphone-device").addEventListener("change", async ({ target }) => {
  try {
    await microphone.change(target.value);
    tellMicrophone("ready.speak");
    offer("act", "rehearsal.tape", hearOneself);
    offer("other", null);
  } catch (error) {
    tellMicrophone(`ready.${error instanceof MicrophoneError ? error.reason : "busy"}`, true);
  }
  await microphones.list();
});

microphone.addEventListener("frame", ({ detail: { pcm, rms } }) => {
  const bar = byId(at === "practice" ? "practice-level" : "microphone-level");
  draw(bar, loud(rms));
  own.take(pcm, rms);
  if (playing) during.push(rms);
  else if (at === "voice") still = [...still, rms].slice(-STILL_FRAMES);
  if (at === "practice") answer.hear(pcm);
});
microphone.addEventListener("lost", () => {
  if (at === "microphone") openMicrophone();
});

// The voice, the echo, the line.

async function connected() {
  if (await line.connect()) return true;
  found.trips = [];
  writeLine();
  return false;
}

async function measure() {
  if (found.trips !== undefined || !(await connected())) return;
  found.trips = await line.measure();
  writeLine();
}

function writeLine() {
  const measured = found.trips && lineOf(found.trips);
  if (found.trips === undefined) setText(byId("line"), "rehearsal.line.measuring");
  else if (!measured) setText(byId("line"), "rehearsal.line.none");
  else setText(byId("line"), measured.good ? "rehearsal.line.good" : "rehearsal.line.slow", { trip: measured.tripMs, jitter: measured.jitterMs });
}

line.addEventListener("question", async ({ detail }) => {
  found.covered = detail.covered;
  questionText = detail.text;
  byId("practice-question").lang = detail.language;
  byId("practice-words").lang = detail.language;
  setPlain(byId("practice-question"), detail.text);
  admission.voice = detail.voice;
  slowerRate = detail.slower;
  voices = await voicesOf(admission);
  writeVoices();
});
line.addEventListener("voice", ({ detail }) => speaker.play(0, detail.offset, detail.pcm));

/** Whether it is known who says the question. */
const told = new Promise((resolve) => {
  line.addEventListener("question", () => resolve(true), { once: true });
  line.addEventListener("lost", () => resolve(false));
});

function writeVoices() {
  const online = ({ name, localService }) => (localService ? name : text("rehearsal.voice.online", { name }));
  const options = voices.map((one) => make("option", { value: one.voiceURI }, online(one)));
  byId("voice-choice").replaceChildren(...options, make("option", { value: "server" }, text("rehearsal.voice.server")));
  const taken = admission.speaker === "server" ? undefined : voices.find(({ voiceURI }) => voiceURI === admission.speaker) ?? voices[0];
  byId("voice-choice").value = taken?.voiceURI ?? "server";
  showIf(byId("voice-row"), voices.length);
  showIf(byId("voice-cloud"), taken && !taken.localService);
}
onLanguage(writeVoices);

byId("voice-choice").addEventListener("change", async ({ target }) => {
  chooseVoice(target.value);
  await hearVoice();
});

/** @param {string} value */
function chooseVoice(value) {
  admission.speaker = value;
  keepAdmission(admission);
  writeVoices();
}

/** By the browser. @returns {Promise<boolean>} whether it could */
async function askAloud() {
  const heard = new Promise((resolve) => {
    aloud.addEventListener("played", ({ detail }) => detail.complete && resolve(true));
    aloud.addEventListener("failed", () => resolve(false));
  });
  during = [];
  playing = true;
  aloud.say(0, questionText, admission.language, byId("slower").checked ? slowerRate : 1);
  const said = await heard;
  playing = false;
  return said;
}

/** The practice question aloud, until it was heard. @returns {Promise<boolean>} whether there is a voice */
async function ask() {
  allowVoice(admission);
  if (!(await connected()) || !(await told)) return false;
  aloud?.stop();
  aloud = await browserVoice(admission);
  if (aloud) {
    if (await askAloud()) return true;
    chooseVoice("server");
  }
  await speaker.start();
  const said = new Promise((resolve) => {
    line.addEventListener("said", ({ detail }) => resolve(detail.duration_ms !== null), { once: true });
    line.addEventListener("lost", () => resolve(false), { once: true });
  });
  const heard = new Promise((resolve) => {
    const listen = ({ detail }) => {
      if (!detail.complete) return;
      speaker.removeEventListener("played", listen);
      resolve(true);
    };
    speaker.addEventListener("played", listen);
  });
  during = [];
  playing = true;
  line.say(byId("slower").checked);
  const voiced = await said;
  if (voiced) {
    speaker.done(0);
    await heard;
  }
  playing = false;
  return voiced;
}

async function hearVoice() {
  setText(byId("voice-state"), "rehearsal.voice.playing");
  offer("act", "rehearsal.voice.playing.short");
  offer("other", null);
  found.sound = await ask();
  found.echo = microphone.open && echoes(still, during);
  showIf(byId("echo"), found.echo);
  setText(byId("voice-state"), found.sound ? "rehearsal.voice.played" : line.open ? "rehearsal.voice.none" : "rehearsal.line.none");
  offer("act", found.sound ? "rehearsal.voice.heard" : "rehearsal.next.without", () => go("practice"));
  offer("other", "rehearsal.voice.again", hearVoice);
}

/** Told to whoever invited, as every other need is. */
async function keepSlower() {
  if (!admission.home || !admission.adjustments) return;
  admission.adjustments = { ...admission.adjustments, slower_voice: byId("slower").checked };
  keepAdmission(admission);
  try {
    await new Invitation(admission.token).adjust(admission.adjustments);
  } catch {
    setText(byId("voice-state"), "problem.unknown");
  }
}
byId("slower").addEventListener("change", async () => {
  await keepSlower();
  await hearVoice();
});

// One question.

answer.addEventListener("state", ({ detail }) => setText(byId("practice-state"), detail));

async function askPractice() {
  setText(byId("practice-state"), "floor.speaking");
  showIf(byId("practice-moment"), true);
  offer("act", "rehearsal.voice.playing.short");
  offer("other", null);
  await ask();
  byId("practice-floor").dataset.floor = "listening";
  answer.begin();
  offer("act", "stage.done", answered);
  offer("other", "control.moment", () => answer.moment());
}

async function answered() {
  byId("practice-floor").dataset.floor = "waiting";
  offer("act", "rehearsal.writing.short");
  offer("other", null);
  showIf(byId("practice-moment"), false);
  found.words = await answer.end();
  offer("act", "rehearsal.next.result", () => go("result"));
  offer("other", "rehearsal.again", askPractice);
}

// What was found.

/** @returns {[boolean, string, Record<string, any>?][]} */
function findings() {
  const measured = found.trips && lineOf(found.trips);
  const told = [];
  if (found.microphone === "heard") told.push([true, "rehearsal.found.microphone"]);
  else if (found.microphone === undefined) told.push([false, "rehearsal.found.microphone.untried"]);
  else told.push([false, `ready.${found.microphone}`]);
  if (found.sound) told.push([true, "rehearsal.found.sound"]);
  if (found.sound === false && line.open) told.push([false, "rehearsal.voice.none"]);
  if (found.echo) told.push([false, "rehearsal.echo"]);
  if (found.trips !== undefined) {
    const key = measured ? (measured.good ? "rehearsal.found.line" : "rehearsal.line.slow") : "rehearsal.line.none";
    told.push([Boolean(measured?.good), key, { trip: measured?.tripMs ?? 0, jitter: measured?.jitterMs ?? 0 }]);
  }
  if (found.covered === false) told.push([false, "rehearsal.uncovered", { language: () => languageName(admission.language) }]);
  else if (found.words === "") told.push([false, "rehearsal.found.words.none"]);
  else if (found.words !== undefined) told.push([true, "rehearsal.found.words"]);
  return /** @type {any} */ (told);
}

function writeResult() {
  const told = findings();
  byId("found").replaceChildren(
    ...told.map(([good, key, values]) => {
      const item = make("li", { class: good ? undefined : "not" });
      const words = make("span");
      setText(words, key, values ?? {});
      item.append(words);
      return item;
    }),
  );
}

const begin = {
  microphone() {
    if (microphone.open) {
      tellMicrophone("ready.speak");
      offer("act", "rehearsal.tape", hearOneself);
    } else {
      tellMicrophone("ready.idle");
      offer("act", "ready.open", openMicrophone);
    }
  },
  voice() {
    showIf(byId("slower-row"), Boolean(admission.adjustments));
    byId("slower").checked = Boolean(admission.adjustments?.slower_voice);
    setText(byId("voice-state"), "rehearsal.voice.idle");
    writeLine();
    offer("act", "rehearsal.voice.play", hearVoice);
    measure();
  },
  practice() {
    const language = () => languageName(admission.language);
    setText(byId("practice-state"), "rehearsal.practice.idle");
    byId("practice-floor").dataset.floor = "waiting";
    showIf(byId("practice-words"), false);
    showIf(byId("practice-moment"), true);
    showIf(byId("uncovered"), found.covered === false);
    setText(byId("uncovered"), "rehearsal.uncovered", { language });
    if (!questionText) setText(byId("practice-question"), "rehearsal.line.none");
    const can = found.covered !== false && microphone.open && line.open;
    if (can) offer("act", "rehearsal.ask", askPractice);
    else offer("act", "rehearsal.next.result", () => go("result"));
  },
  result() {
    writeResult();
    const aloud = found.covered !== false && (microphone.open || found.microphone === undefined);
    const fine = findings().every(([good]) => good);
    setText(byId("result-title"), fine ? "rehearsal.fine" : aloud ? "rehearsal.nearly" : "rehearsal.in_writing");
    showIf(byId("ways"), !fine);
    setText(byId("ways"), aloud ? "rehearsal.ways" : "rehearsal.ways.typed");
    offer("act", aloud ? "rehearsal.to" : "rehearsal.to.typed", () => {
      keepAdmission({ ...admission, typed: !aloud });
      toInterview();
    });
    offer("other", "rehearsal.from_start", () => go("microphone"));
  },
};

onLanguage(writePlace);
if (admission.token) {
  tellInApp(() => new URL(admission.home ?? "/", location.href).href);
  go("microphone");
} else location.replace("/");
