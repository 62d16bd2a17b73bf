"""Parts of aiortc that are ours: how a way to the browser is found, how sound that was lost is
heard, and how long it is waited for. They take the place of aiortc's own, in this process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import aiortc.rtcicetransport
import aiortc.rtcrtpreceiver
import structlog
from aioice import ice
from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aiortc.jitterbuffer import JitterBuffer, JitterFrame

from server.ports import EngineError
from server.rtc.opus import Decoder

HELD: Final = 8
"""Packets that wait for one that is late, 160 ms; aiortc waits for twice as many, and from the
first that is lost on everything is so much later."""
AHEAD: Final = 2
TRIES: Final = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ways:
    """``addresses``: on which UDP is heard; ``advertised``: under which browsers find the first of
    them, where that is another; ``ports``: first and last; None: any."""

    addresses: Sequence[str]
    advertised: str | None = None
    ports: tuple[int, int] | None = None


class Way(ice.Connection):
    """To one browser, which comes to us: nothing is sent to any address that it names, but to where
    somebody comes from who has our password."""

    ways = Ways(("127.0.0.1",))

    async def add_remote_candidate(self, remote_candidate: Candidate | None) -> None:
        return

    async def get_component_candidates(
        self, component: int, addresses: list[str], timeout: int = 5
    ) -> list[Candidate]:
        found = []
        for number, address in enumerate(self.ways.addresses):
            protocol = await self._bound(address)
            if protocol is None:
                continue
            shown = self.ways.advertised if number == 0 and self.ways.advertised else address
            port = protocol.transport.get_extra_info("sockname")[1]
            protocol.local_candidate = Candidate(
                foundation=candidate_foundation("host", "udp", shown),
                component=component,
                transport="udp",
                priority=candidate_priority(component, "host"),
                host=shown,
                port=port,
                type="host",
            )
            self._protocols.append(protocol)
            found.append(protocol.local_candidate)
        return found

    async def _bound(self, address: str) -> Any:
        """None where no port is free."""
        loop = asyncio.get_running_loop()
        for port in self._ports():
            try:
                _, protocol = await loop.create_datagram_endpoint(
                    lambda: ice.StunProtocol(self), local_addr=(address, port)
                )
            except OSError:
                continue
            return protocol
        log.error("no UDP port is free for a call", address=address)
        return None

    def _ports(self) -> Sequence[int]:
        if self.ways.ports is None:
            return (0,)
        first, last = self.ways.ports
        every = range(first, last + 1)
        return random.sample(every, min(TRIES, len(every)))


class Heard:
    """Takes aiortc's decoder's place, whose ``frames`` go through it unseen: PCM16 mono 24 kHz."""

    def __init__(self) -> None:
        self._decoder = Decoder()

    def decode(self, encoded_frame: JitterFrame) -> list[bytes]:
        try:
            return [self._decoder.decode(encoded_frame.data, encoded_frame.timestamp)]
        except EngineError as error:
            log.warning("a packet of sound was left out", error=str(error))
            return []


class _Waiting(JitterBuffer):
    def __init__(self, capacity: int, prefetch: int = 0, is_video: bool = False) -> None:
        super().__init__(*((capacity, prefetch, True) if is_video else (HELD, AHEAD)))


def put_in(ways: Ways) -> None:
    """For all calls of this process."""
    Way.ways = ways
    replaced: Any = aiortc.rtcicetransport
    replaced.Connection = Way
    replaced = aiortc.rtcrtpreceiver
    replaced.get_decoder = lambda _: Heard()
    replaced.JitterBuffer = _Waiting
