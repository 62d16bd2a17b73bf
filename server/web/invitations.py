"""Invitations over HTTP, for who invites: one person or many, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_201_CREATED

from server.identity.principal import Member
from server.store import guests, invitations, mails, resumes
from server.store.invitations import Adjustments, Answer, Person, State, StoredInvitation, Wish
from server.store.mails import MailState
from server.store.pool import Connection, database_now
from server.web.allowance import Allowance, used_up
from server.web.guards import OPENING_HERE, Allowed, InvitationHere
from server.web.letters import Way, interview_mails, invitation_link
from server.web.once import Once
from server.web.paging import Page, Window
from server.web.principal import principal_of
from server.web.problems import (
    ALREADY_INVITED,
    INTERVIEW_BEGUN,
    INVITATION_NOT_FOUND,
    INVITATION_PAST,
    INVITATION_RESUME,
    INVITATIONS_MANY,
    INVITATIONS_NONE,
    LINKS_MANY,
    OPENING_CLOSED,
    OPENING_NOT_FOUND,
    WISH_ANSWERED,
    Problem,
)
from server.web.problems_accounts import NO_MAIL_SERVER
from server.web.services import Services
from server.web.signing_in import Email

MOST: Final = 10_000
LONGEST_DAYS: Final = 365
GRACE: Final = timedelta(days=1)
"""How long after a date that was moved to the invitation still stands."""
SHOWN: Final = 20
"""Places that a refusal names."""
CACHE: Final = {"cache-control": "no-store"}
Name = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Days = Annotated[int, msgspec.Meta(ge=1, le=LONGEST_DAYS)]


class PersonOrder(msgspec.Struct):
    """``resume_id``: the résumé that the company has of them; left out: they bring their own."""

    name: Name = ""
    email: Email | None = None
    resume_id: UUID | None = None


class InvitationOrder(msgspec.Struct):
    """``days``: how long the invitations last, at most until the opening's deadline. ``way``: to
    mail the links, or to be told them; null: to mail them where viva can. Whoever has no address is
    mailed nothing."""

    people: list[PersonOrder]
    days: Days = 14
    way: Way | None = None


class InvitationChange(msgspec.Struct):
    """``resume_id``: the résumé that the company has of them, in place of theirs, while there is no
    interview. ``expires_at``: until when they may come. ``answer`` to their wish for another date;
    granted without ``expires_at``: until a day after that date. What is left out stays."""

    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    answer: Answer | None = None
    resume_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """``link`` is told this once, to be handed to the person; null where it is mailed."""

    id: UUID
    name: str
    email: str | None
    link: str | None = None
    mail_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AllInvited:
    invited: list[Invited]


@dataclass(frozen=True, slots=True)
class LinkMade:
    """``link`` is told this once; null where it is mailed. Those before lead nowhere any more."""

    id: UUID
    link: str | None = None
    mail_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class InvitationView:
    """``state``: ``invited``, ``opened``, ``created`` (the interview was, and has not begun),
    ``live``, ``ended``, or, where nobody comes by it, ``expired``, ``closed``, ``revoked``.
    ``target_role``: what the résumé states, which may be another than the opening's title.
    ``person_wanted_at``: they would rather speak with a person. ``mail``: what became of the one
    with the newest link, and why where it was refused; null: no mail brought it, or it is known no
    more."""

    id: UUID
    name: str
    email: str | None
    phone: str
    state: str
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    attached: bool
    resume_id: UUID | None
    resume_status: str | None
    target_role: str | None
    interview_id: UUID | None
    adjustments: Adjustments
    wish: Wish | None
    person_wanted_at: datetime | None
    mail: MailState | None


@get("/")
async def list_invitations(
    opening_id: FromPath[UUID],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    stands: Annotated[State | None, QueryParameter(name="state")] = None,
) -> Page[InvitationView]:
    """In the order in which they were invited."""
    after = window.after(UUID)
    found = await invitations.every(services.pool, opening_id, after, window.fetch, stands)
    known = await mails.states(services.pool, {one.mail_id for one in found if one.mail_id})
    views = [_view(one, known) for one in found]
    return window.page(views, lambda invitation: invitation.id)


@post(
    "/",
    refuses=[
        ALREADY_INVITED, INVITATION_RESUME, INVITATIONS_MANY, INVITATIONS_NONE, NO_MAIL_SERVER,
        OPENING_CLOSED, OPENING_NOT_FOUND,
    ],
)  # fmt: skip
async def invite(
    opening_id: FromPath[UUID],
    data: JSONBody[InvitationOrder],
    request: Request[Any, Any, Any],
    once: NamedDependency[Once],
    services: NamedDependency[Services],
) -> AllInvited:
    """One person or many: all are invited, or nobody is."""
    if not data.people:
        raise Problem(INVITATIONS_NONE)
    if len(data.people) > MOST:
        raise Problem(INVITATIONS_MANY, most=f"{MOST:,}")
    people = [Person(one.name.strip(), one.email, one.resume_id) for one in data.people]
    until = await database_now(services.pool) + timedelta(days=data.days)
    principal = principal_of(request)
    by = principal.user_id if isinstance(principal, Member) else None
    letters = await interview_mails(services, request, opening_id, data.way)

    async def make(connection: Connection) -> AllInvited:
        try:
            added = await invitations.add(connection, opening_id, people, until, by)
        except invitations.AlreadyInvited as error:
            raise Problem(ALREADY_INVITED, places=_places(error.places)) from error
        except invitations.NoResume as error:
            raise Problem(INVITATION_RESUME, places=_places(error.places)) from error
        except invitations.TooMany as error:
            raise Problem(INVITATIONS_MANY, most=f"{MOST:,}") from error
        except invitations.Closed as error:
            raise Problem(OPENING_CLOSED) from error
        links = [invitation_link(request, new.token) for new in added]
        mailed = await letters.put(connection, people, links)
        newest = {new.id: mail_id for new, mail_id in zip(added, mailed, strict=True)}
        await invitations.mailed(connection, newest)
        return AllInvited(
            [
                Invited(new.id, one.name, one.email, None if mail_id else link, mail_id)
                for new, one, link, mail_id in zip(added, people, links, mailed, strict=True)
            ]
        )

    made = await once((opening_id, data), AllInvited, make)
    services.queue.wake()
    return made


@patch(
    "/{invitation_id:uuid}",
    refuses=[
        INTERVIEW_BEGUN,
        INVITATION_NOT_FOUND,
        INVITATION_PAST,
        INVITATION_RESUME,
        WISH_ANSWERED,
    ],
)
async def change_invitation(
    invitation_id: FromPath[UUID],
    data: JSONBody[InvitationChange],
    services: NamedDependency[Services],
) -> InvitationView:
    """Move the date, or say that it stays; give the résumé."""
    if data.resume_id is not None:
        await _attach(services, invitation_id, data.resume_id)
    now = await database_now(services.pool)
    until = data.expires_at
    if until is not None:
        _check_time(until, now)
    if data.answer is None and until is not None:
        await invitations.extend(services.pool, invitation_id, until)
    elif data.answer is not None:
        if until is None and data.answer == "granted":
            until = await _granted(services, invitation_id, now)
        if not await invitations.answer(services.pool, invitation_id, data.answer, now, until):
            raise Problem(WISH_ANSWERED)
    return await _found(services, invitation_id)


@post(
    "/{invitation_id:uuid}/link",
    status_code=HTTP_201_CREATED,
    refuses=[INVITATION_NOT_FOUND, LINKS_MANY, NO_MAIL_SERVER, OPENING_NOT_FOUND],
)
async def renew_link(
    opening_id: FromPath[UUID],
    invitation_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    once: NamedDependency[Once],
    services: NamedDependency[Services],
    way: FromQuery[Way | None] = None,
) -> LinkMade:
    """Another link, for whoever lost theirs. What they gave and asked for stays."""
    found = await invitations.get(services.pool, invitation_id)
    if found is None:
        raise Problem(INVITATION_NOT_FOUND)
    letters = await interview_mails(services, request, opening_id, way)

    async def make(connection: Connection) -> LinkMade:
        try:
            token = await invitations.reissue(connection, invitation_id)
        except invitations.TooMany as error:
            most, hour = invitations.LINKS_AN_HOUR, 3_600
            allowance = Allowance("links", most, hour, 0, error.seconds)
            raise used_up(LINKS_MANY, allowance) from error
        link = invitation_link(request, token)
        (mailed,) = await letters.put(connection, [Person(found.name, found.email)], [link])
        await invitations.mailed(connection, {invitation_id: mailed})
        return LinkMade(invitation_id, None if mailed else link, mailed)

    made = await once((invitation_id, way), LinkMade, make)
    services.queue.wake()
    return made


@delete("/{invitation_id:uuid}")
async def revoke(invitation_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    """Nobody comes by its links any more; whoever is speaking is not cut off. Of whoever gave no
    résumé yet, name and address are forgotten."""
    await invitations.revoke(services.pool, invitation_id)


async def _attach(services: Services, invitation_id: UUID, resume_id: UUID) -> None:
    if not await resumes.exists(services.pool, resume_id):
        raise Problem(INVITATION_RESUME, places="")
    try:
        await guests.bring_resume(services.pool, invitation_id, resume_id, attached=True)
    except guests.Begun as error:
        raise Problem(INTERVIEW_BEGUN) from error


async def _granted(services: Services, invitation_id: UUID, now: datetime) -> datetime | None:
    found = await invitations.get(services.pool, invitation_id)
    if found is None or found.wish is None:
        raise Problem(WISH_ANSWERED)
    wished = found.wish.at + GRACE
    return wished if wished > max(now, found.expires_at) else None


def _check_time(until: datetime, now: datetime) -> None:
    if not now < until <= now + timedelta(days=LONGEST_DAYS):
        raise Problem(INVITATION_PAST)


async def _found(services: Services, invitation_id: UUID) -> InvitationView:
    stored = await invitations.get(services.pool, invitation_id)
    if stored is None:
        raise Problem(INVITATION_NOT_FOUND)
    known = await mails.states(services.pool, {stored.mail_id} if stored.mail_id else set())
    return _view(stored, known)


def _view(stored: StoredInvitation, known: Mapping[UUID, MailState]) -> InvitationView:
    return InvitationView(
        stored.id,
        stored.name,
        stored.email,
        stored.phone,
        stored.state,
        stored.created_at,
        stored.expires_at,
        stored.opened_at,
        stored.attached,
        stored.resume_id,
        stored.resume_status,
        stored.target_role,
        stored.interview_id,
        stored.adjustments,
        stored.wish,
        stored.person_wanted_at,
        known.get(stored.mail_id) if stored.mail_id else None,
    )


def _places(places: Sequence[int]) -> str:
    """For a person, from 1."""
    if not places:
        return ""
    named = ", ".join(f"{place + 1}" for place in places[:SHOWN])
    return f" (no. {named}{', …' if len(places) > SHOWN else ''})"


router = Router(
    "/openings/{opening_id:uuid}/invitations",
    route_handlers=[
        Router(
            "/",
            route_handlers=[list_invitations],
            guards=[Allowed("see", "see invitations"), OPENING_HERE],
        ),
        Router("/", route_handlers=[invite], guards=[Allowed("plan", "invite"), OPENING_HERE]),
        Router(
            "/",
            route_handlers=[change_invitation, renew_link, revoke],
            guards=[Allowed("plan", "change invitations"), InvitationHere()],
        ),
    ],
    tags=["openings"],
)
