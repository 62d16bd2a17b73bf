import assert from "node:assert/strict";
import { test } from "node:test";
import { answerText, beside, Conversation, unclear, unheard, wordsOf } from "../../static/js/conversation.js";

function only(conversation) {
  const [turn] = conversation.turns();
  return turn;
}

test("segments are shown in order, whenever their words come", () => {
  const conversation = new Conversation();
  conversation.caption(1, 2, "second");
  conversation.caption(1, 1, "first");
  assert.equal(answerText(only(conversation)), "first second");
});

test("the whole answer takes the place of its segments, and later words change nothing", () => {
  const conversation = new Conversation();
  conversation.caption(1, 1, "so I");
  conversation.extend(1, 2, "mended");
  conversation.give(1, "So I mended it.");
  conversation.extend(1, 2, " it again");
  conversation.startSpeech(1);
  const turn = only(conversation);
  assert.equal(answerText(turn), "So I mended it.");
  assert.equal(turn.partial, null);
  assert.equal(turn.speaking, false);
});

test("a caption grows until its segment's words are known", () => {
  const conversation = new Conversation();
  conversation.extend(1, 1, "", "we cried");
  conversation.extend(1, 1, "we ", "tried it on");
  conversation.extend(1, 1, "tried", "it");
  assert.deepEqual(only(conversation).partial, { segment: 1, text: "we tried", tentative: "it" });
  conversation.caption(1, 1, "We tried it.");
  assert.equal(only(conversation).partial, null);
});

test("a part that nobody could write down is marked", () => {
  const conversation = new Conversation();
  conversation.caption(1, 1, "", { error: "the recogniser did not answer in time" });
  assert.equal(unheard(only(conversation)), true);
});

test("a part whose words are still to come is a gap until they are there", () => {
  const conversation = new Conversation();
  conversation.caption(1, 1, "first");
  conversation.wait(1, 2);
  conversation.caption(1, 3, "third");
  conversation.give(1, "first third");
  assert.equal(answerText(only(conversation), "[later]"), "first [later] third");
  assert.equal(conversation.waits, true);
  conversation.caption(1, 2, "second");
  conversation.give(1, "first second third");
  conversation.wait(1, 2);
  assert.equal(answerText(only(conversation)), "first second third");
  assert.equal(conversation.waits, false);
});

test("an answer whose late words are all there is whole", () => {
  const conversation = new Conversation();
  conversation.caption(1, 1, "first");
  conversation.wait(1, 2);
  conversation.fill(1, "first second");
  assert.equal(answerText(only(conversation)), "first second");
  assert.equal(conversation.waits, false);
  conversation.fill(1, "something else");
  assert.equal(answerText(only(conversation)), "first second");
});

test("pausing says nothing about a question; asking to repeat does", () => {
  const conversation = new Conversation();
  conversation.wish(1, "pause");
  conversation.wish(2, "repeat");
  assert.deepEqual(conversation.turns().map(({ turn }) => turn), [2]);
});

test("every change is told, hearing the same recording twice is none", () => {
  const conversation = new Conversation();
  let changes = 0;
  conversation.addEventListener("change", () => (changes += 1));
  const recording = { parts: [] };
  conversation.record(1, recording);
  conversation.record(1, recording);
  conversation.quiet();
  assert.equal(changes, 1);
});

test("words have times, else their segments", () => {
  const conversation = new Conversation();
  conversation.caption(1, 1, "we tried", { start_ms: 900 });
  assert.deepEqual(wordsOf(only(conversation)).map(({ start_ms: ms }) => ms), [900]);
  conversation.give(1, "we tried", "whisper", [{ text: "we", start_ms: 920, end_ms: 990 }]);
  assert.deepEqual(wordsOf(only(conversation)).map(({ start_ms: ms }) => ms), [920]);
});

test("a question that was taken back is none, and the answer before it goes on", () => {
  const conversation = new Conversation();
  conversation.ask({ turn: 1, text: "Why?", source: "bank", kind: "opening", model: null, reason: null });
  conversation.caption(1, 1, "It was slow");
  conversation.give(1, "It was slow");
  conversation.ask({ turn: 2, text: "And?", source: "bank", kind: "follow_up", model: null, reason: null });
  conversation.takeBack(2, 1);
  conversation.caption(1, 2, "at night.");
  const [open, taken] = conversation.turns();
  assert.equal(taken.question, null);
  assert.equal(open.answer, null);
  assert.equal(answerText(open), "It was slow at night.");
});

test("words that are hardly likely, and all of a segment that nobody made out, are doubtful", () => {
  const conversation = new Conversation();
  const words = [{ text: "We", start_ms: 0, sure: 0.9 }, { text: "kettled", start_ms: 200, sure: 0.4 }];
  conversation.caption(1, 1, "We kettled", { words });
  conversation.caption(1, 2, "worse boats", { unclear: "foreign" });
  conversation.caption(1, 3, "typed it");
  const doubtful = () => wordsOf(only(conversation), 0.8).map((word) => [word.text, word.doubtful]);
  const heard = [["We", false], ["kettled", true], ["worse boats", true], ["typed it", false]];
  assert.deepEqual(doubtful(), heard);
  assert.deepEqual(unclear(only(conversation)).map(({ text }) => text), ["worse boats"]);
  conversation.give(1, "We kettled worse boats typed it");
  assert.deepEqual(doubtful(), heard, "the answer says no more of its words than they did");
});

test("words of an answer are doubtful where they lie in a segment that nobody made out", () => {
  const conversation = new Conversation();
  conversation.caption(1, 1, "We", { start_ms: 0, end_ms: 150 });
  conversation.caption(1, 2, "boats", { start_ms: 150, end_ms: 400, unclear: "lost" });
  const words = [{ text: "We", start_ms: 0, sure: 0.9 }, { text: "boats", start_ms: 200, sure: null }];
  conversation.give(1, "We boats", "whisper", words);
  assert.deepEqual(wordsOf(only(conversation), 0.8).map((word) => word.doubtful), [false, true]);
});

test("a far quieter voice is no part of the answer, unless it is all that was said or claimed", () => {
  const conversation = new Conversation();
  conversation.caption(1, 1, "welcome back to the show", { background: true });
  assert.equal(answerText(only(conversation)), "welcome back to the show");
  conversation.caption(1, 2, "I built it.");
  assert.equal(answerText(only(conversation)), "I built it.");
  assert.deepEqual(wordsOf(only(conversation)).map((word) => word.text), ["I built it."]);
  const others = () => beside(only(conversation)).map((segment) => segment.text);
  assert.deepEqual(others(), ["welcome back to the show"]);
  conversation.give(1, "I built it.");
  assert.deepEqual(others(), ["welcome back to the show"]);
  conversation.claim(1);
  conversation.give(1, "welcome back to the show I built it.");
  assert.deepEqual(others(), []);
});

test("a far quieter voice whose words are still to come leaves no gap in the answer", () => {
  const conversation = new Conversation();
  conversation.caption(1, 1, "I built it.");
  conversation.wait(1, 2, 0, true);
  assert.equal(answerText(only(conversation), "[later]"), "I built it.");
});

test("what a person who leads is saying is shown until its words are there", () => {
  const conversation = new Conversation();
  conversation.lead(1, "a", "too", "early", false);
  assert.equal(conversation.size, 0);
  conversation.ask({ turn: 1, text: "Somebody takes over.", reason: "taken_over" });
  conversation.lead(1, "a", "What", "wood", false);
  conversation.lead(1, "a", " would", "you", false);
  conversation.lead(1, "b", "", "And", false);
  assert.deepEqual(only(conversation).led.get("a"), { text: "What would", tentative: "you" });
  assert.equal(conversation.saying(1), "And");
  conversation.say(1, "a", "What would you do?");
  assert.deepEqual([...only(conversation).led.keys()], ["b"]);
  conversation.lead(1, "b", "", "", true);
  assert.equal(conversation.saying(1), "What would you do?");
  conversation.lead(1, "c", "and", "", false);
  conversation.ask({ turn: 2, text: "Again.", reason: null });
  assert.equal(conversation.turns()[0].led.size, 0);
});
