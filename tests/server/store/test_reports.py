"""A report is begun once for the same words, finished once, and never without its words."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from server.evidence.lines import Line, Statement
from server.evidence.report import Content
from server.evidence.sentences import Sentence
from server.evidence.trouble import Trouble
from server.store import audit, openings, reports
from server.store.openings import Opening
from server.store.reports import CriterionState, LineState, Probes, Run
from tests.interviewed import TALK, Held, held

EMPTY = Content((), (), (), (), Trouble(), 0)
READING = Run(0, 0, 7, 1, "m", "evidence-1", "00", [{"line": 0, "sentences": [1], "why": ""}])


@pytest.fixture
async def made(pool: asyncpg.Pool) -> Held:
    return await held(pool)


def read(made: Held, quote: str = "I run the ingest team.") -> list[reports.Read]:
    sentence = Sentence(1, str(made.answers[1]), 1, 0, 4, quote, 0, 900, (2,), clear=True)
    lines = [Line("Says it", "shown", (Statement(0, sentence, "says it", 5),))]
    return [(CriterionState((LineState("Says it", "shown"),), None), lines)]


async def test_the_same_words_are_one_version(pool: asyncpg.Pool, made: Held) -> None:
    assert await reports.begin(pool, made.interview_id, "a", EMPTY) == 1
    assert await reports.begin(pool, made.interview_id, "a", EMPTY) == 1, "it is not finished"
    assert await reports.finish(pool, made.interview_id, 1, read(made), "m")
    assert not await reports.finish(pool, made.interview_id, 1, read(made), "other")
    assert await reports.begin(pool, made.interview_id, "a", EMPTY) is None
    assert await reports.begin(pool, made.interview_id, "b", EMPTY) == 2
    found = await reports.newest(pool, made.interview_id)
    assert found is not None
    assert (found.version, found.criteria, found.ready_at) == (2, None, None)
    (entry,) = [one for one in await audit.newest(pool) if one.action == "report.made"]
    assert entry.detail == {"version": 1, "lines": 1}


async def test_a_statement_is_read_as_it_was_written(pool: asyncpg.Pool, made: Held) -> None:
    await reports.begin(pool, made.interview_id, "a", EMPTY)
    await reports.finish(pool, made.interview_id, 1, read(made), "m")
    found = await reports.newest(pool, made.interview_id)
    assert found is not None
    (one,) = found.statements
    assert (one.quote, one.first_word, one.last_word, one.start_ms, one.end_ms) == (
        "I run the ingest team.", 0, 4, 0, 900,
    )  # fmt: skip
    assert (one.doubted, one.why, one.runs, one.stale_at) == ([2], "says it", 5, None)
    assert found.criteria == [CriterionState((LineState("Says it", "shown"),), None)]


async def test_words_that_were_put_right_make_stale_what_rested_on_them(
    pool: asyncpg.Pool, made: Held
) -> None:
    await reports.begin(pool, made.interview_id, "a", EMPTY)
    await reports.finish(pool, made.interview_id, 1, read(made), None)
    await reports.begin(pool, made.interview_id, "b", EMPTY)
    stale = "SELECT stale_at IS NOT NULL FROM report_statements"
    assert await pool.fetchval(stale) is False, "the words are still there"
    await pool.execute("UPDATE answers SET text = 'I ran it.' WHERE turn = 1")
    await reports.begin(pool, made.interview_id, "c", EMPTY)
    assert await pool.fetchval(stale) is True


async def test_what_rests_on_no_answer_is_not_written(pool: asyncpg.Pool, made: Held) -> None:
    await reports.begin(pool, made.interview_id, "a", EMPTY)
    await pool.execute("DELETE FROM answers WHERE turn = 1")
    await reports.finish(pool, made.interview_id, 1, read(made), None)
    found = await reports.newest(pool, made.interview_id)
    assert found is not None
    assert found.statements == []


async def test_a_reading_that_succeeded_stays(pool: asyncpg.Pool, made: Held) -> None:
    await reports.begin(pool, made.interview_id, "a", EMPTY)
    failed = replace(READING, reply=None, error="late")
    for one in (failed, READING, replace(READING, seed=8), failed):
        await reports.keep_run(pool, made.interview_id, 1, one)
    assert await pool.fetchval("SELECT seed FROM report_runs") == 7
    assert await reports.runs(pool, made.interview_id, 1) == {(0, 0): READING.reply}


async def test_it_may_be_wanted_once_more(pool: asyncpg.Pool, made: Held) -> None:
    await pool.execute("DELETE FROM jobs")
    await reports.wanted(pool, made.interview_id)
    await reports.wanted(pool, made.interview_id)
    assert await pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'write_report'") == 1


async def test_unequal_numbers_of_follow_ups_are_told(pool: asyncpg.Pool, made: Held) -> None:
    assert await reports.probes_elsewhere(pool, made.interview_id) == {}, "it is for no opening"
    opening = await openings.add(pool, Opening("Data engineer"))
    others = [await held(pool), await held(pool, TALK[:2]), await held(pool, over=False)]
    ids = [made.interview_id, *(one.interview_id for one in others)]
    await pool.execute("UPDATE interviews SET opening_id = $1 WHERE id = ANY($2)", opening, ids)
    found = await reports.probes_elsewhere(pool, made.interview_id)
    assert found["Keeps data correct"] == Probes(0, 1)
    assert found["Decides and gives reasons"] == Probes(0, 0)
