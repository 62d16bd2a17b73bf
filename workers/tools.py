"""What jobs work with, built once by the worker's composition root."""

from __future__ import annotations

from dataclasses import dataclass, field

import asyncpg

from server.core.pack import Packs
from server.language.pack import shipped
from server.language.speech import Pack
from server.ports import EvidenceReader, Hook, Mail, QuestionWriter, Understanding
from server.store.mails import Post
from server.store.signing import Signer
from server.store.webhooks import Hooks


@dataclass(frozen=True, slots=True)
class Tools:
    """``writer``, ``reader`` and ``evidence`` are None where no language model is configured, and
    then nothing has to be judged by ``understanding``; ``mail`` and ``post`` where no mail server
    is. ``signer``: of receipts; ``media_days``: of organisations that have not chosen."""

    pool: asyncpg.Pool
    writer: QuestionWriter | None
    reader: QuestionWriter | None
    plan_s: float
    understanding: Understanding | None = None
    mail: Mail | None = None
    post: Post | None = None
    signer: Signer | None = None
    media_days: int = 30
    packs: Packs[Pack] = field(default_factory=shipped)
    evidence: EvidenceReader | None = None
    hooks: Hooks | None = None
    caller: Hook | None = None
