/** Last screen: thanks, and the conversation to read and keep; or why it cannot go on here. */

import { getOwnAnswers } from "./api.js";
import { answerText, beside } from "./conversation.js";
import { byId, showIf } from "./elements.js";
import { dayOf, knows, setText, text } from "./language.js";
import { Transcript } from "./transcript.js";

const LATE_MS = 5_000;
const LATE_TIMES = 24;
const DAY_MS = 86_400_000;
const BROKEN = { 4401: "broken.token", 4404: "broken.missing", 4001: "broken.taken" };

/**
 * @param {string} reason of the end, or `closed` where it had ended before
 * @param {import("./conversation.js").Conversation} conversation
 * @param {import("./interview.js").Admission} admission its link is where they see what becomes of it
 */
export function showEnding(reason, conversation, { language: lang, home, result }) {
  setText(byId("ended-title"), `ended.${reason}`);
  const own = `ended.${reason}.next`;
  const kept = home && reason !== "erased";
  setText(byId("ended-next"), knows(own) ? own : kept ? "ended.next.link" : "ended.next");
  if (kept) byId("ended-home").href = home;
  showIf(byId("ended-link"), kept);
  const until = Date.now() + (result?.days ?? 0) * DAY_MS;
  setText(byId("ended-result"), result?.days ? "result.until" : "result.by", { at: () => dayOf(until), by: result?.by });
  showIf(byId("ended-result"), (result?.days || result?.by) && !["closed", "erased"].includes(reason));
  new Transcript(byId("ended-transcript"), null, { you: "talk.you", lang }).follow(conversation);
  showIf(byId("ended-conversation"), conversation.size > 0);
  byId("save").onclick = () => save(conversation);
}

/**
 * Words that come after the end, for a while.
 *
 * @param {{interview_id: string, token: string}} admission
 */
export async function followLateWords(admission, conversation) {
  for (let time = 0; time < LATE_TIMES && conversation.waits; time += 1) {
    await new Promise((go) => setTimeout(go, LATE_MS));
    const answers = await getOwnAnswers(admission).catch(() => []);
    for (const { turn, text, gaps } of answers) if (!gaps.length) conversation.fill(turn, text);
  }
}

/** @param {number} code of the closed connection @returns {boolean} whether it can go on here */
export function showBroken(code) {
  const key = BROKEN[code] ?? "broken.missing";
  setText(byId("broken-title"), key);
  setText(byId("broken-text"), `${key}.text`);
  showIf(byId("broken-here"), code === 4001);
  showIf(byId("broken-restart"), code !== 4001);
  return code === 4001;
}

function save(conversation) {
  const lines = conversation.turns().flatMap((turn) => [
    `${text(turn.question?.source === "interviewer" ? "talk.human" : "talk.interviewer")}: ${turn.question?.text ?? ""}`,
    `${text("talk.you")}: ${answerText(turn, text("talk.gap")) || text("talk.empty")}`,
    ...beside(turn).map(({ text: words }) => text("talk.beside", { words })),
    "",
  ]);
  const url = URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `viva-${new Date().toISOString().slice(0, 10)}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
