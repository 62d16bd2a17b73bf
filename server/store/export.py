"""All that is held on a person, as rows: for themselves, or for whoever hires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from server.store import audit
from server.store.pool import Connection, Executor, transaction

RESUME = """
SELECT id, filename, sha256, status, error, structured_data, created_at, updated_at
FROM resumes WHERE id = $1
"""
CORRECTIONS = """
SELECT field, old_value, new_value, corrected_by, corrected_at FROM resume_corrections
WHERE resume_id = $1 ORDER BY id
"""
DISPUTES = """
SELECT field, words, disputed_at FROM resume_disputes WHERE resume_id = $1 ORDER BY id
"""
PAGES = "SELECT page, width, height FROM resume_pages WHERE resume_id = $1 ORDER BY page"
INVITATIONS = """
SELECT id, opening_id, name, email, phone, attached, interview_id, created_at, expires_at,
       opened_at, revoked_at, adjustments, wish, person_wanted_at
FROM invitations WHERE resume_id = $1 ORDER BY id
"""
INTERVIEWS = """
SELECT id, target_role, language, status, end_reason, created_at, started_at, ended_at,
       recording_consent_at, recording_withdrawn_at, person_asked_at, released_at,
       review_asked_at, review_reason
FROM interviews WHERE resume_id = $1 ORDER BY id
"""
NOTICES = """
SELECT kind, version, language, who, recording_days, unwritten_days, media_days, record_days,
       told_at
FROM notices WHERE interview_id = $1 ORDER BY id
"""
# What the candidate heard, and not what was only planned.
ASKED = """
SELECT turn, text, kind, language, asked_at FROM questions
WHERE interview_id = $1 AND turn IS NOT NULL ORDER BY turn
"""
QUESTIONS = """
SELECT id, ordinal, turn, text, source, kind, stage, parent_id, model, reason, prompt, competency,
       rests_on, rubric, language, evidence, line, outcome, outcome_reason, asked_at, created_at
FROM questions WHERE interview_id = $1 ORDER BY turn NULLS LAST, ordinal
"""
ANSWERS = """
SELECT id, question_id, turn, text, clear, words, engine, language, timings, created_at
FROM answers WHERE interview_id = $1 ORDER BY turn
"""
OWN_ANSWERS = """
SELECT id, turn, text, clear, words, engine, language, created_at
FROM answers WHERE interview_id = $1 ORDER BY turn
"""
FACTS = """
SELECT seq, kind, v, data, recorded_at FROM facts WHERE interview_id = $1 ORDER BY seq
"""
HOLDS = """
SELECT interview_id, reason, placed_by, placed_at, lifted_by, lifted_at FROM legal_holds
WHERE resume_id = $1 ORDER BY id
"""
FILE = "SELECT content FROM resume_files WHERE resume_id = $1"
PICTURE = "SELECT picture FROM resume_pages WHERE resume_id = $1 AND page = $2"
RECORDED = """
SELECT DISTINCT answers.id, answers.turn FROM answers
JOIN recorded_chunks AS chunks ON chunks.interview_id = answers.interview_id
    AND chunks.turn = answers.turn
WHERE answers.interview_id = $1 ORDER BY answers.turn
"""

REPORTS = """
SELECT version, digest, content, criteria, engine, made_at, ready_at FROM reports
WHERE interview_id = $1 ORDER BY version
"""
RUNS = """
SELECT version, criterion, run, seed, wording, model, prompt, prompt_sha256, reply, error, level, at
FROM report_runs WHERE interview_id = $1 ORDER BY version, criterion, run
"""
STATEMENTS = """
SELECT id, version, criterion, line, sentence, answer_id, first_word, last_word, start_ms, end_ms,
       quote, doubted, why, runs, stale_at
FROM report_statements WHERE interview_id = $1 ORDER BY version, criterion, line, sentence
"""
CARDS = """
SELECT id, author, version, report_version, ratings, summary, saved_at, submitted_at
FROM scorecards WHERE interview_id = $1 ORDER BY author, version
"""
DECISIONS = """
SELECT id, author, outcome, reason, cards, decided_at FROM decisions
WHERE interview_id = $1 ORDER BY id
"""
NOTES = """
SELECT id, author, at_ms, text, made_at FROM notes WHERE interview_id = $1 ORDER BY id
"""
OWN_LETTERS = """
SELECT id, text, sent_at FROM feedback_letters
WHERE interview_id = $1 AND sent_at IS NOT NULL ORDER BY id
"""
LETTERS = """
SELECT id, author, text, saved_at, sent_at FROM feedback_letters WHERE interview_id = $1 ORDER BY id
"""
AMENDMENTS = """
SELECT id, turn, answer_id, first_word, last_word, heard, said, author IS NULL AS by_candidate,
       made_at
FROM amendments WHERE interview_id = $1 ORDER BY id
"""

OF_EVERYBODY: Final = {"notices": NOTICES, "amendments": AMENDMENTS}
OF_THE_CANDIDATE: Final = {
    **OF_EVERYBODY,
    "questions": ASKED,
    "answers": OWN_ANSWERS,
    "letters": OWN_LETTERS,
}
OF_WHO_HIRES: Final = {
    **OF_EVERYBODY,
    "questions": QUESTIONS,
    "answers": ANSWERS,
    "facts": FACTS,
    "reports": REPORTS,
    "report_runs": RUNS,
    "report_statements": STATEMENTS,
    "scorecards": CARDS,
    "notes": NOTES,
    "decisions": DECISIONS,
    "letters": LETTERS,
}
"""Of an interview, by the name under which it stands in the export."""

FORMAT: Final = "viva-export-1"


@dataclass(frozen=True, slots=True)
class Held:
    """``data``: what becomes ``data.json``; ``pages``: of which there are pictures; ``recorded``:
    answers of which there is sound, (interview, answer, turn) each."""

    data: dict[str, Any]
    pages: list[int]
    recorded: list[tuple[UUID, UUID, int]]


async def held(on: Executor, resume_id: UUID, *, own: bool) -> Held | None:
    """``own``: for the person themselves, without plan, rubrics and notes. None where there is
    nobody. The log tells of it."""
    async with transaction(on) as connection:
        resume = await connection.fetchrow(RESUME, resume_id)
        if resume is None:
            return None
        interviews = await connection.fetch(INTERVIEWS, resume_id)
        parts = OF_THE_CANDIDATE if own else OF_WHO_HIRES
        data: dict[str, Any] = {
            "format": FORMAT,
            "resume": dict(resume),
            "corrections": await _rows(connection, CORRECTIONS, resume_id),
            "disputes": await _rows(connection, DISPUTES, resume_id),
            "pages": await _rows(connection, PAGES, resume_id),
            "invitations": await _rows(connection, INVITATIONS, resume_id),
            "interviews": [await _interview(connection, dict(row), parts) for row in interviews],
        }
        if not own:
            subjects = [f"resume {resume_id}", *(f"interview {row['id']}" for row in interviews)]
            data["holds"] = await _rows(connection, HOLDS, resume_id)
            data["log"] = await audit.about(connection, subjects)
        recorded = [
            (row["id"], answer["id"], answer["turn"])
            for row in interviews
            for answer in await connection.fetch(RECORDED, row["id"])
        ]
        for_whom = "candidate" if own else "company"
        await audit.add(connection, "person.exported", f"resume {resume_id}", asked_by=for_whom)
    return Held(data, [page["page"] for page in data["pages"]], recorded)


async def file(on: Executor, resume_id: UUID) -> bytes | None:
    """The résumé's PDF; None where its time has passed."""
    content: bytes | None = await on.fetchval(FILE, resume_id)
    return content


async def picture(on: Executor, resume_id: UUID, page: int) -> bytes | None:
    content: bytes | None = await on.fetchval(PICTURE, resume_id, page)
    return content


async def _interview(
    connection: Connection, row: Mapping[str, Any], parts: Mapping[str, str]
) -> dict[str, Any]:
    told = {name: await _rows(connection, query, row["id"]) for name, query in parts.items()}
    return {**row, **told}


async def _rows(connection: Connection, query: str, of: UUID) -> Sequence[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(query, of)]
