"""What is being done for one interview: what a newer question ends, and what goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from server.realtime.work import Work


class Doings:
    """Each goes on until it is ended."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    async def of(self, name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.append(name)


@pytest.fixture
async def work() -> AsyncIterator[Work]:
    async with asyncio.TaskGroup() as tasks:
        work = Work(tasks)
        yield work
        work.give_up_decoding()
        work.withdraw()
        work.hush()


async def turns() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_one_question_is_written_and_one_is_spoken(work: Work) -> None:
    doings = Doings()
    work.write(1, doings.of("first draft"))
    work.speak(doings.of("first question"))
    await turns()
    work.write(2, doings.of("second draft"))
    work.speak(doings.of("second question"))
    await turns()
    assert doings.ended == ["first draft", "first question"]


async def test_a_draft_is_withdrawn_by_its_revision(work: Work) -> None:
    doings = Doings()
    work.write(2, doings.of("draft"))
    await turns()
    work.withdraw(1)
    await turns()
    assert doings.ended == []
    work.withdraw(2)
    await turns()
    assert doings.ended == ["draft"]


async def test_decoding_goes_on_until_it_is_given_up(work: Work) -> None:
    doings = Doings()
    for name in ("one", "two"):
        work.decode(doings.of(name))
    await turns()
    work.withdraw()
    work.hush()
    await turns()
    assert doings.ended == []
    work.give_up_decoding()
    await turns()
    assert sorted(doings.ended) == ["one", "two"]
