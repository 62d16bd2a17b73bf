"""What is asked and how patiently: template, opening and what the candidate needs, together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from server.core.events import CompanyFact
from server.core.rules import OwnQuestion, Rules, Stage
from server.store import guests, interviews, invitations, openings, templates
from server.store.conduct import Conduct, adjustments_of, conduct
from server.store.interviews import StoredInterview
from server.store.invitations import Adjustments, Person
from server.store.openings import Competency, Opening
from server.store.templates import Template

TEMPLATE = Template(
    "Mine",
    (Stage("knowledge", 1, 10), Stage("closing", 1)),
    ("ko",),
    20,
    1.2,
    questions=(OwnQuestion("knowledge", {"en": "Mine?"}),),
    company=(CompanyFact("mine", {"en": "Mine."}),),
)
OPENING = Opening(
    "Pilot",
    languages=("en",),
    competencies=(Competency("Handover", 3),),
    questions=(OwnQuestion("knowledge", {"en": "Theirs?"}),),
    company=(CompanyFact("theirs", {"en": "Theirs."}),),
)


async def held(pool: asyncpg.Pool, resume_id: UUID, needs: Adjustments) -> StoredInterview:
    template_id = await templates.add(pool, TEMPLATE)
    opening_id = await openings.add(pool, replace(OPENING, template_id=template_id))
    until = datetime(2040, 1, 1, tzinfo=UTC)
    person = Person("Kim", None, resume_id)
    (added,) = await invitations.add(pool, opening_id, [person], until)
    created = await guests.begin(pool, added.id)
    assert created is not None
    assert created.language == "en"
    await guests.adjust(pool, added.id, needs)
    await openings.change(pool, opening_id, Opening("Something else"))
    stored = await interviews.get(pool, created.interview_id)
    assert stored is not None
    return stored


async def test_the_opening_adds_to_the_template_and_stays_as_it_was(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    agreed = conduct(await held(pool, resume_id, Adjustments()))
    assert (agreed.rules.weight(" handover"), agreed.rules.weight("Else")) == (3, 0)
    assert agreed.pace == 1.2
    assert agreed.rules == replace(
        TEMPLATE.rules(),
        languages=("en",),
        common=OPENING.questions,
        company=(*TEMPLATE.company, *OPENING.company),
        weights={"Handover": 3},
    )


async def test_who_needs_more_time_has_more_of_it_everywhere(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    stored = await held(pool, resume_id, Adjustments(more_time=True, typed=True))
    assert adjustments_of(stored).typed
    agreed = conduct(stored)
    usual = TEMPLATE.rules()
    assert (agreed.pace, agreed.rules.total_ms) == (1.2 * 1.5, usual.total_ms * 1.5)
    assert agreed.rules.due_ms("knowledge") == usual.due_ms("knowledge") * 1.5


async def test_who_needs_it_hears_a_slower_voice(pool: asyncpg.Pool, resume_id: UUID) -> None:
    agreed = conduct(await held(pool, resume_id, Adjustments(slower_voice=True)))
    assert (agreed.voice_rate, agreed.pace) == (0.8, 1.2)


async def test_without_any_of_them_it_is_as_usual(pool: asyncpg.Pool, resume_id: UUID) -> None:
    created = await interviews.create(pool, resume_id)
    assert created is not None
    stored = await interviews.get(pool, created.interview_id)
    assert stored is not None
    assert conduct(stored).rules.common == ()
    assert conduct(stored).rules.weight("Handover") == 0
    assert conduct(replace(stored, template=None), Rules(questions=3)) == Conduct(
        Rules(questions=3)
    )
