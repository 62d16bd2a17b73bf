"""How an interview stands follows from its facts, and is kept with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from server.core.events import (
    AnswerGiven,
    AudioMissed,
    AudioReturned,
    CandidateConnected,
    CandidateDisconnected,
    ControlTaken,
    Fact,
    FloorPassed,
    InterviewEnded,
    InterviewStarted,
    QuestionAsked,
    QuestionTakenBack,
    SegmentHeard,
    SegmentPending,
    SpeechStarted,
    SpeechStopped,
    SteppedIn,
    UtteranceUnderstood,
)
from server.store import facts, interviews, standings
from server.store.standings import Standing
from server.store.versions import VERSION
from tests.driver import lease
from tests.server.store.test_versions import facts as as_facts
from tests.server.store.test_versions import golden

AT = datetime(2026, 11, 30, tzinfo=UTC)
QUESTION = "00000000-0000-7000-8000-000000000001"
ASKED = QuestionAsked(1, QUESTION, "Why?", "bank", "opening", "introduction", None, None, None)
HEARD = SegmentHeard(1, 1, 0, 500, "Is the rota weekly?", (), "test", None)
READ = UtteranceUnderstood(
    1, "question_company", 0.9, "none", True, False, ("question_company",), "answer", False,
    noted=True,
)  # fmt: skip
ACT = SteppedIn("s", "answer", "user 1", "Mina", "Yes, it is.", about=1)
HERE = Standing().apply(CandidateConnected(0), AT).apply(ASKED, AT)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def after(*told: Fact, before: Standing = HERE) -> Standing:
    """One second between each."""
    for place, fact in enumerate(told, start=1):
        before = before.apply(fact, later(place))
    return before


def test_who_talks_and_since_when() -> None:
    one = after(FloorPassed(1, "listening", 0), SpeechStarted(1, 1, 0))
    assert (one.floor, one.talking, one.talked_at) == ("listening", True, later(2))
    assert not after(SpeechStopped(1, 1, 9), before=one).talking
    assert not after(FloorPassed(1, "thinking", 9), before=one).talking


def test_the_time_stands_still_while_nobody_is_there_and_in_a_pause() -> None:
    gone = HERE.apply(CandidateDisconnected(0), later(30))
    assert (gone.present, gone.spent_ms, gone.runs_since) == (False, 30_000, None)
    back = gone.apply(CandidateConnected(0), later(90))
    paused = back.apply(ControlTaken(1, "pause", "button", 0), later(100))
    assert (paused.spent_ms, paused.runs_since, paused.paused_at) == (40_000, None, later(100))
    away = paused.apply(CandidateDisconnected(0), later(120))
    still = away.apply(CandidateConnected(0), later(130))
    assert still.runs_since is None
    on = still.apply(ControlTaken(1, "resume", "interviewer", 0), later(140))
    assert (on.runs_since, on.paused_at) == (later(140), None)
    asked = on.apply(replace(ASKED, turn=2, elapsed_ms=55_000), later(150))
    assert (asked.spent_ms, asked.runs_since, asked.turns) == (55_000, later(150), 2)


def test_what_nobody_hears_and_what_nobody_makes_out() -> None:
    deaf = after(AudioMissed(1, 0))
    assert deaf.unheard_at == later(1)
    assert after(AudioReturned(1, 0), before=deaf).unheard_at is None
    lost = replace(HEARD, unclear="lost")
    assert after(lost, replace(HEARD, error="late")).unclear == 2
    assert after(lost, HEARD).unclear == 0


def test_a_question_waits_for_a_person_until_it_is_answered() -> None:
    asked = after(READ, replace(READ, turn=2))
    assert (asked.asks, asked.asks_at) == ((1, 2), later(1))
    one = asked.apply(ACT, later(9))
    assert (one.asks, one.asks_at) == ((2,), later(1))
    none = one.apply(replace(ACT, about=2), later(10))
    assert (none.asks, none.asks_at) == ((), None)


def test_a_question_that_was_answered_from_the_facts_waits_for_nobody() -> None:
    assert after(replace(READ, noted=False)).asks == ()


def test_distress_calls_for_a_person_until_one_does_something() -> None:
    hurt = after(replace(READ, act="distress", noted=False))
    assert (hurt.help, hurt.help_at) == ("distress", later(1))
    worse = after(replace(READ, act="answer", self_harm=True), replace(READ, act="distress"))
    assert worse.help == "self_harm"
    assert after(replace(ACT, step="leave", about=None), before=worse).help == "self_harm"
    assert after(replace(ACT, step="listen", about=None), before=worse).help is None


def test_a_moment_is_granted_and_over_with_the_first_word() -> None:
    granted = after(ControlTaken(1, "moment", "button", 0))
    assert granted.rests_at == later(1)
    assert after(replace(READ, act="wish_moment", noted=False)).rests_at == later(1)
    assert after(SpeechStarted(1, 2, 0), before=granted).rests_at is None


def test_a_person_leads_and_changes_the_time() -> None:
    led = after(replace(ACT, step="take_over"), replace(ACT, step="time", minutes=5))
    assert (led.led, led.more_minutes) == (True, 5)
    assert not after(replace(ACT, step="hand_back"), before=led).led


def test_a_question_that_is_taken_back_was_not_asked() -> None:
    answer = AnswerGiven(1, QUESTION, QUESTION, "Yes.", (), "test", "en", "en")
    two = after(answer, replace(ASKED, turn=2))
    assert (two.turns, two.answers) == (2, 1)
    back = after(QuestionTakenBack(2, QUESTION, 1, (), 0), before=two)
    assert (back.turns, back.answers) == (1, 0)


def test_at_the_end_nobody_is_there_and_the_time_stands() -> None:
    over = HERE.apply(InterviewEnded("complete"), later(60))
    assert (over.present, over.floor, over.spent_ms, over.runs_since) == (False, None, 60_000, None)


def test_all_other_facts_leave_it_as_it_is() -> None:
    some = replace(HERE, talking=True, help="human", asks=(1,), unclear=2, rests_at=AT)
    told = [one for one in as_facts(golden(VERSION)) if not isinstance(one, standings.TOLD_BY)]
    assert {type(one).__name__ for one in told} >= {"QuestionHeard", "SegmentPending", "TurnTimed"}
    for one in told:
        assert some.apply(one, later(1)) == some, one


async def test_it_is_stored_with_the_facts(pool: asyncpg.Pool, interview_id: UUID) -> None:
    epoch = await lease(pool, interview_id)
    told: list[Fact] = [InterviewStarted("Role", "en"), CandidateConnected(0), ASKED, HEARD, READ]
    await facts.append(pool, interview_id, epoch, 1, told)
    row = await pool.fetchrow("SELECT * FROM standings WHERE interview_id = $1", interview_id)
    assert row is not None
    assert (row["present"], row["turns"], row["asks"]) == (True, 1, [1])
    async with pool.acquire() as connection:
        await standings.begin(connection, interview_id, 30)
    await facts.append(pool, interview_id, epoch, 6, [ACT])
    row = await pool.fetchrow("SELECT * FROM standings WHERE interview_id = $1", interview_id)
    assert row is not None
    assert (row["asks"], row["minutes"], row["asks_at"]) == ([], 30, None)


async def test_who_comes_back_to_what_was_abandoned_goes_on(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await pool.execute("UPDATE interviews SET status = 'abandoned', abandoned_at = now()")
    epoch = await lease(pool, interview_id)
    await facts.append(pool, interview_id, epoch, 1, [CandidateConnected(0)])
    stored = await interviews.get(pool, interview_id)
    assert stored is not None
    assert stored.status == "live"


TALK: list[Fact] = [
    CandidateConnected(0), ASKED, FloorPassed(1, "listening", 900), SpeechStarted(1, 1, 950),
    SpeechStopped(1, 1, 1_400), HEARD, replace(HEARD, segment=2, unclear="lost"), READ,
    AudioMissed(1, 2_000), AudioReturned(1, 2_100), ControlTaken(1, "moment", "button", 2_150),
    SpeechStarted(1, 3, 2_200), FloorPassed(1, "thinking", 2_300),
    replace(READ, act="distress"), replace(HEARD, segment=3), SpeechStopped(1, 3, 2_400),
]  # fmt: skip


async def test_told_in_one_go_it_stands_as_it_would(pool: asyncpg.Pool, interview_id: UUID) -> None:
    """Also when its times are taken from what was known, and its waiting sound is words."""
    epoch = await lease(pool, interview_id)
    begun = await pool.fetchval("SELECT now()")
    pending = SegmentPending(1, 1, 0, 500, "en", "late")
    known = await facts.append(pool, interview_id, epoch, 1, [pending])
    assert known is None
    expected = Standing()
    for seq, fact in enumerate(TALK, start=2):
        expected = expected.apply(fact, begun)
        known = await facts.append(pool, interview_id, epoch, seq, [fact], known)
        row = await pool.fetchrow("SELECT * FROM standings WHERE interview_id = $1", interview_id)
        assert row is not None
        stands = {name: row[name] for name in standings.COLUMNS}
        assert known == Standing(**{**stands, "asks": tuple(row["asks"])})
        for name in standings.COLUMNS:
            told, was = getattr(known, name), getattr(expected, name)
            if name in standings.TIMES and was is not None:
                assert begun <= told < standings.NOW
            else:
                assert told == was, (name, fact)
    assert await pool.fetchval("SELECT count(*) FROM pending_segments") == 0
    stored = await facts.everything(pool, interview_id)
    assert facts.told(stored) == [pending, *TALK]


async def test_what_is_told_in_one_go_is_told_by_the_driver_once(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    epoch, talks = await lease(pool, interview_id), SpeechStarted(1, 1, 640)
    known = await facts.append(pool, interview_id, epoch, 1, [CandidateConnected(0)])
    assert known is not None
    await facts.append(pool, interview_id, epoch, 2, [talks], known)
    for number, of in ((2, epoch), (3, epoch - 1)):
        with pytest.raises(facts.OutOfTurn):
            await facts.append(pool, interview_id, of, number, [SpeechStopped(1, 1, 900)], known)
    assert await pool.fetchval("SELECT talking FROM standings") is True
    assert len(await facts.everything(pool, interview_id)) == 2
