"""The facts of an interview in order, and the rows of questions and answers made from them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import asyncpg
import msgspec
import structlog
from asyncpg.pool import PoolConnectionProxy

from server.core.events import (
    AnswerGiven,
    AnswerRevised,
    Fact,
    InterviewEnded,
    InterviewStarted,
    ItemSettled,
    LineAmended,
    QuestionAsked,
    QuestionTakenBack,
    SegmentHeard,
    SegmentPending,
    SteppedIn,
    TurnTimed,
)
from server.jobs import WRITE_REPORT
from server.store import announcements, outbox, standings, steps
from server.store.scope import alone
from server.store.standings import Standing
from server.store.versions import VERSION, Raw, upcast

# The lock keeps the epoch as it is until what is written under it is committed.
APPEND = """
WITH driver AS (
    SELECT interview_id FROM leases WHERE interview_id = $1 AND epoch = $2 FOR SHARE
)
INSERT INTO facts (interview_id, seq, kind, v, data)
SELECT interview_id, told.seq, told.kind, $3, told.data
FROM driver, unnest($4::bigint[], $5::text[], $6::jsonb[]) AS told (seq, kind, data)
RETURNING seq
"""
# The same in one go with what follows from what is told every moment.
TELL = f"""
WITH driver AS (
    SELECT interview_id FROM leases WHERE interview_id = $1 AND epoch = $2 FOR SHARE
), written AS (
    DELETE FROM pending_segments AS waiting
    USING driver, unnest($7::integer[], $8::integer[]) AS heard (turn, segment)
    WHERE waiting.interview_id = driver.interview_id
        AND waiting.turn = heard.turn AND waiting.segment = heard.segment
), standing AS (
    UPDATE standings SET {standings.assigned(10)} FROM driver
    WHERE standings.interview_id = driver.interview_id AND $9
), stored AS (
    INSERT INTO facts (interview_id, seq, kind, v, data)
    SELECT interview_id, told.seq, told.kind, $3, told.data
    FROM driver, unnest($4::bigint[], $5::text[], $6::jsonb[]) AS told (seq, kind, data)
    RETURNING seq
)
SELECT count(*) AS facts, now() AS now FROM stored
"""  # noqa: S608 - columns of ours
AFTER = """
SELECT seq, kind, v, data, recorded_at FROM facts
WHERE interview_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
"""
ASKED = """
INSERT INTO questions
    (id, interview_id, turn, text, stage, source, kind, parent_id, model, reason, prompt, language,
     evidence, line, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, now())
ON CONFLICT (id) DO UPDATE
    SET turn = EXCLUDED.turn, text = EXCLUDED.text, source = EXCLUDED.source,
        model = EXCLUDED.model, reason = EXCLUDED.reason, prompt = EXCLUDED.prompt,
        language = EXCLUDED.language, evidence = EXCLUDED.evidence, line = EXCLUDED.line,
        asked_at = now()
"""
SAID = """
UPDATE questions SET text = text || E'\n' || $3
WHERE id = (
    SELECT id FROM questions WHERE interview_id = $1 AND turn <= $2 AND reason = 'taken_over'
    ORDER BY turn DESC LIMIT 1
)
"""
UNASKED = """
UPDATE questions SET turn = NULL, asked_at = NULL, reason = NULL
WHERE interview_id = $1 AND id = $2 AND ordinal IS NOT NULL
"""
UNWRITTEN = "DELETE FROM questions WHERE interview_id = $1 AND id = $2 AND ordinal IS NULL"
UNSETTLED = """
UPDATE questions SET outcome = NULL, outcome_reason = NULL
WHERE interview_id = $1 AND id = any($2::uuid[])
"""
UNANSWERED = "DELETE FROM answers WHERE interview_id = $1 AND turn = $2"
ANSWERED = """
INSERT INTO answers
    (id, interview_id, question_id, turn, text, words, engine, language, timings, clear)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
REVISED = """
UPDATE answers SET text = $3, words = $4, engine = $5, clear = $6
WHERE interview_id = $1 AND turn = $2
"""
AMENDED = """
INSERT INTO amendments
    (interview_id, turn, answer_id, first_word, last_word, heard, said, author)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
OVER = "SELECT status = 'ended' FROM interviews WHERE id = $1"
PENDING = """
INSERT INTO pending_segments (interview_id, turn, segment, start_ms, end_ms)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""
WRITTEN = """
DELETE FROM pending_segments WHERE interview_id = $1 AND turn = $2 AND segment = $3
"""
TIMED = "UPDATE answers SET timings = timings || $3 WHERE interview_id = $1 AND turn = $2"
SETTLED = """
UPDATE questions SET outcome = $3, outcome_reason = $4 WHERE interview_id = $1 AND id = $2
"""
STARTED = "UPDATE interviews SET status = 'live', started_at = now() WHERE id = $1"
ENDED = """
UPDATE interviews SET status = 'ended', ended_at = now(), end_reason = $2 WHERE id = $1
"""
PAGE = 500


def kind_of(fact_type: type) -> str:
    """``QuestionAsked`` is stored and shown as ``question_asked``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", fact_type.__name__).lower()


TYPES: dict[str, type[Fact]] = {kind_of(t): t for t in get_args(Fact)}
KINDS: dict[type, str] = {t: kind for kind, t in TYPES.items()}


PROJECTED = (
    QuestionAsked, QuestionTakenBack, ItemSettled, AnswerGiven, AnswerRevised, SegmentHeard,
    SegmentPending, SteppedIn, TurnTimed, InterviewStarted, InterviewEnded, LineAmended,
)  # fmt: skip
"""Facts from which rows of other tables are made."""

SLOW = tuple({*PROJECTED, *standings.TOLD_BY} - {*standings.QUICK})
"""Facts that are not told in one go."""

NO_ROW = asyncpg.DataError, asyncpg.IntegrityConstraintViolationError
"""The tables do not take what a fact says: no later try would mend that."""

log = structlog.get_logger()


class OutOfTurn(Exception):
    """Somebody else drives this interview now, or has written facts of it: we must not."""


@dataclass(frozen=True, slots=True)
class StoredFact:
    seq: int
    kind: str
    v: int
    data: dict[str, Any]
    recorded_at: datetime


def told(stored: Sequence[StoredFact]) -> list[Fact]:
    """All facts of one interview, whatever version they were stored in. Raises NewerFact."""
    current = upcast([Raw(row.kind, row.v, row.data) for row in stored])
    return [msgspec.convert(raw.data, TYPES[raw.kind]) for raw in current]


async def append(
    pool: asyncpg.Pool,
    interview_id: UUID,
    epoch: int,
    first_seq: int,
    facts: Sequence[Fact],
    known: Standing | None = None,
) -> Standing | None:
    """All facts of one step or none, numbered from ``first_seq``, under the lease ``epoch``.
    ``known``: how the interview stands, where the driver knows; returned is how it stands then,
    likewise. Raises OutOfTurn, and as asyncpg does."""
    told = interview_id, epoch, list(enumerate(facts, start=first_seq))
    if known is not None and facts and not any(isinstance(fact, SLOW) for fact in facts):
        return await _tell(pool, *told, known)
    shown = [(seq, fact) for seq, fact in told[2] if isinstance(fact, PROJECTED)]
    stands = any(isinstance(fact, standings.TOLD_BY) for fact in facts)
    async with pool.acquire() as connection:
        if not shown and not stands:
            await _insert(connection, *told)
            return known
        try:
            async with connection.transaction():
                await _insert(connection, *told)
                for _, fact in shown:
                    await _project(connection, interview_id, fact)
                if not stands:
                    return known
                return await standings.keep_up(connection, interview_id, facts)
        except NO_ROW:
            await _append_apart(connection, *told)
            return None


async def _tell(
    pool: asyncpg.Pool,
    interview_id: UUID,
    epoch: int,
    numbered: Sequence[tuple[int, Fact]],
    known: Standing,
) -> Standing | None:
    """In one go; as ``append``."""
    after, heard = known, list[SegmentHeard]()
    for _, fact in numbered:
        after = after.apply(fact, standings.NOW)
        if isinstance(fact, SegmentHeard):
            heard.append(fact)
    written = [one.turn for one in heard], [one.segment for one in heard]
    stands = after != known, *standings.values(after)
    told = interview_id, epoch, VERSION, *_columns(numbered)
    try:
        with alone():
            row = await pool.fetchrow(TELL, *told, *written, *stands)
    except asyncpg.UniqueViolationError as error:
        raise OutOfTurn(f"of the facts from {numbered[0][0]} on one is already stored") from error
    except NO_ROW:
        async with pool.acquire() as connection:
            await _append_apart(connection, interview_id, epoch, numbered)
        return None
    if row is None or not row["facts"]:
        raise OutOfTurn(f"epoch {epoch} is over")
    return after.stored(row["now"])


async def _append_apart(
    connection: PoolConnectionProxy,
    interview_id: UUID,
    epoch: int,
    numbered: Sequence[tuple[int, Fact]],
) -> None:
    """The same, where the tables did not take one of the rows: those they do take are made."""
    async with connection.transaction():
        await _insert(connection, interview_id, epoch, numbered)
        for seq, fact in numbered:
            if isinstance(fact, PROJECTED):
                rows = _project(connection, interview_id, fact)
                await _keep_up(connection, interview_id, seq, rows)
        standing = standings.keep_up(connection, interview_id, [fact for _, fact in numbered])
        await _keep_up(connection, interview_id, numbered[0][0], standing)


async def _insert(
    connection: PoolConnectionProxy,
    interview_id: UUID,
    epoch: int,
    numbered: Sequence[tuple[int, Fact]],
) -> None:
    try:
        stored = await connection.fetchval(
            APPEND, interview_id, epoch, VERSION, *_columns(numbered)
        )
    except asyncpg.UniqueViolationError as error:
        raise OutOfTurn(f"of the facts from {numbered[0][0]} on one is already stored") from error
    if stored is None:
        raise OutOfTurn(f"epoch {epoch} is over")


def _columns(numbered: Sequence[tuple[int, Fact]]) -> tuple[list[int], list[str], list[Any]]:
    """Numbers, kinds and data."""
    numbers = [seq for seq, _ in numbered]
    kinds = [KINDS[type(fact)] for _, fact in numbered]
    return numbers, kinds, [msgspec.to_builtins(fact) for _, fact in numbered]


async def _keep_up(
    connection: PoolConnectionProxy,
    interview_id: UUID,
    seq: int,
    rows: Awaitable[object],
) -> None:
    """The rows made from a fact follow it. One that the tables do not take, which no later try
    would mend, must not keep the fact itself out, nor those behind it."""
    try:
        async with connection.transaction():
            await rows
    except NO_ROW as error:
        log.error(
            "a fact is stored without its row",
            interview_id=str(interview_id),
            seq=seq,
            error=type(error).__name__,
        )


async def after(
    pool: asyncpg.Pool, interview_id: UUID, seq: int, limit: int = PAGE
) -> list[StoredFact]:
    """At most ``limit`` facts with a higher number, in order."""
    return [StoredFact(**row) for row in await pool.fetch(AFTER, interview_id, seq, limit)]


async def everything(pool: asyncpg.Pool, interview_id: UUID) -> list[StoredFact]:
    stored: list[StoredFact] = []
    while page := await after(pool, interview_id, stored[-1].seq if stored else 0):
        stored += page
    return stored


async def _keep_waiting(
    connection: PoolConnectionProxy, interview_id: UUID, fact: SegmentPending | SegmentHeard
) -> None:
    if isinstance(fact, SegmentHeard):
        await connection.execute(WRITTEN, interview_id, fact.turn, fact.segment)
        return
    sound = fact.turn, fact.segment, fact.start_ms, fact.end_ms
    await connection.execute(PENDING, interview_id, *sound)


async def _reads(
    connection: PoolConnectionProxy, interview_id: UUID, fact: AnswerRevised | LineAmended
) -> None:
    """What was made of an answer after the interview is made anew where it reads differently."""
    if isinstance(fact, LineAmended):
        line = fact.turn, fact.answer_id, *fact.span, fact.heard, fact.said, fact.by
        await connection.execute(AMENDED, interview_id, *line)
        return
    revised = fact.turn, fact.text, msgspec.to_builtins(fact.words), fact.engine, fact.clear
    await connection.execute(REVISED, interview_id, *revised)
    if await connection.fetchval(OVER, interview_id):
        await outbox.add(connection, WRITE_REPORT, interview_id)


async def _step_or_end(
    connection: PoolConnectionProxy, interview_id: UUID, fact: SteppedIn | InterviewEnded
) -> None:
    """What was wanted is a fact now; after the end nothing more becomes one. What a person said
    who led is what was asked then."""
    if isinstance(fact, SteppedIn):
        await steps.told(connection, interview_id, fact.step_id)
        if fact.step == "said":
            await connection.execute(SAID, interview_id, fact.turn, fact.text)
        return
    await connection.execute(ENDED, interview_id, fact.reason)
    await announcements.of_interview(
        connection, interview_id, "interview.ended", end_reason=fact.reason
    )
    await steps.told(connection, interview_id)
    await outbox.add(connection, WRITE_REPORT, interview_id)


async def _project(connection: PoolConnectionProxy, interview_id: UUID, fact: Fact) -> None:
    match fact:
        case QuestionAsked():
            await connection.execute(
                ASKED,
                fact.question_id,
                interview_id,
                fact.turn,
                fact.text,
                fact.stage,
                fact.source,
                fact.kind,
                fact.parent_id,
                fact.model,
                fact.reason,
                fact.prompt,
                fact.language,
                fact.evidence,
                fact.line,
            )
        case QuestionTakenBack():
            await connection.execute(UNANSWERED, interview_id, fact.reopened)
            await connection.execute(UNSETTLED, interview_id, list(fact.unsettled))
            await connection.execute(UNASKED, interview_id, fact.question_id)
            await connection.execute(UNWRITTEN, interview_id, fact.question_id)
        case ItemSettled():
            settled = fact.question_id, fact.outcome, fact.reason
            await connection.execute(SETTLED, interview_id, *settled)
        case AnswerGiven():
            words = msgspec.to_builtins(fact.words)
            await connection.execute(
                ANSWERED,
                fact.answer_id,
                interview_id,
                fact.question_id,
                fact.turn,
                fact.text,
                words,
                fact.engine,
                fact.language,
                dict(fact.timings),
                fact.clear,
            )
        case AnswerRevised() | LineAmended():
            await _reads(connection, interview_id, fact)
        case SegmentPending() | SegmentHeard():
            await _keep_waiting(connection, interview_id, fact)
        case TurnTimed():
            await connection.execute(TIMED, interview_id, fact.turn, dict(fact.timings))
        case InterviewStarted():
            await connection.execute(STARTED, interview_id)
            await announcements.of_interview(connection, interview_id, "interview.started")
        case SteppedIn() | InterviewEnded():
            await _step_or_end(connection, interview_id, fact)
