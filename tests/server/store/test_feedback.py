"""One draft at a time; what was sent stays as it is."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.store import audit, feedback
from server.store.pool import transaction
from server.store.scorecards import Author

LEE, KIM = Author("user lee"), Author("user kim")


async def test_a_draft_is_kept_dropped_and_sent(pool: asyncpg.Pool, interview_id: UUID) -> None:
    await feedback.save(pool, interview_id, LEE, "Dear")
    await feedback.save(pool, interview_id, KIM, "Dear you")
    (draft,) = await feedback.of_interview(pool, interview_id)
    assert (draft.text, draft.author, draft.sent_at) == ("Dear you", "user kim", None)
    await feedback.save(pool, interview_id, KIM, "")
    assert await feedback.of_interview(pool, interview_id) == []
    for text in ("Thank you.", "Once more."):
        async with transaction(pool) as connection:
            await feedback.send(connection, interview_id, LEE, text)
    await feedback.save(pool, interview_id, LEE, "A third")
    found = await feedback.of_interview(pool, interview_id)
    assert [(one.text, one.sent_at is None) for one in found] == [
        ("Thank you.", False), ("Once more.", False), ("A third", True),
    ]  # fmt: skip
    assert (await audit.newest(pool))[0].action == "letter.sent"
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute("UPDATE feedback_letters SET text = 'x' WHERE sent_at IS NOT NULL")
    assert await feedback.address(pool, interview_id) is None
