"""A card is its author's until it is submitted, and nobody's to change afterwards."""

from __future__ import annotations

import asyncpg
import pytest

from server.store import audit, reports, scorecards
from server.store.reports import StoredReport
from server.store.scorecards import Author, Incomplete, Missing, Opened, Rating
from tests.interviewed import Held, held
from workers.report import write_report
from workers.tools import Tools

LEE = Author("user lee")
DATA, DECIDES, OTHERS = "Keeps data correct", "Decides and gives reasons", "Works with others"
RATED = [Rating(DATA, "yes", "the queue"), Rating(DECIDES, "no")]


@pytest.fixture
async def made(pool: asyncpg.Pool) -> Held:
    found = await held(pool)
    await write_report({"tools": Tools(pool, None, None, 5)}, str(found.interview_id))
    return found


async def report(pool: asyncpg.Pool, made: Held) -> StoredReport:
    found = await reports.newest(pool, made.interview_id)
    assert found is not None
    return found


async def test_what_is_missing_is_levels_of_what_was_asked_and_quotes_of_what_has_any(
    pool: asyncpg.Pool, made: Held
) -> None:
    found = await report(pool, made)
    assert scorecards.missing_of([], found, Opened()) == Missing([DATA, DECIDES], [DATA])
    opened = Opened(competencies=frozenset({DATA}))
    assert not scorecards.missing_of(RATED, found, opened)
    half = [Rating(DATA, "yes"), Rating(DECIDES)]
    assert scorecards.missing_of(half, found, opened) == Missing([DECIDES], [])


async def test_it_is_submitted_whole_and_once(pool: asyncpg.Pool, made: Held) -> None:
    found = await report(pool, made)
    about = made.interview_id
    assert await scorecards.submit(pool, about, LEE, found) is None
    await scorecards.save(pool, about, LEE, found, RATED, "")
    with pytest.raises(Incomplete) as refused:
        await scorecards.submit(pool, about, LEE, found)
    assert refused.value.missing == Missing([], [DATA])
    (quote,) = found.statements
    assert await scorecards.open_quote(pool, about, LEE.name, found, quote.id)
    assert not await scorecards.open_quote(pool, about, LEE.name, found, made.interview_id)
    assert await scorecards.submit(pool, about, LEE, found) == 1
    assert await scorecards.submit(pool, about, LEE, found) is None
    (entry,) = [one for one in await audit.newest(pool) if one.action == "scorecard.submitted"]
    assert entry.detail == {"version": 1}
    for change in ("ratings = '[]'", "summary = 'x'", "submitted_at = NULL", "author = 'other'"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await pool.execute(f"UPDATE scorecards SET {change}")
    await scorecards.save(
        pool, about, LEE, found, [Rating(DATA, "strong_yes")], "on second thought"
    )
    cards = await scorecards.every(pool, about)
    assert [(one.version, one.submitted_at is None) for one in cards] == [(1, False), (2, True)]


async def test_the_level_before_the_suggestion_is_remembered(
    pool: asyncpg.Pool, made: Held
) -> None:
    found = await report(pool, made)
    for level in (None, "no", "yes"):
        await scorecards.save(pool, made.interview_id, LEE, found, [Rating(DATA, level)], "")
    (card,) = await scorecards.every(pool, made.interview_id)
    assert card.ratings == [Rating(DATA, "yes", "", "no")]


async def test_what_rests_on_words_that_were_put_right_is_told(
    pool: asyncpg.Pool, made: Held
) -> None:
    found = await report(pool, made)
    await scorecards.save(pool, made.interview_id, LEE, found, RATED, "")
    await pool.execute("UPDATE scorecards SET submitted_at = now()")
    assert await scorecards.stale(pool, made.interview_id) == []
    await pool.execute("UPDATE report_statements SET stale_at = now()")
    assert await scorecards.stale(pool, made.interview_id) == [DATA]
