"""What was deleted, as lines that are kept where backups are, and deleted again where a backup
brought it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from server.store import audit, dissolution, erasure, recordings
from server.store.erasure import NobodyThere
from server.store.holds import OnHold
from server.store.pool import Connection, Executor, transaction
from server.store.scope import within
from server.store.signing import ERASURE, RECORDING, Forged, Signer

KINDS: Final = (ERASURE, RECORDING)
Told = tuple[str, str, dict[str, Any]]
"""A line, its kind and what it says."""

# Of each interview's recording the last word, if that was that it is to go.
RECORDINGS = """
SELECT organisation_id, subject, action, at FROM (
    SELECT DISTINCT ON (organisation_id, subject) organisation_id, subject, action, at, n
    FROM audit WHERE action = ANY($1) ORDER BY organisation_id, subject, n DESC
) AS last WHERE action <> $2 ORDER BY at
"""
AGREED, WITHDRAWN, DELETED = "recording.agreed", "recording.withdrawn", "recording.deleted"
# A backup from after that has it in its log.
KNOWN = """
SELECT EXISTS (SELECT FROM audit WHERE organisation_id = viva_organisation() AND subject = $1
    AND action = ANY($2) AND at >= $3)
"""
TAKE_BACK = """
UPDATE interviews SET recording_withdrawn_at = $2, recording_consent_at = NULL WHERE id = $1
"""
EXISTS = "SELECT EXISTS (SELECT FROM interviews WHERE id = $1)"


@dataclass(slots=True)
class Applied:
    """Of those whom receipts tell of: how many people were there again and are deleted, how many
    recordings, and on which receipts a legal hold that is younger stops it."""

    people: int = 0
    recordings: int = 0
    held: list[str] = field(default_factory=list)


async def export(connection: Connection, signer: Signer) -> list[str]:
    """All there are, signed, one a line, the oldest first."""
    people = [one.signed for one in reversed(await erasure.receipts(connection))]
    words = [AGREED, WITHDRAWN, DELETED]
    return people + [
        signer.sign(
            RECORDING,
            {
                "organisation": str(row["organisation_id"]),
                "about": row["subject"],
                "action": row["action"],
                "at": row["at"].isoformat(),
            },
        )
        for row in await connection.fetch(RECORDINGS, words, AGREED)
    ]


def read(signer: Signer, lines: Iterable[str]) -> list[Told]:
    """Raises Forged, with the number of the line."""
    found = []
    for number, line in enumerate(map(str.strip, lines), start=1):
        try:
            if line:
                found.append((line, *signer.read(KINDS, line)))
        except Forged as error:
            raise Forged(f"line {number}: {error}") from error
    return found


async def apply(pool: asyncpg.Pool, signer: Signer, told: Sequence[Told]) -> Applied:
    """``told`` as ``read`` gives it. Again is harmless. Raises as asyncpg does."""
    applied = Applied()
    for line, kind, said in told:
        with within(UUID(said["organisation"])):
            if kind == RECORDING:
                applied.recordings += await _recording(pool, said)
                continue
            try:
                applied.people += await _person(pool, signer, line, said)
            except OnHold:
                applied.held.append(said["receipt"])
    return applied


async def _person(on: Executor, signer: Signer, line: str, said: dict[str, Any]) -> bool:
    there = False
    if said.get("whole"):
        try:
            await dissolution.dissolve(on, UUID(said["organisation"]), signer)
            there = True
        except NobodyThere:
            pass
    return await erasure.erase_again(on, line, said) or there


async def _recording(on: Executor, said: dict[str, Any]) -> bool:
    interview_id, at = UUID(said["about"].split()[-1]), datetime.fromisoformat(said["at"])
    async with transaction(on) as connection:
        done = [WITHDRAWN, DELETED]
        if not await connection.fetchval(EXISTS, interview_id):
            return False
        if await connection.fetchval(KNOWN, said["about"], done, at):
            return False
        if said["action"] == WITHDRAWN:
            await connection.execute(TAKE_BACK, interview_id, at)
        await connection.execute(recordings.DELETE, interview_id)
        await audit.add(connection, said["action"], said["about"], again=True)
    return True
