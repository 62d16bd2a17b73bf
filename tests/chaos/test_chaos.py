"""No failure ends an interview: real processes, frozen and killed under live interviews. A few of
the faults; ``make chaos`` tries them all, and measures."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chaos.house import House
from tests.chaos.plan import SHORT, Fault
from tests.chaos.scenes import SHORT_SIZE, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        async with House(Path(folder)) as house:
            stage = Stage(house, SHORT_SIZE)
            await stage.prepare()
            yield stage


@pytest.mark.parametrize("fault", SHORT, ids=lambda fault: fault.name)
async def test_interviews_go_on_and_nothing_is_lost(stage: Stage, fault: Fault) -> None:
    """How long it takes is told by ``make chaos``: here the machine may be busy."""
    figures = await stage.play(fault)
    assert not figures.wrong, figures.row()
    assert figures.kept == figures.sent
    assert figures.acknowledged >= (SHORT_SIZE.interviews - SHORT_SIZE.spoken) * 2
