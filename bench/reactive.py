"""A candidate who reacts: answers what was asked, brings things in, is puzzled by nonsense."""

from __future__ import annotations

from dataclasses import dataclass

from bench.interviewers import Reply
from bench.likeness import alike, names, read_back, says_again, words
from bench.scenarios import Event, Manner, Scenario

MOMENT_MS = 21_000
"""How long somebody thinks who asked for time."""
PUZZLED_MOST = 4
"""After so many puzzled replies a candidate gives up and answers something."""
READ_BACK = {"ko": 3, "en": 4}
"""So many words in a row of one's own are a reading."""
SAME_ASKED = 0.9
CLOSING = "closing"
CONFIRM = "confirm"
CONFIRMED = ("wish_skip", "wish_end")
"""What a candidate stands by when asked whether it is meant."""
STAYS_PRIVATE = ("confide", "distress", "refuse_private")


@dataclass(frozen=True, slots=True)
class Utterance:
    """``act``: ``answer``, ``exhausted``, ``puzzled``, ``agreed``, ``declined``, or the event's
    type. ``question``: what stood when it was said."""

    text: str
    act: str
    question: str
    topic: str
    key: str | None = None
    event: Event | None = None
    why: str = ""

    @property
    def silence_ms(self) -> int:
        return MOMENT_MS if self.act == "wish_moment" else 0


class Candidate:
    def __init__(self, scenario: Scenario, manner: Manner) -> None:
        self._scenario, self._manner = scenario, manner
        self._pending = list(scenario.events)
        self._left = dict(scenario.answers)
        self._more = list(scenario.more)
        self._said: list[Utterance] = []
        self._asked: list[str] = []
        self._question = self._topic = ""
        self._kept: str | None = None
        self._answered = self._puzzles = 0

    @property
    def pending(self) -> list[Event]:
        """What never found its time."""
        return self._pending

    def says(self, reply: Reply) -> Utterance:
        last = self._said[-1] if self._said else None
        if reply.spoken and reply.spoken[-1].kind == CONFIRM and last is not None:
            meant = last.event is not None and last.act in CONFIRMED
            text = self._manner.agreed if meant else self._manner.declined
            return self._say(text, "agreed" if meant else "declined", event=last.event)
        asked = [one for one in reply.spoken if "?" in one.text or one.kind != "aside"]
        fresh = bool(asked) and not says_again(reply.text, self._question)
        bad = self._bad(reply) if asked else ""
        if asked:
            self._question, self._topic = " ".join(one.text for one in asked), asked[-1].topic
            if fresh:
                self._kept = None
                self._asked.append(self._question)
        closing = bool(asked) and asked[-1].stage == CLOSING
        follows = bool(asked) and asked[-1].kind == "follow_up"
        key = self._kept or self._key(asked[-1].stage if asked else "", closing, follows)
        event = self._due(key, bad, closing)
        if event is not None:
            self._pending.remove(event)
            self._kept = key
            return self._say(event.says, event.type, key=key, event=event, why=bad)
        if bad and self._puzzles < PUZZLED_MOST and not closing:
            self._puzzles += 1
            self._kept = key
            return self._say(self._scenario.puzzled or self._manner.puzzled, "puzzled", why=bad)
        self._kept = None
        self._answered += 1
        return self._answer(key)

    def _answer(self, key: str | None) -> Utterance:
        if key is not None:
            return self._say(self._left.pop(key), "answer", key=key)
        if self._more:
            return self._say(self._more.pop(0), "answer", key="more")
        return self._say(self._manner.exhausted, "exhausted")

    def _say(
        self, text: str, act: str, *, key: str | None = None, event: Event | None = None,
        why: str = "",
    ) -> Utterance:  # fmt: skip
        said = Utterance(text, act, self._question, self._topic, key, event, why)
        self._said.append(said)
        return said

    def _key(self, stage: str, closing: bool, follows: bool) -> str | None:
        """Of the answer that fits the question; None: something further, or nothing is left."""
        if closing:
            return CLOSING if CLOSING in self._left else None
        low = self._question.lower()
        left = [key for key in self._left if key != CLOSING]
        hinted = [key for key in left if self._hinted(key, low)]
        by_stage = [key for key in self._manner.stages.get(stage, ()) if key in left]
        if follows:
            return hinted[0] if hinted else None
        fits = [key for key in by_stage if key in hinted] or by_stage or hinted
        return next(iter(fits or [key for key in left if key != "intro"]), None)

    def _hinted(self, key: str, low: str) -> bool:
        return any(hint in low for hint in self._manner.topics.get(key, ()))

    def _due(self, key: str | None, bad: str, closing: bool) -> Event | None:
        due = [event for event in self._pending if self._time_of(event, key, bad, closing)]
        order = {"bad question": 0, "close": 1}
        due.sort(key=lambda event: (event.type == "wish_end", order.get(event.when, 2)))
        return due[0] if due else None

    def _time_of(self, event: Event, key: str | None, bad: str, closing: bool) -> bool:
        when = event.when
        if when == "bad question":
            return bad == "private" if event.type == "refuse_private" else bool(bad)
        if when == "late":
            return len(self._asked) >= 10 and not closing
        if when == "close":
            return closing
        if closing and event.type != "question_company":
            return False
        if when.startswith("topic:"):
            return key == when.removeprefix("topic:")
        return self._answered + 1 >= int(when.removeprefix("turn "))

    def _bad(self, reply: Reply) -> str:
        """Why a person would not follow this, or not like it; empty where all is well."""
        text, last = reply.text.lower(), self._said[-1] if self._said else None
        if names(text, self._manner.private):
            return "private"
        if last is None:
            return ""
        expects = last.act.startswith("wish") or last.act in EXPECTS_AGAIN
        if not expects and any(alike(reply.text, old) > SAME_ASKED for old in self._asked):
            return "repeated"
        length = READ_BACK[self._scenario.language]
        for said in self._said[-3:]:
            if said.act not in ("answer", "correct_self") and read_back(text, said.text, length):
                return "private" if said.act in STAYS_PRIVATE else "reads_back"
        if reply.spoken[-1].kind == "follow_up" and not self._fits(reply.text.lower()):
            return "nonsense"
        return ""

    def _fits(self, asked: str) -> bool:
        """Whether it asks for a topic, asks on, or has a word of what is known."""
        hints = [hint for hints in self._manner.topics.values() for hint in hints]
        if any(hint in asked for hint in (*hints, *self._manner.further)):
            return True
        said = " ".join([self._scenario.known, *(one.text for one in self._said)])
        return bool(self._stems(asked) & self._stems(said))

    def _stems(self, text: str) -> set[str]:
        length = 2 if self._scenario.language == "ko" else 5
        kept = [word for word in words(text) if word not in self._manner.common]
        return {word[:length] for word in kept if len(word) >= min(length, 4)}


EXPECTS_AGAIN = (
    "clarify", "technical_trouble", "smalltalk_ack", "off_topic", "injection", "garbled", "puzzled",
    "declined", "question_process", "question_company", "correct_interviewer", "distress",
    "protest",
)  # fmt: skip
"""After which the question that stands may be said again."""
