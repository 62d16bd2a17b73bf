"""Who wrote the next question: the model behind VIVA_LLM_URL, or the bank when it cannot."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

import pytest

from tests.engines.openai_server import Call, Handler, OpenAIServer, completion, failure, models
from tests.live import browser, running
from tests.replies import probe
from tests.resumes import ENGLISH_RESUME

pytestmark = pytest.mark.engine

ANSWER = "I moved the nightly reports from cron jobs to Airflow because they kept failing."
CHAT = "/v1/chat/completions"


async def ask(
    database_url: str, redis_url: str, handler: Handler, **options: Any
) -> tuple[dict[str, Any], OpenAIServer, float]:
    """The second question after ANSWER, the server that was asked, and the seconds it took."""
    async with OpenAIServer() as llm:
        llm.handlers |= {CHAT: handler, "/v1/models": models("qwen-test")}
        options = {"llm_timeout_ms": 30_000, "llm_first_token_ms": 30_000, **options}
        async with running(database_url, redis_url, llm_url=llm.url, **options) as viva:
            ticket = await viva.interview(ENGLISH_RESUME)
            async with browser(ticket) as candidate:
                await candidate.hear_question(1)
                content = [{"type": "input_text", "text": ANSWER}]
                item = {"type": "message", "role": "user", "content": content}
                began = monotonic()
                await candidate.send(type="conversation.item.create", item=item)
                await candidate.event("viva.question", seconds=60.0, turn=2)
                took = monotonic() - began
            shown = await viva.show(ticket["interview_id"])
    return next(q for q in shown["questions"] if q["turn"] == 2), llm, took


async def test_the_model_asks_and_is_named(database_url: str, redis_url: str) -> None:
    text = "You moved the reports to Airflow; what did you do when it failed?"
    reply = probe(text, "they kept failing", "Names the effect")
    written = completion(reply[:40], reply[40:90], reply[90:])
    question, llm, _ = await ask(database_url, redis_url, written)
    assert question["text"] == "You moved the reports to Airflow; what did you do when it failed?"
    assert (question["source"], question["model"]) == ("llm", "qwen-test")
    sent = [call.body for call in llm.calls if call.path == CHAT][-1]
    assert sent["stream"] is True
    text = str(sent["messages"])
    assert ANSWER in text
    assert "Data Engineer" in text


async def test_a_model_that_goes_on_after_its_question_is_not_waited_for(
    database_url: str, redis_url: str
) -> None:
    async def talkative(call: Call) -> None:
        await call.begin("text/event-stream")
        await call.say(probe("What failed in the cron jobs?", "from cron jobs")[:-1])
        await asyncio.sleep(60)

    question, llm, took = await ask(database_url, redis_url, talkative)
    assert (question["text"], question["source"]) == ("What failed in the cron jobs?", "llm")
    assert took < 20
    asked = next(call for call in llm.calls if call.path == CHAT)
    assert asked.aborted.is_set()


@pytest.mark.parametrize(
    "handler",
    [
        completion("late", pause=60),
        failure("500 Internal Server Error"),
        completion(probe("Are you married and do you plan to have children?", "kept failing")),
        completion("What did you do when it failed?"),
        completion(probe("What did you do when it failed?", "I wrote it in Rust")),
        completion(""),
    ],
)
async def test_the_bank_asks_when_the_model_cannot(
    database_url: str, redis_url: str, handler: Handler
) -> None:
    question, _, took = await ask(database_url, redis_url, handler, llm_timeout_ms=700)
    assert (question["source"], question["model"]) == ("bank", None)
    assert question["reason"]
    assert took < 20
