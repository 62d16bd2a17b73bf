"""How everybody of an opening fared: where they are, how people rated them, what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from server.evidence.level import Level
from server.store import audit
from server.store.decisions import Outcome
from server.store.invitations import STATE

# Whoever was invited, and whoever is interviewed for it. Of each rater the last submitted card.
ROWS = f"""
SELECT coalesce(nullif(invitations.name, ''), resumes.structured_data->'header'->>'name') AS name,
       invitations.email, {STATE} AS state, interviews.id AS interview_id,
       interviews.started_at, interviews.ended_at, interviews.end_reason,
       (SELECT count(*) FROM questions WHERE questions.interview_id = interviews.id
            AND kind = 'follow_up' AND turn IS NOT NULL)::int AS probes,
       (SELECT content->'trouble' FROM reports WHERE reports.interview_id = interviews.id
        ORDER BY version DESC LIMIT 1) AS trouble,
       (SELECT jsonb_agg(jsonb_build_object(
            'author', author, 'name', name, 'ratings', ratings) ORDER BY author)
        FROM (SELECT DISTINCT ON (cards.author) cards.author, users.name, cards.ratings
              FROM scorecards AS cards LEFT JOIN users ON users.id = cards.user_id
              WHERE cards.interview_id = interviews.id AND submitted_at IS NOT NULL
              ORDER BY cards.author, cards.version DESC) AS newest) AS cards,
       decided.outcome, decided.by, decided.decided_at
FROM invitations FULL JOIN interviews ON interviews.id = invitations.interview_id
LEFT JOIN openings ON openings.id = coalesce(invitations.opening_id, interviews.opening_id)
LEFT JOIN resumes ON resumes.id = coalesce(interviews.resume_id, invitations.resume_id)
LEFT JOIN LATERAL (
    SELECT outcome, coalesce(users.name, author) AS by, decided_at
    FROM decisions LEFT JOIN users ON users.id = decisions.user_id
    WHERE decisions.interview_id = interviews.id ORDER BY decisions.id DESC LIMIT 1
) AS decided ON true
WHERE coalesce(invitations.opening_id, interviews.opening_id) = $1
ORDER BY coalesce(invitations.id, interviews.id)
"""  # noqa: S608 - no input
EXISTS = "SELECT EXISTS (SELECT FROM openings WHERE id = $1)"


@dataclass(frozen=True, slots=True)
class Given:
    """A level that somebody gave. ``by``: their name, or who they are in the log."""

    by: str
    level: Level


@dataclass(frozen=True, slots=True)
class Result:
    """One candidate. ``levels``: by competency; ``withheld``: there are some that whoever asks may
    not see before they rated. ``open`` as the last decision is none."""

    name: str | None
    email: str | None
    state: str
    interview_id: UUID | None
    started_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    probes: int
    trouble: Mapping[str, Any] | None
    levels: dict[str, list[Given]] = field(default_factory=dict)
    withheld: bool = False
    outcome: Outcome | None = None
    by: str | None = None
    decided_at: datetime | None = None


async def of_opening(
    pool: asyncpg.Pool, opening_id: UUID, *, rater: str | None
) -> list[Result] | None:
    """``rater``: who asks, where they may rate: they see others' levels once they submitted a card
    of that interview, or somebody decided. None where there is no such opening. The log tells of
    it."""
    if not await pool.fetchval(EXISTS, opening_id):
        return None
    rows = await pool.fetch(ROWS, opening_id)
    await audit.add(pool, "opening.exported", f"opening {opening_id}", candidates=len(rows))
    return [_result(dict(row), rater) for row in rows]


def _result(row: dict[str, Any], rater: str | None) -> Result:
    cards = row.pop("cards") or []
    may = rater is None or row["outcome"] is not None or any(c["author"] == rater for c in cards)
    if row["outcome"] == "open":
        row |= {"outcome": None, "by": None, "decided_at": None}
    levels: dict[str, list[Given]] = {}
    for card in cards if may else []:
        for rating in card["ratings"]:
            if rating["level"] is not None:
                given = Given(card["name"] or card["author"], rating["level"])
                levels.setdefault(rating["competency"], []).append(given)
    return Result(**row, levels=levels, withheld=bool(cards) and not may)
