"""The board says how every interview stands, who needs a person first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from server.core.events import (
    AnswerGiven,
    AudioMissed,
    CandidateConnected,
    CandidateDisconnected,
    ControlTaken,
    Fact,
    FloorPassed,
    InterviewEnded,
    InterviewStarted,
    SpeechStarted,
)
from server.store import (
    audit,
    board,
    facts,
    feedback,
    interviews,
    organisations,
    releases,
    resumes,
)
from server.store.board import Asked, Place
from server.store.pool import transaction
from server.store.scope import LOCAL, within
from server.store.scorecards import Author
from tests.driver import lease
from tests.server.store.test_standings import ACT, ASKED, HEARD, QUESTION, READ

BEGUN: list[Fact] = [InterviewStarted("Role", "en"), CandidateConnected(0)]
LISTENED: list[Fact] = [*BEGUN, ASKED, FloorPassed(1, "listening", 0)]
LOST = replace(HEARD, unclear="lost")
ANSWERED = AnswerGiven(1, QUESTION, QUESTION, "Yes.", (), "test", "en", "en")


async def created(
    pool: asyncpg.Pool, name: str, role: str = "Data Engineer"
) -> interviews.CreatedInterview:
    read = {"header": {"name": name, "target_role": role}, "meta": {"language": "en"}}
    resume_id, _ = await resumes.add(pool, f"%PDF-{name}".encode(), "cv.pdf")
    await resumes.mark_ready(pool, resume_id, read)
    made = await interviews.create(pool, resume_id)
    assert made is not None
    return made


async def another(pool: asyncpg.Pool, name: str, role: str = "Data Engineer") -> UUID:
    return (await created(pool, name, role)).interview_id


async def tell(pool: asyncpg.Pool, interview_id: UUID, told: list[Fact], first: int = 1) -> None:
    await facts.append(pool, interview_id, await lease(pool, interview_id), first, told)
    await board.seen(pool, [interview_id])


async def one(pool: asyncpg.Pool) -> dict[str, Any]:
    (row,) = await board.rows(pool, Asked())
    return row


async def age(pool: asyncpg.Pool, column: str, seconds: int) -> None:
    changed = f"UPDATE standings SET {column} = {column} - make_interval(secs => $1)"
    await pool.execute(changed, seconds)


STATES: dict[str, list[Fact]] = {
    "not_begun": [],
    "listening": LISTENED,
    "talking": [*LISTENED, SpeechStarted(1, 1, 0)],
    "thinking": [*LISTENED, FloorPassed(1, "thinking", 0)],
    "speaking": [*LISTENED, FloorPassed(1, "speaking", 0)],
    "paused": [*LISTENED, ControlTaken(1, "pause", "button", 0)],
    "moment": [*LISTENED, ControlTaken(1, "moment", "button", 0)],
    "led": [*LISTENED, replace(ACT, step="take_over")],
    "cut_off": [*LISTENED, CandidateDisconnected(0)],
    "unheard": [*LISTENED, AudioMissed(1, 0)],
    "unclear": [*LISTENED, LOST, LOST, LOST],
    "asks": [*LISTENED, HEARD, READ],
    "help": [*LISTENED, replace(READ, act="distress", noted=False)],
    "nothing_said": [*LISTENED, InterviewEnded("complete")],
    "finished": [*LISTENED, ANSWERED, InterviewEnded("complete")],
    "over": [*LISTENED, ANSWERED, InterviewEnded("erased")],
    "begins": BEGUN,
}


async def test_the_state_follows_the_facts(pool: asyncpg.Pool) -> None:
    for state, told in STATES.items():
        interview_id = await another(pool, state)
        if told:
            await tell(pool, interview_id, told)
    await board.seen(pool, [row["interview_id"] for row in await board.rows(pool, Asked())])
    rows = await board.rows(pool, Asked())
    assert {row["candidate_name"]: row["state"] for row in rows} == {one: one for one in STATES}
    assert [row["place"] for row in rows] == sorted(row["place"] for row in rows)
    assert rows[0]["state"] == "help"
    assert {row["state"]: row["question"] for row in rows}["asks"] == HEARD.text
    assert all(row["group"] == "needs" for row in rows if row["state"] in ("asks", "help"))


async def test_nobody_is_there_any_more_when_their_driver_says_nothing(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await tell(pool, interview_id, LISTENED)
    assert (await one(pool))["here"]
    await age(pool, "seen_at", 3)
    row = await one(pool)
    assert (row["here"], row["state"]) == (False, "cut_off")
    await age(pool, "seen_at", 3_600)
    assert (await one(pool))["state"] == "away"
    await board.seen(pool, [interview_id])
    assert (await one(pool))["here"]


async def test_a_silence_that_is_long_calls_for_a_person(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await tell(pool, interview_id, LISTENED)
    await age(pool, "floor_at", 40)
    row = await one(pool)
    assert (row["state"], row["group"]) == ("silent", "needs")
    assert timedelta(seconds=39) < row["at"] - row["since"] < timedelta(seconds=60)
    await tell(pool, interview_id, [ControlTaken(1, "moment", "button", 0)], first=5)
    assert (await one(pool))["state"] == "moment"


async def test_who_needs_a_person_comes_first_and_pages_join(pool: asyncpg.Pool) -> None:
    made = [await another(pool, f"P{number}") for number in range(7)]
    await tell(pool, made[0], [*LISTENED])
    await tell(pool, made[1], [*LISTENED, HEARD, READ])
    await tell(pool, made[2], [*LISTENED, CandidateDisconnected(0)])
    await tell(pool, made[3], [*LISTENED, InterviewEnded("candidate")])
    whole = [row["interview_id"] for row in await board.rows(pool, Asked())]
    assert whole[:3] == [made[1], made[2], made[0]]
    assert whole[-1] == made[3]
    assert len(whole) == 7
    paged: list[UUID] = []
    after = None
    while page := await board.rows(pool, Asked(), after, 2):
        paged += [row["interview_id"] for row in page]
        after = Place(*(page[-1][name] for name in Place._fields))
    assert paged == whole
    assert await board.counts(pool, Asked()) == {
        "needs": 2, "running": 1, "to_score": 0, "coming": 3, "closed": 1,
    }  # fmt: skip
    needing = await board.rows(pool, Asked(group="needs"))
    assert [row["interview_id"] for row in needing] == made[1:3]


async def test_names_and_roles_are_searched_for_as_they_stand(pool: asyncpg.Pool) -> None:
    await another(pool, "Haru Tanabe")
    await another(pool, "Nora", "Security Engineer")
    await another(pool, "한지민")

    async def found(search: str) -> list[str]:
        return [row["candidate_name"] for row in await board.rows(pool, Asked(search=search))]

    assert await found("tanabe") == ["Haru Tanabe"]
    assert await found("security") == ["Nora"]
    assert await found("지민") == ["한지민"]
    assert await found("%") == await found("_") == await found("\\") == []
    assert len(await board.rows(pool, Asked(language="en"))) == 3
    assert not await board.rows(pool, Asked(language="ko"))
    assert sum((await board.counts(pool, Asked(language="ko"))).values()) == 0


async def test_what_one_has_scored_is_closed_for_them_and_to_be_scored_for_others(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await tell(pool, interview_id, [*LISTENED, ANSWERED, InterviewEnded("complete")])
    await pool.execute(
        "INSERT INTO scorecards (interview_id, author, version, report_version, submitted_at)"
        " VALUES ($1, 'user y', 1, 1, now())",
        interview_id,
    )
    for author, state in (("user x", "finished"), ("user y", "scored")):
        with within(LOCAL, author):
            assert (await one(pool))["state"] == state


async def test_who_was_interviewed_waits_until_there_is_something_to_read(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    async def waits() -> bool:
        return (await one(pool))["unanswered_since"] is not None

    async def promised() -> timedelta | None:
        row = await one(pool)
        until: datetime | None = row["promised_until"]
        ended: datetime = row["ended_at"]
        return None if until is None else until - ended

    await tell(pool, interview_id, [*LISTENED, ANSWERED])
    assert not await waits(), "it is not over"
    await tell(pool, interview_id, [InterviewEnded("complete")], first=len(LISTENED) + 2)
    assert await waits()
    assert await promised() is None, "nothing was"
    when = "UPDATE interviews SET opening = $2 WHERE id = $1"
    await pool.execute(when, interview_id, {"result_days": 10})
    assert await promised() == timedelta(days=10)
    decided = (
        "INSERT INTO decisions (interview_id, author, outcome, reason, cards)"
        " VALUES ($1, 'user x', $2, 'as agreed', 1)"
    )
    await pool.execute(decided, interview_id, "open")
    await releases.release(pool, interview_id, released=True)
    assert await waits(), "nothing is decided"
    await pool.execute(decided, interview_id, "decline")
    assert not await waits()
    assert await promised() is None, "it was kept"
    await releases.release(pool, interview_id, released=False)
    assert await waits(), "they may not read it"
    await feedback.save(pool, interview_id, Author("user x"), "Dear")
    assert await waits(), "a draft"
    async with transaction(pool) as connection:
        await feedback.send(connection, interview_id, Author("user x"), "Dear you")
    assert not await waits()


async def test_another_organisation_sees_nothing_of_it(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    other = await pool.fetchval("INSERT INTO organisations (name) VALUES ('other') RETURNING id")
    with within(other, "user x"):
        assert await board.rows(pool, Asked()) == []
    with within(LOCAL, "user y"):
        assert [row["interview_id"] for row in await board.rows(pool, Asked())] == [interview_id]


async def test_what_nobody_came_back_to_is_abandoned_after_the_organisations_time(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await organisations.change(pool, LOCAL, {"abandon_minutes": 60})
    await tell(pool, interview_id, [*LISTENED, CandidateDisconnected(0)])
    now = datetime.now(UTC)
    assert await board.abandon(pool, now + timedelta(minutes=59)) == []
    assert await board.abandon(pool, now + timedelta(minutes=61)) == [interview_id]
    assert await board.abandon(pool, now + timedelta(minutes=99)) == [], "once"
    row = await one(pool)
    assert (row["state"], row["group"]) == ("abandoned", "closed")
    assert (await audit.newest(pool))[0].action == "interview.abandoned"
    await tell(pool, interview_id, [CandidateConnected(0)], first=6)
    assert (await one(pool))["group"] == "running"


async def test_whose_server_died_is_abandoned_too_and_who_is_there_is_not(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await tell(pool, interview_id, LISTENED)
    there = await another(pool, "Nora")
    await tell(pool, there, LISTENED)
    await pool.execute(
        "UPDATE standings SET seen_at = seen_at + interval '3 hours' WHERE interview_id = $1", there
    )
    await another(pool, "not begun")
    gone = await board.abandon(pool, datetime.now(UTC) + timedelta(minutes=130))
    assert gone == [interview_id]
