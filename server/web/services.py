"""What the handlers work with, built once by the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from server.core.pack import Packs
from server.fullness import Load
from server.identity.accounts import Accounts
from server.identity.doorman import Doorman
from server.identity.provider import Provider
from server.language.speech import Pack
from server.ports import QuestionWriter, Scanner, Understanding
from server.queue import Queue
from server.realtime.monitor import Monitor
from server.realtime.pulse import Pulse
from server.realtime.recording import Recording
from server.realtime.registry import Registry
from server.store.mails import Post
from server.store.quotas import Quota
from server.store.sealing import Ring
from server.store.signing import Signer
from server.store.webhooks import Hooks
from server.switchboard import Switchboard


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the system as ``/health/ready`` tells it."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Limits:
    """``uploads`` and ``interviews`` of one address within an hour, ``watchers`` of one interview
    at a time; 0: as many as come."""

    uploads: int
    interviews: int
    watchers: int


@dataclass(frozen=True, slots=True)
class Services:
    pool: asyncpg.Pool
    queue: Queue
    registry: Registry
    monitor: Monitor
    pulse: Pulse
    recording: Recording
    max_resume_bytes: int
    quota: Quota
    scanner: Scanner | None
    """None where files are not looked through before they are read."""
    reads_pictures: bool
    """Whether scans and photographs can be read on this machine."""
    doorman: Doorman
    accounts: Accounts
    post: Post | None
    """None where no mail server is configured: then links are shown to be handed on."""
    provider: Provider | None
    """By whom one can sign in besides; None where there is none."""
    attempts: Ring
    """Under which a browser keeps its attempt to sign in by the provider."""
    engines_in_use: Callable[[], list[dict[str, Any]]]
    parts: Callable[[], Awaitable[list[Part]]]
    understanding: Understanding
    writer: QuestionWriter | None
    """None: no language model is configured."""
    packs: Packs[Pack]
    signer: Signer
    hooks: Hooks
    hook_networks: tuple[str, ...]
    """Private networks in which webhooks may be called."""
    switchboard: Switchboard
    load: Load
    limits: Limits
    makeshift_voice: bool = False
    """That of nearly every browser is to be preferred to the voice in use."""
