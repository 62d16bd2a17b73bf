"""What is known of one interview: one frozen value, changed by facts, live and in a replay."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from server.core.events import Exchange, Fact, Kind, Language, Outcome, PlannedQuestion, Tell, facts
from server.core.events.answer import Answer, Past, says
from server.core.floor import PASSES, Holder, IllegalPass
from server.core.habit import Habit
from server.core.understanding import HURT, Asks, Star

BESIDE: tuple[Kind, ...] = ("repeat", "rephrase", "confirm", "aside")
"""Kinds of what is said while a question is open."""
TAKEN_OVER = "taken_over"
"""Why the candidate is told that a person leads."""
LATE = (
    facts.SegmentHeard,
    facts.SegmentPending,
    facts.VoiceClaimed,
    facts.AnswerRevised,
    facts.TypingTaken,
    facts.SteppedIn,
)
"""Tells of what was said before, whatever is going on."""


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
    asked: tuple[facts.QuestionAsked, ...] = ()
    turns: int = 0
    """The highest number a turn has had: that of a question which was taken back is not given
    again."""

    yields: int = 0
    """How often a question was taken back."""

    own_voice: int = 0
    """How often the interviewer heard itself."""

    reopened: bool = False
    """The running answer goes on after the question that followed it was taken back."""

    before: State | None = field(default=None, repr=False)
    """As it was when the answer seemed to be over, for as long as the question that followed may be
    taken back."""

    was_heard: bool = False
    """The running question has been heard, so that an answer to it can come."""

    answer: Answer = field(default_factory=Answer)
    past: Mapping[int, Past] = field(default_factory=dict)
    begun: Mapping[int, tuple[int, int | None]] = field(default_factory=dict)
    """Segments of the running answer that are neither words nor pending, and when they began and
    ended."""

    typed: Mapping[str, int] = field(default_factory=dict)
    """What clients typed under ids of their own, and in which turn."""

    not_answer: int = 0
    """The last turn in which what was said was no answer."""

    understood: facts.UtteranceUnderstood | None = None
    """How the last utterance was read."""

    topic_asks: Asks | None = None
    topic_star: frozenset[Star] | None = None
    topic_in_peace: bool = False
    """What the topic's question was read to ask for, what its answers had of a story so far, and
    whether something was said to it that had better not be gone into."""

    steps: tuple[facts.SteppedIn, ...] = ()
    """What people did who stepped in."""

    history: tuple[Exchange, ...] = ()
    topics: tuple[str | None, ...] = ()
    answered: frozenset[str] = frozenset()
    settled: Mapping[str, tuple[Outcome, str | None]] = field(default_factory=dict)
    habit: Habit = field(default_factory=Habit)
    stopped_ms: int = 0
    audio_ms: int = 0
    understood_ms: int = 0

    @property
    def turn(self) -> int:
        return self.asked[-1].turn if self.asked else 0

    @property
    def next_turn(self) -> int:
        return max(self.turn, self.turns) + 1

    @property
    def current(self) -> facts.QuestionAsked:
        return self.asked[-1]

    @property
    def over(self) -> bool:
        """The closing words were said: nothing more is asked."""
        return bool(self.asked) and self.asked[-1].kind == "closing"

    @property
    def topic(self) -> facts.QuestionAsked | None:
        """The question of the plan that is being talked about."""
        return next((q for q in reversed(self.asked) if q.kind in ("opening", "planned")), None)

    @property
    def pending(self) -> tuple[facts.SegmentPending, ...]:
        """Sound of any turn that is not words yet."""
        past = (one for turn in self.past.values() for one in turn.answer.pending)
        return (*past, *self.answer.pending)

    @property
    def open_question(self) -> facts.QuestionAsked:
        """What is to be answered, however often it was said again or something was said beside."""
        return next(q for q in reversed(self.asked) if q.kind not in BESIDE)

    @property
    def spent_ms(self) -> int:
        """How much of the interview's time was gone when the last question was asked."""
        return self.asked[-1].elapsed_ms if self.asked else 0

    @property
    def wanted(self) -> facts.SteppedIn | None:
        """What a person wants to be asked next."""
        asked, first = {one.question_id for one in self.asked}, self.leader
        steps = [one for one in self.steps if one is first or one.step in ("question", "topic")]
        steps.sort(key=lambda one: one is not first)
        return next((one for one in steps if one.step_id not in asked), None)

    @property
    def leader(self) -> facts.SteppedIn | None:
        """Who leads the conversation by voice until they hand back, or waits to."""
        turns = [one for one in self.steps if one.step in ("take_over", "hand_back")]
        last = next((one for one in reversed(turns) if one.warned is None), None)
        return last if last is not None and last.step == "take_over" else None

    @property
    def by_person(self) -> bool:
        """A person asks in this turn, or did."""
        return bool(self.asked) and self.current.reason == TAKEN_OVER

    @property
    def led(self) -> bool:
        """A person leads, and the candidate was told so."""
        return self.by_person and self.leader is not None

    @property
    def unsaid(self) -> tuple[facts.SteppedIn, ...]:
        """What people wrote to the candidate in this turn: it is said with what is said next."""
        written = (one for one in self.steps if one.step in ("line", "answer"))
        return tuple(one for one in written if max(one.turn, 1) >= self.turn)

    @property
    def more_minutes(self) -> float:
        """By how much a person changed the interview's time."""
        return sum(one.minutes for one in self.steps)

    # What changes it.

    def planned(self, questions: Sequence[PlannedQuestion], *, drafted: bool = False) -> State:
        """The first plan is kept; one that was drafted for want of it gives way, place by place: a
        question's id comes from its place."""
        if self.plan and not self.drafted:
            return self
        return replace(self, plan=tuple(questions), drafted=drafted)

    def alone(self) -> State:
        """Taken up from its facts: nobody is there, and has the floor, until somebody comes."""
        return replace(self, present=False, floor="nobody", before=None)

    def apply(self, fact: Fact) -> State:
        """The only place that knows what a fact means; every part of it is read from the fact."""
        after = self._after(fact)
        if after.before is None or not isinstance(fact, LATE):
            return after
        return replace(after, before=after.before.apply(fact))

    def _after(self, fact: Fact) -> State:
        match fact:
            case facts.QuestionTakenBack():
                return self._taken_back(fact)
            case facts.FloorPassed():
                return self._passed(fact)
            case facts.SpeechStarted() | facts.SpeechStopped():
                return self._spoke(fact)
            case facts.OwnVoiceHeard():
                begun = self._without(fact.segment)
                return replace(self, own_voice=self.own_voice + 1, begun=begun)
            case facts.SegmentHeard() | facts.SegmentPending():
                return self._came(fact)
            case facts.TypingTaken():
                return replace(self, typed={**self.typed, fact.item: fact.turn})
            case facts.VoiceClaimed():
                return self._with(fact.turn, Answer.claim)
            case facts.AnswerRevised():
                return self._revised(fact)
            case facts.QuestionAsked():
                return self._asked(fact)
            case facts.QuestionHeard():
                return replace(self, was_heard=True)
            case facts.UtteranceUnderstood():
                return self._understood(fact)
            case facts.AnswerGiven():
                return self._answered(fact)
            case facts.ItemSettled():
                settled = {**self.settled, fact.question_id: (fact.outcome, fact.reason)}
                return replace(self, settled=settled)
            case facts.CandidateConnected():
                return replace(self, started=True, present=True, audio_ms=self._later(fact.at_ms))
            case facts.CandidateDisconnected():
                floor, audio_ms = self._interrupted(), self._later(fact.at_ms)
                return replace(self, present=False, floor=floor, audio_ms=audio_ms, before=None)
            case facts.ControlTaken():
                paused = fact.control == "pause"
                floor = self._interrupted() if paused else self.floor
                return replace(self, paused=paused, floor=floor, before=None)
            case facts.SteppedIn():
                return replace(self, steps=(*self.steps, fact))
            case facts.InterviewEnded():
                past = self._passed_over()
                return replace(self, ended=True, floor="nobody", past=past, answer=Answer())
            case _:
                return replace(self, started=True)

    def _later(self, at_ms: int) -> int:
        return max(self.audio_ms, at_ms)

    def _interrupted(self) -> Holder:
        """Nobody waits for the next question any more: the answer may still go on."""
        return "listening" if self.floor == "thinking" else self.floor

    def _passed(self, fact: facts.FloorPassed) -> State:
        answer = self.answer
        if fact.floor == "listening" and self.floor == "thinking":
            noise = not answer.said and not answer.unread
            answer = Answer(kept=answer.kept) if noise else answer
        understood = fact.floor != "listening" or not answer.heard
        before = self.before if fact.floor == "speaking" else None
        return replace(
            self,
            floor=fact.floor,
            before=replace(self, before=None) if fact.floor == "thinking" else before,
            answer=answer,
            audio_ms=self._later(fact.at_ms),
            understood_ms=fact.at_ms if understood else self.understood_ms,
        )

    def _spoke(self, fact: facts.SpeechStarted | facts.SpeechStopped) -> State:
        audio_ms = self._later(fact.at_ms)
        began_ms, _ = self.begun.get(fact.segment, (fact.at_ms, None))
        if isinstance(fact, facts.SpeechStopped):
            begun = {**self.begun, fact.segment: (began_ms, fact.at_ms)}
            return replace(self, audio_ms=audio_ms, stopped_ms=fact.at_ms, begun=begun)
        pause_ms = fact.at_ms - self.stopped_ms
        went_on = fact.segment > 1 and pause_ms > 0  # 0: one that was too long was cut in two
        habit = self.habit.learned(pause_ms) if went_on else self.habit
        begun = {**self.begun, fact.segment: (fact.at_ms, None)}
        return replace(self, audio_ms=audio_ms, habit=habit, begun=begun)

    def _asked(self, fact: facts.QuestionAsked) -> State:
        """What was said to the question before it, and is not words yet, stays with that one."""
        begins = fact.kind in ("opening", "planned")
        return replace(
            self,
            topic_asks=None if begins else self.topic_asks,
            topic_star=None if begins else self.topic_star,
            topic_in_peace=not begins and self.topic_in_peace,
            started=True,
            asked=(*self.asked, fact),
            turns=max(self.turns, fact.turn),
            reopened=False,
            answer=self._kept_for(fact),
            past=self._passed_over(),
            begun={},
            was_heard=False,
        )

    def _kept_for(self, fact: facts.QuestionAsked) -> Answer:
        """Only the part that was unclear is asked for again; what may have been an answer stays one
        until it is known."""
        if fact.reason == "garbled" and fact.kind == "aside":
            return self.answer.again()
        if fact.reason == "unsure":
            return Answer(kept=self.answer.counted)
        return Answer(kept=self.answer.kept) if fact.kind in BESIDE else Answer()

    def _taken_back(self, fact: facts.QuestionTakenBack) -> State:
        """All that was told since the answer seemed to be over is undone, but what was learned of
        sound and of the plan."""
        if self.before is None or self.before.turn != fact.reopened:
            return self
        return replace(
            self.before,
            plan=self.plan,
            drafted=self.drafted,
            floor=self.floor,
            turns=self.turns,
            yields=self.yields + 1,
            own_voice=self.own_voice,
            reopened=True,
            audio_ms=self.audio_ms,
        )

    def _passed_over(self) -> Mapping[int, Past]:
        """With the running turn, which is over."""
        if not self.asked or self.turn in self.past:
            return self.past
        no_answer = self.not_answer == self.turn
        over = Past(self.current.question_id, self.answer, no_answer=no_answer)
        return {**self.past, self.turn: over}

    def _came(self, fact: facts.SegmentHeard | facts.SegmentPending) -> State:
        """Words or sound that came after their turn had ended belong to no running answer."""
        known = replace(self, audio_ms=self._later(fact.end_ms))
        if isinstance(fact, facts.SegmentHeard):
            known = replace(known, understood_ms=max(self.understood_ms, fact.end_ms))
        if fact.turn == self.turn and fact.turn not in self.past:
            known = replace(known, begun=self._without(fact.segment))
        return State._with(known, fact.turn, lambda answer: answer.add(fact))

    def _with(self, turn: int, change: Callable[[Answer], Answer]) -> State:
        if (past := self.past.get(turn)) is not None:
            past = replace(past, answer=change(past.answer))
            return replace(self, past={**self.past, turn: past})
        return replace(self, answer=change(self.answer)) if turn == self.turn else self

    def _without(self, segment: int) -> Mapping[int, tuple[int, int | None]]:
        return {number: times for number, times in self.begun.items() if number != segment}

    def _understood(self, fact: facts.UtteranceUnderstood) -> State:
        not_answer = self.not_answer if fact.answers else fact.turn
        peace = self.topic_in_peace or fact.sensitive != "none" or fact.act in HURT
        known = replace(
            self, started=True, not_answer=not_answer, understood=fact, topic_in_peace=peace
        )
        if fact.answers and fact.star is not None:
            star = (self.topic_star or frozenset()) | set(fact.star)
            asks = self.topic_asks if self.open_question.kind == "follow_up" else fact.asks
            known = replace(known, topic_star=star, topic_asks=asks)
        if fact.move != "correct":
            return known
        exchange = Exchange(self.current.text, self.answer.marked, fact.turn)
        return State._remembered(known, exchange)

    def _answered(self, fact: facts.AnswerGiven) -> State:
        answer = self.past[fact.turn].answer if fact.turn in self.past else self.answer
        given = Past(fact.question_id, answer, replace(fact, timings={}), len(self.history))
        asked, topic = self._asked_in(fact.turn)
        quotable = answer.quotable(fact.text)
        said = {topic} if topic is not None and says(quotable) else set()
        known = replace(
            self._remembered(Exchange(asked, quotable, fact.turn), topic),
            past={**self.past, fact.turn: given},
            answered=self.answered | said,
        )
        if fact.turn != self.turn:
            return known
        return replace(known, language=fact.goes_on_in, answer=Answer(), was_heard=False)

    def _revised(self, fact: facts.AnswerRevised) -> State:
        past = self.past.get(fact.turn)
        if past is None or past.given is None:
            return self
        reads = replace(past.given, text=fact.text, words=fact.words, engine=fact.engine)
        read = replace(past, given=reads)
        history = list(self.history)
        quotable = past.answer.quotable(fact.text)
        if past.place is not None:
            history[past.place] = replace(history[past.place], answer=quotable)
        _, topic = self._asked_in(fact.turn)
        said = {topic} if topic is not None and says(quotable) else set()
        past_turns, answered = {**self.past, fact.turn: read}, self.answered | said
        return replace(self, history=tuple(history), answered=answered, past=past_turns)

    def _asked_in(self, turn: int) -> tuple[str, str | None]:
        """The question of this turn, and that of the plan which was being talked about; a person
        who leads talks about something else."""
        asked = [one for one in self.asked if one.turn <= turn]
        if asked and asked[-1].reason == TAKEN_OVER:
            return asked[-1].text, asked[-1].question_id
        topic = next((q for q in reversed(asked) if q.kind in ("opening", "planned")), None)
        return asked[-1].text if asked else "", topic.question_id if topic else None

    def _remembered(self, exchange: Exchange, topic: str | None = None) -> State:
        """What is known of the candidate from here on; ``topic``: if not the running one."""
        if topic is None:
            topic = self.topic.question_id if self.topic else None
        if (read := self.understood) is not None and read.turn == exchange.turn:
            exchange = replace(exchange, act=read.act, move=read.move, star=read.star)
        history, topics = (*self.history, exchange), (*self.topics, topic)
        return replace(self, history=history, topics=topics)


class Memory:
    """The state of a running interview, and what may change it: a fact that is told, or a plan."""

    def __init__(self, language: Language) -> None:
        self.state = State(language)

    def tell(self, fact: Fact) -> Tell:
        before = self.state.floor
        self.state = self.state.apply(fact)
        passed = isinstance(fact, facts.FloorPassed | facts.InterviewEnded)
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
