"""How far it is is always known; what was said is released by a person, or with a decision."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from server.store import audit, decisions, openings, releases
from server.store.openings import Opening
from server.store.releases import Standing
from server.store.scorecards import Author

LEE = Author("user lee")
RATED = (
    "INSERT INTO scorecards (interview_id, author, version, report_version, submitted_at)"
    " VALUES ($1, 'user lee', 1, 1, now())"
)


async def standing(pool: asyncpg.Pool, interview_id: UUID) -> Standing:
    found = await releases.standing(pool, interview_id)
    assert found is not None
    return found


async def test_how_far_it_is(pool: asyncpg.Pool, interview_id: UUID) -> None:
    assert (await standing(pool, interview_id)).status == "to_come"
    await releases.release(pool, interview_id, released=True)
    await pool.execute("UPDATE interviews SET status = 'live'")
    assert (await standing(pool, interview_id)).status == "under_way"
    await pool.execute("UPDATE interviews SET status = 'ended', ended_at = now()")
    now = await standing(pool, interview_id)
    assert (now.status, now.released_at) == ("received", None)
    await pool.execute(RATED, interview_id)
    assert (await standing(pool, interview_id)).status == "looked_at"
    await decisions.decide(pool, interview_id, LEE, "decline", "no result was told")
    assert (await standing(pool, interview_id)).status == "decided"
    await decisions.decide(pool, interview_id, LEE, "open", "a second look")
    now = await standing(pool, interview_id)
    assert (now.status, now.decided_at, now.released_at) == ("looked_at", None, None)


async def test_a_person_releases_and_takes_it_back(pool: asyncpg.Pool, interview_id: UUID) -> None:
    await pool.execute("UPDATE interviews SET status = 'ended', ended_at = now()")
    for released in (True, True, False):
        await releases.release(pool, interview_id, released=released)
    assert (await standing(pool, interview_id)).released_at is None
    told = [one.action for one in await audit.newest(pool)]
    assert told[:2] == ["interview.withheld", "interview.released"]


async def test_a_decision_releases_where_the_opening_says_so(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    opening_id = await openings.add(pool, Opening("Pilot", releases=True))
    await pool.execute(
        "UPDATE interviews SET status = 'ended', ended_at = now(), opening_id = $1", opening_id
    )
    await pool.execute(RATED, interview_id)
    assert (await standing(pool, interview_id)).by_opening
    await decisions.decide(pool, interview_id, LEE, "open", "not yet")
    assert (await standing(pool, interview_id)).released_at is None
    await decisions.decide(pool, interview_id, LEE, "advance", "with a result")
    assert (await standing(pool, interview_id)).released_at is not None


async def test_a_review_is_asked_for_until_somebody_decides_again(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await pool.execute("UPDATE interviews SET status = 'ended', ended_at = now()")
    await pool.execute(RATED, interview_id)
    await decisions.decide(pool, interview_id, LEE, "decline", "x")
    await releases.ask_for_review(pool, interview_id, "the line was down")
    first = await standing(pool, interview_id)
    assert (first.review_reason, first.reviewed) == ("the line was down", False)
    await releases.ask_for_review(pool, interview_id, "and misheard")
    assert (await standing(pool, interview_id)).review_asked_at == first.review_asked_at
    await decisions.decide(pool, interview_id, LEE, "decline", "looked at again")
    assert (await standing(pool, interview_id)).reviewed
    await releases.ask_for_review(pool, interview_id, "once more")
    assert not (await standing(pool, interview_id)).reviewed
