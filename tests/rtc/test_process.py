"""A process holds as many calls as it bears, and forgets those that came to nothing."""

from __future__ import annotations

import asyncio

import pytest

from server.rtc import call
from server.rtc.process import Calls
from server.switchboard import Offer
from tests.rtc.peer import peer

NOWHERE = "ws://127.0.0.1:1"


async def offered(calls: Calls, name: str, sdp: str | None = None) -> tuple[bool, str | None]:
    async with peer() as caller:
        answer = await calls.take(Offer(name, sdp or await caller.offer(), "ek_x", "viva", "reply"))
    return answer.sdp is not None, answer.why


async def test_so_many_and_no_more() -> None:
    calls = Calls(NOWHERE, 1)
    try:
        assert await offered(calls, "rtc_a_1") == (True, None)
        assert calls.room() == 0
        assert await offered(calls, "rtc_a_2") == (False, None)
        calls.leaving = True
        assert calls.room() == 0
    finally:
        await calls.close()
    assert len(calls) == 0


@pytest.mark.parametrize(
    ("sdp", "why"),
    [
        ("v=0", "one audio section"),
        ("v=0\r\nm=audio 9 x 0\r\nm=audio 9 x 0\r\n", "one audio section"),
        ("v=0\r\nm=audio 9 x 0\r\nm=video 9 x 0\r\n", "one audio section"),
        ("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n", "cannot be understood"),
        ("v=0\r\nm=audio x\r\n", "cannot be understood"),
        ("v=0" + " " * 70_000, "longer"),
    ],
)
async def test_what_cannot_be_answered_is_refused_and_takes_no_room(sdp: str, why: str) -> None:
    calls = Calls(NOWHERE, 1)
    answered, told = await offered(calls, "rtc_a_1", sdp)
    assert not answered
    assert why in str(told)
    assert (len(calls), calls.room()) == (0, 1)


async def test_a_call_that_nobody_comes_to_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "COME_S", 0.2)
    calls = Calls(NOWHERE, 1)
    assert (await offered(calls, "rtc_a_1"))[0]
    async with asyncio.timeout(20):
        await calls.over()
    assert calls.room() == 1
