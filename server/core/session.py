"""The interview as one function: an Input and the time in, Effects out."""

from __future__ import annotations

from collections.abc import Iterable

from server.core.answer import Answer
from server.core.completeness import Reading, reading
from server.core.dialogue import Dialogue, Interview, Rules
from server.core.events import (
    AnswerCommitted,
    AnswerGiven,
    AnswerTyped,
    CandidateConnected,
    CandidateDisconnected,
    CandidateJoined,
    CandidateLeft,
    Close,
    Compose,
    Effect,
    EndReason,
    EndRequested,
    EngineFailed,
    Fact,
    FloorPassed,
    Hush,
    Input,
    InterviewEnded,
    InterviewStarted,
    PlanArrived,
    Played,
    QuestionAsked,
    QuestionComposed,
    QuestionHeard,
    QuestionVoiced,
    Say,
    SegmentHeard,
    SegmentTranscribed,
    SpeechStarted,
    SpeechStopped,
    Tell,
    Ticked,
    Transcribe,
    VoiceFrame,
    VoiceStarted,
    Word,
)
from server.core.segment import Closed, Opened
from server.core.turn import (
    AnswerEnded,
    AnswerResumed,
    BargedIn,
    Decision,
    NobodySpoke,
    Patience,
    QuestionDone,
    Turn,
    WorkLate,
)

TYPED = "typed"
PLAN_WAIT_MS = 2_000
CONTEXT_CHARS = 200


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
        self._answer = Answer()
        self._revision = 0
        self._composing_since_ms: int | None = None
        self._marks = False
        self._joined = False
        self._started = False
        self._ended = False
        self._begun_ms: int | None = None
        self._voice_began_ms: int | None = None
        self._played_ms = 0
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
    def ended(self) -> bool:
        return self._ended

    @property
    def audio_ms(self) -> int:
        return self._turn.audio_ms

    def keep_audio_from_ms(self) -> int:
        """Audio before this instant is not needed any more."""
        since = self._turn.open_since_ms
        return (self._turn.audio_ms if since is None else since) - 1_000

    def replay(self, facts: Iterable[Fact]) -> None:
        """Take the place of a session that told these facts."""
        audio_ms = 0
        for fact in facts:
            self._started = True
            self._dialogue.learn(fact)
            match fact:
                case QuestionAsked() | AnswerGiven():
                    self._answer = Answer()
                case SegmentHeard():
                    self._answer.add(fact)
                    audio_ms = max(audio_ms, fact.end_ms)
                case InterviewEnded():
                    self._ended = True
                case SpeechStopped() | SpeechStarted() | FloorPassed():
                    audio_ms = max(audio_ms, fact.at_ms)
                case CandidateConnected() | CandidateDisconnected():
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
                return self._decide(self._turn.frame(event, now_ms, self._reading()), now_ms)
            case SegmentTranscribed():
                return self._transcribed(event, now_ms)
            case QuestionComposed():
                return self._composed(event, now_ms)
            case Played():
                return self._played(event, now_ms)
            case VoiceStarted():
                if event.turn == self.turn:
                    self._voice_began_ms = now_ms
                return []
            case QuestionVoiced():
                return self._voiced(event, now_ms)
            case EngineFailed():
                return self._failed(event, now_ms)
            case AnswerCommitted():
                return self._decide(self._turn.commit(now_ms), now_ms)
            case AnswerTyped():
                return self._typed(event.text, now_ms)
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
        self._marks = event.marks
        effects: list[Effect] = []
        if not self._started:
            self._started = True
            role, language = self.interview.target_role, self.interview.language
            effects.append(Tell(InterviewStarted(role, language)))
        effects.append(Tell(CandidateConnected(self.audio_ms)))
        if self._begun_ms is None:
            self._begun_ms = now_ms
        if self._dialogue.asked:
            return effects + self._take_up(now_ms)
        if self._dialogue.has_plan:
            return effects + self._open(now_ms)
        self._plan_deadline_ms = now_ms + PLAN_WAIT_MS
        return effects

    def _leaves(self, now_ms: int) -> list[Effect]:
        if not self._joined:
            return []
        self._joined = False
        self._plan_deadline_ms = None
        self._composing_since_ms = None
        speaking = self._turn.floor == "speaking"
        effects: list[Effect] = [Hush(self.turn)] if speaking else []
        effects += self._decide(self._turn.pause(), now_ms)
        return [*effects, Tell(CandidateDisconnected(self.audio_ms))]

    def _take_up(self, now_ms: int) -> list[Effect]:
        """Back after a break: the same question goes on."""
        if self._dialogue.over:
            return self._end("complete")
        if not self._answer.segments:
            return self._speak(self._dialogue.current, now_ms)
        self._turn.resume(now_ms, next_segment=max(self._answer.segments) + 1)
        return [Tell(FloorPassed(self.turn, "listening", self.audio_ms))]

    def _open(self, now_ms: int) -> list[Effect]:
        self._plan_deadline_ms = None
        return self._ask(self._dialogue.opening(), now_ms)

    def _end(self, reason: EndReason) -> list[Effect]:
        effects: list[Effect] = []
        if self._turn.floor == "speaking":
            effects.append(Hush(self.turn))
        if self._answer.text and self._dialogue.asked:
            effects.append(self._give())
        self._ended = True
        self._turn.stop()
        effects.append(Tell(InterviewEnded(reason)))
        return [*effects, Close(reason)]

    # The question.

    def _ask(self, question: QuestionAsked, now_ms: int) -> list[Effect]:
        self._dialogue.learn(question)
        self._answer = Answer()
        self._revision = 0
        return [Tell(question), *self._speak(question, now_ms)]

    def _speak(self, question: QuestionAsked, now_ms: int) -> list[Effect]:
        self._turn.speak(now_ms, marks=self._marks)
        self._voice_began_ms = None
        self._played_ms = 0
        say = Say(question.turn, question.question_id, question.text, self.interview.language)
        return [Tell(FloorPassed(question.turn, "speaking", self.audio_ms)), say]

    def _voiced(self, event: QuestionVoiced, now_ms: int) -> list[Effect]:
        if event.turn == self.turn:
            began = now_ms if self._voice_began_ms is None else self._voice_began_ms
            self._turn.voiced(now_ms, max(0, began + event.duration_ms - now_ms))
        return []

    def _played(self, event: Played, now_ms: int) -> list[Effect]:
        if event.turn != self.turn or self._turn.floor != "speaking":
            return []
        self._played_ms = max(self._played_ms, event.played_ms)
        return self._pass_to_candidate(now_ms, complete=True) if event.complete else []

    def _pass_to_candidate(self, now_ms: int, *, complete: bool) -> list[Effect]:
        if not complete and not self._marks and self._voice_began_ms is not None:
            self._played_ms = now_ms - self._voice_began_ms
        heard = Tell(QuestionHeard(self.turn, self._played_ms, complete))
        if self._dialogue.over:
            return [heard, *self._end("complete")]
        again = self._dialogue.current.kind == "repeat"
        decisions = self._turn.listen(now_ms, again=again)
        floor = Tell(FloorPassed(self.turn, "listening", self.audio_ms))
        return [heard, floor, *self._decide(decisions, now_ms)]

    # The answer.

    def _reading(self) -> Reading | None:
        if self._answer.pending:
            return None
        return reading(self._answer.text, self.interview.language)

    def _decide(self, decisions: list[Decision], now_ms: int) -> list[Effect]:
        effects: list[Effect] = []
        for decision in decisions:
            effects += self._act(decision, now_ms)
        return effects

    def _act(self, decision: Decision, now_ms: int) -> list[Effect]:
        match decision:
            case Opened():
                return [Tell(SpeechStarted(self.turn, decision.segment, decision.onset_ms))]
            case Closed():
                return self._close_segment(decision)
            case AnswerEnded():
                self._answer.ended_at_ms = now_ms
                return self._think(now_ms)
            case AnswerResumed():
                self._revision += 1
                self._composing_since_ms = None
                return [Tell(FloorPassed(self.turn, "listening", self.audio_ms))]
            case BargedIn():
                if self._dialogue.over:
                    return []
                hush: list[Effect] = [Hush(self.turn)]
                return hush + self._pass_to_candidate(now_ms, complete=False)
            case QuestionDone():
                return self._pass_to_candidate(now_ms, complete=True)
            case NobodySpoke(final=True):
                return self._end("no_answer")
            case NobodySpoke():
                return self._ask(self._dialogue.repeat(), now_ms)
            case WorkLate():
                return self._late(now_ms)

    def _close_segment(self, closed: Closed) -> list[Effect]:
        context = self._answer.text[-CONTEXT_CHARS:]
        self._answer.await_words(closed)
        return [
            Tell(SpeechStopped(self.turn, closed.segment, closed.speech_end_ms)),
            Transcribe(self.turn, closed.segment, closed.start_ms, closed.end_ms, context),
        ]

    def _transcribed(self, event: SegmentTranscribed, now_ms: int) -> list[Effect]:
        if event.turn == self.turn:
            self._answer.decode_ms = event.took_ms
        return self._segment_heard(
            event.turn, event.segment, event.text, event.words, event.engine, None, now_ms
        )

    def _segment_heard(
        self,
        turn: int,
        segment: int,
        text: str,
        words: tuple[Word, ...],
        engine: str,
        error: str | None,
        now_ms: int,
    ) -> list[Effect]:
        if turn != self.turn or self._answer.segments.get(segment, self) is not None:
            return []
        start_ms, end_ms = self._answer.bounds[segment]
        heard = SegmentHeard(turn, segment, start_ms, end_ms, text.strip(), words, engine, error)
        self._answer.add(heard)
        effects: list[Effect] = [Tell(heard)]
        if self._turn.floor == "thinking" and not self._answer.pending:
            effects += self._next_question(now_ms)
        return effects

    def _think(self, now_ms: int) -> list[Effect]:
        self._turn.think(now_ms, decoding=self._answer.pending)
        effects: list[Effect] = [Tell(FloorPassed(self.turn, "thinking", self.audio_ms))]
        return effects if self._answer.pending else effects + self._next_question(now_ms)

    def _next_question(self, now_ms: int) -> list[Effect]:
        """All words are there: choose or compose what comes next."""
        if not self._answer.text:
            return self._wordless(now_ms)
        brief = self._dialogue.brief(self._answer.text, self._elapsed(now_ms))
        if brief is None:
            return self._answer_and_ask(None, now_ms)
        self._revision += 1
        self._composing_since_ms = now_ms
        self._turn.think(now_ms, decoding=False)
        return [Compose(self.turn, self._revision, brief)]

    def _wordless(self, now_ms: int) -> list[Effect]:
        """Sound without words: noise is forgotten; speech that no engine could read is not."""
        if not self._answer.errors:
            self._answer = Answer()
            floor = Tell(FloorPassed(self.turn, "listening", self.audio_ms))
            return [floor, *self._decide(self._turn.listen(now_ms), now_ms)]
        again = self._dialogue.unheard()
        if again is not None:
            return [self._give(now_ms), *self._ask(again, now_ms)]
        return self._answer_and_ask(None, now_ms)

    def _composed(self, event: QuestionComposed, now_ms: int) -> list[Effect]:
        if not self._awaits(event.turn, event.revision):
            return []
        question = self._dialogue.composed(self._answer.text, event.text, event.model)
        if isinstance(question, str):
            return self._answer_and_ask(f"the model's question was refused: {question}", now_ms)
        return self._answer_and_ask(None, now_ms, question)

    def _awaits(self, turn: int, revision: int) -> bool:
        composing = self._composing_since_ms is not None and self._turn.floor == "thinking"
        return composing and (turn, revision) == (self.turn, self._revision)

    def _answer_and_ask(
        self, reason: str | None, now_ms: int, question: QuestionAsked | None = None
    ) -> list[Effect]:
        text, elapsed = self._answer.text, self._elapsed(now_ms)
        question = question or self._dialogue.chosen(text, elapsed, reason)
        given = self._give(now_ms)
        self._composing_since_ms = None
        return [given, *self._ask(question, now_ms)]

    def _give(self, now_ms: int | None = None) -> Tell:
        given = self._given(now_ms)
        self._dialogue.learn(given)
        return Tell(given)

    def _given(self, now_ms: int | None) -> AnswerGiven:
        return AnswerGiven(
            turn=self.turn,
            question_id=self._dialogue.current.question_id,
            answer_id=self.interview.identity(f"answer:{self.turn}"),
            text=self._answer.text,
            words=self._answer.words,
            engine=self._answer.engine,
            language=self.interview.language,
            timings=self._answer.timings(now_ms, self._composing_since_ms),
        )

    def _typed(self, text: str, now_ms: int) -> list[Effect]:
        """A typed answer ends the turn; what was said before it is kept in front of it."""
        text = text.strip()
        if not text or self._turn.floor is None or self._dialogue.over:
            return []
        effects: list[Effect] = []
        if self._turn.floor == "speaking":
            effects = [Hush(self.turn), *self._pass_to_candidate(now_ms, complete=False)]
        effects += self._decide(
            [d for d in self._turn.commit(now_ms) if isinstance(d, Closed)], now_ms
        )
        segment = max(self._answer.segments, default=0) + 1
        heard = SegmentHeard(
            self.turn, segment, self.audio_ms, self.audio_ms, text, (), TYPED, None
        )
        self._answer.add(heard)
        self._answer.ended_at_ms = now_ms
        return [*effects, Tell(heard), *self._think(now_ms)]

    # What goes wrong, and the clock.

    def _failed(self, event: EngineFailed, now_ms: int) -> list[Effect]:
        if event.role == "stt":
            return self._segment_heard(
                event.turn, event.segment, "", (), "none", event.reason, now_ms
            )
        if event.role == "llm" and self._awaits(event.turn, event.revision):
            return self._answer_and_ask(event.reason, now_ms)
        if event.role == "tts" and event.turn == self.turn and self._turn.floor == "speaking":
            return self._pass_to_candidate(now_ms, complete=False)
        return []

    def _late(self, now_ms: int) -> list[Effect]:
        """Words or a question did not come in time: go on without them."""
        effects: list[Effect] = []
        for segment in [n for n, heard in self._answer.segments.items() if heard is None]:
            effects += self._segment_heard(
                self.turn, segment, "", (), "none", "the recogniser did not answer in time", now_ms
            )
        if effects:
            return effects
        return self._answer_and_ask("the model did not answer in time", now_ms)

    def _ticked(self, now_ms: int) -> list[Effect]:
        if self._plan_deadline_ms is not None and now_ms >= self._plan_deadline_ms:
            return self._open(now_ms)
        return self._decide(self._turn.tick(now_ms), now_ms)

    def _elapsed(self, now_ms: int) -> int:
        return now_ms - (self._begun_ms or 0)
