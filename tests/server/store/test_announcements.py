"""What happens is told to whoever listens, in the same transaction, and of nobody more than ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from server.core.events import Fact, InterviewEnded, InterviewStarted
from server.store import decisions, erasure, facts, interviews, invitations, openings, webhooks
from server.store.announcements import EVENTS
from server.store.invitations import Person
from server.store.keys import Keys
from server.store.openings import Opening
from server.store.scorecards import Author
from server.store.signing import Signer
from tests.driver import lease
from tests.interviewed import held
from tests.server.store.test_webhooks import HOOKS, URL
from workers.report import write_report
from workers.tools import Tools

TOLD = "SELECT event, data, interview_id, invitation_id FROM webhook_deliveries ORDER BY id"
JOBS = "SELECT count(*) FROM jobs WHERE kind = 'deliver_webhook' AND organisation_id IS NOT NULL"
SUBMITTED = """
INSERT INTO scorecards (interview_id, author, version, report_version, submitted_at)
VALUES ($1, 'user lee', 1, 1, now())
"""


async def test_an_interview_from_its_beginning_to_the_decision(pool: asyncpg.Pool) -> None:
    hook, _ = await HOOKS.add(pool, URL, EVENTS)
    made = await held(pool, name="Yuna Seo")
    await write_report({"tools": Tools(pool, None, None, 5)}, str(made.interview_id))
    await pool.execute(SUBMITTED, made.interview_id)
    await decisions.decide(pool, made.interview_id, Author("user lee"), "decline", "no figure")
    rows = await pool.fetch(TOLD)
    assert [row["event"] for row in rows] == list(EVENTS[1:])
    own = {"interview_id": str(made.interview_id), "opening_id": None, "invitation_id": None}
    assert [row["data"] for row in rows] == [
        own,
        {**own, "end_reason": "complete"},
        {**own, "version": 1},
        {**own, "outcome": "decline"},
    ]
    assert await pool.fetchval(JOBS) == 4
    written = msgspec.json.encode([dict(row) for row in rows])
    for word in (b"Yuna", b"figure", b"Engineer", b"lee"):
        assert word not in written
    erased = await erasure.erase(pool, made.resume_id, Signer(Keys((bytes(32),))), "company")
    assert await webhooks.deliveries(pool, hook.id) == []
    assert erased.receipt is not None


async def test_whoever_is_invited(pool: asyncpg.Pool) -> None:
    await HOOKS.add(pool, URL, ["interview.invited"])
    opening_id = await openings.add(pool, Opening("Data Engineer"))
    until = datetime.now(UTC) + timedelta(days=7)
    people = [Person("Kim", "kim@example.com"), Person("Lee", "lee@example.com")]
    added = await invitations.add(pool, opening_id, people, until)
    rows = await pool.fetch(TOLD)
    assert {row["invitation_id"] for row in rows} == {one.id for one in added}
    assert {row["data"]["opening_id"] for row in rows} == {str(opening_id)}
    assert "Kim" not in str(rows)
    assert await pool.fetchval(JOBS) == 2


async def test_nothing_is_told_to_whoever_does_not_listen(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    other, _ = await HOOKS.add(pool, URL, ["report.ready"])
    off, _ = await HOOKS.add(pool, URL, EVENTS)
    await webhooks.change(pool, off.id, None, None, enabled=False)
    epoch = await lease(pool, interview_id)
    told: list[Fact] = [InterviewStarted("Data Engineer", "en"), InterviewEnded("complete")]
    await facts.append(pool, interview_id, epoch, 1, told)
    assert await pool.fetch(TOLD) == []
    assert await interviews.exists(pool, interview_id)
    assert await webhooks.deliveries(pool, other.id) == []
