"""What a candidate says of a line is a fact beside it; the line stays."""

from __future__ import annotations

import asyncpg
import pytest

from server.store import amendments, erasure, facts
from server.store.amendments import Busy, NoLine, Place, span
from tests.driver import lease
from tests.interviewed import held


def test_words_are_found_where_they_stand() -> None:
    assert span("I  moved it\nthere.", Place(1, 1, 2)) == (3, 11)
    for first, last in ((0, 9), (-1, 0), (2, 1)):
        with pytest.raises(NoLine):
            span("one two three", Place(1, first, last))


async def test_a_dispute_stands_beside_the_words(pool: asyncpg.Pool) -> None:
    made = await held(pool)
    text = await pool.fetchval("SELECT text FROM answers WHERE turn = 1")
    place = Place(1, 3, 4)
    await amendments.dispute(pool, made.interview_id, place, "the digest team.")
    await amendments.dispute(pool, made.interview_id, place, "the digest team.")
    (found,) = await amendments.of_interview(pool, made.interview_id)
    assert (found.heard, found.said) == ("ingest team.", "the digest team.")
    assert found.disputes
    assert [found.touches(1, *words) for words in ((0, 2), (4, 9), (3, 3))] == [False, True, True]
    assert await pool.fetchval("SELECT text FROM answers WHERE turn = 1") == text
    stored = await facts.everything(pool, made.interview_id)
    (told,) = [one for one in stored if one.kind == "line_amended"]
    assert (told.seq, told.data["said"]) == (made.seq + 1, "the digest team.")
    for place in (Place(1, 0, 99), Place(9, 0, 0)):
        with pytest.raises(NoLine):
            await amendments.dispute(pool, made.interview_id, place, "x")
    await lease(pool, made.interview_id)
    with pytest.raises(Busy):
        await amendments.dispute(pool, made.interview_id, Place(1, 0, 0), "We")


def test_disputes_go_with_the_person() -> None:
    assert {"amendments", "feedback_letters"} <= set(erasure.OF_INTERVIEWS)


async def test_a_line_put_right_reads_so_and_what_it_was_stays_known(pool: asyncpg.Pool) -> None:
    made = await held(pool)
    await pool.execute("DELETE FROM jobs")
    place = Place(3, 1, 1)
    await amendments.correct(pool, made.interview_id, place, "ledger", "user lee")
    row = await pool.fetchrow("SELECT text, words FROM answers WHERE turn = 3")
    assert row is not None
    assert row["text"] == "The ledger was right on the first day."
    assert row["words"][1]["text"] == "ledger"
    (found,) = await amendments.of_interview(pool, made.interview_id)
    assert (found.heard, found.said, found.author) == ("report", "ledger", "user lee")
    assert not found.disputes
    assert await pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'write_report'") == 1
    stored = await facts.everything(pool, made.interview_id)
    assert [one.kind for one in stored[-2:]] == ["line_amended", "answer_revised"]
    given = [one.data["text"] for one in stored if one.kind == "answer_given"]
    assert "The report was right on the first day." in given
    live = await held(pool, over=False)
    with pytest.raises(NoLine):
        await amendments.correct(pool, live.interview_id, place, "ledger", "user lee")
