"""What candidates say is wrong is kept, in order, and is not without end."""

from __future__ import annotations

import asyncpg
import pytest

from server.store import audit, disputes, resumes
from server.store.disputes import MOST, TooMany


async def test_they_are_kept_in_order_and_no_more_than_so_many(pool: asyncpg.Pool) -> None:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "cv.pdf")
    other, _ = await resumes.add(pool, b"%PDF-2", "cv.pdf")
    for number in range(MOST):
        await disputes.add(pool, resume_id, "work", f"the {number}th")
    with pytest.raises(TooMany):
        await disputes.add(pool, resume_id, "work", "one more")
    kept = await disputes.of_resume(pool, resume_id)
    assert [each.words for each in kept] == [f"the {number}th" for number in range(MOST)]
    assert await disputes.of_resume(pool, resume_id, after=kept[-2].id) == kept[-1:]
    await disputes.add(pool, other, "name", "김")
    assert (await audit.newest(pool))[0].action == "resume.disputed"
    assert {each["disputes"] for each in await resumes.recent(pool)} == {MOST, 1}
