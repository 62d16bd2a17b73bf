"""Many candidates at once, who come one after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from server.load.candidate import Candidate, VivaCandidate
from server.load.clips import Clip, LoadError
from server.load.findings import Findings
from server.load.place import Place, Ticket
from server.load.verdict import Held, Verdict

LARGEST_RAMP_S: Final = 15.0
APART_S: Final = 0.25
LEAVE_S: Final = 30.0
"""For so long at most somebody waits for the end of an interview that they ended."""

FINISH_S: Final = 120.0
"""And for the end of what they were saying."""

WORDS_S: Final = 60.0
"""For words of sound that is kept and is none yet."""

READ_AT_ONCE: Final = 8


@asynccontextmanager
async def crowd(candidates: Sequence[Candidate]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """All of them, from when the last one has come until it is left."""
    tasks = []
    try:
        for candidate in candidates:
            tasks.append(asyncio.create_task(candidate.run()))
            await asyncio.sleep(ramp_s(len(candidates)) / len(candidates))
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def ramp_s(count: int) -> float:
    return min(LARGEST_RAMP_S, APART_S * count)


@dataclass
class Load:
    """So many interviews at once for so long at ``place``; who is done early begins another.
    ``spent_s``: in interviews, all of them together."""

    place: Place
    clips: Sequence[Clip]
    resume_id: str
    sessions: int
    seconds: float
    findings: Findings = field(default_factory=lambda: Findings(open=True))
    held: list[tuple[Ticket, VivaCandidate]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    spent_s: float = 0.0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(self.sessions):
                group.create_task(self._seat(number))

    async def _seat(self, number: int) -> None:
        apart_s = ramp_s(self.sessions) / self.sessions
        await asyncio.sleep(apart_s * number)
        ends = monotonic() + self.seconds
        while monotonic() < ends:
            try:
                ticket = await self.place.interview(self.resume_id)
            except LoadError as error:
                self.refused.append(str(error))
                return
            sounds = [clip.pcm for clip in self.clips]
            url = f"{self.place.wire}/v1/realtime"
            candidate = VivaCandidate(url, ticket.token, sounds, number, self.findings)
            self.held.append((ticket, candidate))
            began = monotonic()
            await _held(candidate, ends)
            self.spent_s += monotonic() - began

    async def verdict(self) -> Verdict:
        """What is stored of it all. Raises LoadError where it cannot be read."""
        found, places = Verdict(), asyncio.Semaphore(READ_AT_ONCE)

        async def one(ticket: Ticket, candidate: VivaCandidate) -> Held:
            async with places:
                facts = await self.place.facts(ticket.interview_id, WORDS_S)
                answers = await self.place.answers(ticket.interview_id)
            given = [(self.clips[number], share) for number, share in candidate.given]
            told = candidate.captions, candidate.transcripts
            return Held(ticket.interview_id, given, *told, facts, answers, candidate.end)

        for held in await asyncio.gather(*(one(*each) for each in self.held)):
            found.add(held)
        return found


async def _held(candidate: VivaCandidate, ends: float) -> None:
    """An interview until then, or until something was said; what is being said is finished, and
    then it is ended."""
    running = asyncio.create_task(candidate.run())
    try:
        await asyncio.wait({running}, timeout=max(0.0, ends - monotonic()))
        last = monotonic() + FINISH_S
        while not running.done() and monotonic() < last:
            candidate.leaving = bool(candidate.given)
            if candidate.leaving and not candidate.speaks:
                break
            await asyncio.wait({running}, timeout=0.1)
        last = monotonic() + LEAVE_S
        while not running.done() and monotonic() < last:
            await candidate.leave()
            await asyncio.wait({running}, timeout=1.0)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
