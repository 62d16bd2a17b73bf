"""The job that plans an interview's questions from its fixed role, its résumé and its template."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog

from server.core import guard
from server.core.events import Exchange
from server.core.interview import Interview
from server.core.rules import Rules
from server.jobs import PLANNED_QUESTIONS
from server.plan import Draft, draft_plan, wanted
from server.ports import EngineError, Message, QuestionWriter, Understanding
from server.store import interviews
from server.store.conduct import conduct, packs_of
from server.wording.question import clean
from workers import plan_prompt, plan_reply
from workers.tools import Tools

log = structlog.get_logger()


async def generate_questions(
    ctx: dict[str, Any], interview_id: str, count: int = PLANNED_QUESTIONS
) -> None:
    """Plan the interview. Role, résumé and template come from the database.

    ``count``: how many questions, the opening among them, where the interview has no template; a
    template says it itself. Running it again changes nothing: an interview keeps its first plan.
    """
    tools: Tools = ctx["tools"]
    stored = await interviews.get(tools.pool, UUID(interview_id))
    if stored is None or stored.status == "ended" or await interviews.plan(tools.pool, stored.id):
        return
    rules = conduct(stored, Rules(questions=count)).rules
    about = stored.target_role, stored.language, stored.resume
    packs = packs_of(stored, tools.packs)
    interview = Interview(interview_id, *about, packs=packs, rules=rules)
    written: list[Draft] = []
    if tools.writer is not None:
        written = await written_plan(
            tools.writer, interview, wanted(interview), tools.plan_s, tools.understanding
        )
    plan = draft_plan(interview, written)
    await interviews.add_plan(tools.pool, stored.id, plan, stored.language)
    sources = {source: sum(q.source == source for q in plan) for source in ("bank", "llm")}
    log.info("questions planned", interview_id=interview_id, questions=len(plan), **sources)


async def written_plan(
    writer: QuestionWriter,
    interview: Interview,
    stages: Mapping[str, int],
    within_s: float,
    understanding: Understanding | None = None,
) -> list[Draft]:
    """What a model wrote within that time and may be spoken; ``stages``: how many of each."""
    if not stages:
        return []
    try:
        async with asyncio.timeout(within_s):
            drafts = await _asked(writer, interview, stages)
            return await _fit(interview, drafts, stages, understanding)
    except (EngineError, TimeoutError) as error:
        log.warning(
            "model wrote no plan", interview_id=interview.interview_id, reason=str(error) or "late"
        )
        return []


async def _asked(
    writer: QuestionWriter, interview: Interview, stages: Mapping[str, int]
) -> list[Draft]:
    """By schema; a server that cannot be bound by one may still write something readable."""
    messages = [Message(*one) for one in plan_prompt.messages(interview, stages)]
    session = interview.interview_id
    try:
        reply = await writer.write_json(messages, plan_prompt.schema(stages), session=session)
    except EngineError:
        text = "".join([delta async for delta in writer.write(messages, session=session)])
        return plan_reply.read_text(text, sum(stages.values()), interview, writer.model)
    return plan_reply.read(reply, interview, writer.model)


async def _fit(
    interview: Interview,
    drafts: list[Draft],
    stages: Mapping[str, int],
    understanding: Understanding | None,
) -> list[Draft]:
    fit: list[Draft] = []
    for draft in drafts:
        question = replace(draft, text=clean(draft.text))
        refused = await _refused(interview, question.text, fit, understanding)
        if refused is not None or question.stage not in stages:
            log.info("planned question refused", interview_id=interview.interview_id, code=refused)
            continue
        if question.simpler is not None:
            simpler = clean(question.simpler)
            unfit = await _refused(interview, simpler, [], understanding)
            question = replace(question, simpler=None if unfit else simpler)
        fit.append(question)
    return fit


async def _refused(
    interview: Interview,
    question: str,
    earlier: list[Draft],
    understanding: Understanding | None,
) -> str | None:
    refused = guard.check(
        question,
        grammar=interview.pack.grammar,
        target_role=interview.target_role,
        history=[Exchange(draft.text, "") for draft in earlier],
        instructions=interview.pack.instructions,
    )
    if refused is not None or understanding is None:
        return refused
    judged = await understanding.judge(question, interview.target_role, "")
    return judged.fault if judged else None
