"""What jobs work with, built once by the worker's composition root."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

from server.ports import QuestionWriter, Understanding


@dataclass(frozen=True, slots=True)
class Tools:
    """``writer`` and ``reader`` are None where no language model is configured, and then nothing
    has to be judged by ``understanding``."""

    pool: asyncpg.Pool
    writer: QuestionWriter | None
    reader: QuestionWriter | None
    plan_s: float
    understanding: Understanding | None = None
