"""Reports of interviews: what their answers hold for each criterion, version by version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from server.evidence.level import Level, Suggestion
from server.evidence.lines import Line, Status
from server.evidence.report import Content
from server.jobs import WRITE_REPORT
from server.store import announcements, audit, facts, interviews, outbox
from server.store.facts import StoredFact
from server.store.interviews import StoredInterview
from server.store.pool import Connection, Executor, transaction

ONE_AT_A_TIME = "SELECT FROM interviews WHERE id = $1 FOR NO KEY UPDATE"
KNOWN = "SELECT version FROM reports WHERE interview_id = $1 AND digest = $2"
BEGIN = """
INSERT INTO reports (interview_id, version, digest, content)
SELECT $1::uuid, coalesce(max(version), 0) + 1, $2::text, $3::jsonb
FROM reports WHERE interview_id = $1
RETURNING version
"""
# Whatever rested on words that are not the answer's any more.
STALE = """
UPDATE report_statements AS old SET stale_at = now()
FROM answers
WHERE old.interview_id = $1 AND old.version < $2 AND old.stale_at IS NULL
    AND answers.id = old.answer_id AND position(old.quote IN answers.text) = 0
"""
READY = "SELECT ready_at IS NOT NULL FROM reports WHERE interview_id = $1 AND version = $2"
RUNS = """
SELECT criterion, run, reply FROM report_runs
WHERE interview_id = $1 AND version = $2 AND reply IS NOT NULL
"""
KEEP_RUN = """
INSERT INTO report_runs
    (interview_id, version, criterion, run, seed, wording, model, prompt, prompt_sha256, reply,
     error, level)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (interview_id, version, criterion, run) DO UPDATE
    SET seed = EXCLUDED.seed, wording = EXCLUDED.wording, model = EXCLUDED.model,
        prompt = EXCLUDED.prompt, prompt_sha256 = EXCLUDED.prompt_sha256, reply = EXCLUDED.reply,
        error = EXCLUDED.error, level = EXCLUDED.level, at = now()
    WHERE report_runs.reply IS NULL
"""
# A statement whose answer is gone meanwhile has nothing to rest on.
STATE = """
INSERT INTO report_statements
    (interview_id, version, criterion, line, sentence, answer_id, first_word, last_word, start_ms,
     end_ms, quote, doubted, why, runs)
SELECT $1::uuid, $2::int, $3::int, $4::int, $5::int, $6::uuid, $7::int, $8::int, $9::bigint,
       $10::bigint, $11::text, $12::int[], $13::text, $14::int
WHERE EXISTS (SELECT FROM answers WHERE id = $6)
ON CONFLICT DO NOTHING
"""
FINISH = """
UPDATE reports SET criteria = $3, engine = $4, ready_at = now()
WHERE interview_id = $1 AND version = $2 AND ready_at IS NULL RETURNING version
"""
NEWEST = """
SELECT version, content, criteria, engine, made_at, ready_at FROM reports
WHERE interview_id = $1 ORDER BY version DESC LIMIT 1
"""
# How many follow-ups the others of the same opening had, who are compared with this one.
ELSEWHERE = """
WITH counted AS (
    SELECT planned.interview_id, planned.competency, count(probes.id) AS probes
    FROM interviews AS own
    JOIN interviews AS others ON others.opening_id = own.opening_id AND others.id <> own.id
        AND others.status = 'ended'
    JOIN questions AS planned ON planned.interview_id = others.id
        AND planned.ordinal IS NOT NULL AND planned.turn IS NOT NULL
    LEFT JOIN questions AS probes ON probes.parent_id = planned.id AND probes.kind = 'follow_up'
        AND probes.turn IS NOT NULL
    WHERE own.id = $1 GROUP BY planned.interview_id, planned.competency
)
SELECT competency, min(probes)::int AS fewest, max(probes)::int AS most
FROM counted GROUP BY competency
"""
STATEMENTS = """
SELECT id, criterion, line, sentence, answer_id, first_word, last_word, start_ms, end_ms, quote,
       doubted, why, runs, stale_at
FROM report_statements WHERE interview_id = $1 AND version = $2
ORDER BY criterion, line, sentence
"""


@dataclass(frozen=True, slots=True)
class Material:
    """All that a report is made of."""

    interview: StoredInterview
    questions: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    facts: list[StoredFact]


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of one criterion; ``reply`` None: it failed, and ``error`` says why."""

    criterion: int
    run: int
    seed: int
    wording: int
    model: str
    prompt: str
    prompt_sha256: str
    reply: list[dict[str, Any]] | None
    error: str | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class LineState:
    text: str
    status: Status


@dataclass(frozen=True, slots=True)
class CriterionState:
    """``suggestion`` None: no model has read it; ``error``: although one was asked."""

    lines: tuple[LineState, ...]
    suggestion: Suggestion | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Probes:
    """How many follow-ups an interview had at least, and at most."""

    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class StoredStatement:
    id: UUID
    criterion: int
    line: int
    sentence: int
    answer_id: UUID
    first_word: int
    last_word: int
    start_ms: int | None
    end_ms: int | None
    quote: str
    doubted: list[int]
    why: str
    runs: int
    stale_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredReport:
    """``criteria`` None: it is being read still."""

    version: int
    content: Content
    criteria: list[CriterionState] | None
    engine: str | None
    made_at: datetime
    ready_at: datetime | None
    statements: list[StoredStatement]


Read = tuple[CriterionState, Sequence[Line]]
"""A criterion and its lines with their statements."""


async def material(pool: asyncpg.Pool, interview_id: UUID) -> Material | None:
    """None where there is no such interview, or it has not ended."""
    stored = await interviews.get(pool, interview_id)
    if stored is None or stored.status != "ended":
        return None
    return Material(
        stored,
        await interviews.questions(pool, interview_id),
        await interviews.answers(pool, interview_id),
        await facts.everything(pool, interview_id),
    )


async def begin(on: Executor, interview_id: UUID, digest: str, content: Content) -> int | None:
    """The version to be read; None where one of the same words is ready. What rested on words that
    read differently by now is stale from here on."""
    async with transaction(on) as connection:
        await connection.execute(ONE_AT_A_TIME, interview_id)
        version: int | None = await connection.fetchval(KNOWN, interview_id, digest)
        if version is not None:
            ready = await connection.fetchval(READY, interview_id, version)
            return None if ready else version
        built = msgspec.to_builtins(content)
        version = await connection.fetchval(BEGIN, interview_id, digest, built)
        await connection.execute(STALE, interview_id, version)
    return version


async def runs(
    pool: asyncpg.Pool, interview_id: UUID, version: int
) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """Those that succeeded, by criterion and number."""
    rows = await pool.fetch(RUNS, interview_id, version)
    return {(row["criterion"], row["run"]): row["reply"] for row in rows}


async def keep_run(on: Executor, interview_id: UUID, version: int, run: Run) -> None:
    """One that succeeded stays as it is."""
    await on.execute(
        KEEP_RUN,
        interview_id,
        version,
        run.criterion,
        run.run,
        run.seed,
        run.wording,
        run.model,
        run.prompt,
        run.prompt_sha256,
        run.reply,
        run.error,
        run.level,
    )


async def finish(
    on: Executor, interview_id: UUID, version: int, read: Sequence[Read], engine: str | None
) -> bool:
    """All criteria, with what was found; False where somebody else did it."""
    async with transaction(on) as connection:
        states = msgspec.to_builtins([state for state, _ in read])
        if not await connection.fetchval(FINISH, interview_id, version, states, engine):
            return False
        for criterion, (_, lines) in enumerate(read):
            await _state(connection, interview_id, version, criterion, lines)
        await announcements.of_interview(connection, interview_id, "report.ready", version=version)
        about, count = f"interview {interview_id}", sum(len(one[1]) for one in read)
        await audit.add(connection, "report.made", about, version=version, lines=count)
    return True


async def _state(
    connection: Connection, interview_id: UUID, version: int, criterion: int, lines: Sequence[Line]
) -> None:
    rows = [
        (
            interview_id, version, criterion, place, one.sentence.number,
            UUID(one.sentence.answer_id), one.sentence.first, one.sentence.last,
            one.sentence.start_ms, one.sentence.end_ms, one.sentence.text,
            list(one.sentence.doubted), one.why, one.runs,
        )
        for place, line in enumerate(lines)
        for one in line.statements
    ]  # fmt: skip
    await connection.executemany(STATE, rows)


async def newest(pool: asyncpg.Pool, interview_id: UUID) -> StoredReport | None:
    row = await pool.fetchrow(NEWEST, interview_id)
    if row is None:
        return None
    said: Mapping[str, Any] = dict(row)
    statements = await pool.fetch(STATEMENTS, interview_id, row["version"])
    return StoredReport(
        row["version"],
        msgspec.convert(said["content"], Content),
        msgspec.convert(said["criteria"], list[CriterionState] | None),
        row["engine"],
        row["made_at"],
        row["ready_at"],
        [StoredStatement(**one) for one in statements],
    )


async def probes_elsewhere(pool: asyncpg.Pool, interview_id: UUID) -> dict[str, Probes]:
    """By competency, of the other interviews of its opening that are over."""
    rows = await pool.fetch(ELSEWHERE, interview_id)
    return {row["competency"]: Probes(row["fewest"], row["most"]) for row in rows}


async def wanted(on: Executor, interview_id: UUID) -> None:
    """It is to be written, or looked at once more."""
    async with transaction(on) as connection:
        await outbox.add(connection, WRITE_REPORT, interview_id)
