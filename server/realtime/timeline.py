"""Where the time of a turn goes, from the last speech to the first sound of the next question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from server.core.events import (
    AnswerGiven,
    Compose,
    Effect,
    FloorPassed,
    Input,
    QuestionAsked,
    QuestionComposed,
    QuestionTakenBack,
    SegmentHeard,
    SegmentTranscribed,
    Tell,
    TurnTimed,
    VoiceStarted,
)
from server.core.events.answer import TYPED
from server.core.state import State


@dataclass(slots=True)
class Steps:
    """Of the answer that is running, on the caller's clock. ``turn`` and ``spoke_at``, its last
    speech: once it seems to be over. ``at``: the steps that happened, by name."""

    turn: int = 0
    spoke_at: int | None = None
    at: dict[str, int] = field(default_factory=dict)

    def timings(self) -> dict[str, int]:
        """Milliseconds after the last speech, by step. Below 0: done before the speech was over."""
        if self.spoke_at is None:
            return {}
        return {name: at_ms - self.spoke_at for name, at_ms in self.at.items()}


class Timeline:
    """Of one session, of which it sees every step."""

    def __init__(self) -> None:
        self._running = Steps()
        self._decode_ms = 0
        self._asked_at = 0
        """When the model was asked for its reply."""

        self._typed_at: int | None = None
        self._unheard: Steps | None = None
        """Of the answer to which the next question was asked, while that is not heard."""

    def timed(
        self, event: Input, effects: Iterable[Effect], state: State, now_ms: int
    ) -> list[Effect]:
        """The effects of a step, answers among them with their timings; and those of the turn, once
        its next question is heard. ``state``: after the step."""
        match event:
            case SegmentTranscribed():
                self._decode_ms = event.took_ms
            case QuestionComposed(first_token_ms=int(token_ms)):
                self._running.at["first_token_ms"] = self._asked_at + token_ms
            case _:
                pass
        timed = [self._seen(effect, state, now_ms) for effect in effects]
        if isinstance(event, VoiceStarted) and self._unheard and event.turn == state.turn:
            done, self._unheard = self._unheard, None
            done.at["first_audio_ms"] = now_ms
            timed.append(Tell(TurnTimed(done.turn, done.timings())))
        return timed

    def _seen(self, effect: Effect, state: State, now_ms: int) -> Effect:
        running = self._running
        match effect:
            case Compose():
                self._asked_at = now_ms
            case Tell(SegmentHeard(engine=engine)) if engine == TYPED:
                self._typed_at = now_ms
            case Tell(SegmentHeard()):
                running.at["segment_final_ms"] = now_ms
            case Tell(FloorPassed(floor="thinking") as passed):
                silence_ms = 0 if self._typed_at == now_ms else passed.at_ms - state.stopped_ms
                running.turn, running.spoke_at = passed.turn, now_ms - silence_ms
                running.at["decision_ms"] = now_ms
            case Tell(AnswerGiven() as given):
                heard = state.past[given.turn].answer.segments
                timings = {"last_decode_ms": self._decode_ms, **running.timings()}
                if heard:
                    timings["speech_start_ms"] = heard[0].start_ms
                    timings["speech_end_ms"] = state.stopped_ms
                return Tell(replace(given, timings=timings))
            case Tell(QuestionAsked()):
                running.at["question_ms"] = now_ms
                self._unheard = None if running.spoke_at is None else running
                self._running = Steps()
            case Tell(QuestionTakenBack()):
                self._unheard = None
            case _:
                pass
        return effect
