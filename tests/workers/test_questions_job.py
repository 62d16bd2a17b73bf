"""The job generate_questions on the real store: from the model or the bank, once."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.core.events import PlannedQuestion, RestsOn, StageName
from server.core.interview import Interview
from server.core.rules import OwnQuestion, Rules, Stage
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.pack import shipped
from server.store import facts, interviews, resumes, templates
from server.store.templates import Template
from tests.core.talk import Talk
from tests.driver import lease
from tests.workers.test_second_reading import Reader
from workers.questions import generate_questions
from workers.tools import Tools

WRITTEN = {
    "motivation": "What made you apply for the security engineer role at this point?",
    "knowledge": "How would you test a firewall rule before it goes live?",
    "experience": "How did you find the first intrusion that you handled at Acme Defence?",
    "problem_solving": "How would you contain a worm that spreads through shared drives?",
    "collaboration": "Who did you work with when an incident was over, and how?",
}
STAGES = ["introduction", *WRITTEN, "closing"]
BETWEEN: tuple[StageName, ...] = (
    "motivation", "knowledge", "experience", "problem_solving", "collaboration",
)  # fmt: skip
LONG = Template(
    "Longer than the pack",
    (
        Stage("introduction"),
        *(
            Stage(stage, len(shipped().of("en").questions("security", stage)) + 1)
            for stage in BETWEEN
        ),
        Stage("closing"),
    ),
    languages=("en",),
)
"""One question more at each stage than the pack has, for the model to write."""


@pytest.fixture
async def interview_id(pool: asyncpg.Pool) -> UUID:
    return await interview(pool)


@pytest.fixture
async def long_id(pool: asyncpg.Pool) -> UUID:
    return await interview(pool, await templates.add(pool, LONG))


async def interview(pool: asyncpg.Pool, template_id: UUID | None = None) -> UUID:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "a.pdf")
    header = {"name": "Jane Miller", "target_role": "Security Engineer"}
    work = [{"name": "Acme Defence", "summary": "Ran the night shift of the SOC"}]
    data = {"header": header, "meta": {"language": "en"}, "work": work}
    await resumes.mark_ready(pool, resume_id, data)
    created = await interviews.create(pool, resume_id, template_id)
    assert created is not None
    return created.interview_id


def context(pool: asyncpg.Pool, writer: Reader | None) -> dict[str, Any]:
    return {"tools": Tools(pool, writer, None, 5, OfflineUnderstanding(Encoder()))}


def item(stage: str, question: str, **more: Any) -> dict[str, Any]:
    rubric = ["Names what they did", "Says how they know it worked"]
    plain = {"competency": "Incident response", "simpler": "What did you do first?"}
    return {"stage": stage, "question": question, "quote": None, "rubric": rubric, **plain, **more}


def plan_of(questions: dict[str, str], **more: Any) -> str:
    return json.dumps({"questions": [item(*one, **more) for one in questions.items()]})


async def planned(
    pool: asyncpg.Pool, writer: Reader | None, interview_id: UUID
) -> tuple[PlannedQuestion, ...]:
    await generate_questions(context(pool, writer), str(interview_id))
    return await interviews.plan(pool, interview_id)


def by_model(plan: tuple[PlannedQuestion, ...]) -> list[PlannedQuestion]:
    return [question for question in plan if question.source == "llm"]


async def test_a_model_is_not_asked_for_what_the_pack_has(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    writer = Reader(plan_of(WRITTEN))
    plan = await planned(pool, writer, interview_id)
    assert [question.stage for question in plan] == STAGES
    assert {question.source for question in plan} == {"bank"}
    assert writer.asked == []
    other = await planned(pool, None, await interview(pool))
    assert [question.text for question in other] == [question.text for question in plan]


async def test_the_models_questions_come_after_the_core_questions_of_their_stage(
    pool: asyncpg.Pool, long_id: UUID
) -> None:
    writer = Reader(plan_of(WRITTEN))
    plan = await planned(pool, writer, long_id)
    written = by_model(plan)
    assert [question.text for question in written] == list(WRITTEN.values())
    for question in written:
        after = plan[question.ordinal]
        assert after.stage != question.stage
    assert {question.model for question in written} == {"test"}
    assert {question.prompt for question in written} == {
        f"plan-{shipped().of('en').prompts.version}"
    }
    assert "Security Engineer" in plan[0].text
    told = " ".join(message.content for message in writer.asked[0])
    assert "Security Engineer" in told
    assert "problem_solving 1" in told


async def test_what_the_model_says_about_its_questions_is_kept(
    pool: asyncpg.Pool, long_id: UUID
) -> None:
    reply = plan_of(WRITTEN, quote="night shift of the SOC")
    question = by_model(await planned(pool, Reader(reply), long_id))[0]
    assert question.competency == "Incident response"
    assert question.rubric == ("Names what they did", "Says how they know it worked")
    assert question.simpler == "What did you do first?"
    assert question.rests_on == (RestsOn("work[0].summary", "night shift of the SOC"),)


async def test_a_quotation_that_stands_nowhere_is_not_believed(
    pool: asyncpg.Pool, long_id: UUID
) -> None:
    reply = plan_of(WRITTEN, quote="Led 40 people")
    written = by_model(await planned(pool, Reader(reply), long_id))
    experience = next(question for question in written if question.stage == "experience")
    assert experience.rests_on == (RestsOn("work[0].name", "Acme Defence"),)
    assert written[0].rests_on == (RestsOn("header.target_role", "Security Engineer"),)


async def test_a_reply_in_another_form_is_read_as_far_as_it_goes(
    pool: asyncpg.Pool, long_id: UUID
) -> None:
    pairs = [{"stage": stage, "question": text} for stage, text in WRITTEN.items()]
    plan = await planned(pool, Reader(f"Here you are: {json.dumps(pairs)}"), long_id)
    assert [question.text for question in by_model(plan)] == list(WRITTEN.values())


async def test_what_the_model_may_not_ask_is_left_out(pool: asyncpg.Pool, long_id: UUID) -> None:
    asked = WRITTEN | {"collaboration": "Are you married?", "lunch": "What do you like to eat?"}
    plan = await planned(pool, Reader(plan_of(asked)), long_id)
    assert [question.stage for question in by_model(plan)] == list(WRITTEN)[:-1]


@pytest.mark.parametrize(
    "writer", [Reader("no plan at all"), Reader("", fails=True), Reader("{}"), None]
)
async def test_the_bank_plans_where_the_model_does_not(
    pool: asyncpg.Pool, interview_id: UUID, writer: Reader | None
) -> None:
    plan = await planned(pool, writer, interview_id)
    assert [question.stage for question in plan] == STAGES
    assert {question.source for question in plan} == {"bank"}
    assert len({question.text for question in plan}) == 7
    assert all(question.competency and len(question.rubric) >= 2 for question in plan)


async def test_what_the_model_asks_twice_is_asked_once(pool: asyncpg.Pool, long_id: UUID) -> None:
    plan = await planned(
        pool, Reader(plan_of(dict.fromkeys(WRITTEN, WRITTEN["motivation"]))), long_id
    )
    assert len(by_model(plan)) == 1
    assert len({question.text for question in plan}) == len(plan)


async def test_own_questions_are_asked_word_for_word_and_leave_the_model_less(
    pool: asyncpg.Pool,
) -> None:
    own = OwnQuestion("knowledge", {"en": "just tell me: whats  TLS??"}, rubric=("Knows it",))
    has = len(shipped().of("en").questions("security", "experience"))
    stages = (Stage("knowledge", 1), Stage("experience", has + 1))
    template_id = await templates.add(
        pool, Template("Own", stages, languages=("en",), questions=(own,))
    )
    writer = Reader(plan_of(WRITTEN))
    plan = await planned(pool, writer, await interview(pool, template_id))
    assert [(question.stage, question.source) for question in plan] == [
        ("introduction", "bank"), ("knowledge", "interviewer"),
        *[("experience", "bank")] * has, ("experience", "llm"),
    ]  # fmt: skip
    assert plan[1].text == "just tell me: whats  TLS??"
    assert plan[1].rubric == ("Knows it",)
    assert "knowledge 1" not in " ".join(message.content for message in writer.asked[0])


async def test_an_interview_keeps_its_first_plan(pool: asyncpg.Pool, interview_id: UUID) -> None:
    first = await planned(pool, None, interview_id)
    await generate_questions(context(pool, Reader(plan_of(WRITTEN))), str(interview_id), 5)
    assert await interviews.plan(pool, interview_id) == first


async def test_two_workers_on_the_same_interview_make_one_plan(
    pool: asyncpg.Pool, long_id: UUID
) -> None:
    other = {stage: f"{text} And then?" for stage, text in WRITTEN.items()}
    writers = [Reader(plan_of(WRITTEN)), Reader(plan_of(other)), None]
    await asyncio.gather(
        *(generate_questions(context(pool, writer), str(long_id)) for writer in writers)
    )
    plan = await interviews.plan(pool, long_id)
    assert list(dict.fromkeys(question.stage for question in plan)) == STAGES
    written = [question.text for question in by_model(plan)]
    assert written == [] or written in (list(WRITTEN.values()), list(other.values()))


async def test_what_was_asked_before_the_plan_was_there_gets_its_place(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    made = Interview(str(interview_id), "Security Engineer", "en", packs=shipped())
    early = Talk(made, Rules(), writer=False).opening()
    await facts.append(pool, interview_id, await lease(pool, interview_id), 1, [early])
    plan = await planned(pool, Reader(plan_of(WRITTEN)), interview_id)
    assert [question.ordinal for question in plan] == [1, 2, 3, 4, 5, 6, 7]
    assert (plan[0].question_id, plan[0].text) == (early.question_id, early.text)
    assert plan[0].rubric


async def test_without_a_template_as_many_as_were_asked_for(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await pool.execute("UPDATE interviews SET template = NULL")
    await generate_questions(context(pool, None), str(interview_id), 3)
    plan = await interviews.plan(pool, interview_id)
    assert [question.stage for question in plan] == ["introduction", "experience", "knowledge"]
