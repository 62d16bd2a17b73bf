"""``viva restart`` as it is asked for and told of, over a real socket."""

from __future__ import annotations

import asyncio
import socket
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.renewal import Renewal, RenewalError, place_of, renew
from server.settings import Settings
from server.words import running

PORT = 8000


@asynccontextmanager
async def up(data: Path, port: int = PORT) -> AsyncIterator[Renewal]:
    renewal = Renewal()
    async with renewal.heard(place_of(data, port)):
        yield renewal


def asking(data: Path, said: list[str]) -> asyncio.Task[bool]:
    return asyncio.create_task(asyncio.to_thread(renew, data, PORT, said.append))


@pytest.mark.parametrize("complete", [True, False])
async def test_whoever_asks_is_told_each_step_and_how_it_ended(
    short_folder: Path, complete: bool
) -> None:
    said: list[str] = []
    async with up(short_folder) as renewal:
        asked = asking(short_folder, said)
        await renewal.asked()
        renewal.say("one")
        renewal.end("over", complete=complete)
        assert await asked is complete
    assert said == ["one", "over"]


async def test_who_asks_while_it_is_under_way_waits_for_the_next_one(short_folder: Path) -> None:
    said: list[str] = []
    async with up(short_folder) as renewal:
        renewal.ask()
        await renewal.asked()
        asked = asking(short_folder, said)
        next_one = asyncio.create_task(renewal.asked())
        await asyncio.wait({next_one}, timeout=10)
        renewal.end("the second", complete=True)
        assert await asked
    assert said == ["the second"]


async def test_where_viva_up_ends_meanwhile_it_says_so(short_folder: Path) -> None:
    async with up(short_folder) as renewal:
        asked = asking(short_folder, [])
        await renewal.asked()
    with pytest.raises(RenewalError, match="has ended meanwhile"):
        await asked


async def test_it_is_found_at_another_port_and_behind_one_that_was_killed(
    short_folder: Path,
) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(place_of(short_folder, PORT)))
    async with up(short_folder, 8001) as renewal:
        asked = asking(short_folder, [])
        await renewal.asked()
        renewal.end("over", complete=True)
        assert await asked


def test_where_none_runs_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert running.restart(Namespace(settings=Settings(data=tmp_path / "none"))) == 1
    assert f"no `viva up` runs on {tmp_path / 'none'}" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
