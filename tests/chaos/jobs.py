"""A worker that is killed in the middle of a job, of each kind: the job waits for a row that is
locked here, so that the middle of it is never missed. Of a mail or a call of a webhook that is when
it was handed over and that is being written down: it may go out twice, under one id."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from server.document import ocr
from server.jobs import READ_SCAN
from server.store import outbox
from tests.chaos.errands import put_call, put_mail
from tests.chaos.faults import Act, Told
from tests.chaos.house import ONE, WORKER, House
from tests.live import until
from tests.resumes import ENGLISH_RESUME, resume_pdf
from tests.workers.test_scan import encoded, scanned

WAITING_S = 600.0
BLOCKED = """
SELECT true FROM jobs WHERE kind = $1 AND subject = $2 AND leased_until > now() AND EXISTS (
    SELECT FROM pg_stat_activity
    WHERE application_name LIKE 'viva work%' AND wait_event_type = 'Lock'
)
"""
DONE = """
SELECT true WHERE NOT EXISTS (
    SELECT FROM jobs WHERE kind = $1 AND subject = $2 AND failed_at IS NULL
)
"""
FAILED = "SELECT error FROM jobs WHERE kind = $1 AND subject = $2 AND failed_at IS NOT NULL"
ENDED = "SELECT id FROM interviews WHERE status = 'ended' ORDER BY id DESC LIMIT 1"
RESUME = "SELECT id FROM resumes WHERE status = 'ready' ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True)
class Work:
    """``subject`` makes or finds one, for which the job is then wanted. ``row`` is locked while the
    worker is at it."""

    row: str
    subject: Callable[[House, asyncpg.Connection], Awaitable[UUID]]


async def _uploaded(house: House, _: asyncpg.Connection) -> UUID:
    return await upload(house, resume_pdf([f"Killed {time.time()}", *ENGLISH_RESUME[1:]]))


async def _scanned(house: House, database: asyncpg.Connection) -> UUID:
    """A picture of text that was found to be one."""
    resume_id = await upload(house, encoded(scanned([f"Ada {time.time()}"])))
    await outbox.forget(database, [resume_id])
    return resume_id


async def _mail(house: House, _: asyncpg.Connection) -> UUID:
    return await put_mail(house.database_url, house.data)


async def _call(house: House, _: asyncpg.Connection) -> UUID:
    assert house.errands is not None
    return await put_call(house.database_url, house.data, house.errands.url)


async def _ended(_: House, database: asyncpg.Connection) -> UUID:
    found: UUID = await database.fetchval(ENDED)
    return found


async def _read(_: House, database: asyncpg.Connection) -> UUID:
    found: UUID = await database.fetchval(RESUME)
    return found


async def _made(house: House, database: asyncpg.Connection) -> UUID:
    order = {"resume_id": str(await _read(house, database))}
    async with httpx.AsyncClient(base_url=house.base(ONE), timeout=120) as http:
        answer = await http.post("/v1/interviews/realtime", json=order)
        answer.raise_for_status()
        return UUID(answer.json()["interview_id"])


WORK: Mapping[str, Work] = {
    "parse_resume": Work("resumes", _uploaded),
    "draw_pages": Work("resumes", _read),
    "generate_questions": Work("interviews", _made),
    "write_report": Work("interviews", _ended),
    "read_scan": Work("resumes", _scanned),
    "deliver_mail": Work("mails", _mail),
    "deliver_webhook": Work("webhook_deliveries", _call),
}


def kill_worker(kinds: Sequence[str]) -> Act:
    async def act(house: House, seconds: float) -> Told:
        can = [kind for kind in kinds if kind != READ_SCAN.name or ocr.missing() is None]
        took = [await _killed_at(house, kind) for kind in can]
        said = ", ".join(f"{kind} {one:.1f} s" for kind, one in zip(can, took, strict=True))
        told = Told([f"done again after: {said}"], seconds={"redone_s": max(took)})
        if house.errands is not None:
            told.notes.append(house.errands.told)
        return told

    return act


async def _killed_at(house: House, kind: str) -> float:
    """Seconds from the kill until the job is done."""
    work = WORK[kind]
    async with house.database() as database, house.database() as other:
        with house.frozen(WORKER):
            subject = await work.subject(house, database)
            await database.execute(outbox.ADD, kind, subject)
            locked = other.transaction()
            await locked.start()
            await other.execute(f"SELECT FROM {work.row} WHERE id = $1 FOR UPDATE", subject)
        try:
            await until(lambda: database.fetchval(BLOCKED, kind, subject), WAITING_S)
            await house.kill(WORKER)
        finally:
            await locked.rollback()
        killed = time.monotonic()
        await house.start(WORKER)
        await until(lambda: database.fetchval(DONE, kind, subject), WAITING_S)
        assert await database.fetchval(FAILED, kind, subject) is None
    return time.monotonic() - killed


async def upload(house: House, content: bytes) -> UUID:
    async with httpx.AsyncClient(base_url=house.base(ONE), timeout=120) as http:
        answer = await http.post("/v1/resumes", files={"file": ("cv.pdf", content)})
        answer.raise_for_status()
        return UUID(answer.json()["id"])


ACTS: Mapping[str, Any] = {"kill_worker": kill_worker}
