"""Somebody of the demonstration in their interview, typing, over the socket that the page uses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from random import Random
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from server.demo.people import Person, Speaker
from server.load.clips import LoadError

TOPICS: Final = ("opening", "planned")
AGAIN_S: Final = 1.0
BEAT_S: Final = 1.0
TRIES: Final = 20
OVER: Final = frozenset({1000, 4409})


class Candidate:
    """``stages``: of the interview, in order, a question each. ``takes_s``: what an answer takes,
    at least and at most. ``breaks``: before the answer to this turn the line breaks for so many
    seconds. ``told`` hears how many topics were reached."""

    def __init__(
        self,
        who: Person,
        stages: Sequence[str],
        takes_s: tuple[float, float],
        told: Callable[[int], None],
        breaks: tuple[int, float] | None = None,
    ) -> None:
        self._speaker = Speaker(who)
        self._stages = stages
        self._takes_s = takes_s
        self._told = told
        self._breaks = breaks
        self._random = Random(who.name)  # noqa: S311  (how long somebody thinks is no secret)
        self._turn = self._answered = self._topic = 0
        self._kind = ""
        self._answering: asyncio.Task[None] | None = None
        self._over = False

    async def hold(self, url: str, token: str) -> None:
        """The whole interview. Raises LoadError."""
        protocols = [Subprotocol("viva.v1"), Subprotocol(f"openai-insecure-api-key.{token}")]
        for _ in range(TRIES):
            try:
                async with connect(url, subprotocols=protocols, proxy=None) as socket:
                    await self._converse(socket)
            except ConnectionClosed as error:
                self._over = self._over or (error.rcvd is not None and error.rcvd.code in OVER)
            except (InvalidHandshake, OSError, TimeoutError) as error:
                why = error
                await asyncio.sleep(AGAIN_S)
                continue
            finally:
                await self._stop()
            if self._over:
                return
            await asyncio.sleep(AGAIN_S)
        raise LoadError(f"the interview at {url} cannot be held: {why!r}")

    async def _converse(self, socket: ClientConnection) -> None:
        beating = asyncio.create_task(_beat(socket))
        try:
            async for message in socket:
                if isinstance(message, str):
                    event = json.loads(message)
                    if await self._breaks_off(event):
                        return
                    await self._hear(event, socket)
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)

    async def _breaks_off(self, event: Mapping[str, Any]) -> bool:
        floor = event["type"] == "viva.floor" and event["floor"] == "listening"
        if self._breaks is None or not floor or event["turn"] != self._breaks[0]:
            return False
        _, seconds = self._breaks
        self._breaks = None
        await asyncio.sleep(seconds)
        return True

    async def _hear(self, event: Mapping[str, Any], socket: ClientConnection) -> None:
        match event["type"]:
            case "viva.question" if event["turn"] > self._turn:
                self._turn, self._kind = event["turn"], event["kind"]
                if self._kind in TOPICS:
                    self._topic += 1
                    self._told(self._topic)
                if self._kind in (*TOPICS, "follow_up"):
                    stage = self._stages[min(self._topic, len(self._stages)) - 1]
                    self._speaker.asked(stage, event["text"])
            case "viva.voice_done" if event["turn"] == self._turn:
                ms = event["duration_ms"]
                played = {"turn": self._turn, "played_ms": ms, "complete": True}
                await _send(socket, "viva.played", **played)
            case "viva.floor" if event["floor"] == "listening" and event["turn"] > self._answered:
                await self._stop()
                self._answering = asyncio.create_task(self._answer(socket, event["turn"]))
            case "viva.ended":
                self._over = True

    async def _answer(self, socket: ClientConnection, turn: int) -> None:
        await asyncio.sleep(self._random.uniform(*self._takes_s))
        said = self._speaker.says()
        with suppress(ConnectionClosed):
            if said is None:  # viva asked what nobody had thought of
                await _send(socket, "viva.control", control="skip")
            else:
                content = [{"type": "input_text", "text": said}]
                item = {"type": "message", "role": "user", "content": content}
                await _send(socket, "conversation.item.create", item=item)
            self._answered = turn

    async def _stop(self) -> None:
        if self._answering is not None:
            self._answering.cancel()
            await asyncio.gather(self._answering, return_exceptions=True)
            self._answering = None


async def _beat(socket: ClientConnection) -> None:
    """As the page does: who says nothing for seconds counts as cut off."""
    with suppress(ConnectionClosed):
        while True:
            await _send(socket, "viva.ping")
            await asyncio.sleep(BEAT_S)


async def _send(socket: ClientConnection, kind: str, **fields: Any) -> None:
    await socket.send(json.dumps({"type": kind, **fields}))
