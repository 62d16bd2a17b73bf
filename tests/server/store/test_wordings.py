"""Own wording: every version is kept, each organisation has its own, and an interview keeps what it
began with, from the first question to the last."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from server.core.events import AnswerTyped, InterviewEnded, QuestionAsked
from server.core.rules import Stage
from server.language import overlay
from server.language.overlay import Own, Wording
from server.language.pack import shipped
from server.store import interviews, resumes, templates, wordings
from server.store.conduct import packs_of
from server.store.interviews import StoredInterview
from server.store.scope import everywhere, within
from server.store.templates import Template
from tests.clock import ClockLoop
from tests.realtime.stage import hear_question, stage
from workers.questions import generate_questions
from workers.tools import Tools

EN = shipped().by_language["en"]
FIRST, LEAD = "families/data: question[0].text", "speech: bridge.next[0]"
OTHER = "How did you get the pipelines of your last employer to run?"
ANSWER = "I moved the nightly reports from cron jobs to Airflow because they kept failing."


def own(**texts: str) -> Wording:
    known = overlay.texts(EN)
    places = {"first": FIRST, "lead": LEAD, "goodbye": "speech: closing.goodbye"}
    return {places[name]: Own(text, known[places[name]]) for name, text in texts.items()}


async def put(pool: asyncpg.Pool, wording: Wording) -> UUID:
    made = await wordings.change(pool, "en", lambda _: wording, None)
    assert made is not None
    return made.id


async def an_interview(pool: asyncpg.Pool) -> StoredInterview:
    (default, *_) = await templates.every(pool)
    stages = (Stage(EN.families["data"].question[0].stage, 1), Stage("closing", 1))
    short = Template("short", stages, ("en",), follow_ups=0)
    await templates.change(pool, default.id, short)
    resume_id, _ = await resumes.add(pool, b"%PDF-", "cv.pdf")
    header = {"name": "Kim", "target_role": "Data Engineer"}
    await resumes.mark_ready(pool, resume_id, {"header": header, "meta": {"language": "en"}})
    created = await interviews.create(pool, resume_id)
    assert created is not None
    return await again(pool, created.interview_id)


async def again(pool: asyncpg.Pool, interview_id: UUID) -> StoredInterview:
    stored = await interviews.get(pool, interview_id)
    assert stored is not None
    return stored


async def test_each_change_is_a_version_and_the_newest_counts(pool: asyncpg.Pool) -> None:
    assert await wordings.newest(pool, "en") is None
    first = await put(pool, own(first="One?"))
    second = await put(pool, own(first="Two?", lead="On."))
    assert await put(pool, own(first="Two?", lead="On.")) == second, "the same again is nothing"
    newest = await wordings.newest(pool, "en")
    assert newest is not None
    assert (newest.id, newest.texts[FIRST].text, newest.made_by) == (second, "Two?", None)
    assert [one.id for one in await wordings.versions(pool, "en")] == [second, first]
    older = await wordings.version(pool, "en", first)
    assert older is not None
    assert older.texts == own(first="One?")
    assert await wordings.newest(pool, "ko") is None
    assert await wordings.version(pool, "ko", first) is None
    told = await pool.fetch("SELECT detail FROM audit WHERE action = 'wording.changed' ORDER BY n")
    assert [row["detail"] for row in told] == [
        {"language": "en", "texts": 1},
        {"language": "en", "texts": 2},
    ]


async def test_a_refusal_on_the_way_changes_nothing(pool: asyncpg.Pool) -> None:
    await put(pool, own(first="One?"))

    def refuse(_: Wording) -> Wording:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await wordings.change(pool, "en", refuse, None)
    assert len(await wordings.versions(pool, "en")) == 1


async def test_organisations_see_their_own_only(pool: asyncpg.Pool) -> None:
    here = await put(pool, own(first="Ours?"))
    with everywhere():
        other: UUID = await pool.fetchval(
            "INSERT INTO organisations (name) VALUES ('other') RETURNING id"
        )
    with within(other):
        assert await wordings.newest(pool, "en") is None
        assert await wordings.version(pool, "en", here) is None
        assert await pool.fetch("SELECT FROM wordings") == []
        await put(pool, own(first="Theirs?"))
    newest = await wordings.newest(pool, "en")
    assert newest is not None
    assert newest.id == here


async def test_an_interview_keeps_the_wording_it_was_created_with(pool: asyncpg.Pool) -> None:
    await put(pool, own(first=OTHER))
    stored = await an_interview(pool)
    await put(pool, own(first="Something else?"))
    stored = await again(pool, stored.id)
    packs = packs_of(stored, shipped())
    assert packs.by_language["en"].families["data"].question[0].text == OTHER
    assert packs.by_language["ko"] is shipped().by_language["ko"]
    await put(pool, {})
    later = await an_interview_of(pool, stored)
    assert later.wording is None
    assert packs_of(later, shipped()) is not packs
    assert packs_of(later, shipped()) == shipped()


async def an_interview_of(pool: asyncpg.Pool, other: StoredInterview) -> StoredInterview:
    resume_id = await interviews.resume_of(pool, other.id)
    assert resume_id is not None
    created = await interviews.create(pool, resume_id)
    assert created is not None
    return await again(pool, created.interview_id)


async def test_wording_that_is_not_right_any_more_is_left_out(pool: asyncpg.Pool) -> None:
    stored = await an_interview(pool)
    two = {FIRST: {"text": "One? Two?", "over": overlay.texts(EN)[FIRST]}}
    packs = packs_of(replace(stored, wording={"en": two, "xx": two}), shipped())
    assert packs.by_language == shipped().by_language


async def held(
    pool: asyncpg.Pool, redis_url: str, stored: StoredInterview, upto: int | None = None
) -> list[str]:
    """What the candidate hears from where the interview stands, until it is over or ``upto``."""
    heard: list[str] = []
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        turn = max([asked.turn for asked in await on.told(QuestionAsked)], default=1)
        while True:
            heard.append(await hear_question(conductor, page, turn))
            if turn == upto:
                return heard
            conductor.take(AnswerTyped(ANSWER))
            turn += 1
            if turn > 3:
                await page.event("viva.ended")
                return [*heard, *on.tone.said[-1:]]


async def test_a_whole_interview_in_own_words_beside_one_in_the_packs(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    await put(pool, own(first=OTHER, goodbye="Somebody of Acme reads this. Goodbye."))
    ours = await an_interview(pool)
    with everywhere():
        other: UUID = await pool.fetchval(
            "INSERT INTO organisations (name) VALUES ('other') RETURNING id"
        )
    with within(other):
        theirs = await an_interview(pool)
        await generate_questions({"tools": Tools(pool, None, None, 5)}, str(theirs.id))
        said = await held(pool, redis_url, theirs)
        assert EN.families["data"].question[0].text in said[1]
        assert EN.speech.closing.goodbye in said[-1]
    await generate_questions({"tools": Tools(pool, None, None, 5)}, str(ours.id))
    before = await held(pool, redis_url, ours, upto=2)
    assert OTHER in before[1]
    # Nothing changes under an interview that is held, in whatever process it goes on.
    await put(pool, own(first="Something else?", goodbye="Bye."))
    said = await held(pool, redis_url, await again(pool, ours.id))
    assert said[0] == before[1]
    assert "Somebody of Acme reads this. Goodbye." in said[-1]
    plan = await interviews.plan(pool, ours.id)
    assert [one.text for one in plan if one.ordinal == 2] == [OTHER]
    async with stage(pool, redis_url, ours) as on:
        assert len(await on.told(InterviewEnded)) == 1
        assert [asked.text for asked in await on.told(QuestionAsked) if asked.turn == 2] == [OTHER]
