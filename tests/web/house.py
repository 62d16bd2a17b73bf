"""Two companies in one viva, with somebody of every kind in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import asyncpg

from server.core.events import InterviewStarted, PlannedQuestion
from server.identity.principal import SCOPES, Role
from server.language.overlay import Own
from server.language.pack import shipped
from server.store import (
    accounts,
    api_keys,
    client_secrets,
    facts,
    holds,
    interviews,
    invitations,
    openings,
    resumes,
    sessions,
    shares,
    templates,
    webhooks,
    wordings,
)
from server.store.invitations import Person
from server.store.keys import Keys
from server.store.mails import Letter, Post
from server.store.openings import Opening
from server.store.pool import transaction
from server.store.scope import everywhere, within
from server.store.scorecards import Author
from server.store.sealing import Ring, Seal
from server.store.webhooks import Hooks
from server.web.principal import COOKIE, CSRF_HEADER
from tests.driver import lease

ROLES: tuple[Role, ...] = get_args(Role)
DAY = timedelta(days=1)

Headers = dict[str, str]


@dataclass
class Company:
    """``marker`` stands in everything of it that a person could read. ``ids``: what paths name."""

    organisation: UUID
    marker: str
    token: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    headers: dict[str, Headers] = field(default_factory=dict)
    """Of each kind of principal what it sends along."""


async def company(pool: asyncpg.Pool, marker: str, organisation: UUID | None = None) -> Company:
    """A new organisation, or the people and things of one that is there."""
    if organisation is None:
        with everywhere():
            organisation = await pool.fetchval(
                "INSERT INTO organisations (name) VALUES ($1) RETURNING id", marker
            )
    assert organisation is not None
    made = Company(organisation, marker)
    with within(organisation):
        await _an_interview(pool, made)
        await _an_opening(pool, made)
        await _a_wording(pool, made)
        for role in ROLES:
            await member(pool, made, role)
        made.ids["member_id"] = str(
            await accounts.invite(pool, f"x@{marker}.example".lower(), marker, "viewer")
        )
        made.ids["session_id"] = made.ids["interview_id"]
        async with transaction(pool) as connection:
            letter = Letter(f"x@{marker}.example", marker, marker)
            made.ids["mail_id"] = str(await Post(Seal(bytes(32))).put(connection, letter))
        hook, _ = await Hooks(Ring(Keys((bytes(32),)))).add(
            pool, f"https://{marker}.example/", ["report.ready"]
        )
        made.ids["webhook_id"] = str(hook.id)
        made.ids["delivery_id"] = str(await webhooks.test(pool, hook.id))
        for kept in ("to be revoked", "colleague"):
            shared, token = await shares.add(
                pool, UUID(made.ids["interview_id"]), Author("user x"), marker, DAY, judgement=True
            )
            made.ids.setdefault("share_id", str(shared.id))
            made.headers[kept] = {"authorization": f"Bearer {token}"}
        value, _ = await client_secrets.add(pool, UUID(made.ids["interview_id"]), {}, DAY)
        made.ids["call_id"] = f"rtc_{marker}_1"
        interview_id = UUID(made.ids["interview_id"])
        await client_secrets.add_call(pool, interview_id, made.ids["call_id"], {})
        made.headers["client secret"] = {"authorization": f"Bearer {value}"}
        await key(pool, made, "every key", sorted(SCOPES))
        await key(pool, made, "key to see", ["see"])
        await key(pool, made, "spare", ["see"])
    made.headers["candidate"] = {"authorization": f"Bearer {made.token}"}
    return made


async def member(pool: asyncpg.Pool, of: Company, role: Role, name: str | None = None) -> None:
    """Somebody who has signed in; ``headers[name]`` are what their page sends."""
    name = name or role
    of.users[name] = await pool.fetchval(
        "INSERT INTO users (organisation_id, email, name, role, joined_at)"
        " VALUES ($1, $2, $3, $4, now()) RETURNING id",
        of.organisation, f"{name}@{of.marker.lower()}.example", of.marker, role,
    )  # fmt: skip
    token = await sessions.begin(pool, of.users[name], "test")
    found = await sessions.find(pool, token)
    assert found is not None
    of.headers[name] = {"cookie": f"{COOKIE}={token}", CSRF_HEADER: found.csrf}


async def key(pool: asyncpg.Pool, of: Company, name: str, scopes: list[str]) -> None:
    made, token = await api_keys.add(pool, f"{of.marker} {name}", scopes, DAY, None)
    of.headers[name] = {"authorization": f"Bearer {token}"}
    of.ids["key_id"] = str(made.id)


async def _an_interview(pool: asyncpg.Pool, of: Company) -> None:
    resume_id, _ = await resumes.add(pool, b"%PDF-", f"{of.marker}.pdf")
    header = {"name": of.marker, "target_role": f"{of.marker} engineer"}
    read = {"header": header, "meta": {"language": "en", "warnings": []}}
    await resumes.mark_ready(pool, resume_id, read)
    await resumes.add_pages(pool, resume_id, [(1, 595.0, 842.0, of.marker.encode())])
    created = await interviews.create(pool, resume_id)
    assert created is not None
    of.token = created.token
    question_id: str = await pool.fetchval("SELECT uuidv7()::text")
    text = f"What is {of.marker}?"
    question = PlannedQuestion(question_id, 1, text, "introduction", "bank")
    await interviews.add_plan(pool, created.interview_id, [question])
    epoch = await lease(pool, created.interview_id)
    await facts.append(
        pool, created.interview_id, epoch, 1, [InterviewStarted(f"{of.marker} engineer", "en")]
    )
    hold = await holds.place(pool, of.marker, resume_id=resume_id)
    assert hold is not None
    (template, *_) = await templates.every(pool)
    of.ids |= {
        "resume_id": str(resume_id),
        "interview_id": str(created.interview_id),
        "template_id": str(template.id),
        "answer_id": question_id,
        "note_id": question_id,
        "question_id": question_id,
        "page": "1",
        "language": "en",
        "hold_id": str(hold.id),
    }


async def _a_wording(pool: asyncpg.Pool, of: Company) -> None:
    place = "families/backend: question[0].text"
    over = shipped().by_language["en"].families["backend"].question[0].text
    own = {place: Own(f"How do you find a slow query at {of.marker}?", over)}
    made = await wordings.change(pool, "en", lambda _: own, None)
    assert made is not None
    of.ids["version_id"] = str(made.id)


async def _an_opening(pool: asyncpg.Pool, of: Company) -> None:
    """With somebody who is invited to it."""
    opening_id = await openings.add(pool, Opening(of.marker, of.marker, contact=of.marker))
    email = f"guest@{of.marker}.example"
    until = datetime.now(UTC) + DAY
    (added,) = await invitations.add(pool, opening_id, [Person(of.marker, email)], until)
    of.headers["guest"] = {"authorization": f"Bearer {added.token}"}
    of.ids |= {"opening_id": str(opening_id), "invitation_id": str(added.id)}
