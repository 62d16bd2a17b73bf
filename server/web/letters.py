"""Links, and the mails in which they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from litestar import Request

from server.core.events import Language
from server.core.pack import Packs
from server.language.pages import written
from server.language.speech import Pack
from server.language.texts import MailName
from server.store import openings, organisations
from server.store.invitations import Person
from server.store.mails import Letter, Post
from server.store.pool import Connection
from server.web.accepted import preferred
from server.web.principal import principal_of
from server.web.problems import OPENING_NOT_FOUND, Problem
from server.web.problems_accounts import NO_MAIL_SERVER
from server.web.services import Services

Way = Literal["mail", "link"]
"""A link is mailed, or told once to who asked for it."""


def sign_in_link(request: Request[Any, Any, Any], token: str) -> str:
    """Behind the #, which browsers keep to themselves: it stands in no log on the way."""
    return f"{request.url.scheme}://{request.url.netloc}/sign-in#link={token}"


def invitation_link(request: Request[Any, Any, Any], token: str) -> str:
    """The same, to an interview."""
    return f"{request.url.scheme}://{request.url.netloc}/invitation#link={token}"


def share_link(request: Request[Any, Any, Any], token: str) -> str:
    """The same, to the report of an interview."""
    return f"{request.url.scheme}://{request.url.netloc}/shared#link={token}"


def post_for(services: Services, way: Way | None) -> Post | None:
    """None where the link is to be told. Raises Problem."""
    if way == "mail" and services.post is None:
        raise Problem(NO_MAIL_SERVER)
    return None if way == "link" else services.post


def letter(
    request: Request[Any, Any, Any],
    packs: Packs[Pack],
    kind: MailName,
    to: str,
    *,
    language: Language | None = None,
    **said: str,
) -> Letter:
    """In this language, or that of the page on which it was asked for. ``said``: what fills the
    slots."""
    asked = request.headers.get("accept-language", "")
    language = language or preferred(asked, packs.by_language, packs.otherwise)
    mail = written(packs, language, kind)
    return Letter(to, mail.subject.format(**said), mail.text.lstrip("\n").format(**said))


@dataclass(frozen=True, slots=True)
class InterviewMails:
    """``post`` None: nothing is mailed. ``language`` None: that of the page."""

    post: Post | None
    request: Request[Any, Any, Any]
    packs: Packs[Pack]
    organisation: str
    opening: str
    language: Language | None

    async def put(
        self, connection: Connection, people: Sequence[Person], links: Sequence[str]
    ) -> list[UUID | None]:
        """Of each person the mail with their link; None where they are mailed nothing."""
        if self.post is None:
            return [None] * len(people)
        letters = [
            self._letter(one, one.email, link)
            for one, link in zip(people, links, strict=True)
            if one.email
        ]
        put = iter(await self.post.put_all(connection, letters))
        return [next(put) if one.email else None for one in people]

    def _letter(self, person: Person, to: str, link: str) -> Letter:
        return letter(
            self.request,
            self.packs,
            "interview",
            to,
            language=self.language,
            name=person.name or to,
            organisation=self.organisation,
            opening=self.opening,
            link=link,
        )


async def interview_mails(
    services: Services, request: Request[Any, Any, Any], opening_id: UUID, way: Way | None
) -> InterviewMails:
    """In which the links to interviews for this opening are sent. Raises Problem."""
    post = post_for(services, way)
    organisation = principal_of(request).organisation
    assert organisation is not None
    stored = await openings.get(services.pool, opening_id)
    found = await organisations.get(services.pool, organisation)
    if stored is None or found is None:
        raise Problem(OPENING_NOT_FOUND)
    language = next(iter(stored.opening.languages), None)
    title = stored.opening.title
    return InterviewMails(post, request, services.packs, found.name, title, language)
