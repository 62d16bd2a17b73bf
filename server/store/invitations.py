"""Who is invited to an opening: one interview each, by a link that leads there and back.

Of a link only a hash is stored. A newer one takes the place of those before; whose it is, and what
they gave and asked for, stays.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
import msgspec

from server.store import announcements, audit, secret
from server.store.pool import Connection, Executor, transaction

PREFIX: Final = "vivaguest_"

State = Literal[
    "invited", "opened", "created", "live", "ended", "expired", "closed", "revoked", "replaced"
]
"""``opened``: the candidate came by the link; ``created``: their interview was, and has not begun;
``closed``: the opening is; ``replaced``: of a link that a newer one took the place of."""

Answer = Literal["granted", "declined"]

STATE = """
CASE WHEN invitations.revoked_at IS NOT NULL THEN 'revoked'
     WHEN interviews.status = 'abandoned' THEN 'live'
     WHEN interviews.status IN ('live', 'ended') THEN interviews.status
     WHEN invitations.expires_at <= now() THEN 'expired'
     WHEN openings.closed_at IS NOT NULL THEN 'closed'
     WHEN interviews.id IS NOT NULL THEN 'created'
     WHEN invitations.opened_at IS NOT NULL THEN 'opened'
     ELSE 'invited' END
"""
FIELDS = """
       invitations.id, invitations.organisation_id, invitations.opening_id, invitations.name,
       invitations.email, invitations.phone, invitations.resume_id, invitations.attached,
       invitations.interview_id, invitations.created_at, invitations.expires_at,
       invitations.opened_at, invitations.adjustments, invitations.wish, invitations.mail_id,
       CASE WHEN interviews.id IS NULL THEN invitations.person_wanted_at
            ELSE interviews.person_asked_at END AS person_wanted_at,
       resumes.status AS resume_status,
       resumes.structured_data->'header'->>'target_role' AS target_role,
       openings.title, openings.contact
"""
JOINED = """
FROM invitations JOIN openings ON openings.id = invitations.opening_id
LEFT JOIN interviews ON interviews.id = invitations.interview_id
LEFT JOIN resumes ON resumes.id = invitations.resume_id
"""
GET = f"SELECT {FIELDS}, {STATE} AS state {JOINED} WHERE invitations.id = $1"
LIST = f"""
SELECT {FIELDS}, {STATE} AS state {JOINED}
WHERE invitations.opening_id = $1 AND ($2::uuid IS NULL OR invitations.id > $2)
    AND ($3::text IS NULL OR {STATE} = $3)
ORDER BY invitations.id LIMIT $4
"""
FIND = f"""
SELECT {FIELDS},
       CASE WHEN invitation_links.replaced_at IS NULL THEN {STATE} ELSE 'replaced' END AS state
{JOINED} JOIN invitation_links ON invitation_links.invitation_id = invitations.id
WHERE invitation_links.token_sha256 = $1
"""
EXISTS = "SELECT EXISTS (SELECT FROM invitations WHERE id = $1 AND opening_id = $2)"
TAKEN = """
SELECT email FROM invitations WHERE opening_id = $1 AND email = ANY ($2) AND revoked_at IS NULL
"""
KNOWN_RESUMES = "SELECT id FROM resumes WHERE id = ANY ($1)"
OPENING = "SELECT closed_at IS NOT NULL AS closed, deadline FROM openings WHERE id = $1 FOR SHARE"
MADE = "SELECT count(*) FROM invitations WHERE created_at > now() - interval '1 hour'"
ADD = """
WITH given AS MATERIALIZED (
    SELECT uuidv7() AS id, given.*
    FROM unnest($2::text[], $3::text[], $4::uuid[], $5::bytea[])
        WITH ORDINALITY AS given (name, email, resume_id, token, place)
    ORDER BY place
), made AS (
    INSERT INTO invitations
        (id, opening_id, name, email, resume_id, attached, created_by, expires_at)
    SELECT id, $1, name, email, resume_id, resume_id IS NOT NULL, $6, $7 FROM given ORDER BY place
), linked AS (
    INSERT INTO invitation_links (invitation_id, token_sha256) SELECT id, token FROM given
)
SELECT id FROM given ORDER BY place
"""
REPLACE = """
UPDATE invitation_links SET replaced_at = now() WHERE invitation_id = $1 AND replaced_at IS NULL
"""
LINK = "INSERT INTO invitation_links (invitation_id, token_sha256) VALUES ($1, $2)"
LINKS = """
SELECT count(*), extract(epoch FROM min(created_at) + interval '1 hour' - now()) AS seconds
FROM invitation_links
WHERE invitation_id = $1 AND created_at > now() - interval '1 hour'
"""
# Of whoever gave nothing yet nothing is kept.
REVOKE = """
UPDATE invitations
SET revoked_at = now(),
    name = CASE WHEN resume_id IS NULL THEN '' ELSE name END,
    email = CASE WHEN resume_id IS NULL THEN NULL ELSE email END,
    phone = CASE WHEN resume_id IS NULL THEN '' ELSE phone END,
    adjustments = CASE WHEN resume_id IS NULL THEN '{}' ELSE adjustments END,
    wish = CASE WHEN resume_id IS NULL THEN NULL ELSE wish END
WHERE id = $1 AND revoked_at IS NULL
"""
MAILED = """
UPDATE invitations SET mail_id = mailed.mail_id
FROM unnest($1::uuid[], $2::uuid[]) AS mailed (id, mail_id) WHERE invitations.id = mailed.id
"""
OPENED = "UPDATE invitations SET opened_at = now() WHERE id = $1 AND opened_at IS NULL"
EXTEND = "UPDATE invitations SET expires_at = $2 WHERE id = $1"
LOCK = """
SELECT opening_id, resume_id, interview_id, wish, person_wanted_at FROM invitations
WHERE id = $1 FOR UPDATE
"""
WISH = "UPDATE invitations SET wish = $2 WHERE id = $1"

AN_HOUR: Final = 20_000
"""Invitations of an organisation."""
LINKS_AN_HOUR: Final = 20
"""New ones of one invitation."""


class AlreadyInvited(Exception):
    """``places`` of who is invited to this opening already, or is named twice, from 0."""

    def __init__(self, places: Sequence[int]) -> None:
        super().__init__(places)
        self.places = list(places)


class NoResume(Exception):
    """``places`` of whom a résumé is named that is not there, from 0."""

    def __init__(self, places: Sequence[int]) -> None:
        super().__init__(places)
        self.places = list(places)


class TooMany(Exception):
    """Within an hour; ``seconds`` until there may be another."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Closed(Exception):
    """The opening is closed, or its deadline has passed."""


@dataclass(frozen=True, slots=True)
class Person:
    """``resume_id``: what the company has of them; None: they bring their own."""

    name: str = ""
    email: str | None = None
    resume_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What a candidate needs. ``other`` is for a person to read and arrange."""

    more_time: bool = False
    slower_voice: bool = False
    larger_captions: bool = False
    typed: bool = False
    other: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """For another date; ``answer`` None: nobody has looked at it yet."""

    at: datetime
    note: str
    asked_at: datetime
    answer: Answer | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredInvitation:
    """``attached``: the company gave the résumé. ``target_role``: as the résumé states it now.
    ``mail_id``: of what brought the newest link; None: no mail did, or it was long ago."""

    id: UUID
    organisation_id: UUID
    opening_id: UUID
    name: str
    email: str | None
    phone: str
    resume_id: UUID | None
    attached: bool
    interview_id: UUID | None
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    adjustments: Adjustments
    wish: Wish | None
    person_wanted_at: datetime | None
    resume_status: str | None
    target_role: str | None
    title: str
    contact: str
    state: State
    mail_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """``token`` is told this once."""

    id: UUID
    token: str


async def add(
    on: Executor,
    opening_id: UUID,
    people: Sequence[Person],
    until: datetime,
    by: UUID | None = None,
) -> list[Added]:
    """All of them or none, in their order; no invitation outlasts the opening's deadline. Raises
    AlreadyInvited, NoResume, TooMany, Closed."""
    people = [replace(one, email=one.email.lower() if one.email else None) for one in people]
    async with transaction(on) as connection:
        await _check(connection, opening_id, people)
        if await connection.fetchval(MADE) + len(people) > AN_HOUR:
            raise TooMany
        until = await _within(connection, opening_id, until)
        # Others are served meanwhile: of ten thousand it takes a while.
        tokens = await asyncio.to_thread(_tokens, len(people))
        try:
            rows = await connection.fetch(
                ADD,
                opening_id,
                [one.name for one in people],
                [one.email for one in people],
                [one.resume_id for one in people],
                [hashed for _, hashed in tokens],
                by,
                until,
            )
        except asyncpg.UniqueViolationError as error:  # somebody else invited them just now
            raise AlreadyInvited([]) from error
        await announcements.of_invitations(connection, [row["id"] for row in rows])
        await audit.add(connection, "people.invited", f"opening {opening_id}", people=len(rows))
    return [Added(row["id"], token) for row, (token, _) in zip(rows, tokens, strict=True)]


async def get(on: Executor, invitation_id: UUID) -> StoredInvitation | None:
    row = await on.fetchrow(GET, invitation_id)
    return _stored(row) if row else None


async def exists(on: Executor, invitation_id: UUID, opening_id: UUID) -> bool:
    """To this opening."""
    return bool(await on.fetchval(EXISTS, invitation_id, opening_id))


async def find(on: Executor, token: str) -> StoredInvitation | None:
    """Whose link this is, whatever became of it."""
    row = await on.fetchrow(FIND, secret.hashed(token))
    return _stored(row) if row else None


async def every(
    on: Executor,
    opening_id: UUID,
    after: UUID | None = None,
    limit: int | None = None,
    state: State | None = None,
) -> list[StoredInvitation]:
    """In the order in which they were invited, those after one; ``state`` None: whichever."""
    return [_stored(row) for row in await on.fetch(LIST, opening_id, after, state, limit)]


async def mailed(on: Executor, mails: Mapping[UUID, UUID | None]) -> None:
    """By invitation the mail with its newest link; None: it was told otherwise."""
    await on.execute(MAILED, list(mails), list(mails.values()))


async def reissue(on: Executor, invitation_id: UUID) -> str:
    """The token of a new link; those from before lead nowhere any more. Raises TooMany."""
    token = secret.new(PREFIX)
    async with transaction(on) as connection:
        await connection.execute(LOCK, invitation_id)
        made = await connection.fetchrow(LINKS, invitation_id)
        assert made is not None
        if made["count"] >= LINKS_AN_HOUR:
            raise TooMany(float(made["seconds"]))
        await connection.execute(REPLACE, invitation_id)
        await connection.execute(LINK, invitation_id, secret.hashed(token))
        await audit.add(connection, "invitation.link", f"invitation {invitation_id}")
    return token


async def revoke(on: Executor, invitation_id: UUID) -> None:
    """Nobody comes by its links any more; whoever is speaking is not cut off. Of whoever gave no
    résumé yet, name and address are forgotten."""
    async with transaction(on) as connection:
        if await connection.execute(REVOKE, invitation_id) != "UPDATE 0":
            await audit.add(connection, "invitation.revoked", f"invitation {invitation_id}")


async def extend(on: Executor, invitation_id: UUID, until: datetime) -> None:
    """Also beyond the opening's deadline: who does it decides that."""
    async with transaction(on) as connection:
        await connection.execute(EXTEND, invitation_id, until)
        await audit.add(connection, "invitation.moved", f"invitation {invitation_id}")


async def opened(on: Executor, invitation_id: UUID) -> None:
    await on.execute(OPENED, invitation_id)


async def answer(
    on: Executor, invitation_id: UUID, answer: Answer, at: datetime, until: datetime | None
) -> bool:
    """To the wish for another date; ``until``: how long the invitation then lasts. False where
    there is none that is open."""
    async with transaction(on) as connection:
        row = await connection.fetchrow(LOCK, invitation_id)
        if row is None or row["wish"] is None or row["wish"]["answer"] is not None:
            return False
        told = replace(msgspec.convert(row["wish"], Wish), answer=answer, answered_at=at)
        await connection.execute(WISH, invitation_id, told)
        if until is not None:
            await connection.execute(EXTEND, invitation_id, until)
        await audit.add(
            connection, "invitation.answered", f"invitation {invitation_id}", answer=answer
        )
    return True


async def _check(connection: Connection, opening_id: UUID, people: Sequence[Person]) -> None:
    emails = [one.email for one in people if one.email]
    taken = {row["email"] for row in await connection.fetch(TAKEN, opening_id, emails)}
    seen: Counter[str] = Counter()
    twice = []
    for place, one in enumerate(people):
        if one.email:
            if one.email in taken or seen[one.email]:
                twice.append(place)
            seen[one.email] += 1
    if twice:
        raise AlreadyInvited(twice)
    wanted = {one.resume_id for one in people if one.resume_id}
    known = {row["id"] for row in await connection.fetch(KNOWN_RESUMES, list(wanted))}
    missing = wanted - known
    if missing:
        raise NoResume([at for at, one in enumerate(people) if one.resume_id in missing])


async def _within(connection: Connection, opening_id: UUID, until: datetime) -> datetime:
    row = await connection.fetchrow(OPENING, opening_id)
    if row is None or row["closed"]:
        raise Closed
    deadline: datetime | None = row["deadline"]
    if deadline is None:
        return until
    if deadline <= await connection.fetchval("SELECT now()"):
        raise Closed
    return min(until, deadline)


def _tokens(count: int) -> list[tuple[str, bytes]]:
    made = [secret.new(PREFIX) for _ in range(count)]
    return [(token, secret.hashed(token)) for token in made]


def _stored(row: asyncpg.Record) -> StoredInvitation:
    fields: dict[str, Any] = dict(row)
    fields["adjustments"] = msgspec.convert(fields["adjustments"], Adjustments)
    wished = fields["wish"]
    fields["wish"] = None if wished is None else msgspec.convert(wished, Wish)
    return StoredInvitation(**fields)
