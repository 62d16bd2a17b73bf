"""What a candidate sees of their interview once it is over: how far it is, always; their words, how
it was decided and what they are written, once that was released."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from server.evidence.topics import BESIDES, topics
from server.store import (
    amendments,
    audit,
    decisions,
    feedback,
    interviews,
    organisations,
    releases,
    reports,
)
from server.store.amendments import Place
from server.store.decisions import Decision
from server.store.interviews import StoredInterview
from server.store.releases import Standing, Status
from server.web.author import LineOrder
from server.web.problems import INTERVIEW_NOT_FOUND, Problem
from server.web.problems_reports import DISPUTES_MANY, LINE_NOT_FOUND, LINES_BUSY, NOT_RELEASED
from server.web.services import Services


class ReviewOrder(msgspec.Struct):
    """``reason``: what the person who looks at it again should know."""

    reason: Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^[^\x00]*$")] = ""


@dataclass(frozen=True, slots=True)
class OwnSentence:
    """Words ``first`` to ``last`` of the answer. ``clear`` false: it may not be what was said, and
    nothing is rated by it. ``said``: what the candidate says they said."""

    first: int
    last: int
    text: str
    clear: bool
    said: list[str]


@dataclass(frozen=True, slots=True)
class OwnExchange:
    turn: int
    question: str
    sentences: list[OwnSentence]


@dataclass(frozen=True, slots=True)
class OwnCriterion:
    """What was looked for, and the candidate's own sentences that a report points at for it.
    ``asked`` false: no question of it was, so it says nothing of them."""

    name: str
    asked: bool
    quotes: list[str]


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """``by``: the person, where they have an account. ``people``: so many had rated by then."""

    outcome: str
    reason: str
    by: str | None
    people: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnLetter:
    text: str
    by: str | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Released:
    """``read_by_model``: a language model pointed at sentences; it rated nothing."""

    talk: list[OwnExchange]
    criteria: list[OwnCriterion]
    read_by_model: bool
    decision: OwnDecision | None
    letters: list[OwnLetter]


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """``released`` null: nobody has released more than how far it is. ``review_asked_at``: since
    when the candidate wants a person to look again; ``reviewed``: somebody has decided since.
    ``result_until``: by when they were promised the result, from ``result_by``; null: nothing was
    said of it."""

    interview_id: UUID
    status: Status
    organisation: str
    contact: str
    target_role: str
    language: str
    ended_at: datetime | None
    looked_at: datetime | None
    decided_at: datetime | None
    review_asked_at: datetime | None
    reviewed: bool
    released: Released | None = field(default=None)
    result_until: datetime | None = None
    result_by: str = ""


@get("/outcome", refuses=[INTERVIEW_NOT_FOUND])
async def show_outcome(
    interview: NamedDependency[StoredInterview],
    services: NamedDependency[Services],
) -> OwnOutcome:
    """For the candidate: how far it is, and what was released."""
    return await _outcome(services, interview)


@post(
    "/disputes",
    status_code=HTTP_200_OK,
    refuses=[DISPUTES_MANY, INTERVIEW_NOT_FOUND, LINE_NOT_FOUND, LINES_BUSY, NOT_RELEASED],
)
async def dispute(
    interview_id: FromPath[UUID],
    data: JSONBody[LineOrder],
    interview: NamedDependency[StoredInterview],
    services: NamedDependency[Services],
) -> OwnOutcome:
    """For the candidate: "I said …". It stands beside what was heard, which stays."""
    await _released(services, interview_id)
    place = Place(data.turn, data.first, data.last)
    try:
        await amendments.dispute(services.pool, interview_id, place, data.said.strip())
    except amendments.NoLine as error:
        raise Problem(LINE_NOT_FOUND) from error
    except amendments.TooMany as error:
        raise Problem(DISPUTES_MANY) from error
    except amendments.Busy as error:
        raise Problem(LINES_BUSY) from error
    services.monitor.announce(interview_id)
    return await _outcome(services, interview)


@put("/review", refuses=[INTERVIEW_NOT_FOUND, NOT_RELEASED])
async def ask_for_review(
    interview_id: FromPath[UUID],
    data: JSONBody[ReviewOrder],
    interview: NamedDependency[StoredInterview],
    services: NamedDependency[Services],
) -> OwnOutcome:
    """For the candidate: a person is to look at it again."""
    await _released(services, interview_id)
    await releases.ask_for_review(services.pool, interview_id, data.reason.strip())
    return await _outcome(services, interview)


async def _released(services: Services, interview_id: UUID) -> None:
    standing = await releases.standing(services.pool, interview_id)
    if standing is None or standing.released_at is None:
        raise Problem(NOT_RELEASED)


async def _outcome(services: Services, interview: StoredInterview) -> OwnOutcome:
    standing = await releases.standing(services.pool, interview.id)
    organisation = await organisations.get(services.pool, interview.organisation_id)
    if standing is None or organisation is None:
        raise Problem(INTERVIEW_NOT_FOUND)
    opening = interview.opening or {}
    days = opening.get("result_days")
    until = standing.ended_at and days and standing.ended_at + timedelta(days=days)
    return OwnOutcome(
        interview.id,
        standing.status,
        organisation.name,
        opening.get("contact", ""),
        interview.target_role,
        interview.language,
        standing.ended_at,
        standing.looked_at,
        standing.decided_at,
        standing.review_asked_at,
        standing.reviewed,
        await _what_was_released(services, interview.id, standing),
        until or None,
        opening.get("result_by", ""),
    )


async def _what_was_released(
    services: Services, interview_id: UUID, standing: Standing
) -> Released | None:
    if standing.released_at is None:
        return None
    await audit.seen(services.pool, "outcome.seen", f"interview {interview_id}")
    report = await reports.newest(services.pool, interview_id)
    criteria = []
    if report is not None:
        for at, one in enumerate(report.content.criteria):
            said = {s.sentence: s.quote for s in report.statements if s.criterion == at}
            criteria.append(OwnCriterion(one.name, one.asked, [said[n] for n in sorted(said)]))
    made = await decisions.of_interview(services.pool, interview_id)
    letters = await feedback.of_interview(services.pool, interview_id)
    return Released(
        await _talk(services, interview_id),
        criteria,
        report is not None and report.engine is not None,
        _decision(made[-1]) if made else None,
        [OwnLetter(one.text, one.name, one.sent_at) for one in letters if one.sent_at is not None],
    )


def _decision(made: Decision) -> OwnDecision:
    return OwnDecision(made.outcome, made.reason, made.name, made.cards, made.decided_at)


async def _talk(services: Services, interview_id: UUID) -> list[OwnExchange]:
    """In the order in which it was held."""
    questions = await interviews.questions(services.pool, interview_id)
    answers = await interviews.answers(services.pool, interview_id)
    amended = await amendments.of_interview(services.pool, interview_id)
    disputes = [one for one in amended if one.disputes]
    talk = [one for topic in topics(questions, answers) for one in topic.exchanges]
    return [
        OwnExchange(
            one.turn,
            one.question,
            [
                OwnSentence(
                    sentence.first,
                    sentence.last,
                    sentence.text,
                    sentence.clear,
                    [
                        line.said
                        for line in disputes
                        if line.touches(one.turn, sentence.first, sentence.last)
                    ],
                )
                for sentence in one.sentences
            ],
        )
        for one in sorted(talk, key=lambda one: one.turn)
        if one.sentences or one.kind not in BESIDES
    ]


HANDLERS = [show_outcome, dispute, ask_for_review]
