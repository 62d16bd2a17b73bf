"""``viva audit verify``: whether the log of who did what is whole."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import asyncpg

from server.manual import tell
from server.store import audit
from server.store.audit import Verdict
from server.store.pool import set_codecs
from server.store.scope import EVERYWHERE, enter


async def verify(url: str, heads: Collection[str], *, as_json: bool = False) -> int:
    """A line for each organisation. 0: all is there as it was written, and every one of
    ``heads``; else 1. Raises as asyncpg does."""
    wanted = {head.strip().lower() for head in heads}
    connection = await asyncpg.connect(url)
    try:
        await set_codecs(connection)
        await enter(connection, EVERYWHERE)
        verdicts = await audit.verify(connection, wanted)
    finally:
        await connection.close()
    lost = sorted(wanted.difference(*(verdict.found for verdict in verdicts)))
    broken = bool(lost) or any(verdict.broken for verdict in verdicts)
    told = list(map(_line, verdicts))
    told += [
        f"head {head}: in no log; what was before it was changed or is missing" for head in lost
    ]
    data = list(map(_data, verdicts))
    tell("\n".join(told), as_json=as_json, whole=not broken, organisations=data, lost=lost)
    return int(broken)


def _data(verdict: Verdict) -> dict[str, Any]:
    return {
        "organisation": str(verdict.organisation),
        "entries": verdict.entries,
        "head": verdict.head,
        "broken": verdict.broken and {"entry": verdict.broken[0], "why": verdict.broken[1]},
    }


def _line(verdict: Verdict) -> str:
    if verdict.broken is None:
        state = f"{verdict.entries} entries, whole"
    else:
        n, why = verdict.broken
        state = f"broken: entry {n} {why}"
    return f"organisation {verdict.organisation}: {state}; head {verdict.head}"
