"""Which engine does the work of a role, and why: the best one that can be had."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard, runtime_checkable

import structlog

from server.core.events import Language
from server.engines import registry
from server.engines.lanes import Batch, Tell
from server.engines.registry import EngineSettings, Row
from server.engines.variables import SpeechToText
from server.language.pack import shipped
from server.ports import Captioner, EngineError, SpeechRecognizer, Transcript, Unheard

log = structlog.get_logger()

RETIRE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class EngineInUse:
    """What ``/engines`` shows of one engine. ``settled``: it will not change by itself."""

    role: str
    name: str
    why: str
    languages: tuple[Language, ...]
    settled: bool


@runtime_checkable
class Remote(Protocol):
    """An engine on a server, which may not answer."""

    async def check(self) -> tuple[bool, str]:
        """Whether it answers, in words, without making it work."""


@runtime_checkable
class Changing(Protocol):
    """An engine whose state people may want to know."""

    def state(self) -> tuple[str, bool]:
        """What to tell of it, and whether that will last."""


class InUse(Protocol):
    """The engine in use for one role, as it is listed."""

    @property
    def remote(self) -> bool:
        """Whether ``check`` asks another machine."""

    def in_use(self) -> EngineInUse: ...

    async def check(self) -> tuple[bool, str]:
        """Whether it can do its work, and what to tell of it."""


class Recognizer(SpeechRecognizer, Protocol):
    """A recogniser that can be chosen. ``watchers`` are told of each batch, on the loop."""

    watchers: list[Callable[[Batch], None]]

    @property
    def why(self) -> str:
        """How it came to be, once it is loaded."""

    @property
    def waiting(self) -> tuple[int, int]:
        """Finals and partials that wait to be heard."""

    async def load(self, tell: Tell | None = None) -> None:
        """``tell`` hears what takes long. Raises EngineError."""


class Chosen:
    """The one engine of a role. ``engine`` is None where the interview manages without."""

    def __init__(
        self, row: Row[Any], engine: Any, why: str, languages: tuple[Language, ...]
    ) -> None:
        self.row = row
        self._languages = row.covers or languages
        self.engine = engine
        self.why = why
        self.remote = isinstance(engine, Remote)

    def in_use(self) -> EngineInUse:
        why, settled = self.why, True
        if isinstance(self.engine, Changing):
            why, settled = self.engine.state()
        name = self.row.name if self.engine is None else self.engine.name
        return EngineInUse(self.row.role, name, why, self._languages, settled)

    async def check(self) -> tuple[bool, str]:
        if not isinstance(self.engine, Remote):
            used = self.in_use()
            return True, f"{used.name}: {used.why}"
        ok, why = await self.engine.check()
        return ok, why if ok or not self.row.otherwise else f"{why}; {self.row.otherwise}"


def choose(
    role: str, settings: EngineSettings, languages: tuple[Language, ...] | None = None
) -> Chosen:
    """The best engine that this machine and these settings offer; the last of its role, which has
    no better one to give way to, whatever it says. ``languages``: those of interviews, of the packs
    that come with viva where none are given."""
    spoken = tuple(shipped().by_language) if languages is None else languages
    missed: list[str] = []
    for row in registry.rows(role):
        offer = row.offer(settings)
        if offer.ok:
            return Chosen(row, row.build(settings), "; ".join(missed) or offer.detail, spoken)
        missed.append(offer.detail)
    return Chosen(row, row.build(settings), "; ".join(missed), spoken)


class ServerRecognizer(Recognizer, Captioner, Remote, Protocol):
    """A recogniser on another machine."""

    @property
    def trouble(self) -> str:
        """Why nothing can be expected of it now; empty where nothing is known against it."""


def _on_a_server(engine: Recognizer) -> TypeGuard[ServerRecognizer]:
    return isinstance(engine, Remote)


class Backed:
    """A ``Recognizer`` on a server, and the one of this machine for whatever it does not hear."""

    def __init__(self, server: ServerRecognizer, ours: Recognizer) -> None:
        self._server = server
        self._ours = ours
        self.watchers = server.watchers

    @property
    def name(self) -> str:
        return self._server.name

    @property
    def why(self) -> str:
        return self._server.why

    @property
    def waiting(self) -> tuple[int, int]:
        (finals, partials), (more, others) = self._server.waiting, self._ours.waiting
        return finals + more, partials + others

    def covers(self, language: Language) -> bool:
        return not self._server.trouble or self._ours.covers(language)

    def state(self) -> tuple[str, bool]:
        """What people may want to know of the server, and whether it will last."""
        trouble = self._server.trouble
        return (f"{trouble}; {self._otherwise}", False) if trouble else (self.why, True)

    async def check(self) -> tuple[bool, str]:
        ok, why = await self._server.check()
        return ok, why if ok else f"{why}; {self._otherwise}"

    async def load(self, tell: Tell | None = None) -> None:
        await self._server.load(tell)

    async def transcribe(
        self,
        pcm: bytes,
        language: Language,
        context: str = "",
        *,
        session: str = "",
        partial: bool = False,
        begun: str = "",
    ) -> Transcript:
        options: dict[str, Any] = {"session": session, "partial": partial, "begun": begun}
        try:
            return await self._server.transcribe(pcm, language, context, **options)
        except Unheard:
            if not self._ours.covers(language):
                raise
        return await self._ours.transcribe(pcm, language, context, **options)

    async def captions(
        self, pcm: bytes, language: Language, context: str = "", *, session: str = ""
    ) -> AsyncGenerator[str, None]:
        begun = False
        try:
            told = self._server.captions(pcm, language, context, session=session)
            async with aclosing(told) as texts:
                async for text in texts:
                    begun = True
                    yield text
            return
        except Unheard:
            if begun or not self._ours.covers(language):
                raise
        ours = await self._ours.transcribe(pcm, language, context, session=session, partial=True)
        yield ours.text

    async def close(self) -> None:
        """The other one is closed by whoever opened it."""
        await self._server.close()

    @property
    def _otherwise(self) -> str:
        ours = any(self._ours.covers(one) for one in shipped().by_language)
        return f"{self._ours.name} hears meanwhile" if ours else "what is said waits for it"


class RecognizerChoice:
    """``current`` serves from the first moment; ``settle()``, in the background, may better it."""

    def __init__(
        self, settings: SpeechToText, languages: tuple[Language, ...] | None = None
    ) -> None:
        self._settings = settings
        self._languages = tuple(shipped().by_language) if languages is None else languages
        self._rows = registry.rows("stt")
        self._row = next(row for row in reversed(self._rows) if row.at_once)
        self._opened: list[Recognizer] = []
        self.watchers: list[Callable[[Batch], None]] = []
        """Called after each batch of whichever recogniser heard it."""
        self.current: Recognizer = self._open(self._row)
        self.settled = False
        self.why = "it is inside the installation and serves while others are looked for"

    @property
    def remote(self) -> bool:
        return isinstance(self.current, Remote)

    def in_use(self) -> EngineInUse:
        why, settled = self.why, self.settled
        if isinstance(self.current, Changing):
            why, settled = self.current.state()
        languages = tuple(one for one in self._languages if self.current.covers(one))
        return EngineInUse("stt", self.current.name, why, languages, settled)

    async def check(self) -> tuple[bool, str]:
        if isinstance(self.current, Remote):
            return await self.current.check()
        return True, f"{self.current.name}: {self.why}"

    async def settle(self) -> None:
        """Find, download and load what was asked for. Ends by being settled, whatever happens."""
        missed = []
        try:
            await self.current.load(self._tell)
        except EngineError as error:
            missed.append(str(error))
            self._tell(str(error))
        if self._settings.stt == self._row.name:
            self._settle("; ".join(missed) or "it was asked for")
            return
        serving = self.current
        for row in self._better():
            try:
                await self._take(row)
            except EngineError as error:
                missed.append(str(error))
            except Exception as error:
                log.exception("recogniser choice failed")
                missed.append(f"looking for {row.name} failed ({type(error).__name__})")
            else:
                if isinstance(self.current, Backed):
                    return
                # Whoever took it a moment ago may finish with it first; then its memory is free.
                await asyncio.sleep(RETIRE_SECONDS)
                await serving.close()
                return
        covered = self._row.covers
        only = f", for {', '.join(covered)} only" if covered else ""
        if not self.in_use().languages:
            self._settle("; ".join([*missed, "nothing is recognised: answers are typed"]))
            return
        self._settle("; ".join([*missed, f"{self.current.name} serves{only}"]))

    async def close(self) -> None:
        for engine in self._opened:
            await engine.close()

    def _better(self) -> list[Row[Any]]:
        """What may take over, the best first."""
        wanted = self._settings.stt
        if wanted == "auto":
            better = self._rows[: self._rows.index(self._row)]
            # What is not on this machine may be fetched; a server that is not set cannot.
            return [row for row in better if not row.otherwise or row.offer(self._settings).ok]
        return [row for row in self._rows if row.name == wanted]

    def _open(self, row: Row[Any]) -> Recognizer:
        engine: Recognizer = row.build(self._settings)
        engine.watchers = self.watchers
        self._opened.append(engine)
        return engine

    async def _take(self, row: Row[Any]) -> None:
        engine = self._open(row)
        await engine.load(self._tell)
        self.current = Backed(engine, self.current) if _on_a_server(engine) else engine
        self._row = row
        self._settle(engine.why)

    def _settle(self, why: str) -> None:
        self.settled = True
        self._tell(why)

    def _tell(self, why: str) -> None:
        self.why = why
        log.info("recogniser chosen", engine=self.current.name, why=why, settled=self.settled)
