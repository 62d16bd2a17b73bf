"""``viva audit verify``: whether the log of who did what is whole."""

from __future__ import annotations

from collections.abc import Collection

import asyncpg

from server.store import audit
from server.store.audit import Verdict
from server.store.pool import set_codecs
from server.store.scope import EVERYWHERE, enter


async def verify(url: str, heads: Collection[str]) -> int:
    """Prints a line for each organisation. 0: all is there as it was written, and every one of
    ``heads``; else 1. Raises as asyncpg does."""
    wanted = {head.strip().lower() for head in heads}
    connection = await asyncpg.connect(url)
    try:
        await set_codecs(connection)
        await enter(connection, EVERYWHERE)
        verdicts = await audit.verify(connection, wanted)
    finally:
        await connection.close()
    for verdict in verdicts:
        print(_line(verdict))
    lost = sorted(wanted.difference(*(verdict.found for verdict in verdicts)))
    for head in lost:
        print(f"head {head}: in no log; what was written up to there was changed or is missing")
    return int(bool(lost) or any(verdict.broken for verdict in verdicts))


def _line(verdict: Verdict) -> str:
    if verdict.broken is None:
        state = f"{verdict.entries} entries, whole"
    else:
        n, why = verdict.broken
        state = f"broken: entry {n} {why}"
    return f"organisation {verdict.organisation}: {state}; head {verdict.head}"
