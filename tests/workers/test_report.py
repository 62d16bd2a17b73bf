"""The job write_report on the real store, with a model behind a real HTTP server."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.core.events import AnswerRevised
from server.engines.chat import ChatWriter
from server.evidence.level import RUNS
from server.store import reports
from server.store.reports import StoredReport
from tests.engines.openai_server import Call, OpenAIServer, failure
from tests.interviewed import CORRECT, DECIDES, TALK, Turn, held, tell, words_of
from workers import report
from workers.report import write_report
from workers.tools import Tools

CHAT = "/v1/chat/completions"
Script = Callable[[str, int], list[int]]
"""Of a line's text and how many it was asked before: the sentences that show it."""


class Model:
    """Replies as the script says, in the order in which it was asked for lines."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[dict[str, Any]] = []
        self.breaks: Callable[[int], bool] = lambda _: False

    async def __call__(self, call: Call) -> None:
        self.asked.append(call.body)
        await call.begin("text/event-stream")
        if self.breaks(len(self.asked)):
            await call.say('{"lines": [{"line": 1, "sentences": [999], "why": ""}]}')
        else:
            await call.say(json.dumps(self.reply(call.body["messages"][1]["content"])))
        await call.send(b"data: [DONE]\n\n")

    def reply(self, task: str) -> dict[str, Any]:
        listed = task.split("<said>", maxsplit=1)[0]
        lines = [found[1] for found in re.finditer(r"^\d+\. (.+)$", listed, re.MULTILINE)]
        return {
            "lines": [
                {"line": n, "sentences": self.script(text, len(self.asked)), "why": "says it"}
                for n, text in enumerate(lines, 1)
            ]
        }


def shows(text: str, _: int) -> list[int]:
    """Sentence 3 shows the first line, 4 the second, of the first criterion alone."""
    return {CORRECT[0]: [3], CORRECT[1]: [4]}.get(text, [])


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


@pytest.fixture
async def writer(server: OpenAIServer) -> AsyncIterator[ChatWriter]:
    made = ChatWriter(server.url, "m")
    yield made
    await made.close()


async def written(
    pool: asyncpg.Pool, interview_id: UUID, evidence: ChatWriter | None = None
) -> StoredReport:
    tools = Tools(pool, None, None, 5, evidence=evidence)
    await write_report({"tools": tools}, str(interview_id))
    found = await reports.newest(pool, interview_id)
    assert found is not None
    return found


async def runs(pool: asyncpg.Pool) -> list[dict[str, Any]]:
    return [dict(row) for row in await pool.fetch("SELECT * FROM report_runs ORDER BY 3, 4")]


async def test_the_end_of_an_interview_wants_its_report(pool: asyncpg.Pool) -> None:
    live = await held(pool, over=False)
    kinds = "SELECT count(*) FROM jobs WHERE kind = 'write_report' AND subject = $1"
    assert await pool.fetchval(kinds, live.interview_id) == 0
    await write_report({"tools": Tools(pool, None, None, 5)}, str(live.interview_id))
    assert await reports.newest(pool, live.interview_id) is None, "it has not ended"
    over = await held(pool)
    assert await pool.fetchval(kinds, over.interview_id) == 1


async def test_without_a_model_sentences_by_topic_and_by_the_line_of_a_probe(
    pool: asyncpg.Pool,
) -> None:
    made = await held(pool)
    found = await written(pool, made.interview_id)
    assert found.ready_at is not None
    assert found.engine is None
    assert found.criteria is not None
    assert [[line.status for line in one.lines] for one in found.criteria] == [
        ["unread", "unread"], ["unread", "unread"], ["not_asked"],
    ]  # fmt: skip
    assert {one.suggestion for one in found.criteria} == {None}
    (statement,) = found.statements
    assert (statement.quote, statement.line) == ("The report was right on the first day.", 1)
    assert (statement.first_word, statement.last_word) == (0, 7)
    assert statement.answer_id == made.answers[3]
    assert await runs(pool) == []


async def test_seven_readings_each_of_its_own_and_all_of_them_kept(
    pool: asyncpg.Pool, server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = model = Model(shows)
    made = await held(pool, resume={"education": [{"institution": "Harrow College"}]})
    found = await written(pool, made.interview_id, writer)
    assert found.criteria is not None
    data, decides, others = found.criteria
    assert [line.status for line in data.lines] == ["shown", "shown"]
    assert [line.status for line in decides.lines] == ["not_shown", "not_shown"]
    assert [line.status for line in others.lines] == ["not_asked"]
    assert data.suggestion is not None
    assert (data.suggestion.level, data.suggestion.agree, data.suggestion.runs) == ("yes", 7, RUNS)
    assert data.suggestion.sentences == (3, 4)
    assert others.suggestion is None
    assert [(one.sentence, one.runs, one.why) for one in found.statements] == [
        (3, 7, "says it"), (4, 7, "says it"),
    ]  # fmt: skip
    assert found.statements[0].doubted == [14], "the queue is not sure"
    kept = await runs(pool)
    assert len(kept) == 2 * RUNS == len(model.asked)
    first = [row for row in kept if row["criterion"] == 0]
    assert len({row["seed"] for row in first}) == RUNS
    assert len({row["prompt_sha256"] for row in first}) == RUNS
    assert {row["wording"] for row in first} == {0, 1, 2}
    assert {(row["model"], row["prompt"], row["level"]) for row in first} == {
        ("m", "evidence-1", "yes"),
    }
    assert {body["seed"] for body in model.asked} == {row["seed"] for row in kept}
    assert all("response_format" in body for body in model.asked)


async def test_the_model_sees_nobody(
    pool: asyncpg.Pool, server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = model = Model(shows)
    talk = [
        TALK[0],
        Turn(
            "Yuna, what did you do?",
            "Um, I am Yuna Seo of Harrow College, 26 years old. Uh, I moved the check.",
            competency="Keeps data correct",
            rubric=CORRECT,
        ),
    ]
    made = await held(pool, talk, resume={"education": [{"institution": "Harrow College"}]})
    await written(pool, made.interview_id, writer)
    sent = json.dumps(model.asked, ensure_ascii=False)
    for unseen in ("Yuna", "Seo", "Harrow", "26 years", "Um,", "Uh,"):
        assert unseen not in sent
    assert "I moved the check." in sent


async def test_readings_that_disagree_withhold_the_level(
    pool: asyncpg.Pool, server: OpenAIServer, writer: ChatWriter
) -> None:
    def unsteady(text: str, asked: int) -> list[int]:
        return shows(text, asked) if text == CORRECT[0] or asked % 2 else []

    server.handlers[CHAT] = Model(unsteady)
    made = await held(pool, TALK[:3])
    found = await written(pool, made.interview_id, writer)
    assert found.criteria is not None
    suggestion = found.criteria[0].suggestion
    assert suggestion is not None
    assert suggestion.level is None
    assert dict(suggestion.spread) in ({"no": 3, "yes": 4}, {"no": 4, "yes": 3})


async def test_a_reading_that_fails_is_tried_again_and_loses_only_itself(
    pool: asyncpg.Pool, server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = model = Model(shows)
    model.breaks = lambda asked: asked <= 2
    made = await held(pool, TALK[:3])
    found = await written(pool, made.interview_id, writer)
    assert len(model.asked) == RUNS + 2
    assert found.criteria is not None
    assert found.criteria[0].suggestion is not None
    assert found.criteria[0].suggestion.runs == RUNS


async def test_a_model_that_only_makes_up_numbers_leaves_the_report_without_one(
    pool: asyncpg.Pool, server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = model = Model(shows)
    model.breaks = lambda _: True
    made = await held(pool, TALK[:3])
    found = await written(pool, made.interview_id, writer)
    assert found.criteria is not None
    assert [line.status for line in found.criteria[0].lines] == ["unread", "unread"]
    assert (found.criteria[0].suggestion, found.criteria[0].error) == (None, "unread")
    kept = await runs(pool)
    assert {row["error"] for row in kept} == {"unreadable: a sentence out of range"}
    assert len(found.statements) == 1, "what the probe was for is there all the same"


async def test_a_server_that_is_down_costs_the_levels_and_nothing_else(
    pool: asyncpg.Pool, server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = failure("500 Internal Server Error", "loading")
    made = await held(pool)
    found = await written(pool, made.interview_id, writer)
    assert found.ready_at is not None
    assert found.content.topics[1].exchanges[0].sentences[0].text.startswith("At first")


async def test_again_it_asks_nothing_anew(
    pool: asyncpg.Pool, server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = model = Model(shows)
    made = await held(pool)
    first = await written(pool, made.interview_id, writer)
    asked = len(model.asked)
    assert await written(pool, made.interview_id, writer) == first
    assert len(model.asked) == asked
    # A worker that died before the end left its readings.
    await pool.execute("DELETE FROM report_statements")
    await pool.execute("UPDATE reports SET ready_at = NULL, criteria = NULL")
    again = await written(pool, made.interview_id, writer)
    assert len(model.asked) == asked
    assert again.criteria == first.criteria


async def test_a_line_that_reads_differently_makes_a_new_version(pool: asyncpg.Pool) -> None:
    made = await held(pool)
    first = await written(pool, made.interview_id)
    text = "The report was wrong on the first day."
    revised = AnswerRevised(3, str(made.answers[3]), text, words_of(text, 0), "test", "late")
    await tell(pool, made, revised)
    jobs = "SELECT count(*) FROM jobs WHERE kind = 'write_report'"
    assert await pool.fetchval(jobs) == 1
    second = await written(pool, made.interview_id)
    assert (first.version, second.version) == (1, 2)
    assert [one.quote for one in second.statements] == [text]
    stale = "SELECT version, stale_at IS NOT NULL FROM report_statements ORDER BY version"
    assert [tuple(row) for row in await pool.fetch(stale)] == [(1, True), (2, False)]


async def test_with_an_answer_its_statements_vanish(
    pool: asyncpg.Pool, server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = Model(shows)
    made = await held(pool)
    found = await written(pool, made.interview_id, writer)
    assert {one.answer_id for one in found.statements} == {made.answers[2], made.answers[3]}
    for statement in found.statements:
        answer = await pool.fetchval("SELECT text FROM answers WHERE id = $1", statement.answer_id)
        span = answer.split()[statement.first_word : statement.last_word + 1]
        assert " ".join(span) == statement.quote
    await pool.execute("DELETE FROM answers WHERE id = $1", made.answers[2])
    left = await reports.newest(pool, made.interview_id)
    assert left is not None
    assert [one.answer_id for one in left.statements] == [made.answers[3]]
    for gone in ("first_word = -1", "last_word = first_word - 1", "quote = ''", "answer_id = NULL"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await pool.execute(f"UPDATE report_statements SET {gone}")


def half_an_hour() -> list[Turn]:
    """Seven topics of four minutes each."""
    said = "I moved the check into the queue and we looked at it every day. " * 14
    found = [TALK[0]]
    for topic in range(7):
        lines = tuple(f"{line} {topic}" for line in (*CORRECT, *DECIDES))
        found.append(Turn(f"How {topic}?", said, "experience", f"Competency {topic}", lines))
        found += [Turn(f"And then {n}?", said, follows=lines[n]) for n in range(2)]
    return found


async def test_half_an_hour_is_read_within_a_minute(
    pool: asyncpg.Pool, server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = Model(lambda text, _: [1] if text == "never" else [])
    made = await held(pool, half_an_hour())
    began = perf_counter()
    without = await held(pool, half_an_hour())
    await written(pool, without.interview_id)
    plain = perf_counter() - began
    began = perf_counter()
    found = await written(pool, made.interview_id, writer)
    took = perf_counter() - began
    print(f"report of 30 minutes: {plain:.2f} s without a model, {took:.2f} s with a scripted one")  # noqa: T201
    assert found.criteria is not None
    assert {one.suggestion and one.suggestion.runs for one in found.criteria[:-1]} == {RUNS}
    assert report.ALL_S < 60
    assert max(plain, took) < report.ALL_S
