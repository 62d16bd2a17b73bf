"""What was put right is in the résumé, and what it was is kept."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest

from server.store import corrections, interviews, resumes
from server.store.corrections import AlreadyUsed, NotReady


async def header(pool: asyncpg.Pool, resume_id: UUID) -> dict[str, object]:
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert stored.structured_data is not None
    found: dict[str, object] = stored.structured_data["header"]
    return found


async def test_each_correction_keeps_what_stood_there_before(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    await corrections.correct(pool, resume_id, "name", "김민지", "Lee")
    await corrections.correct(pool, resume_id, "name", None, "Park")
    first, second = await corrections.of_resume(pool, resume_id)
    assert (first.old_value, first.new_value, first.corrected_by) == ("Kim", "김민지", "Lee")
    assert (second.old_value, second.new_value, second.corrected_by) == ("김민지", None, "Park")
    assert first.corrected_at < second.corrected_at
    assert await corrections.of_resume(pool, resume_id, after=first.id) == [second]
    assert await corrections.of_resume(pool, resume_id, limit=1) == [first]
    assert await header(pool, resume_id) == {"name": None, "target_role": "Data Engineer"}


@pytest.mark.parametrize(
    ("role", "source", "confidence"), [("Pilot", "correction", 1.0), (None, None, None)]
)
async def test_a_corrected_role_rests_on_nothing_in_the_document(
    pool: asyncpg.Pool, resume_id: UUID, role: str | None, source: str | None, confidence: object
) -> None:
    await corrections.correct(pool, resume_id, "target_role", role, "Lee")
    assert await header(pool, resume_id) == {
        "name": "Kim",
        "target_role": role,
        "target_role_source": source,
        "target_role_confidence": confidence,
        "target_role_evidence": None,
        "target_role_unconfirmed": None,
    }


async def test_nothing_is_corrected_once_an_interview_was_made(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    assert await interviews.create(pool, resume_id) is not None
    with pytest.raises(AlreadyUsed):
        await corrections.correct(pool, resume_id, "target_role", "Zookeeper", "Lee")
    assert (await header(pool, resume_id))["target_role"] == "Data Engineer"
    assert await corrections.of_resume(pool, resume_id) == []


async def test_what_was_not_read_cannot_be_corrected(pool: asyncpg.Pool) -> None:
    queued, _ = await resumes.add(pool, b"%PDF-", "cv.pdf")
    for resume in (queued, uuid4()):
        with pytest.raises(NotReady):
            await corrections.correct(pool, resume, "name", "Kim", "Lee")
