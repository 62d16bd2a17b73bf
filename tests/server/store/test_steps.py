"""What people want done waits until it is a fact, and is one once."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from server.core.events import InterviewEnded, InterviewStarted, SteppedIn
from server.store import audit, facts, steps
from server.store.pool import new_id
from tests.driver import lease


async def step(pool: asyncpg.Pool, text: str) -> SteppedIn:
    return SteppedIn(str(await new_id(pool)), "question", "user 1", "Mina", text)


async def test_it_waits_in_order_until_it_is_told_and_the_log_has_no_words_of_it(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    first, second, third = [await step(pool, text) for text in ("Why?", "How?", "When?")]
    for one in (first, second, third):
        await steps.add(pool, interview_id, one)
    wanted = [(interview_id, first), (interview_id, second), (interview_id, third)]
    assert await steps.waiting(pool, [interview_id]) == wanted
    newest, *_ = await audit.newest(pool)
    assert (newest.action, newest.detail) == ("interview.stepped_in", {"step": "question"})
    epoch = await lease(pool, interview_id)
    await facts.append(pool, interview_id, epoch, 1, [InterviewStarted("x", "en"), first])
    assert await steps.waiting(pool, [interview_id]) == wanted[1:]
    await facts.append(pool, interview_id, epoch, 3, [InterviewEnded("interviewer")])
    assert await steps.waiting(pool, [interview_id]) == [], "nothing becomes a fact after the end"
