"""An answer of 20,000 characters holds up nobody: no step costs the loop much, however long."""

from __future__ import annotations

import time

import asyncpg
import pytest

from server.core.events import AnswerGiven, AnswerTyped, Effect, Input
from server.core.session import Session
from tests.clock import ClockLoop
from tests.realtime.stage import an_interview, hear_question, stage

LONG = 20_000
MOST_MS = 100
"""Of processor time, for any one step; 20 ms were seen."""

TEXTS = {
    "english": "I moved the nightly reports to Airflow because they kept failing and measured. ",
    "korean": "제가 야간 배치를 에어플로우로 옮겼고 그 뒤로 실패가 절반으로 줄었습니다. ",
    "no-spaces": "가",
    "no-words": "- ",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_a_step_does_not_grow_with_an_answer(
    clock: ClockLoop,
    pool: asyncpg.Pool,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
) -> None:
    costs: list[float] = []
    right = Session.step

    def step(self: Session, event: Input, now_ms: int) -> list[Effect]:
        began = time.process_time()
        effects = right(self, event, now_ms)
        costs.append((time.process_time() - began) * 1_000)
        return effects

    monkeypatch.setattr(Session, "step", step)
    answer = (text * LONG)[:LONG].strip()
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        conductor.take(AnswerTyped(answer))
        await page.event("viva.question", turn=2)
    assert max(costs) < MOST_MS
    assert [given.text for given in await on.told(AnswerGiven)] == [answer]
