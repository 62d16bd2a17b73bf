"""Servers behind one socket: whichever of them is asked for figures answers with those of all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import structlog

from server import metrics
from server.metrics import Family

ASK_S = 2.0

log = structlog.get_logger()


class Siblings:
    """``place``: of a Unix socket of ours, ``WHATEVER-NUMBER.sock``; those of the others lie beside
    it and differ in their number, or, of processes that serve nobody, in their name and number:
    ``WHATEVER-NAME-NUMBER.sock``. None: there are no others."""

    def __init__(self, place: Path | None = None) -> None:
        self._place = place

    @asynccontextmanager
    async def heard(self) -> AsyncIterator[None]:
        """Meanwhile whoever connects to our socket is told our figures."""
        if self._place is None:
            yield
            return
        self._place.unlink(missing_ok=True)  # of one that was killed and had our number
        listening = await asyncio.start_unix_server(_tell, self._place)
        try:
            yield
        finally:
            listening.close()
            self._place.unlink(missing_ok=True)

    async def exposition(self) -> bytes:
        """In the text format of Prometheus: of all, each with its number as ``server``; where we
        are alone without. One that is gone, or says nothing for two seconds, is left out."""
        if self._place is None:
            return metrics.exposition()
        alike = f"{self._place.stem.rpartition('-')[0]}-"
        places = sorted(self._place.parent.glob(f"{alike}*.sock"))
        answers = await asyncio.gather(*(_ask(one) for one in places))
        numbers = [place.stem.removeprefix(alike) for place in places]
        return metrics.of_all({n: said for n, said in zip(numbers, answers, strict=True) if said})


async def _tell(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(msgspec.msgpack.encode(metrics.families()))
    writer.close()
    await writer.wait_closed()


async def _ask(place: Path) -> list[Family]:
    try:
        async with asyncio.timeout(ASK_S):
            reader, writer = await asyncio.open_unix_connection(place)
            try:
                return msgspec.msgpack.decode(await reader.read(), type=list[Family])
            finally:
                writer.close()
    except (ConnectionRefusedError, FileNotFoundError):  # it was killed, or has just left
        return []
    except (OSError, TimeoutError, msgspec.MsgspecError) as error:
        log.warning("a server gave no figures", server=place.stem, error=type(error).__name__)
        return []
