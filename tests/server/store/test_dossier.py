"""One interview is read whole, and others' cards stay with whoever has not rated yet."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import msgspec

from server.evidence.dossier import Dossier
from server.store import audit, decisions, dossier
from server.store.scope import LOCAL, within
from server.store.scorecards import Author
from tests.interviewed import Held, held, recorded
from workers.report import write_report
from workers.tools import Tools

PROMPTS = {"en": {"version": "7"}}
SUBMITTED = """
INSERT INTO scorecards (interview_id, author, version, report_version, ratings, submitted_at)
VALUES ($1, $2, 1, 1, '[{"competency": "Keeps data correct", "level": "yes"}]', now())
"""


async def reported(pool: asyncpg.Pool) -> Held:
    made = await held(pool)
    await write_report({"tools": Tools(pool, None, None, 5)}, str(made.interview_id))
    return made


async def gathered(pool: asyncpg.Pool, of: UUID, rater: str | None = None) -> Dossier:
    found = await dossier.gather(pool, of, PROMPTS, rater=rater, form="json")
    assert found is not None
    return found


async def test_all_of_an_interview_and_nothing_of_another(pool: asyncpg.Pool) -> None:
    made, other = await reported(pool), await held(pool)
    await pool.execute(SUBMITTED, made.interview_id, "user a")
    await decisions.decide(pool, made.interview_id, Author("user a"), "advance", "it was shown")
    found = await gathered(pool, made.interview_id)
    written = msgspec.json.encode(found)
    typed = msgspec.json.encode(msgspec.json.decode(written, type=Dossier))
    assert msgspec.json.decode(typed) == msgspec.json.decode(written), "as its schema says"
    assert str(other.interview_id).encode() not in written
    assert (found.interview.candidate_name, found.organisation_id) == ("Yuna Seo", LOCAL)
    assert [one.turn for one in found.answers] == list(made.answers)
    assert found.facts[0].kind == "interview_started"
    assert len(found.facts) == made.seq
    assert found.prompts == PROMPTS["en"]
    assert {one.part for one in found.used} == {"answers", "questions"}
    assert [one.version for one in found.reports] == [1]
    assert {one.quote for one in found.statements} == {"The report was right on the first day."}
    assert [one.outcome for one in found.decisions] == ["advance"]
    actions = [one.action for one in found.log]
    assert actions[-2:] == ["interview.decided", "interview.exported"]
    newest, *_ = await audit.newest(pool)
    assert (newest.action, newest.detail) == ("interview.exported", {"form": "json"})


async def test_others_cards_after_ones_own_or_a_decision(pool: asyncpg.Pool) -> None:
    made = await reported(pool)
    await pool.execute(SUBMITTED, made.interview_id, "user a")
    assert len((await gathered(pool, made.interview_id)).scorecards) == 1, "who does not rate"
    early = await gathered(pool, made.interview_id, "user b")
    assert (early.scorecards, early.withheld) == ([], 1)
    await pool.execute(SUBMITTED, made.interview_id, "user b")
    late = await gathered(pool, made.interview_id, "user b")
    assert ([one.author for one in late.scorecards], late.withheld) == (["user a", "user b"], 0)
    await decisions.decide(pool, made.interview_id, Author("user a"), "decline", "not shown")
    assert (await gathered(pool, made.interview_id, "user c")).withheld == 0


async def test_nothing_of_nobody_and_of_another_organisation(pool: asyncpg.Pool) -> None:
    made = await held(pool)
    assert await dossier.gather(pool, uuid4(), {}, rater=None, form="json") is None
    with within(uuid4()):
        assert await dossier.gather(pool, made.interview_id, {}, rater=None, form="json") is None


async def test_which_answers_have_sound(pool: asyncpg.Pool) -> None:
    made = await held(pool)
    assert await dossier.recorded(pool, made.interview_id) == []
    await recorded(pool, made)
    assert await dossier.recorded(pool, made.interview_id) == [
        (made.answers[turn], turn) for turn in made.spoken
    ]
