"""An interview has the résumé's role for good, one plan, and a token of which a hash is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.core.events import PlannedQuestion, QuestionAsked
from server.jobs import GENERATE_QUESTIONS
from server.language.speech import NO_ROLE
from server.store import facts, interviews, openings, outbox, resumes, templates
from server.store.interviews import Wanted
from server.store.openings import Opening
from tests.driver import lease
from tests.realtime.stage import planned


async def ready(pool: asyncpg.Pool, structured: dict[str, Any]) -> UUID:
    made, _ = await resumes.add(pool, b"%PDF- another", "cv.pdf")
    await resumes.mark_ready(pool, made, structured)
    return made


@pytest.mark.parametrize(
    ("stated", "role"),
    [("  Data Engineer ", "Data Engineer"), ("", NO_ROLE), (" ", NO_ROLE), (None, NO_ROLE)],
)
@pytest.mark.parametrize(("read", "language"), [("ko", "ko"), ("en", "en"), ("fr", "en")])
async def test_role_and_language_are_the_resumes(
    pool: asyncpg.Pool, stated: str | None, role: str, read: str, language: str
) -> None:
    resume_id = await ready(pool, {"header": {"target_role": stated}, "meta": {"language": read}})
    assert await interviews.none(pool)
    made = await interviews.create(pool, resume_id)
    assert made is not None
    assert not await interviews.none(pool)
    assert (made.target_role, made.language) == (role, language)


async def test_the_database_refuses_another_role(pool: asyncpg.Pool, interview_id: UUID) -> None:
    for role in ("백엔드", ""):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="target_role"):
            await pool.execute(
                "UPDATE interviews SET target_role = $2 WHERE id = $1", interview_id, role
            )
    await pool.execute("UPDATE interviews SET status = 'live' WHERE id = $1", interview_id)


async def test_no_row_about_resumes_has_a_role_column(pool: asyncpg.Pool) -> None:
    names = await pool.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'resumes'"
    )
    columns = {row["column_name"] for row in names}
    known = "id organisation_id sha256 filename status error structured_data created_at updated_at"
    known += " candidate_name"  # made by the database of the header, for the board's search
    assert columns == set(known.split())


async def test_it_keeps_a_copy_of_the_template_and_wants_a_plan(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    (default,) = await templates.every(pool)
    made = await interviews.create(pool, resume_id)
    assert made is not None
    stored = await interviews.get(pool, made.interview_id)
    assert stored is not None
    assert stored.template_id == default.id
    assert stored.template is not None
    assert templates.read(stored.template) == default.template
    assert await outbox.waiting(pool, GENERATE_QUESTIONS, made.interview_id) is not None


async def test_there_is_none_without_a_read_resume_or_with_a_template_that_is_not_there(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    queued, _ = await resumes.add(pool, b"%PDF- 2", "cv.pdf")
    assert await interviews.create(pool, queued) is None
    assert await interviews.create(pool, uuid4()) is None
    assert await interviews.create(pool, resume_id, uuid4()) is None
    assert await interviews.listed(pool, Wanted()) == []


async def test_only_the_token_itself_finds_its_interview(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    one, other = [await interviews.create(pool, resume_id) for _ in range(2)]
    assert one is not None
    assert other is not None
    assert one.token.startswith("viva_")
    found = await interviews.get_by_token(pool, one.token)
    assert found is not None
    assert found.id == one.interview_id
    kept: bytes = await pool.fetchval(
        "SELECT token_sha256 FROM interviews WHERE id = $1", one.interview_id
    )
    assert await interviews.get_by_token(pool, kept.hex()) is None
    assert one.token.encode() not in kept


async def test_of_two_planners_one_writes_the_plan(pool: asyncpg.Pool, interview_id: UUID) -> None:
    plans = [[planned(n, f"{who} {n}?") for n in (1, 2)] for who in ("One", "Other")]
    for plan in plans:
        for number, question in enumerate(plan):
            plan[number] = replace(question, question_id=str(uuid4()))
    await asyncio.gather(*(interviews.add_plan(pool, interview_id, plan) for plan in plans))
    kept = await interviews.plan(pool, interview_id)
    assert list(kept) in plans


async def test_what_was_asked_before_the_plan_keeps_its_words_and_gets_its_place(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    first: PlannedQuestion = planned(1, "As planned?")
    asked = QuestionAsked(
        1, first.question_id, "As it was said?", "bank", "opening", "introduction", None, None, None
    )
    await facts.append(pool, interview_id, await lease(pool, interview_id), 1, [asked])
    assert await interviews.plan(pool, interview_id) == ()
    await interviews.add_plan(pool, interview_id, [first, planned(2, "Then?")])
    rows = await interviews.questions(pool, interview_id)
    assert [(row["ordinal"], row["turn"], row["text"]) for row in rows] == [
        (1, 1, "As it was said?"),
        (2, None, "Then?"),
    ]


async def test_what_is_open_is_listed_the_newest_first(pool: asyncpg.Pool, resume_id: UUID) -> None:
    made = [await interviews.create(pool, resume_id) for _ in range(3)]
    ids = [one.interview_id for one in made if one is not None]
    await pool.execute("UPDATE interviews SET status = 'ended' WHERE id = $1", ids[1])
    listed = await interviews.listed(pool, Wanted())
    assert [row["interview_id"] for row in listed] == [ids[2], ids[0]]
    assert {(row["candidate_name"], row["turns"]) for row in listed} == {("Kim", 0)}
    assert await interviews.listed(pool, Wanted(), before=ids[0]) == []
    assert len(await interviews.listed(pool, Wanted(), limit=1)) == 1


async def test_interviews_are_found_by_what_is_wanted_of_them(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    other, _ = await resumes.add(pool, b"%PDF- 3", "cv.pdf")
    header = {"name": "Lee", "target_role": None}
    await resumes.mark_ready(pool, other, {"header": header, "meta": {"language": "ko"}})
    opening_id = await openings.add(pool, Opening("Engineer"))
    first = await interviews.create(pool, resume_id)
    second = await interviews.create(pool, other, opening=(opening_id, Opening("Engineer")))
    assert first is not None
    assert second is not None
    await pool.execute(
        "UPDATE interviews SET status = 'ended', ended_at = now() WHERE id = $1", first.interview_id
    )

    async def found(**wanted: Any) -> list[UUID]:
        rows = await interviews.listed(pool, Wanted(**wanted))
        return [row["interview_id"] for row in rows]

    every = ("created", "live", "ended")
    assert await found(statuses=every) == [second.interview_id, first.interview_id]
    assert await found(statuses=("ended",)) == [first.interview_id]
    assert await found(statuses=every, resume_id=resume_id) == [first.interview_id]
    assert await found(statuses=every, opening_id=opening_id) == [second.interview_id]
    later = await pool.fetchval("SELECT now() + interval '1 minute'")
    assert await found(statuses=every, created_since=later) == []
