"""A voice on a server, and the one of this machine for whenever it is silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final, Protocol

import structlog

from server.clock import now
from server.core.events import Language
from server.engines.breaker import Breaker
from server.ports import VOICE_RATE, EngineError

SILENCE_S: Final = 1.5
"""The longest that a listener waits for the next piece: then the other voice says the whole."""

PROBE_S: Final = 5.0
PAUSE: Final = bytes(VOICE_RATE * 2 // 5)
"""200 ms between what one voice began and the other says from the start."""

log = structlog.get_logger()


class Speaker(Protocol):
    """A ``Voice`` whose sound can be closed."""

    name: str

    def speak(
        self, text: str, language: Language, rate: float = 1.0
    ) -> AsyncGenerator[bytes, None]: ...

    async def close(self) -> None: ...


class ServerSpeaker(Speaker, Protocol):
    async def check(self) -> tuple[bool, str]: ...


class BackedVoice:
    """A ``Voice``. A server that fails once is left alone for a while; whether it speaks again is
    tried beside the other voice, so that an outage costs one question its second and a half."""

    def __init__(self, server: ServerSpeaker, ours: Speaker) -> None:
        self._server = server
        self._ours = ours
        self._breaker = Breaker(failures=1)
        self._trouble = ""
        self._probe: asyncio.Task[None] | None = None
        self.name = server.name

    async def speak(
        self, text: str, language: Language, rate: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """As the port says; of the two voices the last one's EngineError."""
        if self._trouble:
            self._try_again(text, language, rate)
        else:
            begun = False
            try:
                async with aclosing(self._at_once(text, language, rate)) as pieces:
                    async for pcm in pieces:
                        begun = True
                        yield pcm
                return
            except EngineError as error:
                self._failed(error)
            if begun:
                yield PAUSE
        async with aclosing(self._ours.speak(text, language, rate)) as pieces:
            async for pcm in pieces:
                yield pcm

    async def check(self) -> tuple[bool, str]:
        """Whether the server can be expected to speak, and who does where it cannot."""
        ok, why = await self._server.check()
        if ok and not self._trouble:
            return True, why
        return False, f"{self._trouble or why}; {self._ours.name} speaks meanwhile"

    async def close(self) -> None:
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.gather(self._probe, return_exceptions=True)
        await self._server.close()
        await self._ours.close()

    async def _at_once(
        self, text: str, language: Language, rate: float
    ) -> AsyncGenerator[bytes, None]:
        """The server's, without a silence: pieces that are ahead of the listener may wait."""
        heard_until = now()
        async with aclosing(self._server.speak(text, language, rate)) as pieces:
            while True:
                try:
                    async with asyncio.timeout_at(max(now(), heard_until) + SILENCE_S):
                        pcm = await anext(pieces, b"")
                except TimeoutError as error:
                    raise EngineError(f"{self._server.name} stopped speaking") from error
                if not pcm:
                    return
                heard_until = max(now(), heard_until) + len(pcm) / 2 / VOICE_RATE
                yield pcm

    def _failed(self, error: EngineError) -> None:
        log.warning("another voice speaks", voice=self._ours.name, reason=str(error))
        self._trouble = str(error)
        self._breaker.failed(_now_ms())

    def _try_again(self, text: str, language: Language, rate: float) -> None:
        """Where it has rested: unheard, with the words that are spoken by the other one now."""
        if self._breaker.state == "open" and self._breaker.allows(_now_ms()):
            self._breaker.begin(_now_ms())
            self._probe = asyncio.create_task(self._speaks(text, language, rate))

    async def _speaks(self, text: str, language: Language, rate: float) -> None:
        try:
            async with (
                asyncio.timeout(PROBE_S),
                aclosing(self._at_once(text, language, rate)) as pieces,
            ):
                await anext(pieces)
        except (EngineError, TimeoutError, StopAsyncIteration):
            self._breaker.failed(_now_ms())
            return
        self._breaker.succeeded()
        self._trouble = ""
        log.info("the voice speaks again", voice=self.name)


def _now_ms() -> int:
    return int(now() * 1_000)
