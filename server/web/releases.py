"""What people let a candidate see of their interview, and what they write to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from server.evidence.letter import draft
from server.evidence.level import Level
from server.language.pages import texts
from server.store import (
    decisions,
    feedback,
    interviews,
    organisations,
    releases,
    scorecards,
)
from server.store.feedback import FeedbackLetter
from server.store.releases import Standing
from server.store.scorecards import Scorecard
from server.web.author import author_of
from server.web.letters import letter
from server.web.principal import principal_of
from server.web.problems import INTERVIEW_NOT_FOUND, Problem
from server.web.problems_reports import NOT_OVER, NOT_RELEASED
from server.web.services import Services

PREFIX = "letter."
"""Of the texts that a letter is begun with."""


class ReleaseOrder(msgspec.Struct):
    released: bool


class LetterOrder(msgspec.Struct):
    """``text`` empty: there is no draft any more."""

    text: Annotated[str, msgspec.Meta(max_length=10_000, pattern=r"^[^\x00]*$")]


class SendingOrder(msgspec.Struct):
    text: Annotated[
        str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"^[^\x00]*\S[^\x00]*$")
    ]


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """``letters``: those that were sent, and the draft last. ``begun``: how a letter could begin,
    from what people rated; empty until the caller has submitted a scorecard. ``mailed``: whoever
    sends a letter has the candidate told by mail that there is one."""

    standing: Standing
    letters: list[FeedbackLetter]
    begun: str
    mailed: bool


@get("/release", refuses=[INTERVIEW_NOT_FOUND])
async def show_release(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> ReleaseView:
    """What the candidate sees, waits for and disputes."""
    return await _view(services, request, interview_id)


@put("/release", refuses=[INTERVIEW_NOT_FOUND, NOT_OVER])
async def release(
    interview_id: FromPath[UUID],
    data: JSONBody[ReleaseOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> ReleaseView:
    """Let the candidate see what they said, how it was decided, and letters; or no more."""
    standing = await releases.standing(services.pool, interview_id)
    if standing is None or standing.ended_at is None:
        raise Problem(NOT_OVER)
    await releases.release(services.pool, interview_id, released=data.released)
    return await _view(services, request, interview_id)


@put("/letter", refuses=[INTERVIEW_NOT_FOUND])
async def save_letter(
    interview_id: FromPath[UUID],
    data: JSONBody[LetterOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> ReleaseView:
    """The draft, which the candidate does not see; all who rate see the same one."""
    author = author_of(request)
    await feedback.save(services.pool, interview_id, author, data.text.strip())
    return await _view(services, request, interview_id)


@post(
    "/letter/sending",
    status_code=HTTP_200_OK,
    refuses=[INTERVIEW_NOT_FOUND, NOT_RELEASED],
)
async def send_letter(
    interview_id: FromPath[UUID],
    data: JSONBody[SendingOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> ReleaseView:
    """As it is written here. It stands on the candidate's page, and stays; where their address is
    known and this server sends mail, they are told that there is one."""
    standing = await releases.standing(services.pool, interview_id)
    if standing is None or standing.released_at is None:
        raise Problem(NOT_RELEASED)
    author = author_of(request)
    to = await feedback.address(services.pool, interview_id)
    async with services.pool.acquire() as connection, connection.transaction():
        if to is not None and services.post is not None:
            told = letter(
                request,
                services.packs,
                "news",
                to.email,
                language=to.language,
                name=to.name or to.email,
                organisation=to.organisation,
                opening=to.title,
            )
            await services.post.put(connection, told)
        await feedback.send(connection, interview_id, author, data.text.strip())
    services.queue.wake()
    return await _view(services, request, interview_id)


async def _view(
    services: Services, request: Request[Any, Any, Any], interview_id: UUID
) -> ReleaseView:
    standing = await releases.standing(services.pool, interview_id)
    if standing is None:
        raise Problem(INTERVIEW_NOT_FOUND)
    to = await feedback.address(services.pool, interview_id)
    return ReleaseView(
        standing,
        await feedback.of_interview(services.pool, interview_id),
        await _begun(services, interview_id, principal_of(request).name),
        to is not None and services.post is not None,
    )


async def _begun(services: Services, interview_id: UUID, caller: str) -> str:
    """Whoever has not submitted a card yet would read those of others in it."""
    cards = await scorecards.every(services.pool, interview_id)
    newest = {card.author: card for card in cards if card.submitted_at is not None}
    stored = await interviews.get(services.pool, interview_id)
    if caller not in newest or stored is None:
        return ""
    made = await decisions.of_interview(services.pool, interview_id)
    organisation = await organisations.get(services.pool, stored.organisation_id)
    outcome = made[-1].outcome if made and made[-1].outcome != "open" else None
    said = texts(services.packs, stored.language)
    return draft(
        {key.removeprefix(PREFIX): str(text) for key, text in said.items() if PREFIX in key},
        _ratings(newest),
        outcome,
        name=stored.resume["header"].get("name") or "",
        role=stored.target_role,
        organisation=organisation.name if organisation else "",
    )


def _ratings(newest: Mapping[str, Scorecard]) -> dict[str, list[Level]]:
    given: dict[str, list[Level]] = {}
    for card in newest.values():
        for rating in card.ratings:
            if rating.level is not None:
                given.setdefault(rating.competency, []).append(rating.level)
    return given


READ = [show_release]
RELEASED = [release]
MADE = [save_letter, send_letter]
