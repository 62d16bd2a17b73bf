"""What is known of one interview: one frozen value, changed by facts, live and in a replay."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from server.core.events import (
    AnswerGiven,
    CandidateConnected,
    CandidateDisconnected,
    ControlTaken,
    Exchange,
    Fact,
    FloorPassed,
    InterviewEnded,
    ItemSettled,
    Language,
    Outcome,
    PlannedQuestion,
    QuestionAsked,
    QuestionHeard,
    SegmentHeard,
    SpeechStarted,
    SpeechStopped,
    Tell,
    UtteranceUnderstood,
    Word,
)
from server.core.floor import PASSES, Holder, IllegalPass
from server.core.habit import Habit

Settled = Mapping[str, tuple[Outcome, str | None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood of the running answer: its segments in order."""

    heard: tuple[SegmentHeard, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(heard.text for heard in self.heard if heard.text)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for heard in self.heard for word in heard.words)

    @property
    def engine(self) -> str:
        """The engines that heard it, in order, each once."""
        return ", ".join(dict.fromkeys(heard.engine for heard in self.heard)) or "none"

    @property
    def unread(self) -> bool:
        """Some of it no engine could read."""
        return any(heard.error for heard in self.heard)

    @property
    def last_segment(self) -> int:
        return self.heard[-1].segment if self.heard else 0

    def add(self, heard: SegmentHeard) -> Answer:
        others = (one for one in self.heard if one.segment != heard.segment)
        return Answer(tuple(sorted((*others, heard), key=lambda one: one.segment)))


@dataclass(frozen=True, slots=True)
class State:
    """``audio_ms``: where on the audio clock the facts end. ``understood_ms``: from here on nothing
    has been read into the answer. ``answered``: the questions of the plan to which something was
    said. ``topics``: of each entry of the history, the question of the plan it belongs to."""

    language: Language
    """What the candidate speaks: the language of the next answer, and of what is asked where it can
    be asked in it."""

    started: bool = False
    present: bool = False
    paused: bool = False
    ended: bool = False
    floor: Holder = "nobody"
    plan: tuple[PlannedQuestion, ...] = ()
    drafted: bool = False
    asked: tuple[QuestionAsked, ...] = ()
    was_heard: bool = False
    """The running question has been heard, so that an answer to it can come."""

    answer: Answer = Answer()
    history: tuple[Exchange, ...] = ()
    topics: tuple[str | None, ...] = ()
    answered: frozenset[str] = frozenset()
    settled: Settled = field(default_factory=dict)
    habit: Habit = field(default_factory=Habit)
    stopped_ms: int = 0
    audio_ms: int = 0
    understood_ms: int = 0

    @property
    def turn(self) -> int:
        return self.asked[-1].turn if self.asked else 0

    @property
    def current(self) -> QuestionAsked:
        return self.asked[-1]

    @property
    def over(self) -> bool:
        """The closing words were said: nothing more is asked."""
        return bool(self.asked) and self.asked[-1].kind == "closing"

    @property
    def topic(self) -> QuestionAsked | None:
        """The question of the plan that is being talked about."""
        return next((q for q in reversed(self.asked) if q.kind in ("opening", "planned")), None)

    @property
    def spent_ms(self) -> int:
        """How much of the interview's time was gone when the last question was asked."""
        return self.asked[-1].elapsed_ms if self.asked else 0

    # What changes it.

    def planned(self, questions: Sequence[PlannedQuestion], *, drafted: bool = False) -> State:
        """The first plan is kept; one that was drafted for want of it gives way, place by place: a
        question's id comes from its place."""
        if self.plan and not self.drafted:
            return self
        return replace(self, plan=tuple(questions), drafted=drafted)

    def alone(self) -> State:
        """Taken up from its facts: nobody is there, and has the floor, until somebody comes."""
        return replace(self, present=False, floor="nobody")

    def apply(self, fact: Fact) -> State:
        """The only place that knows what a fact means; every part of it is read from the fact."""
        match fact:
            case FloorPassed():
                return self._passed(fact)
            case SpeechStarted() | SpeechStopped():
                return self._spoke(fact)
            case SegmentHeard():
                return self._heard(fact)
            case QuestionAsked():
                asked = (*self.asked, fact)
                return replace(self, started=True, asked=asked, answer=Answer(), was_heard=False)
            case QuestionHeard():
                return replace(self, was_heard=True)
            case UtteranceUnderstood(move="correct"):
                return self._remembered(Exchange(self.current.text, self.answer.text))
            case AnswerGiven():
                return self._answered(fact)
            case ItemSettled():
                settled = {**self.settled, fact.question_id: (fact.outcome, fact.reason)}
                return replace(self, settled=settled)
            case CandidateConnected():
                return replace(self, started=True, present=True, audio_ms=self._later(fact.at_ms))
            case CandidateDisconnected():
                floor, audio_ms = self._interrupted(), self._later(fact.at_ms)
                return replace(self, present=False, floor=floor, audio_ms=audio_ms)
            case ControlTaken():
                paused = fact.control == "pause"
                floor = self._interrupted() if paused else self.floor
                return replace(self, paused=paused, floor=floor)
            case InterviewEnded():
                return replace(self, ended=True, floor="nobody")
            case _:
                return replace(self, started=True)

    def _later(self, at_ms: int) -> int:
        return max(self.audio_ms, at_ms)

    def _interrupted(self) -> Holder:
        """Nobody waits for the next question any more: the answer may still go on."""
        return "listening" if self.floor == "thinking" else self.floor

    def _passed(self, fact: FloorPassed) -> State:
        answer = self.answer
        if fact.floor == "listening" and self.floor == "thinking":
            noise = not answer.text and not answer.unread
            answer = Answer() if noise else answer
        understood = fact.floor != "listening" or not answer.heard
        return replace(
            self,
            floor=fact.floor,
            answer=answer,
            audio_ms=self._later(fact.at_ms),
            understood_ms=fact.at_ms if understood else self.understood_ms,
        )

    def _spoke(self, fact: SpeechStarted | SpeechStopped) -> State:
        audio_ms = self._later(fact.at_ms)
        if isinstance(fact, SpeechStopped):
            return replace(self, audio_ms=audio_ms, stopped_ms=fact.at_ms)
        pause_ms = fact.at_ms - self.stopped_ms
        went_on = fact.segment > 1 and pause_ms > 0  # 0: one that was too long was cut in two
        habit = self.habit.learned(pause_ms) if went_on else self.habit
        return replace(self, audio_ms=audio_ms, habit=habit)

    def _heard(self, fact: SegmentHeard) -> State:
        """Words that came after their turn had ended are kept, but belong to no running answer."""
        answer = self.answer.add(fact) if fact.turn == self.turn else self.answer
        return replace(
            self,
            answer=answer,
            audio_ms=self._later(fact.end_ms),
            understood_ms=max(self.understood_ms, fact.end_ms),
        )

    def _answered(self, fact: AnswerGiven) -> State:
        topic = self.topic
        answered = self.answered
        if topic is not None and fact.text.strip():
            answered |= {topic.question_id}
        remembered = self._remembered(Exchange(self.current.text, fact.text))
        return replace(
            remembered,
            language=fact.goes_on_in,
            answer=Answer(),
            was_heard=False,
            answered=answered,
        )

    def _remembered(self, exchange: Exchange) -> State:
        """What is known of the candidate from here on."""
        topic = self.topic.question_id if self.topic else None
        history, topics = (*self.history, exchange), (*self.topics, topic)
        return replace(self, history=history, topics=topics)


class Memory:
    """The state of a running interview, and what may change it: a fact that is told, or a plan."""

    def __init__(self, language: Language) -> None:
        self.state = State(language)

    def tell(self, fact: Fact) -> Tell:
        before = self.state.floor
        self.state = self.state.apply(fact)
        passed = isinstance(fact, FloorPassed | InterviewEnded)
        if passed and (before, self.state.floor) not in PASSES:
            warnings.warn(f"from {before} to {self.state.floor}", IllegalPass, stacklevel=2)
        return Tell(fact)

    def plan(self, questions: Sequence[PlannedQuestion], *, drafted: bool = False) -> None:
        self.state = self.state.planned(questions, drafted=drafted)

    def recall(self, facts: Iterable[Fact]) -> None:
        """Take the place of a memory that told these facts."""
        for fact in facts:
            self.state = self.state.apply(fact)
        self.state = self.state.alone()
