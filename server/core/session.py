"""The interview as one function: an Input and the time in, Effects out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from server.core.answer import Answer
from server.core.asking import Asking
from server.core.dialogue.dialogue import Dialogue, Interview, Rules
from server.core.events import (
    AnswerCommitted,
    AnswerGiven,
    AnswerTyped,
    CandidateConnected,
    CandidateDisconnected,
    CandidateJoined,
    CandidateLeft,
    Close,
    ControlTaken,
    ControlUsed,
    Effect,
    EndReason,
    EndRequested,
    EngineFailed,
    Fact,
    FloorPassed,
    Hold,
    Hush,
    Input,
    InterviewEnded,
    InterviewStarted,
    Language,
    PaceSet,
    PartialTranscribed,
    PlanArrived,
    Played,
    QuestionAsked,
    QuestionComposed,
    QuestionHeard,
    QuestionVoiced,
    Release,
    SegmentHeard,
    SegmentTranscribed,
    SpeechStarted,
    SpeechStopped,
    Tell,
    Ticked,
    Transcribe,
    TurnScored,
    VoiceFrame,
    VoiceStarted,
)
from server.core.listening import Listening
from server.core.lists.backchannel import is_backchannel
from server.core.lists.spoken_control import spoken_control
from server.core.turn.interruption import BargedIn, Held, Interjected, Released
from server.core.turn.segment import Closed, Opened
from server.core.turn.turn import (
    AnswerEnded,
    AnswerResumed,
    Decision,
    NobodySpoke,
    Patience,
    QuestionDone,
    Turn,
    WorkLate,
)
from server.core.wishes import Wishes

TYPED = "typed"
PLAN_WAIT_MS = 2_000
KEEP_MS = 9_000
"""What the turn model may want to hear again, and a margin."""

NO_ANSWER = "the recogniser did not answer in time"


class Session:
    """Turn and dialogue together. ``now_ms`` is the caller's clock, from the session's start."""

    def __init__(
        self,
        interview: Interview,
        *,
        writer: bool,
        patience: Patience | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.interview = interview
        self._turn = Turn(patience or Patience())
        self._dialogue = Dialogue(interview, rules or Rules(), writer=writer)
        self._asking = Asking(self._turn, self._dialogue)
        self._listening = Listening(self._turn, self._dialogue, self._asking)
        self._wishes = Wishes(self._turn, self._dialogue, self._asking, self._listening)
        self._joined = False
        self._understood_ms = 0
        self._started = False
        self._paused = False
        self._ended = False
        self._begun_ms: int | None = None
        self._stopped_ms: int | None = None
        self._plan_deadline_ms: int | None = None

    # What the shell asks.

    def deadline(self) -> int | None:
        """When, on the caller's clock, the session wants a ``Ticked``; None: not at all."""
        waits = [self._plan_deadline_ms, self._turn.deadline()]
        return min((w for w in waits if w is not None), default=None)

    @property
    def turn(self) -> int:
        return self._dialogue.turn

    @property
    def language(self) -> Language:
        """The language that is spoken now."""
        return self._dialogue.language

    @property
    def ended(self) -> bool:
        return self._ended

    @property
    def audio_ms(self) -> int:
        return self._turn.audio_ms

    @property
    def understood_ms(self) -> int | None:
        """After a replay: from here on nothing has been read into the answer. None: nothing was
        lost."""
        return self._understood_ms if self._turn.floor is None else None

    def keep_audio_from_ms(self) -> int:
        """Audio before this instant is not needed any more."""
        since = self._turn.open_since_ms
        heard_ms = self._turn.audio_ms
        return min(heard_ms if since is None else since, heard_ms - KEEP_MS)

    def replay(self, facts: Iterable[Fact]) -> None:
        """Take the place of a session that told these facts."""
        audio_ms = stopped_ms = 0
        for fact in facts:
            self._started = True
            self._dialogue.learn(fact)
            match fact:
                case QuestionAsked() | AnswerGiven():
                    self._asking.answer = Answer()
                    self._asking.was_heard = False
                case QuestionHeard():
                    self._asking.was_heard = True
                case SegmentHeard():
                    self._asking.answer.add(fact)
                    audio_ms = max(audio_ms, fact.end_ms)
                    self._understood_ms = max(self._understood_ms, fact.end_ms)
                case ControlTaken():
                    self._paused = fact.control == "pause"
                case InterviewEnded():
                    self._ended = True
                case SpeechStarted() if fact.segment > 1:
                    audio_ms = max(audio_ms, fact.at_ms)
                    self._turn.learn_pause(fact.at_ms - stopped_ms)
                case SpeechStopped():
                    audio_ms = stopped_ms = max(audio_ms, fact.at_ms)
                case FloorPassed():
                    audio_ms = max(audio_ms, fact.at_ms)
                    if fact.floor != "listening" or not self._asking.answer.segments:
                        self._understood_ms = fact.at_ms
                case SpeechStarted() | CandidateConnected():
                    audio_ms = max(audio_ms, fact.at_ms)
                case CandidateDisconnected():
                    audio_ms = max(audio_ms, fact.at_ms)
                case _:
                    pass
        self._turn.start_audio_at(audio_ms)

    def step(self, event: Input, now_ms: int) -> list[Effect]:
        """What to do about what happened. Late and stale inputs change nothing."""
        if self._ended:
            return []
        match event:
            case VoiceFrame():
                return self._hears(event, now_ms)
            case SegmentTranscribed():
                return self._heard(event, now_ms)
            case PartialTranscribed():
                return self._listening.captioned(event)
            case TurnScored():
                return self._scored(event, now_ms)
            case QuestionComposed():
                return self._asking.composed(event, self._elapsed(now_ms), now_ms)
            case Played():
                return self._played(event, now_ms)
            case VoiceStarted():
                return self._asking.voice_began(event.turn, now_ms)
            case QuestionVoiced():
                self._asking.voiced(event, now_ms)
                return []
            case EngineFailed():
                return self._failed(event, now_ms)
            case AnswerCommitted():
                return self._decide(self._turn.commit(now_ms), now_ms)
            case AnswerTyped():
                return self._typed(event.text, now_ms)
            case ControlUsed():
                return self._control(event, now_ms)
            case PaceSet():
                self._turn.set_pace(event.pace)
                return []
            case Ticked():
                return self._ticked(now_ms)
            case PlanArrived():
                self._dialogue.planned(event.questions)
                return self._open(now_ms) if self._plan_deadline_ms is not None else []
            case CandidateJoined():
                return self._joins(event, now_ms)
            case CandidateLeft():
                return self._leaves(now_ms)
            case EndRequested():
                return self._end(event.by)

    # Coming and going.

    def _joins(self, event: CandidateJoined, now_ms: int) -> list[Effect]:
        self._joined = True
        self._asking.marks = event.marks
        effects: list[Effect] = []
        if not self._started:
            self._started = True
            role, language = self.interview.target_role, self.interview.language
            effects.append(Tell(InterviewStarted(role, language)))
        effects.append(Tell(CandidateConnected(self.audio_ms)))
        if self._begun_ms is None:
            self._begun_ms = now_ms - self._dialogue.spent_ms
        if self._paused:
            self._stop_counting(now_ms)
            return effects
        self._go_on_counting(now_ms)
        if self._dialogue.asked:
            return effects + self._take_up(now_ms, event.kept_ms)
        if self._dialogue.has_plan:
            return effects + self._open(now_ms)
        self._plan_deadline_ms = now_ms + PLAN_WAIT_MS
        return effects

    def _leaves(self, now_ms: int) -> list[Effect]:
        if not self._joined:
            return []
        self._joined = False
        self._plan_deadline_ms = None
        return [*self._interrupt(now_ms), Tell(CandidateDisconnected(self.audio_ms))]

    def _interrupt(self, now_ms: int) -> list[Effect]:
        """Nothing is asked, heard or waited for until the same question is taken up."""
        self._stop_counting(now_ms)
        speaking = self._turn.floor == "speaking"
        effects: list[Effect] = [Hush(self.turn)] if speaking else []
        effects += self._asking.withdraw()
        return effects + self._decide(self._turn.pause(), now_ms)

    def _take_up(self, now_ms: int, kept_ms: int = 0) -> list[Effect]:
        """Back after a break: the same question goes on. It is said again where nothing has been
        said to it yet."""
        self._go_on_counting(now_ms)
        if self._dialogue.over:
            return self._end("complete")
        if not self._asking.answer.segments:
            if not kept_ms or not self._asking.was_heard:
                return self._asking.say(self._dialogue.current, now_ms)
            floor = Tell(FloorPassed(self.turn, "listening", self.audio_ms))
            return [floor, *self._decide(self._turn.listen(now_ms), now_ms)]
        self._turn.resume(now_ms, next_segment=max(self._asking.answer.segments) + 1)
        self._turn.read(self._asking.answer.reads(self._dialogue.language))
        return [Tell(FloorPassed(self.turn, "listening", self.audio_ms))]

    def _open(self, now_ms: int) -> list[Effect]:
        self._plan_deadline_ms = None
        return self._asking.ask(self._dialogue.opening(), now_ms)

    def _end(self, reason: EndReason) -> list[Effect]:
        effects: list[Effect] = self._asking.withdraw()
        if self._turn.floor == "speaking":
            effects.append(Hush(self.turn))
        if self._asking.answer.text and self._dialogue.asked:
            effects.append(self._asking.give())
        self._ended = True
        self._turn.stop()
        effects += [Tell(fact) for fact in self._dialogue.conclude(reason)]
        effects.append(Tell(InterviewEnded(reason)))
        return [*effects, Close(reason)]

    # The question.

    def _played(self, event: Played, now_ms: int) -> list[Effect]:
        if not self._asking.played(event) or not event.complete:
            return []
        return self._pass_to_candidate(now_ms, complete=True)

    def _pass_to_candidate(self, now_ms: int, *, complete: bool) -> list[Effect]:
        heard = self._asking.heard(now_ms, complete=complete)
        if self._dialogue.over:
            return [heard, *self._end("complete")]
        again = self._dialogue.current.kind == "repeat"
        decisions = self._turn.listen(now_ms, again=again)
        floor = Tell(FloorPassed(self.turn, "listening", self.audio_ms))
        return [heard, floor, *self._decide(decisions, now_ms)]

    def _talked_over(self, now_ms: int) -> list[Effect]:
        return [Hush(self.turn), *self._pass_to_candidate(now_ms, complete=False)]

    # What the candidate says.

    def _hears(self, frame: VoiceFrame, now_ms: int) -> list[Effect]:
        if self._paused:
            self._turn.start_audio_at(frame.end_ms)
            return []
        decisions = self._turn.frame(frame, now_ms)
        effects = self._decide(decisions, now_ms) if decisions else []
        preview = self._listening.preview()
        return effects if preview is None else [*effects, preview]

    def _decide(self, decisions: list[Decision], now_ms: int) -> list[Effect]:
        effects: list[Effect] = []
        for decision in decisions:
            effects += self._act(decision, now_ms)
        return effects

    def _act(self, decision: Decision, now_ms: int) -> list[Effect]:
        match decision:
            case Opened():
                return self._listening.opened(decision)
            case Closed():
                return self._listening.closed(decision)
            case Held():
                return [Hold(self.turn)]
            case Released():
                self._asking.answer = Answer()
                return [Release(self.turn)]
            case Interjected():
                closed = replace(decision.closed, segment=1)
                self._asking.answer.await_words(closed)
                return [Transcribe(self.turn, 1, closed.start_ms, closed.end_ms, "")]
            case BargedIn():
                return self._talked_over(now_ms)
            case AnswerEnded():
                return self._think(now_ms)
            case AnswerResumed():
                return [Tell(FloorPassed(self.turn, "listening", self.audio_ms))]
            case QuestionDone():
                return self._pass_to_candidate(now_ms, complete=True)
            case NobodySpoke(final=True):
                return self._end("no_answer")
            case NobodySpoke():
                return self._asking.ask(self._dialogue.repeat(), now_ms)
            case WorkLate():
                return self._late(now_ms)

    def _scored(self, event: TurnScored, now_ms: int) -> list[Effect]:
        if event.turn != self.turn:
            return []
        self._turn.scored(event.segment, event.probability)
        return self._listening.speculate(self._elapsed(now_ms), now_ms)

    def _heard(
        self, event: SegmentTranscribed, now_ms: int, error: str | None = None
    ) -> list[Effect]:
        if (left := self._listening.left(event, error)) is not None:
            return [Tell(left)]
        if not self._listening.awaits(event.turn, event.segment):
            return []
        effects: list[Effect] = []
        if self._turn.floor == "speaking":
            if is_backchannel(event.text) and not self._asking.nearly_over():
                self._asking.answer = Answer()
                self._turn.release(now_ms)
                return [Release(self.turn)]
            effects = self._talked_over(now_ms)
        effects.append(Tell(self._listening.heard(event, error, now_ms)))
        if self._asking.answer.pending:
            return effects
        if self._turn.floor == "thinking":
            return effects + self._next_question(now_ms)
        return effects + self._listening.read(self._elapsed(now_ms), now_ms)

    def _think(self, now_ms: int, *, typed: bool = False) -> list[Effect]:
        self._asking.decided(now_ms if typed else now_ms - self._turn.silence_ms, now_ms)
        self._turn.think(now_ms, decoding=self._asking.answer.pending)
        effects: list[Effect] = [Tell(FloorPassed(self.turn, "thinking", self.audio_ms))]
        return effects if self._asking.answer.pending else effects + self._next_question(now_ms)

    def _next_question(self, now_ms: int) -> list[Effect]:
        """All words are there: what did the candidate want with them?"""
        if not self._asking.answer.text:
            return self._wordless(now_ms)
        wish = spoken_control(self._asking.answer.text, self._dialogue.language)
        if wish == "end":
            return self._end("candidate")
        if wish == "moment" and self._dialogue.current.kind != "repeat":
            return self._asking.ask(self._dialogue.repeat(), now_ms)  # it was a long one
        if wish is not None and wish != "moment":
            return self._control(ControlUsed(wish, "voice"), now_ms)
        return self._asking.next(self._elapsed(now_ms), now_ms)

    def _wordless(self, now_ms: int) -> list[Effect]:
        """Sound without words: noise is forgotten; speech that no engine could read is not."""
        if not self._asking.answer.errors:
            self._asking.answer = Answer()
            floor = Tell(FloorPassed(self.turn, "listening", self.audio_ms))
            return [floor, *self._decide(self._turn.listen(now_ms), now_ms)]
        again = self._dialogue.unheard()
        if again is not None:
            return [self._asking.give(), *self._asking.ask(again, now_ms)]
        return self._asking.answer_and_ask(None, self._elapsed(now_ms), now_ms)

    def _typed(self, text: str, now_ms: int) -> list[Effect]:
        """A typed answer ends the turn; what was said before it is kept in front of it."""
        text = text.strip()
        if not text or self._turn.floor is None or self._dialogue.over or self._paused:
            return []
        effects: list[Effect] = []
        if self._turn.floor == "speaking":
            effects = self._talked_over(now_ms)
        effects += self._asking.withdraw()
        effects += self._listening.cut(self._turn.commit(now_ms))
        segment = max(self._asking.answer.segments, default=0) + 1
        heard = SegmentHeard(
            self.turn, segment, self.audio_ms, self.audio_ms, text, (), TYPED, None
        )
        self._asking.answer.add(heard)
        return [*effects, Tell(heard), *self._think(now_ms, typed=True)]

    # What the candidate asks of the interviewer.

    def _control(self, event: ControlUsed, now_ms: int) -> list[Effect]:
        taken = Tell(ControlTaken(self.turn, event.control, event.by, self.audio_ms))
        if event.control == "resume":
            if not self._paused:
                return []
            self._paused = False
            return [taken, *(self._take_up(now_ms) if self._joined else [])]
        if self._paused or not self._joined or self._turn.floor is None or self._dialogue.over:
            return []
        if event.control == "pause":
            self._paused = True
            return [*self._interrupt(now_ms), taken]
        return [taken, *self._wishes.grant(event, self._elapsed(now_ms), now_ms)]

    # What goes wrong, and the clock.

    def _failed(self, event: EngineFailed, now_ms: int) -> list[Effect]:
        match event.role:
            case "stt":
                return self._unheard(event.turn, event.segment, event.reason, now_ms)
            case "llm" if event.turn == self.turn:
                return self._asking.not_composed(
                    event.revision, event.reason, self._elapsed(now_ms), now_ms
                )
            case "tts" if event.turn == self.turn and self._turn.floor == "speaking":
                return self._pass_to_candidate(now_ms, complete=False)
            case _:
                return []

    def _unheard(self, turn: int, segment: int, reason: str, now_ms: int) -> list[Effect]:
        nothing = SegmentTranscribed(turn, segment, "", (), "none", 0)
        return self._heard(nothing, now_ms, reason)

    def _late(self, now_ms: int) -> list[Effect]:
        """Words or a question did not come in time: go on without them."""
        effects: list[Effect] = []
        segments = self._asking.answer.segments
        for segment in [n for n, heard in segments.items() if heard is None]:
            effects += self._unheard(self.turn, segment, NO_ANSWER, now_ms)
        if effects:
            return effects
        late = self._asking.withdraw()
        return [*late, *self._asking.answer_and_ask("model_late", self._elapsed(now_ms), now_ms)]

    def _ticked(self, now_ms: int) -> list[Effect]:
        if self._plan_deadline_ms is not None and now_ms >= self._plan_deadline_ms:
            return self._open(now_ms)
        return self._decide(self._turn.tick(now_ms), now_ms)

    def _stop_counting(self, now_ms: int) -> None:
        """A pause, or nobody there: the interview's time stands still."""
        if self._stopped_ms is None:
            self._stopped_ms = now_ms

    def _go_on_counting(self, now_ms: int) -> None:
        if self._stopped_ms is not None and self._begun_ms is not None:
            self._begun_ms += now_ms - self._stopped_ms
        self._stopped_ms = None

    def _elapsed(self, now_ms: int) -> int:
        return now_ms - (self._begun_ms or 0)
