"""A person who leads an interview by voice: their sound goes to the candidate, their words become
facts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

import structlog

from server.clock import now
from server.core.events import (
    Fact,
    FloorPassed,
    InterviewEnded,
    Language,
    PersonActed,
    SteppedIn,
)
from server.core.session import Session
from server.ports import EngineError
from server.realtime.audience import Audience
from server.realtime.candidate import Candidate
from server.realtime.captions import Captions, Partial
from server.realtime.errands import Errands
from server.realtime.hearing import Hearing
from server.realtime.intake import clean
from server.realtime.mouth import Mouth, Utterance
from server.realtime.work import Work

LOST_S: Final = 6.0
"""Whoever led and sends no sound for so long has gone: the interview goes on without them."""
LOOK_S: Final = 1.0
AGAIN_S: Final = (1.0, 2.0, 5.0, 10.0, 20.0)
"""When words are asked for again that the recogniser failed at; after the last they are lost."""

log = structlog.get_logger()


class Spoken(NamedTuple):
    """A piece of sound of whoever took over by this step. ``at``: the number of its first sample
    since then, of 16 kHz. ``late``: it was said while their line was away, and the candidate does
    not hear it any more. ``pcm``: PCM16 mono 16 kHz."""

    step_id: UUID
    at: int
    late: bool
    pcm: bytes

    def packed(self) -> bytes:
        return self.step_id.bytes + bytes([self.late]) + self.at.to_bytes(8, "little") + self.pcm

    @classmethod
    def unpacked(cls, frame: bytes) -> Spoken:
        at = int.from_bytes(frame[17:25], "little")
        return cls(UUID(bytes=frame[:16]), at, bool(frame[16]), frame[25:])


class Leading:
    """Of the interview that the conductor drives. Nothing here waits; ``work`` is where its tasks
    run, and ``hand_in`` takes what people did."""

    def __init__(
        self,
        hearing: Hearing,
        errands: Errands,
        candidate: Candidate,
        audience: Audience,
        session: Callable[[], Session],
        work: Callable[[], Work],
        hand_in: Callable[[PersonActed], None],
    ) -> None:
        self._hearing = hearing
        self._errands = errands
        self._candidate = candidate
        self._audience = audience
        self._session = session
        self._work = work
        self._hand_in = hand_in
        self._leader: SteppedIn | None = None
        self._mouth: Mouth | None = None
        self._heard_at = 0.0
        self._looking: asyncio.TimerHandle | None = None
        self._unwritten: dict[str, int] = {}
        """Utterances whose words are not stored yet, by the id of the fact that they will be, and
        where they began."""
        self._captions = Captions()
        self._decoding = 0
        self._said: list[str] = []
        """Words that the client has not been told of."""

    def learn(self, fact: Fact) -> None:
        """What was told may be that somebody leads, or nobody does any more."""
        match fact:
            case SteppedIn(step="take_over" | "hand_back") | InterviewEnded():
                self.look()
            case FloorPassed() if self._mouth is not None:
                self._mouth.begin(fact.turn)
            case _:
                pass

    def stored(self, facts: Sequence[Fact]) -> None:
        """What was said and is stored, whoever leads need not keep."""
        for fact in facts:
            if isinstance(fact, SteppedIn) and self._unwritten.pop(fact.step_id, None) is not None:
                self._tell_kept()

    def look(self) -> None:
        """Who leads, as the facts tell it."""
        state = self._session().state
        leader = None if state.ended else state.leader
        if leader == self._leader:
            return
        self.close()
        self._leader = leader
        if leader is not None:
            around = self._hearing, self._candidate, self._audience
            said_by, caption = partial(self._said_by, leader), partial(self._caption, leader)
            self._mouth, self._captions = Mouth(*around, state.turn, said_by, caption), Captions()
            self._heard_at = now()
            self._look_again()

    def close(self) -> None:
        """Nobody leads any more."""
        if self._mouth is not None:
            self._mouth.close()
            self._tell_words()
        if self._looking is not None:
            self._looking.cancel()
        self._mouth = self._looking = self._leader = None

    def hear(self, spoken: Spoken) -> None:
        """Sound of anybody but whoever leads is dropped; before the candidate was told, and while
        the interview rests, it is no more than a sign of life."""
        leader = self._leader
        if leader is None or self._mouth is None or leader.step_id != str(spoken.step_id):
            return
        self._heard_at = now()
        if self.heard and not self._session().state.paused:
            self._mouth.say(spoken.at, spoken.pcm, late=spoken.late)

    @property
    def heard(self) -> bool:
        """The candidate hears a person, and no voice of ours."""
        state = self._session().state
        return state.led and state.floor == "listening"

    def _look_again(self) -> None:
        leader = self._leader
        if leader is None:
            return
        self._tell_kept()
        loop = asyncio.get_running_loop()
        self._looking = loop.call_later(LOOK_S, self._look_again)
        if now() - self._heard_at >= LOST_S:
            log.info("whoever led has gone", interview_id=self._session().interview.interview_id)
            gone = self._session().interview.identity(f"gone:{leader.step_id}")
            self._hand_in(PersonActed(SteppedIn(gone, "hand_back", leader.by, leader.who)))

    def _tell_kept(self) -> None:
        if self._leader is not None and self._mouth is not None:
            kept = min([self._mouth.open_at, *self._unwritten.values()])
            self._audience.kept(self._leader.step_id, max(0, kept))

    # Captions.

    def _caption(self, leader: SteppedIn, end_ms: int) -> None:
        """Up to here it was judged whether whoever leads speaks."""
        mouth = self._mouth
        talk = None if mouth is None else mouth.talk
        talking = talk is not None and not talk.paused
        if mouth is None or self._captions.rest(end_ms, talking=talking):
            return
        wanted = self._captions.due(talk, end_ms, self._session().state.language)
        if wanted is not None:
            said, pcm = self._said_id(leader, mouth.began_at), mouth.cut(wanted.start_ms, end_ms)
            show = partial(self._show, said, mouth)
            self._work().begin(self._errands.preview(wanted, pcm, show))

    def _show(self, step_id: str, mouth: Mouth, heard: Partial) -> None:
        """Nothing of what is over: its words are on their way."""
        if mouth is not self._mouth:
            return
        talk = mouth.talk
        awaited = talk is not None and talk.segment == heard.segment
        shown = self._captions.came(heard, awaited=awaited)
        if shown is not None:
            told = heard.turn, step_id, clean(shown.settled), clean(shown.tentative)
            self._candidate.led_caption(*told)
            self._audience.led_caption(*told)

    # Words.

    def _said_id(self, leader: SteppedIn, at: int) -> str:
        return self._session().interview.identity(f"said:{leader.step_id}:{at}")

    def _said_by(self, leader: SteppedIn, utterance: Utterance) -> None:
        session = self._session()
        step_id = self._said_id(leader, utterance.at)
        if any(one.step_id == step_id for one in session.state.steps):
            return
        said = SteppedIn(step_id, "said", leader.by, leader.who, at_ms=session.audio_ms)
        self._unwritten[step_id] = utterance.at
        self._decoding += 1
        self._work().decode(self._write_down(said, utterance.pcm, session.state.language))

    async def _write_down(self, said: SteppedIn, pcm: bytes, language: Language) -> None:
        began = now()
        try:
            text = await self._words(pcm, language)
        finally:
            self._decoding -= 1
        self._captions.final(round((now() - began) * 1_000))
        if text:
            self._said.append(text)
            self._hand_in(PersonActed(replace(said, text=text)))
        else:
            self._unwritten.pop(said.step_id, None)
            told = self._session().turn, said.step_id, "", ""
            self._candidate.led_caption(*told, over=True)
            self._audience.led_caption(*told, over=True)
        if self._decoding == 0 and not (self._mouth is not None and self._mouth.speaking):
            self._tell_words()

    async def _words(self, pcm: bytes, language: Language) -> str:
        """Empty where it was no speech, or nobody could write it down."""
        for wait_s in (*AGAIN_S, None):
            try:
                return clean((await self._errands.heard(0, 0, 0, pcm, language)).text)
            except EngineError as error:
                log.warning("words of whoever leads not written down", reason=str(error))
            if wait_s is not None:
                await asyncio.sleep(wait_s)
        return ""

    def _tell_words(self) -> None:
        said, self._said = self._said, []
        self._candidate.led_done(self._session().turn, " ".join(said))
