"""One attempt at a job: claim it, keep the claim while it runs, write down how it ended."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from server.jobs import Kind, Pace
from server.ports import HookFailed, MailFailed
from server.store import outbox
from server.store.pool import STORE_AWAY, Connection
from server.store.scope import everywhere, within
from workers.tools import Tools
from workers.turns import Lane

Error = dict[str, str]

ERRANDS = Lane("errands", places=6, each=4)
"""What waits for others more than it computes."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """``run(ctx, subject)`` may be begun several times, and by two workers at once: it has to be
    harmless. ``give_up`` shows on the subject's own row that it failed. ``lane``: with which others
    it shares its places."""

    kind: Kind
    run: Callable[[dict[str, Any], str], Awaitable[None]]
    give_up: Callable[[Connection, UUID, Error], Awaitable[None]] | None = None
    lane: Lane = ERRANDS


async def attempt(job: Job, pace: Pace, ctx: dict[str, Any], job_id: int, epoch: int) -> None:
    """What arq calls for a sending. Does nothing where the job is done or in other hands."""
    tools: Tools = ctx["tools"]
    claim = await outbox.claim(tools.pool, job_id, epoch, pace.lease_s)
    if claim is None:
        return
    told = log.bind(job=job.kind.name, subject=str(claim.subject), attempt=claim.attempts)
    if claim.attempts > job.kind.attempts:
        await _give_up(tools.pool, job, claim, claim.error or {}, told)
        return
    limit = asyncio.timeout(job.kind.timeout_s)
    try:
        async with _kept(tools.pool, claim, pace.lease_s), limit:
            with _scope(claim):
                await job.run(ctx, str(claim.subject))
    except asyncio.CancelledError:
        with suppress(*STORE_AWAY):
            await outbox.release(tools.pool, claim)
        raise
    except Exception as raised:  # noqa: BLE001 - whatever it raises, the job failed
        error = _error(raised, job.kind.timeout_s if limit.expired() else None)
        told.error("job failed", code=error["code"], error=_where(raised))
        if claim.attempts >= job.kind.attempts:
            await _give_up(tools.pool, job, claim, error, told)
        else:
            pause_s = pace.pause_s * job.kind.pause(claim.attempts)
            await outbox.again(tools.pool, claim, pause_s, error)
    else:
        await outbox.done(tools.pool, claim)


def _scope(claim: outbox.Claim) -> AbstractContextManager[None]:
    """A job does its work for the organisation of its subject; one about nobody's is viva's own."""
    return everywhere() if claim.organisation is None else within(claim.organisation)


async def _give_up(
    pool: asyncpg.Pool, job: Job, claim: outbox.Claim, error: Error, told: Any
) -> None:
    """Both rows at once: nobody sees one without the other."""
    detail = f"it was tried {job.kind.attempts} times; at last {error['detail']}"
    final = {"code": error["code"], "detail": detail}
    async with pool.acquire() as connection, connection.transaction():
        if job.give_up is not None:
            await job.give_up(connection, claim.subject, final)
        await outbox.fail(connection, claim, final)
    told.error("job given up", code=error["code"])


def _error(raised: Exception, late_s: float | None) -> Error:
    """Without the exception's own words: they may hold what somebody wrote."""
    if late_s is not None:
        return {"code": "took_too_long", "detail": f"it took longer than {late_s:g} s"}
    if isinstance(raised, HookFailed):
        return {"code": raised.code, "detail": f"the address did not take it ({raised.code})"}
    if isinstance(raised, MailFailed):
        return {"code": raised.code, "detail": f"the mail was not taken ({raised.code})"}
    return {"code": "broke", "detail": f"the program broke ({type(raised).__name__})"}


def _where(raised: Exception) -> str:
    """The kind of error and the line it comes from."""
    frame = traceback.extract_tb(raised.__traceback__)[-1]
    return f"{type(raised).__name__} at {Path(frame.filename).name}:{frame.lineno}"


@asynccontextmanager
async def _kept(pool: asyncpg.Pool, claim: outbox.Claim, lease_s: float) -> AsyncIterator[None]:
    """The lease is renewed in time as long as the event loop lives."""

    async def renew() -> None:
        ours = True
        while ours:
            await asyncio.sleep(lease_s / 4)
            with suppress(*STORE_AWAY):
                ours = await outbox.renew(pool, claim, lease_s)
        log.warning("another worker has this job too", job_id=claim.id)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
