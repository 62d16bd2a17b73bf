"""The job generate_questions on the real store: from the model or the bank, once."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.queue import Queue
from server.store import interviews, resumes
from tests.workers.test_second_reading import Reader
from workers.questions import generate_questions
from workers.tools import Tools

WRITTEN = [
    "What made you apply for the security engineer role at this point?",
    "How did you find the first intrusion that you handled yourself?",
    "How would you test a firewall rule before it goes live?",
    "Who did you work with when an incident was over, and how?",
]


@pytest.fixture
async def interview_id(pool: asyncpg.Pool) -> UUID:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "a.pdf")
    header = {"name": "Jane Miller", "target_role": "Security Engineer"}
    data = {"header": header, "meta": {"language": "en"}, "work": [{"name": "Acme"}]}
    await resumes.mark_ready(pool, resume_id, data)
    created = await interviews.create(pool, resume_id)
    assert created is not None
    return created.interview_id


def context(pool: asyncpg.Pool, writer: Reader | None) -> dict[str, Any]:
    return {"tools": Tools(pool, Queue(None), writer, None, 5)}  # type: ignore[arg-type]


def plan_of(questions: list[str]) -> str:
    stages = ["motivation", "experience", "knowledge", "collaboration"]
    pairs = zip(stages, questions, strict=True)
    return json.dumps([{"stage": stage, "question": text} for stage, text in pairs])


async def test_the_models_plan_follows_the_opening(pool: asyncpg.Pool, interview_id: UUID) -> None:
    writer = Reader(plan_of(WRITTEN))
    await generate_questions(context(pool, writer), str(interview_id))
    plan = await interviews.plan(pool, interview_id)
    assert [question.text for question in plan[1:]] == WRITTEN
    assert [question.source for question in plan] == ["bank"] + ["llm"] * 4
    assert "Security Engineer" in plan[0].text
    assert "Security Engineer" in " ".join(message.content for message in writer.asked[0])


@pytest.mark.parametrize(
    "writer",
    [
        Reader("no plan at all"),
        Reader(plan_of([*WRITTEN[:3], "Are you married?"])),
        Reader(plan_of([WRITTEN[0]] * 4)),
        Reader("", fails=True),
        None,
    ],
)
async def test_the_bank_plans_where_the_model_does_not(
    pool: asyncpg.Pool, interview_id: UUID, writer: Reader | None
) -> None:
    await generate_questions(context(pool, writer), str(interview_id))
    plan = await interviews.plan(pool, interview_id)
    assert len(plan) == 5
    assert {question.source for question in plan} == {"bank"}
    assert len({question.text for question in plan}) == 5


async def test_an_interview_keeps_its_first_plan(pool: asyncpg.Pool, interview_id: UUID) -> None:
    await generate_questions(context(pool, None), str(interview_id))
    first = await interviews.plan(pool, interview_id)
    await generate_questions(context(pool, Reader(plan_of(WRITTEN))), str(interview_id), 5)
    assert await interviews.plan(pool, interview_id) == first


async def test_as_many_as_were_asked_for(pool: asyncpg.Pool, interview_id: UUID) -> None:
    await generate_questions(context(pool, None), str(interview_id), 3)
    assert len(await interviews.plan(pool, interview_id)) == 3
