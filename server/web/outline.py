"""What candidates are told of their interview before it begins, and the language they choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.plan import topics
from server.store import organisations, spoken
from server.store.conduct import conduct
from server.store.interviews import StoredInterview
from server.web.problems import INTERVIEW_STARTED, LANGUAGE_NOT_OFFERED, Problem
from server.web.services import Services

Speaker = Literal["server", "browser", "cloud"]


class LanguageOrder(msgspec.Struct):
    language: str


@dataclass(frozen=True, slots=True)
class Outline:
    """``language``: in which it is held; ``languages``: those that may be chosen before it begins,
    and in which one may go on while it is held. ``topics``: about as many as are asked about.
    ``voice``: as ``speaker``. ``result_days``: in how many days after the interview its candidate
    hears the result, from ``result_by``; null: nothing is said of it."""

    language: str
    languages: list[str]
    minutes: float
    topics: int
    voice: Speaker
    result_days: int | None
    result_by: str


@get("/outline")
async def show_outline(
    interview: NamedDependency[StoredInterview], services: NamedDependency[Services]
) -> Outline:
    return await _outline(interview, services, interview.language)


@put("/language", refuses=[INTERVIEW_STARTED, LANGUAGE_NOT_OFFERED])
async def choose(
    interview_id: FromPath[UUID],
    data: JSONBody[LanguageOrder],
    interview: NamedDependency[StoredInterview],
    services: NamedDependency[Services],
) -> Outline:
    """One of those that are offered, until somebody was asked something. The same questions are
    asked in it; the role stays that of the résumé."""
    outline = await _outline(interview, services, data.language)
    if data.language not in outline.languages:
        raise Problem(LANGUAGE_NOT_OFFERED, languages=", ".join(outline.languages))
    try:
        await spoken.choose(services.pool, interview_id, data.language)
    except spoken.Begun as error:
        raise Problem(INTERVIEW_STARTED) from error
    services.queue.wake()
    return outline


async def speaker(interview: StoredInterview, services: Services) -> Speaker:
    """Who is to say the questions: this server; the candidate's browser, where the device has a
    voice; or also one of the browser's maker's servers, where the organisation allows that."""
    if not services.makeshift_voice:
        return "server"
    found = await organisations.get(services.pool, interview.organisation_id)
    return "cloud" if found is not None and found.cloud_voice else "browser"


async def _outline(interview: StoredInterview, services: Services, language: str) -> Outline:
    rules = conduct(interview).rules
    packs = services.packs.by_language
    offered = [one for one in rules.languages or tuple(packs) if one in packs]
    voice = await speaker(interview, services)
    opening = interview.opening or {}
    days, by = opening.get("result_days"), opening.get("result_by", "")
    return Outline(language, offered, rules.minutes, topics(rules), voice, days, by)


HANDLERS = [show_outline, choose]
