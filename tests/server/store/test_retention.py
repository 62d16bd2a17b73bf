"""What is kept goes by two clocks, each organisation's own, and what is held stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from server.store import audit, holds, interviews, organisations, resumes, retention
from server.store.keys import Keys
from server.store.recordings import Chunk, add
from server.store.retention import Kept, Spans
from server.store.scope import LOCAL
from server.store.signing import Signer
from tests.driver import lease

SIGNER = Signer(Keys((bytes(32),)))
NOTHING = Kept(0, 0, 0)


@pytest.fixture
async def heard(pool: asyncpg.Pool, interview_id: UUID, resume_id: UUID) -> UUID:
    """The interview, with sound and with pictures of the résumé; it has ended."""
    await resumes.add_pages(pool, resume_id, [(1, 595.0, 842.0, b"picture")])
    epoch = await lease(pool, interview_id)
    await add(pool, [(interview_id, epoch, Chunk(1, 0, 0, 1_000, 0, True, b"sealed"))])
    await pool.execute("UPDATE interviews SET status = 'ended', ended_at = now()")
    return interview_id


async def after(pool: asyncpg.Pool, days: float) -> Kept:
    now = datetime.now(UTC) + timedelta(days=days)
    return await retention.let_go(pool, SIGNER, now, 30)


async def count(pool: asyncpg.Pool, table: str) -> int:
    found: int = await pool.fetchval(f"SELECT count(*) FROM {table}")
    return found


async def test_sound_pictures_and_file_go_first_and_everything_later(
    pool: asyncpg.Pool, heard: UUID, resume_id: UUID
) -> None:
    assert await after(pool, 29) == NOTHING
    assert await after(pool, 31) == Kept(1, 1, 0)
    for table in ("recording_chunks", "resume_pages", "resume_files"):
        assert await count(pool, table) == 0, table
    stored = await interviews.get(pool, heard)
    assert stored is not None
    assert stored.resume["header"]["name"] == "Kim"
    assert await after(pool, 31) == NOTHING, "again is harmless"
    assert await after(pool, 1_825) == NOTHING
    assert await after(pool, 1_827) == Kept(0, 0, 1)
    assert await resumes.get(pool, resume_id) is None
    assert await count(pool, "erasure_receipts") == 1
    actions = [(one.action, one.subject) for one in await audit.newest(pool)][:3]
    assert actions == [
        ("person.erased", f"resume {resume_id}"),
        ("media.expired", f"resume {resume_id}"),
        ("media.expired", f"interview {heard}"),
    ]


async def test_each_organisation_has_its_own_clocks(pool: asyncpg.Pool, heard: UUID) -> None:
    assert await retention.spans(pool, 30) == Spans(30, 1_826)
    await organisations.change(pool, LOCAL, {"media_days": 7, "record_days": 90})
    assert await retention.spans(pool, 30) == Spans(7, 90)
    assert await after(pool, 6) == NOTHING
    assert await after(pool, 8) == Kept(1, 1, 0)
    assert await after(pool, 91) == Kept(0, 0, 1)


async def test_what_came_later_begins_the_time_anew(
    pool: asyncpg.Pool, heard: UUID, resume_id: UUID
) -> None:
    await pool.execute("UPDATE resumes SET updated_at = updated_at - interval '60 days'")
    assert await after(pool, 1) == NOTHING, "the interview was later"
    await pool.execute(
        "UPDATE interviews SET ended_at = ended_at - interval '60 days',"
        " created_at = created_at - interval '60 days'"
    )
    other = await interviews.create(pool, resume_id)
    assert other is not None
    assert await after(pool, 1) == Kept(1, 0, 0), "its résumé is needed still"


@pytest.mark.parametrize("whole", [True, False])
async def test_a_hold_stops_both_clocks(
    pool: asyncpg.Pool, heard: UUID, resume_id: UUID, whole: bool
) -> None:
    named = {"resume_id": resume_id} if whole else {"interview_id": heard}
    hold = await holds.place(pool, "a claim", **named)
    assert hold is not None
    assert await after(pool, 4_000) == NOTHING
    await holds.lift(pool, hold.id)
    assert await after(pool, 4_000) == Kept(1, 1, 1)


async def test_many_go_in_batches(
    pool: asyncpg.Pool, heard: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        await resumes.add(pool, f"%PDF-{n}".encode(), "cv.pdf")
    monkeypatch.setattr(retention, "BATCH", 2)
    for name in ("SOUND_DUE", "PAGES_DUE", "PEOPLE_DUE"):
        monkeypatch.setattr(
            retention, name, getattr(retention, name).replace("LIMIT 100", "LIMIT 2")
        )
    assert await after(pool, 31) == Kept(1, 4, 0)
    assert await after(pool, 4_000) == Kept(0, 0, 4)
    assert await count(pool, "resumes") == 0
