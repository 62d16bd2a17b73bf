"""The dossier of one interview: all that a decision about it can rest on, out of the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from server.evidence.level import Level
from server.evidence.report import Content

FORMAT: Final = "viva-dossier-1"

Outcome = Literal["advance", "decline", "open"]


class Interview(msgspec.Struct, frozen=True):
    """``opening``, ``template`` and ``wording`` as they were copied when it was created; later
    edits changed nothing of them."""

    id: UUID
    resume_id: UUID
    candidate_name: str | None
    target_role: str
    language: str
    status: str
    end_reason: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    opening_id: UUID | None
    opening: dict[str, Any] | None
    template: dict[str, Any] | None
    wording: dict[str, Any] | None


class Question(msgspec.Struct, frozen=True):
    """Planned (``ordinal``), asked (``turn``), or both. ``source``: `bank`, `llm` or `interviewer`;
    ``prompt``: the version of what ``model`` was told; ``rests_on``: places in the résumé;
    ``evidence`` and ``line``: the words and the line of a rubric that a follow-up was for."""

    id: UUID
    ordinal: int | None
    turn: int | None
    text: str
    source: str
    kind: str
    stage: str
    parent_id: UUID | None
    model: str | None
    reason: str | None
    prompt: str | None
    competency: str
    rests_on: list[dict[str, Any]]
    rubric: list[str]
    language: str | None
    evidence: str | None
    line: str | None
    outcome: str | None
    outcome_reason: str | None
    asked_at: datetime | None
    created_at: datetime


class Answer(msgspec.Struct, frozen=True):
    """``words``: each with its times on the interview's audio clock, in ms, and how sure the
    recogniser ``engine`` was; ``clear``: the text without what nobody can make out."""

    id: UUID
    question_id: UUID
    turn: int
    text: str
    clear: str | None
    words: list[Any]
    engine: str
    language: str | None
    timings: dict[str, Any] | None
    created_at: datetime


class Fact(msgspec.Struct, frozen=True):
    """One of the facts that the interview is, in order; ``v``: by which version of viva's."""

    seq: int
    kind: str
    v: int
    data: dict[str, Any]
    recorded_at: datetime


class Consent(msgspec.Struct, frozen=True):
    """What the candidate was shown, agreed to or took back, by which ``version`` of the notice."""

    kind: str
    version: str | None
    language: str
    who: str | None
    recording_days: int | None
    unwritten_days: int | None
    media_days: int | None
    record_days: int | None
    told_at: datetime


class Run(msgspec.Struct, frozen=True):
    """One reading of one criterion by a model. ``prompt_sha256``: of all that it was sent."""

    version: int
    criterion: int
    run: int
    seed: int
    wording: int
    model: str
    prompt: str
    prompt_sha256: str
    reply: list[dict[str, Any]] | None
    error: str | None
    level: Level | None
    at: datetime


class Statement(msgspec.Struct, frozen=True):
    """A sentence that shows a line of a criterion; its place in the answer by words, and in ms."""

    id: UUID
    version: int
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


class Report(msgspec.Struct, frozen=True):
    """One version; ``criteria``: the state of each line, and the suggestion with its spread."""

    version: int
    digest: str
    content: Content
    criteria: list[dict[str, Any]] | None
    engine: str | None
    made_at: datetime
    ready_at: datetime | None


class DossierCard(msgspec.Struct, frozen=True):
    """Submitted, by ``author`` as the log names people. ``ratings``: of each competency the level,
    the reason, and the level that was chosen before a suggestion was shown."""

    id: UUID
    author: str
    name: str | None
    version: int
    report_version: int
    ratings: list[dict[str, Any]]
    summary: str
    saved_at: datetime
    submitted_at: datetime


class DossierDecision(msgspec.Struct, frozen=True):
    """The last one holds. ``cards``: so many people had rated by then."""

    id: UUID
    author: str
    name: str | None
    outcome: Outcome
    reason: str
    cards: int
    decided_at: datetime


class LogEntry(msgspec.Struct, frozen=True):
    """Of the audit log, about this interview; ``hash`` takes in all entries before it."""

    n: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


class Used(msgspec.Struct, frozen=True, order=True):
    """Something that wrote, heard or read: ``part`` of the work, its ``name``, the version of what
    it was told, and how many pieces came of it."""

    part: Literal["answers", "questions", "report"]
    name: str
    prompt: str | None
    count: int


class Dossier(msgspec.Struct, frozen=True):
    """``withheld``: so many submitted scorecards are left out, because whoever exports has not
    submitted their own and nobody has decided yet. ``prompts``: what a model is told, in the
    version that this server has; the version that each piece was made by stands beside it."""

    format: str
    viva: str
    made_at: datetime
    organisation_id: UUID
    organisation: str
    interview: Interview
    plan: list[Question]
    answers: list[Answer]
    facts: list[Fact]
    consent: list[Consent]
    used: list[Used]
    prompts: dict[str, Any]
    reports: list[Report]
    runs: list[Run]
    statements: list[Statement]
    scorecards: list[DossierCard]
    withheld: int
    decisions: list[DossierDecision]
    log: list[LogEntry]


def used(
    questions: Sequence[Question], answers: Sequence[Answer], runs: Sequence[Run]
) -> list[Used]:
    """Of every piece who made it. Questions without a model are their source's."""
    counted: Counter[tuple[Literal["answers", "questions", "report"], str, str]] = Counter()
    for question in questions:
        counted["questions", question.model or question.source, question.prompt or ""] += 1
    for answer in answers:
        counted["answers", answer.engine, ""] += 1
    for run in runs:
        counted["report", run.model, run.prompt] += 1
    return sorted(
        Used(part, name, prompt or None, count) for (part, name, prompt), count in counted.items()
    )
