"""Facts are written in order, under the newest lease only, and read as they were told."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.core.events import (
    AnswerGiven,
    CandidateConnected,
    Fact,
    InterviewEnded,
    InterviewStarted,
    QuestionAsked,
    SpeechStarted,
    SteppedIn,
    TurnTimed,
    Word,
)
from server.store import facts, interviews
from server.store.facts import OutOfTurn
from server.store.versions import VERSION
from tests.driver import lease

QUESTION, ANSWER = str(uuid4()), str(uuid4())
ASKED = QuestionAsked(1, QUESTION, "Why?", "llm", "opening", "introduction", None, "author 1", None)
TOLD: list[Fact] = [
    InterviewStarted("Data Engineer", "en"),
    ASKED,
    SpeechStarted(1, 1, 640),
    AnswerGiven(
        1, QUESTION, ANSWER, "Because. 왜냐하면", (Word("Because", 640, 900),), "test", "en", "en"
    ),
    TurnTimed(1, {"decision_ms": 900}),
]


def test_a_fact_is_named_as_it_is_shown() -> None:
    assert facts.kind_of(QuestionAsked) == "question_asked"
    assert facts.TYPES["interview_ended"] is InterviewEnded


async def test_what_was_told_is_read_again_and_has_its_rows(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await facts.append(pool, interview_id, await lease(pool, interview_id), 1, TOLD)
    stored = await facts.everything(pool, interview_id)
    assert facts.told(stored) == TOLD
    assert [row.seq for row in stored] == [1, 2, 3, 4, 5]
    assert {row.v for row in stored} == {VERSION}
    (question,) = await interviews.questions(pool, interview_id)
    assert (question["text"], question["turn"], question["model"]) == ("Why?", 1, "author 1")
    (answer,) = await interviews.answers(pool, interview_id)
    assert (answer["text"], answer["question_id"]) == ("Because. 왜냐하면", UUID(QUESTION))
    assert answer["timings"]["decision_ms"] == 900


async def test_a_follow_up_keeps_what_it_rests_on_and_asks_for(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    probe = replace(
        ASKED,
        turn=2,
        question_id=str(uuid4()),
        kind="follow_up",
        parent_id=QUESTION,
        evidence="Because",
        line="Says why",
    )
    await facts.append(pool, interview_id, await lease(pool, interview_id), 1, [*TOLD[:2], probe])
    rows = await interviews.questions(pool, interview_id)
    about = [(row["turn"], row["evidence"], row["line"]) for row in rows]
    assert about == [(1, None, None), (2, "Because", "Says why")]


async def test_what_a_person_said_who_led_is_what_was_asked_then(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    led = replace(ASKED, turn=2, question_id=str(uuid4()), kind="aside", reason="taken_over")
    said = SteppedIn("s", "said", "user 1", "Mina", "How many were you?", turn=2)
    told = [*TOLD[:2], led, said, replace(said, step_id="t", text="And then?", turn=3)]
    await facts.append(pool, interview_id, await lease(pool, interview_id), 1, told)
    rows = await interviews.questions(pool, interview_id)
    assert [row["text"] for row in rows] == ["Why?", "Why?\nHow many were you?\nAnd then?"]


async def test_an_interview_is_live_and_then_over(pool: asyncpg.Pool, interview_id: UUID) -> None:
    epoch = await lease(pool, interview_id)
    await facts.append(pool, interview_id, epoch, 1, TOLD[:1])
    live = await interviews.get(pool, interview_id)
    await facts.append(pool, interview_id, epoch, 2, [InterviewEnded("candidate")])
    over = await interviews.get(pool, interview_id)
    assert live is not None
    assert over is not None
    assert (live.status, live.end_reason, live.ended_at) == ("live", None, None)
    assert (over.status, over.end_reason, over.started_at) == (
        "ended",
        "candidate",
        live.started_at,
    )


async def test_all_of_a_step_or_nothing_of_it(pool: asyncpg.Pool, interview_id: UUID) -> None:
    epoch = await lease(pool, interview_id)
    await facts.append(pool, interview_id, epoch, 2, [CandidateConnected(5)])
    with pytest.raises(OutOfTurn, match="is already stored"):
        await facts.append(pool, interview_id, epoch, 1, TOLD[:2])
    assert [row.seq for row in await facts.everything(pool, interview_id)] == [2]
    assert await interviews.questions(pool, interview_id) == []


async def test_under_a_lease_that_is_over_nothing_is_written(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    older, newer = await lease(pool, interview_id), await lease(pool, interview_id)
    with pytest.raises(OutOfTurn, match=f"epoch {older} is over"):
        await facts.append(pool, interview_id, older, 1, TOLD)
    await facts.append(pool, interview_id, newer, 1, TOLD)
    assert len(await facts.everything(pool, interview_id)) == len(TOLD)


async def test_facts_come_a_page_at_a_time_and_all_of_them(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    count = facts.PAGE + 3
    told = [SpeechStarted(1, number, number) for number in range(count)]
    await facts.append(pool, interview_id, await lease(pool, interview_id), 1, told)
    assert len(await facts.after(pool, interview_id, 0)) == facts.PAGE
    assert [row.seq for row in await facts.after(pool, interview_id, 7, limit=2)] == [8, 9]
    assert facts.told(await facts.everything(pool, interview_id)) == told


async def test_a_row_that_the_tables_do_not_take_keeps_out_nothing_else(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    answer = TOLD[3]
    assert isinstance(answer, AnswerGiven)
    of_nothing = replace(answer, turn=7, question_id=str(uuid4()), answer_id=str(uuid4()))
    epoch = await lease(pool, interview_id)
    await facts.append(pool, interview_id, epoch, 1, [*TOLD[:2], of_nothing, *TOLD[2:]])
    assert len(await facts.everything(pool, interview_id)) == len(TOLD) + 1
    assert [row["turn"] for row in await interviews.answers(pool, interview_id)] == [1]
    assert [row["turn"] for row in await interviews.questions(pool, interview_id)] == [1]
