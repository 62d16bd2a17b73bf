"""From one address come so many résumés and interviews within an hour, and to one interview so many
who watch."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from server.store import resumes
from server.store.invitations import Person
from tests.live import Viva, running
from tests.resumes import ENGLISH_RESUME, resume_pdf
from tests.server.store.test_board import LISTENED, another, tell
from tests.web.test_invited import READ, ask, invited
from tests.web.test_metrics import value


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    """Behind a proxy, who says for whom it asks."""
    few: dict[str, Any] = {
        "uploads_per_address": 2,
        "interviews_per_address": 1,
        "watchers_per_interview": 2,
    }
    behind: dict[str, Any] = {
        "public_url": "http://viva.example",
        "trusted_proxies": ("127.0.0.1",),
    }
    async with running(database_url, redis_url, worker=False, **behind, **few) as system:
        yield system


def by(link: dict[str, str], address: str) -> dict[str, str]:
    return {**link, "host": "viva.example", "x-forwarded-for": address}


async def test_an_address_adds_so_much_in_an_hour_and_another_is_not_bound_by_it(
    viva: Viva, pool: asyncpg.Pool
) -> None:
    _, link = await invited(pool, Person("Ada", None, None))
    refused = value("viva_strangers_refused_total", what="uploads")

    told: list[int] = []

    async def upload(address: str, name: str) -> int:
        files = {"file": ("cv.pdf", resume_pdf([*ENGLISH_RESUME, name]))}
        answer = await ask(viva, by(link, address), "POST", "/resume", files=files)
        if answer.status_code == 429:
            assert answer.json()["code"] == "address_many"
            assert 0 < int(answer.headers["retry-after"]) <= 3_600
        assert '"uploads";q=2;w=3600' in answer.headers["ratelimit-policy"]
        (left,) = re.findall(r'"uploads";r=(\d+);t=\d+', answer.headers["ratelimit"])
        told.append(int(left))
        return answer.status_code

    assert [await upload("192.0.2.1", name) for name in "abc"] == [202, 202, 429]
    assert told == [1, 0, 0]
    assert await upload("192.0.2.2", "d") == 202
    assert value("viva_strangers_refused_total", what="uploads") == refused + 1
    ids = [await resumes.add(pool, name.encode(), "cv.pdf") for name in ("%PDF-1", "%PDF-2")]
    entered = []
    for resume_id, _ in ids:
        await resumes.mark_ready(pool, resume_id, READ)
        _, their = await invited(pool, Person("Bo", None, resume_id))
        for _ in range(2):  # who comes back adds nothing
            answer = await ask(viva, by(their, "192.0.2.1"), "POST", "/interview")
            entered.append(answer.status_code)
    assert entered == [200, 200, 429, 429]
    again = await ask(viva, by(their, "192.0.2.9"), "POST", "/interview")
    assert again.status_code == 200, "the link is as good as before"


async def test_programs_on_this_machine_are_not_counted(viva: Viva) -> None:
    for name in "abcd":
        await viva.upload(resume_pdf([*ENGLISH_RESUME, name]))


async def test_so_many_follow_one_interview(viva: Viva, pool: asyncpg.Pool) -> None:
    interview_id = await another(pool, "Ada")
    await tell(pool, interview_id, LISTENED)
    url = f"{viva.base.replace('http', 'ws')}/v1/interviews/{interview_id}/watch"
    async with connect(url) as first, connect(url) as second:
        for socket in (first, second):
            assert json.loads(await socket.recv())["seq"] == 1
        async with connect(url) as third:
            with pytest.raises(ConnectionClosedError) as closed:
                await third.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4429
        await second.close()
        async with asyncio.timeout(30):
            while not await comes_in(url):
                await asyncio.sleep(0.1)


async def comes_in(url: str) -> bool:
    async with connect(url) as socket:
        try:
            await socket.recv()
        except ConnectionClosedError:
            return False
        return True
