"""The job that plans an interview's questions from its fixed role and its résumé."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog

from server.core import guard, prompts
from server.core.dialogue import OPENING_STAGE, Interview, draft_plan, number_plan
from server.core.events import Exchange, PlannedQuestion
from server.jobs import PLANNED_QUESTIONS
from server.ports import EngineError, Message
from server.store import interviews
from workers.tools import Tools

log = structlog.get_logger()


async def generate_questions(
    ctx: dict[str, Any], interview_id: str, count: int = PLANNED_QUESTIONS
) -> None:
    """Write ``count`` planned questions, the opening first. Role and résumé come from the database.

    Running it again changes nothing: an interview keeps the first plan it got.
    """
    tools: Tools = ctx["tools"]
    stored = await interviews.get(tools.pool, UUID(interview_id))
    if stored is None or await interviews.plan(tools.pool, stored.id):
        return
    interview = Interview(interview_id, stored.target_role, stored.language, stored.resume)
    plan = await _written_plan(tools, interview, count) or draft_plan(interview, count)
    await interviews.add_plan(tools.pool, stored.id, plan)
    log.info("questions planned", interview_id=interview_id, source=plan[-1].source)


async def _written_plan(
    tools: Tools, interview: Interview, count: int
) -> tuple[PlannedQuestion, ...] | None:
    """The model's plan, or None where there is no model or not enough of it may be spoken."""
    if tools.writer is None or count < 2:
        return None
    asked = prompts.plan(interview.target_role, interview.language, interview.resume, count - 1)
    messages = [Message(role, content) for role, content in asked]
    try:
        async with asyncio.timeout(tools.plan_s):
            text = "".join([delta async for delta in tools.writer.write(messages)])
    except (EngineError, TimeoutError) as error:
        log.warning(
            "model wrote no plan", interview_id=interview.interview_id, reason=str(error) or "late"
        )
        return None
    opening = draft_plan(interview, 1)[0].text
    spoken: list[tuple[str, str]] = []
    for stage, raw in prompts.read_plan(text, count - 1):
        question = guard.clean(raw)
        if _may_be_spoken(interview, question, [earlier for _, earlier in spoken]):
            spoken.append((stage, question))
    if len(spoken) < count - 1:
        return None
    questions = [(OPENING_STAGE, opening), *spoken]
    return number_plan(interview, questions, "llm", tools.writer.model)


def _may_be_spoken(interview: Interview, question: str, earlier: Sequence[str]) -> bool:
    refused = guard.check(
        question,
        language=interview.language,
        target_role=interview.target_role,
        history=[Exchange(asked, "") for asked in earlier],
    )
    return refused is None
