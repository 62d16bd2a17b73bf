"""The sound of one interview's answers: from PCM to chunks of Ogg/Opus in the store.

Nothing is kept of a candidate who did not agree, and nothing between ``rest`` and the next turn.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from server.engines.ogg import OggWriter
from server.engines.opus import FRAME_BYTES, FRAME_MS, OpusEncoder
from server.ports import CANDIDATE_RATE, EngineError
from server.store import recordings
from server.store.recordings import Chunk

EVERY_S: Final = 3.0
"""A crash loses what was said since, and the part that is held back."""

HELD_BACK_MS: Final = 1_500
"""The newest audio waits: the floor may turn out to have passed a moment ago."""

PRE_ROLL_MS: Final = 1_000
"""An answer that begins over the question begins before the floor passes."""

UNENCODED_BYTES: Final = 30 * CANDIDATE_RATE * 2
UNSTORED_BYTES: Final = 2 * 1024 * 1024
"""About eleven minutes of Opus: a database may be away so long before anything is lost."""

CLOSE_S: Final = 5.0
PER_MS: Final = CANDIDATE_RATE // 1_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Unbroken audio of one turn; ``start`` in samples of the session's audio clock."""

    turn: int
    start: int
    pcm: bytes
    lost_ms: int
    ends: bool


@dataclass(frozen=True, slots=True)
class Encoded:
    turn: int
    start_ms: int
    lost_ms: int
    packets: Sequence[bytes]


class Recorder:
    """One per live interview. ``start_ms``: where the audio clock stands when it is made."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        executor: Executor,
        interview_id: UUID,
        *,
        consented: bool,
        start_ms: int = 0,
    ) -> None:
        self._pool = pool
        self._executor = executor
        self._interview_id = interview_id
        self._consented = consented
        self._pcm = bytearray()
        self._end = start_ms * PER_MS
        self._turn: int | None = None
        self._marks: deque[tuple[int, int | None]] = deque()
        self._lost_ms = 0
        self._tape = Tape()
        self._encoded: deque[Encoded] = deque()
        self._encoded_bytes = 0
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._stopped = asyncio.Event()
        self._stopped.set()
        self._writer: tuple[int, int, OggWriter] | None = None
        self._chunk: Chunk | None = None
        self._log = log.bind(interview_id=str(interview_id))

    # From the conductor, on the event loop.

    def hear(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz. Only buffers."""
        self._end += len(pcm) // 2
        if not self._consented:
            return
        self._pcm += pcm
        surplus = len(self._pcm) - UNENCODED_BYTES
        if surplus > 0:
            del self._pcm[:surplus]
            self._lose(surplus // 2 // PER_MS)

    def turn(self, turn: int, at_ms: int) -> None:
        """The floor passed to the candidate at this time of the audio clock: record from there,
        or go on with the same turn."""
        current = self._marks[-1][1] if self._marks else self._turn
        if current == turn:
            return
        resting = current is None
        self._mark(at_ms - (PRE_ROLL_MS if resting else 0), turn)

    def rest(self, at_ms: int) -> None:
        """Record nothing from here until the next ``turn``: a question is asked, or a pause."""
        self._mark(at_ms, None)

    def _mark(self, at_ms: int, turn: int | None) -> None:
        latest = self._marks[-1][0] if self._marks else 0
        self._marks.append((max(at_ms * PER_MS, self._begin, latest), turn))

    @property
    def _begin(self) -> int:
        return self._end - len(self._pcm) // 2

    # From whoever keeps the consent.

    @property
    def consented(self) -> bool:
        return self._consented

    @consented.setter
    def consented(self, consented: bool) -> None:
        """Without consent what was heard and not stored yet is forgotten at once."""
        self._consented = consented
        if not consented:
            self._pcm.clear()
            self._tape = Tape()
            self._encoded.clear()
            self._encoded_bytes = 0
            self.forget()

    def forget(self) -> None:
        """What was stored may be gone: look again before anything is added to it."""
        self._writer = self._chunk = None

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
        """Encode and store the rest; gives up after a few seconds."""
        self._closing.set()
        await self._stopped.wait()
        await self._encode(0, ends=True)
        try:
            async with asyncio.timeout(CLOSE_S):
                while self._encoded and await self._store_next():
                    pass
        except TimeoutError:
            pass
        if self._encoded:
            self._log.error("end of a recording lost", chunks=len(self._encoded))

    async def _encode_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self._encode(HELD_BACK_MS)

    async def _encode(self, held_back_ms: int, *, ends: bool = False) -> None:
        stretches = self._cut(self._end - held_back_ms * PER_MS, ends=ends)
        if not stretches:
            return
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._executor, self._tape.take, stretches)
        try:
            encoded = await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(self._keep_late)
            raise
        except EngineError as error:
            self._log.error("recording stopped", reason=str(error))
            self.consented = False
            return
        self._keep(encoded)

    def _keep_late(self, work: asyncio.Future[list[Encoded]]) -> None:
        if not work.cancelled() and work.exception() is None:
            self._keep(work.result())

    def _cut(self, until: int, *, ends: bool) -> list[Stretch]:
        """What was heard before ``until``, by turn; what belongs to none is forgotten."""
        stretches = []
        while self._marks and self._marks[0][0] <= until:
            at, turn = self._marks.popleft()
            stretches.append(self._drop(at, ends=True))
            self._turn = turn
        stretches.append(self._drop(until, ends=ends))
        return [stretch for stretch in stretches if stretch is not None]

    def _drop(self, until: int, *, ends: bool) -> Stretch | None:
        start = self._begin
        size = max(0, until - start) * 2
        pcm = bytes(self._pcm[:size])
        del self._pcm[:size]
        if self._turn is None or (not pcm and not ends):
            return None
        lost_ms, self._lost_ms = self._lost_ms, 0
        return Stretch(self._turn, start, pcm, lost_ms, ends)

    def _keep(self, encoded: Sequence[Encoded]) -> None:
        if not self._consented:
            return
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
        if self._turn is None:
            return
        if self._lost_ms == 0:
            self._log.error("recording has a gap: it is not stored as fast as it comes")
        self._lost_ms += lost_ms

    async def _store_on(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._encoded:
                if not await self._store_next():
                    await asyncio.sleep(EVERY_S)

    async def _store_next(self) -> bool:
        """Store the oldest; False where that has to be tried again later."""
        encoded = self._encoded[0]
        try:
            if self._chunk is None:
                self._chunk = await self._page(encoded)
            stored = await recordings.add(self._pool, self._interview_id, self._chunk)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            self._log.warning("recording not stored yet", error=type(error).__name__)
            return False
        if not stored:
            self.consented = False
        elif self._encoded and self._encoded[0] is encoded:
            self._encoded.popleft()
            self._encoded_bytes -= sum(map(len, encoded.packets))
        self._chunk = None
        return True

    async def _page(self, encoded: Encoded) -> Chunk:
        """The next chunk of its turn; one that could not be stored is tried again as it is."""
        turn = encoded.turn
        if self._writer is None or self._writer[0] != turn:
            n, pages, granule = await recordings.last(self._pool, self._interview_id, turn)
            self._writer = turn, n, OggWriter(turn, pages, granule)
        _, n, writer = self._writer
        self._writer = turn, n + 1, writer
        ogg = writer.write(encoded.packets)
        duration_ms = len(encoded.packets) * FRAME_MS
        return Chunk(
            turn,
            n + 1,
            encoded.start_ms,
            duration_ms,
            encoded.lost_ms,
            writer.pages,
            writer.granule,
            ogg,
        )


class Tape:
    """Encodes stretches in whole frames; the rest waits for more, or is filled with silence.

    Used in the executor, by one caller at a time.
    """

    def __init__(self) -> None:
        self._encoder: OpusEncoder | None = None
        self._rest = b""
        self._next = 0

    def take(self, stretches: Sequence[Stretch]) -> list[Encoded]:
        """Raises EngineError."""
        if self._encoder is None:
            self._encoder = OpusEncoder()
        encoded = []
        for stretch in stretches:
            encoded += self._take(self._encoder, stretch)
        return encoded

    def _take(self, encoder: OpusEncoder, stretch: Stretch) -> list[Encoded]:
        # Where audio was lost the rest has nothing to go on with: its few ms are given up.
        if self._rest and self._next != stretch.start:
            self._rest = b""
        start = stretch.start - len(self._rest) // 2
        pcm = self._rest + stretch.pcm
        whole = len(pcm) - len(pcm) % FRAME_BYTES
        self._rest, self._next = pcm[whole:], stretch.start + len(stretch.pcm) // 2
        if stretch.ends and self._rest:
            pcm, self._rest = pcm + bytes(FRAME_BYTES - len(self._rest)), b""
            whole = len(pcm)
        packets = encoder.encode(pcm[:whole])
        if not packets:
            return []
        return [Encoded(stretch.turn, start // PER_MS, stretch.lost_ms, packets)]
