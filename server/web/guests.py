"""What the candidate is shown of their invitation: never plan, rubrics or notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from server.plan import topics
from server.store import (
    disputes,
    interviews,
    invitations,
    openings,
    organisations,
    resumes,
    templates,
)
from server.store.disputes import Dispute
from server.store.invitations import Adjustments, Wish
from server.store.templates import Template
from server.web.guards import OVER
from server.web.services import Services


@dataclass(frozen=True, slots=True)
class OwnResume:
    """What was read from it that the candidate is shown; ``error`` is a code, where ``status`` is
    ``failed``. ``role_stands``: where the role was read, ``{page, text}``; null where nowhere.
    ``pictures``: it was read from pictures of text, and no role is taken from them unconfirmed.
    ``disputes``: what the candidate said is wrong in it."""

    status: str
    error: str | None
    name: str | None
    email: str | None
    phone: str | None
    target_role: str | None
    target_company: str | None
    language: str | None
    work: int
    education: int
    role_stands: dict[str, Any] | None = None
    pictures: bool = False
    disputes: tuple[Dispute, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnInterview:
    interview_id: UUID
    target_role: str
    language: str
    status: str


@dataclass(frozen=True, slots=True)
class OwnInvitation:
    """``state`` as of invitations, or ``replaced``: a newer link was made. Where nobody comes by it
    any more only ``organisation`` and ``contact`` are told. ``minutes`` the interview takes, about
    ``topics``, and ``languages`` of which the candidate chooses one before it begins.
    ``result_days``, ``result_by``: as of the opening."""

    state: str
    organisation: str
    contact: str
    title: str | None = None
    description: str = ""
    level: str = ""
    team: str = ""
    minutes: int | None = None
    expires_at: datetime | None = None
    name: str = ""
    email: str | None = None
    phone: str = ""
    attached: bool = False
    resume: OwnResume | None = None
    interview: OwnInterview | None = None
    adjustments: Adjustments | None = None
    wish: Wish | None = None
    person_wanted_at: datetime | None = None
    topics: int | None = None
    languages: tuple[str, ...] = ()
    result_days: int | None = None
    result_by: str = ""


async def view(services: Services, invitation_id: UUID, came: str | None) -> OwnInvitation:
    """``came``: the state of the link by which they came, which may be an old one."""
    now = await invitations.get(services.pool, invitation_id)
    assert now is not None
    organisation = await organisations.get(services.pool, now.organisation_id)
    assert organisation is not None
    state = now.state if came not in OVER else str(came)
    if state in OVER:
        return OwnInvitation(state, organisation.name, now.contact)
    stored = await openings.get(services.pool, now.opening_id)
    assert stored is not None
    opening = stored.opening
    template = await _template(services, opening.template_id)
    return OwnInvitation(
        state,
        organisation.name,
        opening.contact,
        opening.title,
        opening.description,
        opening.level,
        opening.team,
        template.minutes if template else None,
        now.expires_at,
        now.name,
        now.email,
        now.phone,
        now.attached,
        await _resume(services, now.resume_id),
        await _interview(services, now.interview_id),
        now.adjustments,
        now.wish,
        now.person_wanted_at,
        topics(replace(template.rules(), common=opening.questions)) if template else None,
        _languages(services, opening.languages or (template.languages if template else None) or ()),
        opening.result_days,
        opening.result_by,
    )


async def _template(services: Services, template_id: UUID | None) -> Template | None:
    if template_id is None:
        found = await templates.every(services.pool, limit=1)  # the default comes first
    else:
        found = [one for one in [await templates.get(services.pool, template_id)] if one]
    return found[0].template if found else None


def _languages(services: Services, offered: Sequence[str]) -> tuple[str, ...]:
    packs = services.packs.by_language
    return tuple(one for one in offered or packs if one in packs)


async def _resume(services: Services, resume_id: UUID | None) -> OwnResume | None:
    stored = None if resume_id is None else await resumes.get(services.pool, resume_id)
    if stored is None:
        return None
    read = stored.structured_data or {}
    header = read.get("header", {})
    return OwnResume(
        stored.status,
        (stored.error or {}).get("code"),
        header.get("name"),
        header.get("email"),
        header.get("phone"),
        header.get("target_role"),
        header.get("target_company"),
        read.get("meta", {}).get("language"),
        len(read.get("work") or ()),
        len(read.get("education") or ()),
        _stands(header.get("target_role_evidence")),
        bool(read.get("meta", {}).get("ocr")),
        tuple(await disputes.of_resume(services.pool, stored.id)),
    )


def _stands(evidence: dict[str, Any] | None) -> dict[str, Any] | None:
    return evidence and {"page": evidence.get("page"), "text": evidence.get("text")}


async def _interview(services: Services, interview_id: UUID | None) -> OwnInterview | None:
    stored = None if interview_id is None else await interviews.get(services.pool, interview_id)
    if stored is None:
        return None
    return OwnInterview(stored.id, stored.target_role, stored.language, stored.status)
