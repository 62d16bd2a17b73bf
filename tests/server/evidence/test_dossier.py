"""What the dossier says of who made what, and that its schema is written down."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from server.evidence.dossier import Answer, Question, Run, Used, used
from server.evidence.schema import dossier_schema

DOCS = Path(__file__).parents[3] / "docs"
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def question(source: str, model: str | None, prompt: str | None) -> Question:
    return Question(
        uuid4(), 1, 1, "Why?", source, "planned", "experience", None, model, None, prompt, "", [],
        [], "en", None, None, None, None, NOW, NOW,
    )  # fmt: skip


def test_of_every_piece_it_is_told_who_made_it() -> None:
    plan = [
        question("bank", None, None),
        question("llm", "m", "plan-3"),
        question("llm", "m", "plan-3"),
        question("interviewer", None, None),
    ]
    answers = [Answer(uuid4(), uuid4(), 1, "So.", None, [], "whisper", "en", None, NOW)]
    runs = [Run(1, 0, n, n, 0, "m", "evidence-2", "00", [], None, None, NOW) for n in range(7)]
    assert used(plan, answers, runs) == [
        Used("answers", "whisper", None, 1),
        Used("questions", "bank", None, 1),
        Used("questions", "interviewer", None, 1),
        Used("questions", "m", "plan-3", 2),
        Used("report", "m", "evidence-2", 7),
    ]


def test_the_schema_in_the_documents_is_that_of_the_code() -> None:
    assert (DOCS / "dossier.schema.json").read_text("utf-8") == dossier_schema()
