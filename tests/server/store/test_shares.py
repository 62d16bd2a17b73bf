"""A link to one interview opens it until it ends, and each time stands in the log."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.store import audit, shares
from server.store.scope import LOCAL, within
from server.store.scorecards import Author
from server.store.shares import TooMany

LEE, WEEK = Author("user lee"), timedelta(days=7)


async def test_it_opens_until_it_is_revoked_or_over(pool: asyncpg.Pool, interview_id: UUID) -> None:
    made, token = await shares.add(pool, interview_id, LEE, "Kim", WEEK, judgement=True)
    other, short = await shares.add(pool, interview_id, LEE, "Park", WEEK, judgement=False)
    assert token.startswith(shares.PREFIX)
    assert token.encode() not in await pool.fetchval("SELECT token_sha256 FROM shares LIMIT 1")
    found = await shares.find(pool, token)
    assert found == made
    assert (made.name, made.author, made.judgement) == ("Kim", "user lee", True)
    assert await shares.find(pool, token + "x") is None
    await pool.execute("UPDATE shares SET expires_at = now() WHERE id = $1", other.id)
    assert await shares.find(pool, short) is None
    assert await shares.revoke(pool, interview_id, made.id)
    assert await shares.revoke(pool, interview_id, made.id), "again is harmless"
    assert not await shares.revoke(pool, uuid4(), made.id)
    assert await shares.find(pool, token) is None
    assert [one.id for one in await shares.of_interview(pool, interview_id)] == [other.id, made.id]
    actions = [one.action for one in await audit.newest(pool)][:3]
    assert actions == ["interview.unshared", "interview.shared", "interview.shared"]


async def test_each_opening_counts_and_is_logged_by_whose_link(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    made, _ = await shares.add(pool, interview_id, LEE, "Kim", WEEK, judgement=False)
    with within(LOCAL, f"share {made.id}"):
        for _ in range(2):
            await shares.opened(pool, made)
    (seen,) = await shares.of_interview(pool, interview_id)
    assert (seen.opened, seen.opened_at is not None) == (2, True)
    told = [(one.action, one.actor) for one in await audit.newest(pool)][:2]
    assert told == [("share.opened", f"share {made.id}")] * 2


async def test_so_many_at_a_time_and_no_longer_than_a_month(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    for _ in range(shares.MOST):
        made, _ = await shares.add(
            pool, interview_id, LEE, "x", timedelta(days=900), judgement=False
        )
    assert made.expires_at - made.made_at == shares.LONGEST
    with pytest.raises(TooMany):
        await shares.add(pool, interview_id, LEE, "x", WEEK, judgement=False)
    await shares.revoke(pool, interview_id, made.id)
    await shares.add(pool, interview_id, LEE, "x", WEEK, judgement=False)
