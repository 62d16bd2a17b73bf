"""Interviews in a house, a fault in the middle of them, and what became of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from tests.chaos.candidate import Candidate
from tests.chaos.faults import Told
from tests.chaos.house import SERVERS, House
from tests.chaos.plan import Fault
from tests.chaos.verdict import Figures, judge
from tests.live import until
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME, resume_pdf
from tests.speech import spoken

UNDER_WAY = 2
"""So many answers every candidate has given when the fault comes."""

NUL = "\0"
UNDER_WAY_S = 600.0
SPOKEN = "I led the team that moved our reports to a new database, and I tested every step myself."


@dataclass(frozen=True)
class Size:
    """``interviews`` at a time, ``spoken`` of them, which end with the last that is typed;
    ``answers``: after so many a candidate ends the interview, None: none does. ``fault_s``: how
    long something stands still. ``ends_s``: an interview that has not ended so long after the fault
    has broken off."""

    interviews: int = 5
    spoken: int = 1
    answers: int | None = 8
    fault_s: float = 5.0
    ends_s: float = 180.0


class Stage:
    """Holds interviews in ``house``; one résumé in each language serves them all."""

    def __init__(self, house: House, size: Size) -> None:
        self._house = house
        self._size = size
        self._resumes: list[str] = []
        self._speech = b""

    async def prepare(self) -> None:
        self._speech = await spoken(SPOKEN) if self._size.spoken else b""
        async with self._http(SERVERS[0]) as http:
            for lines in (KOREAN_RESUME, ENGLISH_RESUME):
                files = {"file": ("cv.pdf", resume_pdf(lines))}
                answer = await http.post("/v1/resumes", files=files)
                answer.raise_for_status()
                self._resumes.append(answer.json()["id"])
            for resume_id in self._resumes:
                await until(lambda one=resume_id: _ready(http, one), UNDER_WAY_S)

    async def play(self, fault: Fault) -> Figures:
        await self._house.furnish(fault.setting)
        if self._house.engines is not None:
            self._house.engines.be(fault.moods)
        candidates = [await self._one(fault, n) for n in range(self._size.interviews)]
        told, there = await self._hold(fault, candidates)
        async with self._house.database() as database:
            return await judge(fault, candidates, there, told, database)

    async def _hold(
        self, fault: Fault, candidates: Sequence[Candidate]
    ) -> tuple[Told, tuple[float, float]]:
        typed = [asyncio.create_task(one.hold()) for one in candidates if one.speech is None]
        talking = [one for one in candidates if one.speech is not None]
        spoken = [asyncio.create_task(one.hold()) for one in talking]
        try:
            async with asyncio.timeout(UNDER_WAY_S):
                await _under_way(candidates)
            began = time.time()
            told = await fault.act(self._house, self._size.fault_s)
            ended = time.time()
            done, _ = await asyncio.wait(typed, timeout=self._size.ends_s)
            for one in talking:
                one.answers = 1
            if spoken:
                done |= (await asyncio.wait(spoken, timeout=self._size.ends_s))[0]
        finally:
            for task in (*typed, *spoken):
                task.cancel()
            await asyncio.gather(*typed, *spoken, return_exceptions=True)
        for task in done:
            task.result()
        return told, (began, ended)

    def _http(self, server: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._house.base(server), timeout=120)

    async def _one(self, fault: Fault, number: int) -> Candidate:
        speaks = number % 2 == 1 and number // 2 < self._size.spoken
        return await self.candidate(fault, number, speaks=speaks)

    async def candidate(self, fault: Fault, number: int, *, speaks: bool) -> Candidate:
        """``number``: of whom nobody else has it. The recogniser that we bring is better at
        English, so those who speak speak that."""
        language = 1 if speaks else number % 2
        async with self._http(fault.servers[0]) as http:
            order = {"resume_id": self._resumes[language]}
            answer = await http.post("/v1/interviews/realtime", json=order)
            answer.raise_for_status()
            ticket = answer.json()
        return Candidate(
            number,
            ticket["interview_id"],
            ticket["token"],
            ticket["language"],
            [f"{self._house.base(one).replace('http', 'ws')}/v1/realtime" for one in fault.servers],
            moves=fault.moves,
            speech=self._speech if speaks else None,
            answers=None if speaks else fault.answers or self._size.answers,
            dirt=NUL if fault.dirty else "",
        )


async def _ready(http: httpx.AsyncClient, resume_id: str) -> bool | None:
    status = (await http.get(f"/v1/resumes/{resume_id}")).json()["status"]
    assert status != "failed"
    return True if status == "ready" else None


async def _under_way(candidates: Sequence[Candidate]) -> None:
    """Those who type; one who speaks takes longer, and is caught in the middle of an answer."""
    while any(
        one.acknowledged < UNDER_WAY and one.end is None for one in candidates if one.speech is None
    ):
        await asyncio.sleep(0.05)


WHOLE_SIZE = Size()
SHORT_SIZE = Size(interviews=5, spoken=1, answers=5, fault_s=3.0, ends_s=120.0)
