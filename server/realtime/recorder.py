"""The sound of one interview on its way to the store: sealed, and kept there until it is words.

Whatever is heard is stored, but for breaks. What outlives its words is the store's to say: sound of
answers, of candidates who agreed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from server.engines.opus import FRAME_MS
from server.ports import CANDIDATE_RATE, EngineError
from server.realtime import sound
from server.realtime.chunks import Chunks
from server.realtime.encoding import PER_MS, Encoded, Encoding, Part, Stretch, Tape
from server.store import recordings
from server.store.pool import STORE_AWAY
from server.store.recordings import Chunk
from server.store.sealing import Seal

AGAIN_S: Final = 1.0
"""Until what could not be stored is tried again."""

PRE_ROLL_MS: Final = 1_000
"""An answer that begins over the question begins before the floor passes."""

UNENCODED_BYTES: Final = 30 * CANDIDATE_RATE * 2
UNSTORED_BYTES: Final = 2 * 1024 * 1024
"""About eleven minutes of Opus: a database may be away so long before anything is lost."""

SETTLE_MS: Final = 5_000
"""How much has to be words before it is deleted: not every second anew."""

CLOSE_S: Final = 5.0

log = structlog.get_logger()


class Recorder:
    """One per live interview, under its lease's ``epoch``. ``start_ms``: where the audio clock
    stands when it is made. ``on_stored`` is told up to where everything is durable."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        encoding: Encoding,
        chunks: Chunks,
        interview_id: UUID,
        seal: Seal,
        epoch: int,
        *,
        start_ms: int = 0,
    ) -> None:
        self._pool = pool
        self._encoding = encoding
        self._chunks = chunks
        self.interview_id = interview_id
        self._seal = seal
        self._epoch = epoch
        self._pcm = bytearray()
        self._end = start_ms * PER_MS
        self._part: Part | None = None
        self._marks: deque[tuple[int, Part | None]] = deque()
        self._lost_ms = 0
        self._tape = Tape()
        self._encoded: deque[Encoded] = deque()
        self._encoded_bytes = 0
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._stopped = asyncio.Event()
        self._stopped.set()
        self._number: tuple[int, int] | None = None
        self._chunk: Chunk | None = None
        self._overtaken = False
        self._reach: deque[tuple[int, int, int]] = deque()
        self._settled_ms = self._swept_ms = 0
        self.stored_ms = start_ms
        """Up to here on the audio clock everything is durable that is wanted."""

        self.on_stored: Callable[[int], None] = lambda _: None
        self._log = log.bind(interview_id=str(interview_id))

    # From the conductor, on the event loop.

    def hear(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz. Only buffers."""
        self._end += len(pcm) // 2
        self._pcm += pcm
        surplus = len(self._pcm) - UNENCODED_BYTES
        if surplus > 0:
            del self._pcm[:surplus]
            self._lose(surplus // 2 // PER_MS)

    def turn(self, turn: int, at_ms: int) -> None:
        """The floor passed to the candidate at this time of the audio clock: it is an answer from
        there, and a little before, or the same one goes on."""
        latest = self._latest()
        if latest == Part(turn, answer=True):
            return
        since_ms = at_ms - (PRE_ROLL_MS if latest == Part(turn, answer=False) else 0)
        if since_ms < at_ms:
            self._reach.append((turn, since_ms, self._begin // PER_MS))
        self._mark(since_ms, Part(turn, answer=True))

    def beside(self, turn: int, at_ms: int) -> None:
        """The question of this turn is asked: what is heard meanwhile is no answer, it seems."""
        self._mark(at_ms, Part(turn, answer=False))

    def rest(self, at_ms: int) -> None:
        """A break: keep nothing from here on."""
        self._mark(at_ms, None)

    def settled(self, until_ms: int) -> None:
        """All before this is words."""
        self._settled_ms = max(self._settled_ms, until_ms)

    def settle_now(self) -> None:
        """What is words need not be kept any more."""
        self._swept_ms = 0

    def _latest(self) -> Part | None:
        return self._marks[-1][1] if self._marks else self._part

    def _mark(self, at_ms: int, part: Part | None) -> None:
        latest = self._marks[-1][0] if self._marks else 0
        self._marks.append((max(at_ms * PER_MS, self._begin, latest), part))

    @property
    def _begin(self) -> int:
        return self._end - len(self._pcm) // 2

    # Encoding and storing, beside each other.

    async def run(self) -> None:
        """Until ``close``."""
        self._stopped.clear()
        try:
            async with asyncio.TaskGroup() as tasks:
                work = [tasks.create_task(one) for one in (self._encode_on(), self._store_on())]
                await self._closing.wait()
                for task in work:
                    task.cancel()
        finally:
            self._stopped.set()

    async def close(self) -> None:
        """Encode and store the rest, but for a last frame that is not full; gives up after a few
        seconds."""
        self._closing.set()
        await self._stopped.wait()
        await self._encode(last=True)
        try:
            async with asyncio.timeout(CLOSE_S):
                while self._encoded and await self._store_next():
                    pass
        except TimeoutError:
            pass
        if self._encoded and not self._overtaken:
            self._log.error("end of the sound lost", chunks=len(self._encoded))

    async def _encode_on(self) -> None:
        while True:
            await self._chunks.due()
            await self._encode()

    async def _encode(self, *, last: bool = False) -> None:
        """``last``: behind all that is being encoded already, even if there is nothing more."""
        stretches = self._cut()
        if not stretches and not last:
            return
        work = self._encoding.take(self._tape, stretches)
        try:
            encoded = await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(self._keep_late)
            raise
        except EngineError as error:
            self._log.error("sound not encoded", reason=str(error))
            self._tape = Tape()
            self._lose(sum(len(one.pcm) for one in stretches) // 2 // PER_MS)
            return
        self._keep(encoded)

    def _keep_late(self, work: asyncio.Future[list[Encoded]]) -> None:
        if not work.cancelled() and work.exception() is None:
            self._keep(work.result())

    def _cut(self) -> list[Stretch]:
        """What was heard so far, by part."""
        stretches = []
        while self._marks and self._marks[0][0] <= self._end:
            at, part = self._marks.popleft()
            stretches.append(self._drop(at, ends=part is None))
            self._part = part
        stretches.append(self._drop(self._end, ends=False))
        return [stretch for stretch in stretches if stretch is not None]

    def _drop(self, until: int, *, ends: bool) -> Stretch | None:
        start = self._begin
        size = max(0, until - start) * 2
        pcm = bytes(self._pcm[:size])
        del self._pcm[:size]
        if not pcm and not (ends and self._part is not None):
            return None
        lost_ms, self._lost_ms = self._lost_ms, 0
        return Stretch(self._part, start, pcm, lost_ms, ends)

    def _keep(self, encoded: Sequence[Encoded]) -> None:
        for one in encoded:
            size = sum(map(len, one.packets))
            if self._encoded_bytes + size > UNSTORED_BYTES:
                self._lose(len(one.packets) * FRAME_MS + one.lost_ms)
                continue
            self._encoded.append(one)
            self._encoded_bytes += size
        self._news.set()

    def _lose(self, lost_ms: int) -> None:
        """The mark is in the store with the next chunk; the log tells when it begins."""
        if self._lost_ms == 0:
            self._log.error("the sound has a gap: it is not stored as fast as it comes")
        self._lost_ms += lost_ms

    async def _store_on(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._encoded:
                if not await self._store_next():
                    await asyncio.sleep(AGAIN_S)

    async def _store_next(self) -> bool:
        """Store the oldest; False where that has to be tried again later."""
        encoded = self._encoded[0]
        try:
            await self._reach_back()
            if encoded.part is not None and not await self._store(encoded, encoded.part):
                self._encoded.clear()  # what another process drives is that one's to keep
                self._overtaken = True
                return True
            await self._settle()
        except STORE_AWAY as error:
            self._log.warning("sound not stored yet", error=type(error).__name__)
            return False
        self._chunk = None
        self._encoded.popleft()
        self._encoded_bytes -= sum(map(len, encoded.packets))
        self.stored_ms = max(self.stored_ms, encoded.end_ms)
        self.on_stored(self.stored_ms)
        return True

    async def _store(self, encoded: Encoded, part: Part) -> bool:
        if self._chunk is None:
            self._chunk = await self._sealed(encoded, part)
        return await self._chunks.add(self.interview_id, self._epoch, self._chunk)

    async def _reach_back(self) -> None:
        """As soon as all that was cut before is stored, but for a frame that was not full: what is
        on its way to the store still is not found there."""
        while self._reach and self.stored_ms > self._reach[0][2] - FRAME_MS:
            turn, since_ms, _ = self._reach[0]
            await recordings.reach_back(self._pool, self.interview_id, turn, since_ms)
            self._reach.popleft()

    async def _settle(self) -> None:
        until_ms = min(self._settled_ms, self.stored_ms)
        if until_ms - self._swept_ms >= SETTLE_MS:
            await recordings.settle(self._pool, self.interview_id, until_ms)
            self._swept_ms = until_ms

    async def _sealed(self, encoded: Encoded, part: Part) -> Chunk:
        """The next chunk of its turn; one that could not be stored is tried again as it is."""
        turn = part.turn
        if self._number is None or self._number[0] != turn:
            last = await recordings.last(self._pool, self.interview_id, turn)
            self._number = turn, last
        n = self._number[1] + 1
        self._number = turn, n
        return Chunk(
            turn,
            n,
            encoded.start_ms,
            len(encoded.packets) * FRAME_MS,
            encoded.lost_ms,
            part.answer,
            self._seal.close(sound.packed(encoded.packets), sound.place(turn, n)),
            self._seal.close(encoded.loudness, sound.loudness_place(turn, n)),
        )
