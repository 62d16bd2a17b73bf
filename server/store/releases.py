"""How far a candidate's interview is, and what of it they may see: that is released by a person, or
by the opening once a person has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from server.store import audit
from server.store.pool import Connection, Executor, transaction

Status = Literal["to_come", "under_way", "received", "looked_at", "decided"]
"""``received``: it is over and nobody has begun to rate it. ``decided``: and not open again."""

GET = """
SELECT interviews.status, interviews.ended_at, interviews.released_at, interviews.review_asked_at,
       interviews.review_reason, coalesce(openings.releases, false) AS by_opening,
       looked.at AS looked_at,
       CASE WHEN newest.outcome <> 'open' THEN newest.decided_at END AS decided_at,
       coalesce(newest.decided_at > interviews.review_asked_at, false) AS reviewed
FROM interviews
LEFT JOIN openings ON openings.id = interviews.opening_id
LEFT JOIN LATERAL (
    SELECT min(at) AS at FROM (
        SELECT saved_at AS at FROM scorecards WHERE interview_id = interviews.id
        UNION ALL SELECT opened_at FROM quotes_opened WHERE interview_id = interviews.id
    ) AS work
) AS looked ON true
LEFT JOIN LATERAL (
    SELECT outcome, decided_at FROM decisions WHERE interview_id = interviews.id
    ORDER BY decisions.id DESC LIMIT 1
) AS newest ON true
WHERE interviews.id = $1
"""
RELEASE = """
UPDATE interviews SET released_at = CASE WHEN $2 THEN coalesce(released_at, now()) END
WHERE id = $1 AND status = 'ended' AND (released_at IS NOT NULL) <> $2 RETURNING id
"""
BY_OPENING = """
UPDATE interviews SET released_at = now() FROM openings
WHERE interviews.id = $1 AND interviews.released_at IS NULL AND interviews.status = 'ended'
    AND openings.id = interviews.opening_id AND openings.releases RETURNING interviews.id
"""
ASK = """
UPDATE interviews SET review_asked_at = coalesce(review_asked_at, now()), review_reason = $2
WHERE id = $1
"""
ASK_AGAIN = "UPDATE interviews SET review_asked_at = now(), review_reason = $2 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Standing:
    """``released_at`` None: the candidate sees ``status`` and its times, and no more.
    ``by_opening``: the next decision releases it. ``reviewed``: somebody has decided since the
    candidate asked a person to look at it again."""

    status: Status
    ended_at: datetime | None
    looked_at: datetime | None
    decided_at: datetime | None
    released_at: datetime | None
    by_opening: bool
    review_asked_at: datetime | None
    review_reason: str
    reviewed: bool


async def standing(on: Executor, interview_id: UUID) -> Standing | None:
    """None where there is no such interview."""
    row = await on.fetchrow(GET, interview_id)
    if row is None:
        return None
    said = dict(row)
    stage = said.pop("status")
    return Standing(_status(stage, said["looked_at"], said["decided_at"]), **said)


async def release(on: Executor, interview_id: UUID, *, released: bool) -> None:
    """Or take it back. Twice is once; of an interview that is not over nothing is released."""
    async with transaction(on) as connection:
        if await connection.fetchval(RELEASE, interview_id, released):
            action = "interview.released" if released else "interview.withheld"
            await audit.add(connection, action, f"interview {interview_id}")


async def by_opening(connection: Connection, interview_id: UUID) -> bool:
    """In the transaction of a decision: whether it releases the interview."""
    return bool(await connection.fetchval(BY_OPENING, interview_id))


async def ask_for_review(on: Executor, interview_id: UUID, reason: str) -> None:
    """The candidate wants a person to look at it again. Once it was, they may ask again."""
    async with transaction(on) as connection:
        now = await standing(connection, interview_id)
        again = now is not None and now.reviewed
        await connection.execute(ASK_AGAIN if again else ASK, interview_id, reason)
        await audit.add(connection, "review.asked", f"interview {interview_id}")


def _status(stage: str, looked: datetime | None, decided: datetime | None) -> Status:
    if stage == "created":
        return "to_come"
    if stage != "ended":
        return "under_way"
    if decided is not None:
        return "decided"
    return "received" if looked is None else "looked_at"
