"""The interview as one function: an Input and the time in, Effects out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from server.core.answering import Answering
from server.core.asking import Asking
from server.core.clock import Clock
from server.core.dialogue.meaning import Meaning
from server.core.events import Effect, EndReason, Fact, Hush, Input, facts, inputs
from server.core.interview import Interview
from server.core.state import Memory, State
from server.core.turn.ears import Ears
from server.core.turn.listening import Listening
from server.core.turn.patience import Patience
from server.core.turn.turn import Turn

DRAIN_MS = 4_000
"""How long the end of an interview waits for words. What comes later is written down afterwards."""


class Session:
    """Turn and dialogue together. ``now_ms`` is the caller's clock, from the session's start.

    What facts tell is in ``state``. Beside it, and lost with the process: sound that is not words
    yet, the question being written and voiced, and the waiting. ``writer``: there
    is a model that writes follow-ups."""

    def __init__(
        self, interview: Interview, ears: Ears, *, writer: bool, patience: Patience | None = None
    ) -> None:
        self.interview = interview
        self.memory = Memory(interview.language)
        self._clock = Clock()
        self.ears = ears
        self._turn = Turn(patience or Patience(), self._clock, ears)
        self.listening = Listening(self.memory, self._turn)
        self._meaning = Meaning(self.memory, interview)
        self._asking = Asking(
            self.memory, self._turn, self.listening, self._meaning, interview, writer=writer
        )
        self._answering = Answering(self._asking)
        self._ending: tuple[EndReason, int] | None = None
        """The interview ends as soon as the last words are there, or at this time."""

    # What the shell asks.

    def deadline(self) -> int | None:
        """When, on the caller's clock, the session wants a ``Ticked``; None: not at all."""
        if self._ending is not None:
            return self._ending[1]
        return self._turn.deadline_ms

    @property
    def state(self) -> State:
        return self.memory.state

    @property
    def turn(self) -> int:
        return self.state.turn

    @property
    def audio_ms(self) -> int:
        return self._turn.audio_ms

    def replay(self, facts: Iterable[Fact], audio_ms: int = 0) -> None:
        """Take the place of a session that told these facts, and had heard up to ``audio_ms``."""
        self.memory.recall(facts)
        self._turn.habit, self._turn.yields = self.state.habit, self.state.yields
        self._turn.led = self.state.led
        self._turn.start_audio_at(max(self.state.audio_ms, audio_ms))

    def step(self, event: Input, now_ms: int) -> list[Effect]:
        """What to do about what happened. Late and stale inputs change nothing."""
        self._clock.now_ms = now_ms
        if self.memory.state.ended:
            return []
        if self._ending is not None:
            return self._drain(event)
        match event:
            case inputs.VoiceFrame():
                return self._answering.hears(event)
            case inputs.SegmentTranscribed():
                return self._answering.words(event)
            case inputs.AnswerMended():
                return self._answering.mended(event.turn)
            case inputs.TurnScored():
                return self._answering.scored(event)
            case inputs.MeaningRead():
                return self._answering.understood() if self._meaning.read(event) else []
            case inputs.QuestionComposed():
                return self._answering.composed(event)
            case inputs.Played():
                return self._played(event)
            case inputs.VoiceStarted():
                self._asking.voice_began(event.turn)
                return []
            case inputs.QuestionVoiced():
                self._asking.voiced(event)
                return []
            case inputs.EngineFailed():
                return self._failed(event)
            case inputs.AnswerCommitted():
                return self._answering.decide(self._turn.commit(self.state.floor))
            case inputs.AnswerTyped():
                return self._answering.typed(event)
            case inputs.ControlUsed():
                return self._control(event)
            case inputs.PersonActed():
                return self._steps_in(event.step)
            case inputs.PaceSet():
                self._turn.set_pace(event.pace)
                return []
            case inputs.Ticked():
                return self._answering.decide(self._turn.tick(self.state.floor))
            case inputs.PlanArrived():
                self.memory.plan(event.questions, drafted=event.drafted)
                return self._open()
            case inputs.CandidateJoined():
                return self._joins(event)
            case inputs.CandidateLeft():
                return self._leaves()
            case inputs.EndRequested():
                return self._end(event.by)

    # Coming and going.

    def _joins(self, event: inputs.CandidateJoined) -> list[Effect]:
        self._asking.marks = event.marks
        effects: list[Effect] = []
        if not self.state.started:
            role, language = self.interview.target_role, self.interview.language
            effects.append(self.memory.tell(facts.InterviewStarted(role, language)))
        effects.append(self.memory.tell(facts.CandidateConnected(self.audio_ms)))
        self._clock.begin(self.state.spent_ms)
        if self.state.paused:
            self._clock.stop()
            return effects
        self._clock.go_on()
        if self.state.asked:
            return effects + self._take_up(event.kept_ms)
        return effects + self._open()

    def _leaves(self) -> list[Effect]:
        if not self.state.present:
            return []
        left = self._interrupt()
        return [*left, self.memory.tell(facts.CandidateDisconnected(self.audio_ms))]

    def _interrupt(self) -> list[Effect]:
        """Nothing is asked, heard or waited for until the same question is taken up."""
        self._clock.stop()
        floor = self.state.floor
        effects: list[Effect] = [Hush(self.turn)] if floor == "speaking" else []
        effects += self._asking.withdraw()
        return effects + self._answering.decide(self._turn.pause(floor))

    def _take_up(self, kept_ms: int = 0) -> list[Effect]:
        """Back after a break: the same question goes on. It is said again where nothing has been
        said to it yet."""
        self._clock.go_on()
        if self.state.over:
            return self._asking.end("complete")
        if self.state.by_person and not self.state.led:
            return self._asking.returns()
        if self.listening.last_segment:
            return self._answering.go_on()
        if kept_ms and self.state.was_heard:
            return self._answering.listen()
        return self._asking.say()

    def _open(self) -> list[Effect]:
        """The first question, once there is a plan and somebody to be asked."""
        state = self.state
        if not state.plan or not state.present or state.asked or state.paused:
            return []
        return self._asking.ask(self._asking.choices().opening())

    # The question.

    def _played(self, event: inputs.Played) -> list[Effect]:
        if not self._asking.played(event) or not (event.complete or event.stopped):
            return []
        return self._answering.asked(complete=event.complete)

    # The end.

    def _end(self, reason: EndReason) -> list[Effect]:
        """What is being said is heard to its end first, for as long as that takes no time."""
        effects = self._asking.withdraw()
        effects += self.listening.cut(self._turn.commit(self.state.floor))
        if not self.listening.awaited or self.state.floor not in ("listening", "thinking"):
            return [*effects, *self._asking.end(reason)]
        self._ending = reason, self._clock.now_ms + DRAIN_MS
        return effects

    def _drain(self, event: Input) -> list[Effect]:
        """The last words are waited for, nothing else; the rest is written down afterwards."""
        assert self._ending is not None
        reason, until_ms = self._ending
        effects: list[Effect] = []
        match event:
            case inputs.SegmentTranscribed() if self.listening.awaits(event.turn, event.segment):
                effects.append(self.listening.heard(event))
            case inputs.EngineFailed(role="stt") if self.listening.awaits(
                event.turn, event.segment
            ):
                effects.append(self.listening.unheard(event.segment, event.reason))
            case _:
                pass
        over = self._clock.now_ms >= until_ms or isinstance(event, inputs.CandidateLeft)
        if self.listening.awaited and not over:
            return effects
        return [*effects, *self._asking.end(reason)]

    # What the candidate asks of the interviewer: none of it is an answer.

    def _control(self, event: inputs.ControlUsed) -> list[Effect]:
        state = self.state
        taken = facts.ControlTaken(self.turn, event.control, event.by, self.audio_ms)
        if event.control == "resume":
            if not state.paused:
                return []
            told = self.memory.tell(taken)
            return [told, *(self._take_up() if state.present else [])]
        if state.paused or not state.present or state.floor == "nobody" or state.over:
            return []
        if state.led and event.control not in ("pause", "moment"):
            return []
        if event.control == "pause":
            return [*self._interrupt(), self.memory.tell(taken)]
        granted = self.memory.tell(taken)
        return [granted, *self._asking.grant(event)]

    def _steps_in(self, step: facts.SteppedIn) -> list[Effect]:
        if any(one.step_id == step.step_id for one in self.state.steps):
            return []
        if step.step == "take_over" and self.state.leader is not None:
            step = replace(step, warned="held")
        at_ms = step.at_ms or self.audio_ms
        told = self.memory.tell(replace(step, turn=self.turn, at_ms=at_ms))
        match step.step:
            case "stop":
                return [told, *self._end("interviewer")]
            case "pause" | "resume":
                return [told, *self._control(inputs.ControlUsed(step.step, "interviewer"))]
            case "question" | "topic" | "take_over" if step.now:
                return [told, *self._asking.ask_now()]
            case "line" | "answer" | "take_over" | "hand_back":
                return [told, *self._answering.between()]
            case _:
                return [told]

    # What goes wrong.

    def _failed(self, event: inputs.EngineFailed) -> list[Effect]:
        match event.role:
            case "stt":
                return self._answering.unheard(event.turn, event.segment, event.reason)
            case "understanding":
                return self._answering.understood() if self._meaning.failed(event) else []
            case "llm" if event.turn == self.turn:
                return self._asking.not_composed(event.revision, event.reason)
            case "tts" if event.turn == self.turn and self.state.floor == "speaking":
                return self._answering.asked(complete=False)
            case _:
                return []
