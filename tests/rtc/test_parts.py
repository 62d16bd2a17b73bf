"""Parts of aiortc that are ours, used as aiortc uses them; here nothing of it is replaced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from socket import AF_INET, SOCK_DGRAM, socket

import pytest
from aioice.candidate import Candidate
from aiortc.jitterbuffer import JitterFrame

from server.rtc.opus import FRAME_BYTES, Encoder
from server.rtc.parts import Heard, Way, Ways
from tests.rtc.peer import peer


@pytest.fixture
async def way() -> AsyncIterator[Way]:
    made = Way(ice_controlling=False)
    yield made
    await made.close()


def free_port() -> int:
    with socket(AF_INET, SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


async def test_a_browser_is_told_the_advertised_address_and_a_port_of_the_range(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setattr(Way, "ways", Ways(("127.0.0.1",), "203.0.113.7", (port, port)))
    await way.gather_candidates()
    (told,) = way.local_candidates
    assert (told.host, told.port, told.type) == ("203.0.113.7", port, "host")
    with socket(AF_INET, SOCK_DGRAM) as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))


async def test_where_no_port_is_left_there_is_no_way(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket(AF_INET, SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        monkeypatch.setattr(Way, "ways", Ways(("127.0.0.1",), None, (port, port)))
        await way.gather_candidates()
    assert way.local_candidates == []


async def test_nothing_is_sent_to_what_a_stranger_names(way: Way) -> None:
    with socket(AF_INET, SOCK_DGRAM) as named:
        named.bind(("127.0.0.1", 0))
        named.setblocking(False)
        port = named.getsockname()[1]
        await way.gather_candidates()
        stranger = Candidate("1", 1, "udp", 1, "127.0.0.1", port, "host")
        await way.add_remote_candidate(stranger)
        way.remote_username, way.remote_password = "user", "password" * 3
        trying = asyncio.create_task(way.connect())
        await asyncio.sleep(0.3)
        trying.cancel()
        await asyncio.gather(trying, return_exceptions=True)
        with pytest.raises(BlockingIOError):
            named.recv(1)


async def test_an_offer_has_what_the_peers_of_tests_say() -> None:
    """So that the next test of a call means something."""
    async with peer() as caller:
        assert "a=candidate" in await caller.offer()


def test_what_was_lost_is_heard_and_what_is_broken_is_left_out() -> None:
    heard, encoder = Heard(), Encoder()
    sent = [encoder.encode(bytes(FRAME_BYTES)) for _ in range(3)]
    assert [len(one) for one in heard.decode(JitterFrame(sent[0], 0))] == [FRAME_BYTES]
    assert heard.decode(JitterFrame(b"", 960)) == []
    assert [len(one) for one in heard.decode(JitterFrame(sent[2], 1_920))] == [2 * FRAME_BYTES]
