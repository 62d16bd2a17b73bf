"""An interview whose plan never comes asks the template's own questions all the same."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr

from server.core.rules import OwnQuestion, Stage
from server.jobs import GENERATE_QUESTIONS, Pace
from server.settings import Settings
from server.store import resumes, templates
from server.store.templates import Template
from tests.live import browser, running, until
from workers.attempt import Job
from workers.main import work

pytestmark = pytest.mark.engine

OWN = "How would you rotate our signing keys?"
TEMPLATE = Template(
    "Keys", (Stage("introduction"), Stage("knowledge", 2)), languages=("en",), follow_ups=0,
    questions=(OwnQuestion("knowledge", {"en": OWN}),),
)  # fmt: skip
DATA = {
    "header": {"name": "Jane Miller", "target_role": "Security Engineer"},
    "meta": {"language": "en"},
}
ANSWER = "I replaced the old keys in one night and told every team about it beforehand."


async def broken(ctx: dict[str, Any], interview_id: str) -> None:
    raise RuntimeError("no plan today")


async def test_own_questions_are_asked_where_planning_failed(
    pool: asyncpg.Pool, database_url: str, redis_url: str
) -> None:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "a.pdf")
    await resumes.mark_ready(pool, resume_id, DATA)
    order = {
        "resume_id": str(resume_id),
        "template_id": str(await templates.add(pool, TEMPLATE)),
    }
    async with running(database_url, redis_url, worker=False) as viva:
        ticket = (await viva.http.post("/interviews/realtime", json=order)).json()
        shown = await viva.show(ticket["interview_id"])
        assert shown["plan"] == {"status": "queued", "error": None}

        settings = Settings(database_url=SecretStr(database_url), redis_url=SecretStr(redis_url))
        poisoned = [Job(GENERATE_QUESTIONS, broken)]
        worker = asyncio.create_task(work(settings, poisoned, Pace(sweep_s=0.05, pause_s=0)))

        async def given_up() -> dict[str, Any] | None:
            shown = await viva.show(ticket["interview_id"])
            return None if shown["plan"]["status"] == "queued" else shown

        failed: dict[str, Any] = (await until(given_up))["plan"]
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        assert failed["status"] == "failed"
        assert failed["error"]["detail"] == (
            "it was tried 3 times; at last the program broke (RuntimeError)"
        )

        asked = []
        async with browser(ticket) as candidate:
            for turn in (1, 2):
                asked.append(await candidate.hear_question(turn))
                content = [{"type": "input_text", "text": ANSWER}]
                item = {"type": "message", "role": "user", "content": content}
                await candidate.send(type="conversation.item.create", item=item)
            asked.append((await candidate.event("viva.question", turn=3))["text"])
    assert asked[1].endswith(OWN)
    assert len(set(asked)) == 3
