"""A practice question before the interview: spoken and heard as there, by the same engines; none of
it is a fact, and nothing of it is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

import structlog

from server.core.events import Language, VoiceFrame
from server.core.events.answer import Answer
from server.core.turn.decisions import Closed
from server.ports import CANDIDATE_RATE, VOICE_RATE, EngineError
from server.realtime.captions import Captions, Partial, Preview, Talk
from server.realtime.errands import Engines, Errands
from server.realtime.segment import Segmenter, Sensitivity
from server.realtime.tape import SAMPLE_BYTES, Tape

LONGEST_S: Final = 120
"""So much sound is heard over one connection: it is for practice."""
SENSITIVITY: Final = Sensitivity()

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Words:
    """All words of one stretch of speech, in place of what was told of it before. ``tentative``:
    after them, and not sure yet. ``whole``: nothing more comes of it. ``unclear``: it could not be
    made out, or there was no recogniser for it."""

    segment: int
    text: str
    tentative: str = ""
    whole: bool = False
    unclear: bool = False


class Rehearsal:
    """Of one connection. ``tell`` gets words as they come, in the language of the interview."""

    def __init__(
        self, session: str, engines: Engines, language: Language, tell: Callable[[Words], None]
    ) -> None:
        self._engines = engines
        self._language = language
        self._tell = tell
        self._errands = Errands(session, engines, lambda _: None)
        self._tape = Tape(0)
        self._ear = engines.hearing.open(self._judged, 0, self._tape.add)
        self._segmenter = Segmenter(SENSITIVITY)
        self._captions = Captions()
        self._settled: dict[int, str] = {}
        self._final: set[int] = set()
        self._decoding: set[asyncio.Task[None]] = set()
        self._left = LONGEST_S * CANDIDATE_RATE * SAMPLE_BYTES

    @property
    def covered(self) -> bool:
        """Whether the recogniser in use understands the language."""
        return self._engines.recognition.current.covers(self._language)

    async def say(self, text: str, rate: float, send: Callable[[int, bytes], None]) -> int | None:
        """``send(offset, pcm)`` in samples of 24 kHz. How many ms there were; None: no voice."""
        samples = 0
        try:
            async for pcm in self._engines.voice.speak(text, self._language, rate):
                send(samples, pcm)
                samples += len(pcm) // SAMPLE_BYTES
        except EngineError as error:
            log.warning("practice question not voiced", reason=str(error))
            return None
        return samples * 1_000 // VOICE_RATE

    def hear(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz of any length. What is more than practice takes is dropped."""
        pcm = pcm[: self._left]
        self._left -= len(pcm)
        self._ear.feed(pcm)

    async def done(self) -> None:
        """Return once all that was said is words."""
        await self._ear.caught_up()
        for edge in self._segmenter.close():
            if isinstance(edge, Closed):
                self._over(edge)
        while self._decoding:
            await asyncio.wait(self._decoding)

    async def close(self) -> None:
        self._ear.close()
        for task in self._decoding:
            task.cancel()
        await asyncio.gather(*self._decoding, return_exceptions=True)

    def _judged(self, end_ms: int, probability: float, _loud_db: float) -> None:
        for edge in self._segmenter.feed(VoiceFrame(end_ms, probability)):
            if isinstance(edge, Closed):
                self._over(edge)
        since_ms, segment = self._segmenter.open_since_ms, self._segmenter.open_segment
        if since_ms is None:
            self._tape.forget(end_ms - SENSITIVITY.preroll_ms - SENSITIVITY.onset_ms)
            return
        talking = probability >= SENSITIVITY.silence
        if segment is None or self._captions.rest(end_ms, talking=talking):
            return
        onset_ms = self._segmenter.spoke_from_ms
        talk = Talk(0, segment, onset_ms, since_ms, not talking, Answer())
        if (wanted := self._captions.due(talk, end_ms, self._language)) is not None:
            pcm = self._tape.cut(wanted.start_ms, wanted.end_ms)
            self._begin(self._preview(wanted, pcm))

    async def _preview(self, wanted: Preview, pcm: bytes) -> None:
        await self._errands.preview(wanted, pcm, self._partial)

    def _partial(self, partial: Partial) -> None:
        segment = partial.segment
        shown = self._captions.came(partial, awaited=segment not in self._final)
        if shown is not None:
            settled = self._settled.get(segment, "") + shown.settled
            self._settled[segment] = settled
            self._tell(Words(segment, settled, shown.tentative))

    def _over(self, closed: Closed) -> None:
        pcm = self._tape.cut(closed.start_ms, closed.end_ms)
        self._begin(self._heard(closed.segment, closed.start_ms, pcm))

    async def _heard(self, segment: int, start_ms: int, pcm: bytes) -> None:
        try:
            heard = await self._errands.heard(0, segment, start_ms, pcm, self._language)
        except EngineError as error:
            log.warning("practice answer not heard", reason=str(error))
            told = Words(segment, "", whole=True, unclear=True)
        else:
            self._captions.final(heard.took_ms)
            text = "" if heard.unclear else heard.text
            told = Words(segment, text, whole=True, unclear=heard.unclear is not None)
        self._final.add(segment)
        self._tell(told)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._decoding.add(task)
        task.add_done_callback(self._decoding.discard)
