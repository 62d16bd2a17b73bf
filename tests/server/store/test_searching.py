"""What was said is found once the interview is over, within the organisation, and goes with it."""

from __future__ import annotations

from typing import Any

import asyncpg

from server.language.finding import query
from server.store import openings, searching
from server.store.openings import Opening
from server.store.scope import within
from tests.interviewed import Held, Turn, held
from workers.report import write_report
from workers.tools import Tools


async def read(pool: asyncpg.Pool, made: Held) -> None:
    await write_report({"tools": Tools(pool, None, None, 5)}, str(made.interview_id))


async def found(pool: asyncpg.Pool, words: str, **more: Any) -> list[tuple[str, int]]:
    hits = await searching.find(pool, query(words), **more)
    return [(one.candidate_name or "", one.number) for one in hits]


async def test_what_was_said_is_found_again(pool: asyncpg.Pool) -> None:
    korean = (Turn("무엇을 하셨나요?", "처음에는 중복을 제거했습니다. 그다음 큐로 옮겼어요."),)
    made = [await held(pool), await held(pool, korean, name="서유나", language="ko")]
    for one in made:
        await read(pool, one)
    assert await found(pool, "removing duplicates") == [("Yuna Seo", 2)]
    assert await found(pool, "중복 제거") == [("서유나", 1)]
    assert await found(pool, "100%") == []
    opening_id = await openings.add(pool, Opening("Pilot"))
    assert await found(pool, "duplicate", opening_id=opening_id) == []
    said = "UPDATE answers SET text = 'We removed the door.', clear = NULL, words = '[]'"
    await pool.execute(f"{said} WHERE turn = 2 AND interview_id = $1", made[0].interview_id)
    await read(pool, made[0])
    assert await found(pool, "duplicate") == []
    assert await found(pool, "doors") == [("Yuna Seo", 2)]
    with within(await other(pool)):
        assert await found(pool, "doors") == []
    await pool.execute("DELETE FROM interviews WHERE id = $1", made[0].interview_id)
    assert await pool.fetchval("SELECT count(*) FROM said_lines") == 2


async def other(pool: asyncpg.Pool) -> Any:
    return await pool.fetchval("INSERT INTO organisations (name) VALUES ('x') RETURNING id")
