"""Who saw, changed, decided, exported, deleted: entries that are only added, each hashed with the
one before. They hold ids and kinds, and nothing that a person wrote or said."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from server.store import scope
from server.store.pool import Connection, Executor, transaction

NOTHING: Final = bytes(32)
"""What the first entry takes in."""
SEEN_AGAIN: Final = timedelta(hours=1)
"""Whoever looks at the same thing within this time has one entry for it."""

# The head's row is locked until the transaction ends: entries follow one another in one chain.
NEXT = """
INSERT INTO audit_heads AS heads (organisation_id, n, hash)
VALUES (coalesce($1, viva_organisation()), 1, $2)
ON CONFLICT (organisation_id) DO UPDATE SET n = heads.n + 1
RETURNING organisation_id, n, hash, clock_timestamp() AS at
"""
ADD = """
WITH head AS (UPDATE audit_heads SET hash = $8 WHERE organisation_id = $1)
INSERT INTO audit (organisation_id, n, at, actor, action, subject, detail, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
LATELY = """
SELECT EXISTS (
    SELECT FROM audit WHERE organisation_id = viva_organisation() AND subject = $1
    AND action = $2 AND actor = $3 AND at > now() - $4::interval
)
"""
LIST = """
SELECT n, at, actor, action, subject, detail, hash FROM audit
WHERE organisation_id = viva_organisation() AND ($1::bigint IS NULL OR n < $1)
    AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR subject = $3)
    AND ($4::text IS NULL OR actor = $4) AND ($5::timestamptz IS NULL OR at >= $5)
ORDER BY n DESC LIMIT $6
"""
ABOUT = """
SELECT n, at, actor, action, subject, detail, hash FROM audit
WHERE organisation_id = viva_organisation() AND subject = ANY($1) ORDER BY n
"""
EVERY = """
SELECT organisation_id, n, at, actor, action, subject, detail, hash FROM audit
ORDER BY organisation_id, n
"""
HEADS = "SELECT organisation_id, n, hash FROM audit_heads"


@dataclass(frozen=True, slots=True)
class Entry:
    """``hash`` in hexadecimal."""

    n: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


@dataclass(slots=True)
class Verdict:
    """Of one organisation's log. ``broken``: the first entry that does not fit, and why; ``head``:
    the hash of the last that does, to be kept where the database's owner cannot reach it."""

    organisation: UUID
    entries: int = 0
    head: str = NOTHING.hex()
    broken: tuple[int, str] | None = None
    found: set[str] = field(default_factory=set)
    """Those of the heads that were asked for."""


def chained(before: bytes, organisation: UUID, entry: Mapping[str, Any]) -> bytes:
    """The hash of an entry: over the one before it and its canonical JSON."""
    at: datetime = entry["at"]
    said = {
        "organisation": str(organisation),
        "n": entry["n"],
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        **{name: entry[name] for name in ("actor", "action", "subject", "detail")},
    }
    return hashlib.sha256(before + msgspec.json.encode(said, order="deterministic")).digest()


async def add(
    on: Executor,
    action: str,
    subject: str,
    *,
    organisation: UUID | None = None,
    **detail: int | str | bool | None,
) -> None:
    """To be called last in the transaction that does what it tells of: other writers of the
    organisation wait from here on. Whoever the scope says did it. ``organisation``: where the scope
    names none."""
    async with transaction(on) as connection:
        head = await connection.fetchrow(NEXT, organisation, NOTHING)
        assert head is not None
        entry = {
            "n": head["n"], "at": head["at"], "actor": scope.actor(), "action": action,
            "subject": subject, "detail": detail,
        }  # fmt: skip
        made = chained(head["hash"], head["organisation_id"], entry)
        await connection.execute(ADD, head["organisation_id"], *entry.values(), made)


async def seen(on: Executor, action: str, subject: str) -> None:
    """Add that somebody looked, unless they did a moment ago."""
    if not await on.fetchval(LATELY, subject, action, scope.actor(), SEEN_AGAIN):
        await add(on, action, subject)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; None: whichever. ``since``: aware."""

    action: str | None = None
    subject: str | None = None
    actor: str | None = None
    since: datetime | None = None


async def newest(
    on: Executor,
    before: int | None = None,
    limit: int | None = None,
    wanted: Wanted = Wanted(),
) -> list[Entry]:
    """The newest first, those before this number."""
    asked = (wanted.action, wanted.subject, wanted.actor, wanted.since)
    return [_entry(row) for row in await on.fetch(LIST, before, *asked, limit)]


async def about(on: Executor, subjects: Collection[str]) -> list[Entry]:
    """In order."""
    return [_entry(row) for row in await on.fetch(ABOUT, list(subjects))]


async def verify(connection: Connection, heads: Collection[str] = ()) -> list[Verdict]:
    """Every organisation's log from its beginning. ``heads``: hashes that were noted before, which
    must still be in one of them."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        kept = {row["organisation_id"]: row for row in await connection.fetch(HEADS)}
        verdicts = {one: Verdict(one) for one in kept}
        async for row in connection.cursor(EVERY):
            organisation = row["organisation_id"]
            verdict = verdicts.setdefault(organisation, Verdict(organisation))
            if verdict.broken is None:
                _examine(verdict, row, heads)
    for organisation, verdict in verdicts.items():
        head = kept.get(organisation)
        if verdict.broken is None:
            verdict.broken = _ending(verdict, head)
    return sorted(verdicts.values(), key=lambda one: str(one.organisation))


def _examine(verdict: Verdict, row: asyncpg.Record, heads: Collection[str]) -> None:
    n, before = verdict.entries + 1, bytes.fromhex(verdict.head)
    if row["n"] != n:
        verdict.broken = n, "is missing"
    elif chained(before, verdict.organisation, dict(row)) != row["hash"]:
        verdict.broken = n, "was changed, or what was before it"
    else:
        verdict.entries, verdict.head = n, row["hash"].hex()
        if verdict.head in heads:
            verdict.found.add(verdict.head)


def _ending(verdict: Verdict, head: asyncpg.Record | None) -> tuple[int, str] | None:
    if head is None:
        return verdict.entries, "is the last, and nothing says so"
    if head["n"] > verdict.entries:
        return verdict.entries + 1, f"and what followed up to {head['n']} is missing"
    if (head["n"], head["hash"].hex()) != (verdict.entries, verdict.head):
        return head["n"] + 1, "was put there without being counted"
    return None


def _entry(row: asyncpg.Record) -> Entry:
    return Entry(**{**row, "hash": row["hash"].hex()})
