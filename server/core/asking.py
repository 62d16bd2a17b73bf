"""The interviewer's half of a turn: the next question, written, told, voiced and heard."""

from __future__ import annotations

from server.core.answer import Answer
from server.core.dialogue.dialogue import Dialogue
from server.core.dialogue.draft import Draft
from server.core.events import (
    AnswerGiven,
    Compose,
    Effect,
    FloorPassed,
    Played,
    QuestionAsked,
    QuestionComposed,
    QuestionHeard,
    QuestionVoiced,
    Say,
    Tell,
    TurnTimed,
    Withdraw,
)
from server.core.turn.playback import Playback
from server.core.turn.timeline import Timeline
from server.core.turn.turn import Turn


class Asking:
    """``turn`` and ``dialogue`` are the session's."""

    def __init__(self, turn: Turn, dialogue: Dialogue) -> None:
        self._turn = turn
        self._dialogue = dialogue
        self._draft = Draft()
        self._playback = Playback()
        self._timeline: Timeline | None = None
        self._timed: tuple[int, Timeline] | None = None
        self.answer = Answer()
        """What has been said to the question so far."""
        self.marks = False
        self.was_heard = False
        """Whether the running question has been heard, so that an answer to it can come."""

    # The voice.

    def ask(self, question: QuestionAsked, now_ms: int) -> list[Effect]:
        """A new question of a new turn."""
        self._dialogue.learn(question)
        self.answer = Answer()
        self.was_heard = False
        effects = self.withdraw()
        if self._timeline is not None:
            self._timeline.question_at = now_ms
            self._timed = question.turn - 1, self._timeline
            self._timeline = None
        settled = [Tell(fact) for fact in self._dialogue.settle()]
        return [*effects, Tell(question), *settled, *self.say(question, now_ms)]

    def say(self, question: QuestionAsked, now_ms: int) -> list[Effect]:
        self._turn.speak(now_ms, marks=self.marks, interruptible=not self._dialogue.over)
        self._playback = Playback(self.marks)
        language = question.language or self._dialogue.language
        return [
            Tell(FloorPassed(question.turn, "speaking", self._turn.audio_ms)),
            Say(question.turn, question.question_id, question.text, language),
        ]

    def voice_began(self, turn: int, now_ms: int) -> list[Effect]:
        if turn != self._dialogue.turn:
            return []
        self._playback.began(now_ms)
        if self._timed is None:
            return []
        answered, timeline = self._timed
        self._timed = None
        return [Tell(TurnTimed(answered, timeline.timings(now_ms)))]

    def voiced(self, event: QuestionVoiced, now_ms: int) -> None:
        if event.turn == self._dialogue.turn:
            self._turn.voiced(now_ms, self._playback.produced(event.duration_ms, now_ms))

    def played(self, event: Played) -> bool:
        """Whether the mark belongs to the question that is being spoken."""
        if event.turn != self._dialogue.turn or self._turn.floor != "speaking":
            return False
        self._playback.mark(event.played_ms)
        return True

    def heard(self, now_ms: int, *, complete: bool) -> Tell:
        self.was_heard = True
        played_ms = self._playback.finished() if complete else self._playback.stopped(now_ms)
        return Tell(QuestionHeard(self._dialogue.turn, played_ms, complete))

    def nearly_over(self) -> bool:
        return self._playback.nearly_over()

    # The text.

    def speculate(self, elapsed_ms: int, now_ms: int) -> list[Effect]:
        """The answer may be over: begin to write, void if it is not."""
        if self._draft.active or self.answer.pending or not self.answer.text:
            return []
        return self._compose(elapsed_ms, now_ms) or []

    def withdraw(self) -> list[Effect]:
        """What is being written is not wanted any more."""
        unfinished = self._draft.awaits(self._draft.revision)
        withdrawn = Withdraw(self._dialogue.turn, self._draft.revision)
        self._draft.void()
        return [withdrawn] if unfinished else []

    def decided(self, speech_end_at: int, now_ms: int) -> None:
        """The answer is over, as far as can be told."""
        self._timeline = Timeline(speech_end_at, decided_at=now_ms)

    def next(self, elapsed_ms: int, now_ms: int) -> list[Effect]:
        """All words are there: what was written meanwhile, or choose, or begin to write."""
        if self._draft.active:
            if self._draft.ready is not None or self._draft.failed is not None:
                return self._settle(elapsed_ms, now_ms)
            self._turn.think(now_ms, decoding=False)
            return []
        composing = self._compose(elapsed_ms, now_ms)
        if composing is None:
            return self.answer_and_ask(None, elapsed_ms, now_ms)
        self._turn.think(now_ms, decoding=False)
        return composing

    def composed(self, event: QuestionComposed, elapsed_ms: int, now_ms: int) -> list[Effect]:
        if event.turn != self._dialogue.turn or not self._draft.awaits(event.revision):
            return []
        self._draft.ready = event
        if self._turn.floor != "thinking":
            return []
        return self._settle(elapsed_ms, now_ms)

    def not_composed(
        self, revision: int, reason: str, elapsed_ms: int, now_ms: int
    ) -> list[Effect]:
        if not self._draft.awaits(revision):
            return []
        self._draft.failed = reason
        if self._turn.floor != "thinking":
            return []
        return self._settle(elapsed_ms, now_ms)

    def answer_and_ask(self, reason: str | None, elapsed_ms: int, now_ms: int) -> list[Effect]:
        """Keep the answer and ask what the dialogue chooses."""
        question = self._dialogue.chosen(self.answer.text, elapsed_ms, reason)
        return [self.give(), *self.ask(question, now_ms)]

    def give(self) -> Tell:
        answer = self.answer
        if self._timeline is not None:
            self._timeline.final_at = answer.final_at
        timings = answer.timings() | (self._timeline.timings() if self._timeline else {})
        given = AnswerGiven(
            turn=self._dialogue.turn,
            question_id=self._dialogue.current.question_id,
            answer_id=self._dialogue.interview.identity(f"answer:{self._dialogue.turn}"),
            text=answer.text,
            words=answer.words,
            engine=answer.engine,
            language=self._dialogue.language,
            timings=timings,
        )
        self._dialogue.learn(given)
        return Tell(given)

    def _compose(self, elapsed_ms: int, now_ms: int) -> list[Effect] | None:
        brief = self._dialogue.brief(self.answer.text, elapsed_ms)
        if brief is None:
            return None
        return [Compose(self._dialogue.turn, self._draft.begin(now_ms), brief)]

    def _settle(self, elapsed_ms: int, now_ms: int) -> list[Effect]:
        event, reason, since_ms = self._draft.ready, self._draft.failed, self._draft.since_ms
        if event is None:
            return self.answer_and_ask(reason, elapsed_ms, now_ms)
        if self._timeline is not None and event.first_token_ms is not None:
            self._timeline.first_token_at = (since_ms or 0) + event.first_token_ms
        question = self._dialogue.composed(self.answer.text, event.text, event.model)
        if isinstance(question, str):
            return self.answer_and_ask(f"model_refused:{question}", elapsed_ms, now_ms)
        return [self.give(), *self.ask(question, now_ms)]
