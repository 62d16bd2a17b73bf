"""``viva rtc``: holds as many calls as it bears, and leaves when the last of them has ended."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import structlog
import uvloop
from prometheus_client import start_http_server
from redis.asyncio import Redis

from server import metrics
from server.background import end
from server.call_metrics import follow_calls
from server.environment import secret
from server.rtc import parts
from server.rtc.call import Call, NoOffer
from server.rtc.opus import library
from server.rtc.parts import Ways
from server.settings import Settings
from server.siblings import Siblings
from server.switchboard import Answer, Desk, Line, Offer

log = structlog.get_logger()


class Calls:
    """``most`` at a time. ``server``: where interviews are, as of Link."""

    def __init__(self, server: str, most: int) -> None:
        self._server = server
        self._most = most
        self._calls: dict[str, Call] = {}
        self._running: set[asyncio.Task[None]] = set()
        self.leaving = False

    def __len__(self) -> int:
        return len(self._calls)

    def room(self) -> int:
        return 0 if self.leaving else self._most - len(self._calls)

    async def take(self, offer: Offer) -> Answer:
        if self.room() <= 0:
            return Answer()
        call = Call(offer, self._server)
        self._calls[offer.call_id] = call
        try:
            sdp = await call.answer()
        except NoOffer as error:
            await self._forget(call)
            return Answer(why=str(error))
        task = asyncio.create_task(self._hold(call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return Answer(sdp)

    def hang_up(self, call_id: str) -> None:
        if (call := self._calls.get(call_id)) is not None:
            call.hang_up()

    async def _hold(self, call: Call) -> None:
        log.info("a call began", call=call.call_id, calls=len(self))
        try:
            await call.run()
        except Exception:
            log.exception("a call broke off", call=call.call_id)
        finally:
            await self._forget(call)
            log.info("a call ended", call=call.call_id, calls=len(self))

    async def _forget(self, call: Call) -> None:
        self._calls.pop(call.call_id, None)
        await call.close()

    async def over(self) -> None:
        """Once all that are there have ended."""
        await asyncio.gather(*self._running)

    async def close(self) -> None:
        """All that are left."""
        await end(*self._running)


def rtc(settings: Settings, beside: Path | None = None) -> None:
    """Until SIGTERM, and then for as long as ``VIVA_DRAIN_SECONDS`` or calls last; SIGINT ends it
    at once. ``beside``: where servers ask for our figures, see Siblings; without it whoever comes
    to ``VIVA_RTC_METRICS`` is told them. Raises EngineError where no sound could be decoded here,
    OSError where that port is taken."""
    library()
    if beside is None and settings.rtc_metrics is not None:
        start_http_server(settings.rtc_metrics, settings.host, metrics.REGISTRY)
    uvloop.run(_run(settings, Siblings(beside)))


def _set(*events: asyncio.Event) -> None:
    for event in events:
        event.set()


async def _run(settings: Settings, siblings: Siblings) -> None:
    url = secret(settings.redis_url)
    assert url is not None
    parts.put_in(Ways(settings.rtc_addresses, settings.rtc_advertised, settings.rtc_ports))
    calls = Calls(settings.rtc_server_url, settings.rtc_sessions)
    follow_calls(lambda: len(calls))
    stop, now = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number, asked in ((signal.SIGTERM, (stop,)), (signal.SIGINT, (stop, now))):
        loop.add_signal_handler(number, _set, *asked)
    async with siblings.heard(), Redis.from_url(url) as redis:
        line = Line(redis, Desk(calls.room, calls.take, calls.hang_up))
        serving = asyncio.create_task(line.serve())
        log.info("calls are held here", process=line.process, most=settings.rtc_sessions)
        try:
            await stop.wait()
            calls.leaving = True
            over, hurry = asyncio.create_task(calls.over()), asyncio.create_task(now.wait())
            await asyncio.wait(
                {over, hurry}, timeout=settings.drain_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            await end(over, hurry)
        finally:
            await end(serving)
            await calls.close()
