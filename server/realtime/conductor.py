"""One live interview: Inputs in, one step at a time, Effects out; one TaskGroup for its work."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from uuid import UUID

import asyncpg
import structlog

from server import metrics
from server.clock import now
from server.core.events import (
    CandidateJoined,
    CandidateLeft,
    Close,
    Compose,
    EndReason,
    EngineFailed,
    Fact,
    Hold,
    Hush,
    InterviewEnded,
    PlanArrived,
    Played,
    QuestionAsked,
    QuestionTakenBack,
    Release,
    Say,
    Score,
    SegmentTranscribed,
    StepFailed,
    SteppedIn,
    Tell,
    Ticked,
    Transcribe,
    Understand,
    VoiceFrame,
    Withdraw,
)
from server.core.session import Session
from server.realtime.alarm import Alarm
from server.realtime.audience import Audience
from server.realtime.candidate import ELSEWHERE, MOVED, Candidate, greeting
from server.realtime.captions import Captions, Partial
from server.realtime.client_voice import ClientVoice
from server.realtime.errands import Engines, Errands
from server.realtime.intake import arrived, clean, kept_words, storable
from server.realtime.keeper import Keeper
from server.realtime.leading import Leading, Spoken
from server.realtime.ledger import Ledger
from server.realtime.line import Line
from server.realtime.mending import Confirm, Doing, Happening
from server.realtime.microphone import Microphone
from server.realtime.monitor import Monitor
from server.realtime.own_level import OwnLevel
from server.realtime.progress import progress
from server.realtime.recorder import Recorder
from server.realtime.sitting import Sitting
from server.realtime.sound import Sound
from server.realtime.work import Work
from server.store.facts import OutOfTurn
from server.wording.brief import brief

LINGER_S = 600
MOST_FAULTS = 3
TURN_MODEL_MS = 8_000
"""How much of the answer's sound the turn model hears."""
MOVES_ON = (QuestionAsked, QuestionTakenBack, SteppedIn)
"""After which the interview may have come further, or may last longer."""

log = structlog.get_logger()


class Conductor:
    """Drives one Sitting, which was begun with the facts ``told``; ``begin`` begins one anew. At
    most one line at a time is the candidate's."""

    def __init__(
        self,
        interview_id: UUID,
        sitting: Sitting,
        begin: Callable[[Sequence[Fact], int], Sitting],
        told: Sequence[Fact],
        engines: Engines,
        pool: asyncpg.Pool,
        monitor: Monitor,
        epoch: int,
        *,
        stored_ms: int = 0,
        kept: tuple[Recorder, Sound] | None = None,
    ) -> None:
        self.interview_id = interview_id
        self._begin = begin
        self._sitting = sitting
        session, languages = sitting.session, sitting.session.interview.packs.by_language
        self._facts = list(told)
        self._shown = len(told)
        self._faults = 0
        self._plan: PlanArrived | None = None
        self._engines = engines
        self._pool = pool
        self._stored_ms = stored_ms
        """Up to where sound was kept when the interview was taken up here."""

        self._ledger = Ledger(pool, interview_id, epoch, len(told))
        self._errands = Errands(str(interview_id), engines, self._returned, languages)
        self._keeper: Keeper | None = None
        if kept is not None:
            self._keeper = Keeper(
                *kept, self._errands, lambda: self._sitting, self._returned,
                lambda stored_ms: self._candidate.stored(stored_ms),  # noqa: PLW0108 there is none yet
            )  # fmt: skip
        self._microphone = Microphone(
            engines.hearing,
            engines.canceller,
            self._on_frame,
            session.audio_ms,
            None if self._keeper is None else self._keeper.hear,
        )
        self.soon = engines.hearing.soon
        self._client_voice = ClientVoice(self.take)
        self._candidate = Candidate(self._microphone.loudspeaker, self._client_voice)
        self._audience = Audience(monitor, interview_id, self._candidate)
        self._leading = Leading(
            engines.hearing, self._errands, self._candidate, self._audience,
            lambda: self._session, lambda: self._doing, self.take,
        )  # fmt: skip
        self._inbox: deque[Happening] = deque()
        self._stepping = False
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._alarm = Alarm(lambda: self.take(Ticked()))
        self._since = now()
        self._lingering = self._linger()
        self._work: Work | None = None
        self._captions = Captions()
        self._own_level = OwnLevel()
        self._stopping = False
        self._elsewhere = False
        self._judged_ms = session.audio_ms
        self._observer = metrics.Observer()
        self._log = log.bind(interview_id=str(interview_id))

    # The candidate's side.

    def attach(self, line: Line, kept_ms: int = 0) -> None:
        """The newest connection is the candidate's; an older one is told and closed. ``kept_ms``:
        so much was said while there was none, and will be sent on this one."""
        if self._candidate.there:
            self.take(CandidateLeft())
        self._microphone.flush()
        self._lingering.cancel()
        shown = self._facts[: self._shown]
        told = greeting(
            self._session, self._engines.in_use(), self._microphone.fed_ms, self._stored_ms
        )
        self._candidate.take(line, told, self._session.turn, shown)
        self._candidate.progress(progress(self._session.interview, self._session.state))
        self._audience.look(again=True)
        self.take(CandidateJoined(line.dialect.marks, kept_ms))

    def detach(self, line: Line) -> None:
        if self._candidate.leave(line):
            self.take(CandidateLeft())
            if not self._over.done():
                self._lingering = self._linger()

    def hear(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz. Raises TooFast."""
        self._sitting.arrival.came(self._now_ms())
        self._audience.heard(pcm)
        self._microphone.hear(pcm)

    def led(self, spoken: Spoken) -> None:
        """A person who leads says something."""
        self._leading.hear(spoken)

    async def judged(self) -> None:
        """Return once all audio that was heard has been judged."""
        await self._microphone.judged()

    async def caught_up(self) -> None:
        """The same, and what followed from it is stored."""
        await self.judged()
        await self._ledger.durable(len(self._facts))

    def unhear(self) -> None:
        """Audio that has not been judged counts as silence."""
        self._microphone.unhear()

    def stop(self) -> None:
        """The server goes down: store what was told and let go; the interview is not over."""
        self._stopping = True
        self.take(CandidateLeft())

    def may_move(self, *, between: bool) -> bool:
        """Whether the candidate would hardly notice that another process goes on: nobody speaks,
        and they come back by themselves. ``between``: a question was heard and nothing is said to
        it yet."""
        if self._work is None or not self._candidate.there:
            return self._work is not None
        session, state = self._session, self._session.state
        if not self._candidate.marks or state.led:
            return False
        if state.paused:
            return True
        rests = state.floor == "listening" and session.ears.open_segment is None
        answered = session.listening.last_segment
        return rests and not session.listening.awaited and not (between and answered)

    def hand_over(self) -> None:
        """The same, because the candidate is on a newer connection in another process."""
        if not self._over.done():
            self._elsewhere = True
            self.stop()

    def end(self, reason: EndReason) -> None:
        """Somebody else decided so: the interview is over, and both sides are told."""
        if self._over.done() or self._work is None:
            return
        self._work.withdraw()
        self._work.hush()
        self._tell([InterviewEnded(reason)])
        self._sitting = self._begin(self._facts, self._judged_ms)
        self._drain()

    def look(self) -> None:
        """Who follows it may have changed."""
        self._audience.look()

    @property
    def present(self) -> bool:
        """The candidate is there, and their line is alive."""
        return self._candidate.alive and not self._over.done()

    @property
    def _session(self) -> Session:
        return self._sitting.session

    @property
    def over(self) -> bool:
        """Nobody can attach any more; ``run`` is ending or has ended."""
        return self._over.done()

    # The loop: whoever brings an Input runs the step, one at a time, on the event loop.

    def take(self, event: Happening) -> None:
        """Hand in what happened. Its effects are out when this returns, unless a step is running
        or ``run`` has not begun: then they follow in order."""
        if isinstance(event, Played) and not self._leading.heard:
            over = event.complete or event.stopped
            self._microphone.reported(event.turn, event.played_ms, complete=over)
            self._client_voice.played(event)
        self._happens(storable(event))

    def _happens(self, event: Happening) -> None:
        self._inbox.append(event)
        if not self._stepping and self._work is not None and not self._over.done():
            self._drain()

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                self._work = work = Work(tasks)
                ledger = tasks.create_task(self._ledger.run(self._on_stored))
                plan = tasks.create_task(self._await_plan())
                keeper = self._keeper
                keeping = None if keeper is None else tasks.create_task(keeper.run())
                self._leading.look()
                self._drain()
                await self._over
                plan.cancel()
                self._leading.close()
                work.give_up_decoding()
                work.withdraw()
                work.hush()
                self._ledger.close()
                if keeper is not None and keeping is not None:
                    await keeper.close()
                    await keeping
                await ledger
        except* OutOfTurn:
            self._elsewhere = True
            self._log.warning("another process drives this interview now")
        finally:
            self._alarm.cancel()
            self._lingering.cancel()
            self._over.cancel()
            self._microphone.close()
            self._candidate.close(*self._farewell())

    def _farewell(self) -> tuple[int, str]:
        if self._elsewhere:  # nothing that was told after that is stored, an end neither
            return ELSEWHERE
        if self._session.state.ended:
            return 1000, "the interview is over"
        return MOVED

    def _drain(self) -> None:
        self._stepping, moved = True, False
        inbox = self._inbox
        try:
            while inbox and not self._sitting.session.memory.state.ended:
                moved |= self._step(inbox.popleft())
        finally:
            self._stepping = False
        if self._stopping or self._sitting.session.memory.state.ended:
            self._over.set_result(None)
        elif moved:
            self._alarm.set(self._sitting.deadline(), self._now_ms)

    def _step(self, event: Happening) -> bool:
        """Whether anything can be another than before."""
        if isinstance(event, PlanArrived):
            self._plan = event
        try:
            effects = self._sitting.step(event, self._now_ms())
        # Whatever it is, it is ours, and the candidate's one chance must not hang on it.
        except Exception as error:  # noqa: BLE001
            self._log.exception("a step failed", turn=self._session.turn, step=type(event).__name__)
            self._recover(event, error)
            return True
        if effects:
            self._execute(effects)
        return bool(effects) or not isinstance(event, VoiceFrame)

    def _recover(self, event: Happening, error: Exception) -> None:
        """The interview goes on from its facts, as after a crash, but without a break; what the
        failed step was to take in is kept. Three times without a question between them end it."""
        self._faults += 1
        # The step may have changed its own state half way.
        state = self._begin(self._facts, 0).session.state
        failed = StepFailed(state.turn, type(event).__name__, type(error).__name__)
        self._doing.withdraw()
        self._doing.hush()
        self._tell([*kept_words(event, state), failed])
        if self._faults >= MOST_FAULTS:
            self._tell([InterviewEnded("fault")])
        self._sitting = self._begin(self._facts, self._judged_ms)
        if self._session.state.ended:
            return
        if self._plan is not None:
            self._inbox.appendleft(self._plan)
        if self._candidate.there:
            # Where the question was heard it is not said again: kept sound says so.
            self._inbox.appendleft(CandidateJoined(self._candidate.marks, int(state.was_heard)))

    def _linger(self) -> asyncio.TimerHandle:
        """Nobody is there: let go when nobody comes for long."""
        return asyncio.get_running_loop().call_later(LINGER_S, self.stop)

    def _now_ms(self) -> int:
        return int((now() - self._since) * 1_000)

    def _execute(self, effects: Sequence[Doing]) -> None:
        """Hand everything out without waiting; facts of one step are stored together."""
        self._observer.saw(effects)
        facts = [effect.fact for effect in effects if isinstance(effect, Tell)]
        if any(isinstance(fact, QuestionAsked) for fact in facts):
            self._faults = 0
        self._tell(facts)
        for effect in effects:
            match effect:
                case Transcribe() | Score():
                    self._listen(effect)
                case Understand():
                    self._doing.begin(self._errands.understand(effect))
                case Compose() | Withdraw() | Say():
                    self._ask(effect)
                case Hush() | Hold() | Release():
                    if isinstance(effect, Hush):
                        self._doing.hush()
                    self._candidate.pass_on(effect)
                case Confirm():
                    self._doing.begin(self._confirm(effect, len(self._facts)))
                case Tell() | Close():
                    pass
        self._microphone.forget(self._sitting.keep_audio_from_ms())

    def _listen(self, effect: Transcribe | Score) -> None:
        start_ms, language = effect.start_ms, self._session.state.language
        if isinstance(effect, Score):
            start_ms = max(start_ms, effect.end_ms - TURN_MODEL_MS)
        pcm = self._microphone.cut(start_ms, effect.end_ms)
        match effect:
            case Transcribe():
                self._doing.decode(self._errands.transcribe(effect, pcm, language))
            case Score():
                self._doing.begin(self._errands.score(effect, pcm))

    def _ask(self, effect: Compose | Withdraw | Say) -> None:
        session = self._session
        match effect:
            case Compose():
                told = brief(session.interview, session.state, effect.meant)
                self._doing.write(effect.revision, self._errands.compose(effect, told))
            case Withdraw():
                self._doing.withdraw(effect.revision)
            case Say():
                self._doing.speak(self._say(effect, len(self._facts)))

    @property
    def _doing(self) -> Work:
        assert self._work is not None  # no step runs before
        return self._work

    def _tell(self, facts: Sequence[Fact]) -> None:
        if facts:
            self._facts += facts
            self._ledger.tell(facts)
        for fact in facts:
            self._leading.learn(fact)
            self._client_voice.learn(fact)
            if self._keeper is not None:
                self._keeper.learn(fact)

    def _on_stored(self, facts: Sequence[Fact]) -> None:
        self._shown += len(facts)
        self._candidate.told(facts)
        if any(isinstance(fact, MOVES_ON) for fact in facts):
            self._candidate.progress(progress(self._session.interview, self._session.state))
        self._leading.stored(facts)
        self._audience.stored()

    def _returned(self, event: Happening) -> None:
        """What an errand ended with."""
        if isinstance(event, SegmentTranscribed):
            self._captions.final(event.took_ms)
        if isinstance(event, EngineFailed):
            metrics.engine_failed(event.role)
        self.take(event)

    def _on_frame(self, end_ms: int, probability: float, loud_db: float) -> None:
        self._judged_ms = end_ms
        state = self._sitting.session.memory.state
        probability = self._client_voice.overheard.judge(probability, loud_db)
        far = self._own_level.is_far(state, probability, loud_db)
        self._happens(VoiceFrame(end_ms, probability, far))
        if self._captions.rest(end_ms, talking=self._session.ears.talking):
            return
        talk, language = self._sitting.talk, self._session.state.language
        if (wanted := self._captions.due(talk, end_ms, language)) is not None:
            pcm = self._microphone.cut(wanted.start_ms, wanted.end_ms)
            self._doing.begin(self._errands.preview(wanted, pcm, self._show))

    def _show(self, partial: Partial) -> None:
        turn, segment = partial.turn, partial.segment
        shown = self._captions.came(partial, awaited=self._sitting.awaits(turn, segment))
        if shown is not None:
            told = turn, segment, clean(shown.settled), clean(shown.tentative)
            self._candidate.caption(*told)
            self._audience.caption(*told)

    async def _confirm(self, effect: Confirm, taken: int) -> None:
        """What was taken before may be on its way to the store still."""
        await self._ledger.durable(taken)
        self._candidate.typing_taken(effect.turn, effect.item)

    async def _say(self, effect: Say, seq: int) -> None:
        await self._ledger.durable(seq)
        if self._candidate.speaks:
            rate = self._engines.rate
            await self._client_voice.say(effect, lambda: self._candidate.speak(effect, rate))
            return

        def speak(offset: int, pcm: bytes) -> None:
            self._candidate.voice(effect.turn, offset, pcm)
            self._audience.said(pcm)

        samples = await self._errands.say(effect, speak)
        self._candidate.voice_done(effect.turn, samples)

    async def _await_plan(self) -> None:
        self.take(await arrived(self._pool, self.interview_id))
