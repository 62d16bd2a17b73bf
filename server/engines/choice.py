"""Which recogniser listens, and why: the best one that can be had, without anybody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from server.core.events import EngineRole, Language
from server.engines import hub
from server.engines.lanes import MOST_FINALS, Batch, LaneStats, SharedRecognizer
from server.engines.moonshine import MoonshineRecognizer
from server.engines.whisper import Device, WhisperRecognizer, cuda_usable
from server.ports import EngineError

log = structlog.get_logger()

Wanted = Literal["auto", "whisper", "moonshine"]

DEFAULT_MODEL = {"cuda": "large-v3-turbo", "cpu": "small"}
RETIRE_SECONDS = 60.0
LANGUAGES: tuple[Language, ...] = ("ko", "en")


@dataclass(frozen=True, slots=True)
class EngineInUse:
    """What ``/engines`` shows of one engine. ``settled``: it will not change by itself."""

    role: EngineRole
    name: str
    why: str
    languages: tuple[Language, ...]
    settled: bool


class RecognizerChoice:
    """``current`` serves from the first moment; ``settle()``, in the background, may better it."""

    def __init__(
        self,
        wanted: Wanted = "auto",
        model: str | None = None,
        device: Device = "auto",
        *,
        limit: int = MOST_FINALS,
        short_windows: bool = False,
    ) -> None:
        self._wanted = wanted
        self._model = model
        self._device = device
        self._limit = limit
        self._short_windows = short_windows
        self._moonshine = MoonshineRecognizer(limit)
        self._whisper: WhisperRecognizer | None = None
        self.current: SharedRecognizer = self._moonshine
        self.watchers: list[Callable[[Batch], None]] = []
        """Called after each batch of whichever recogniser heard it."""
        self._moonshine.watchers = self.watchers
        self.settled = False
        self.why = "it is inside the installation and serves while others are looked for"

    def in_use(self) -> EngineInUse:
        languages = tuple(one for one in LANGUAGES if self.current.covers(one))
        return EngineInUse("stt", self.current.name, self.why, languages, self.settled)

    @property
    def stats(self) -> LaneStats:
        """Of the recogniser in use; they begin anew when another takes over."""
        return self.current.stats

    async def settle(self) -> None:
        """Find, download and load what was asked for. Ends by being settled, whatever happens."""
        await self._try_moonshine()
        if self._wanted == "moonshine":
            self._settle("it was asked for")
            return
        try:
            await self._settle_on_whisper()
        except EngineError as error:
            self._settle(f"{error}; {self._moonshine.name} serves, English only")
        except Exception as error:
            log.exception("recogniser choice failed")
            self._settle(f"looking for whisper failed ({type(error).__name__}); English only")
        else:
            # Whoever took it a moment ago may finish with it first; then its memory is free.
            await asyncio.sleep(RETIRE_SECONDS)
            await self._moonshine.close()

    async def close(self) -> None:
        await self._moonshine.close()
        if self._whisper is not None:
            await self._whisper.close()

    async def _try_moonshine(self) -> None:
        try:
            await self._moonshine.load()
        except EngineError as error:
            self._tell(str(error))

    async def _settle_on_whisper(self) -> None:
        name = self._model or DEFAULT_MODEL[await asyncio.to_thread(self._best_device)]
        folder = await asyncio.to_thread(_on_disk, name)
        found = "its model is on disk"
        if folder is None:
            folder = await self._fetch(name)
            found = "its model was downloaded"
        whisper = WhisperRecognizer(
            folder,
            self._device,
            Path(name).name,
            limit=self._limit,
            short_windows=self._short_windows,
        )
        whisper.watchers = self.watchers
        self._whisper = whisper
        await whisper.load()
        self.current = whisper
        self._settle(f"{found}; {whisper.why}")

    async def _fetch(self, name: str) -> Path:
        reached, why = await hub.reachable()
        if not reached:
            raise EngineError(
                f"whisper {name} is not on disk and the model hub cannot be reached: {why}"
            )
        self._tell(f"whisper {name} is being downloaded; until then English only")
        try:
            return await hub.download(name)
        except EngineError as error:
            raise EngineError(f"whisper {name} could not be downloaded: {error}") from error

    def _best_device(self) -> str:
        return "cuda" if self._device != "cpu" and cuda_usable()[0] else "cpu"

    def _settle(self, why: str) -> None:
        self.settled = True
        self._tell(why)

    def _tell(self, why: str) -> None:
        self.why = why
        log.info("recogniser chosen", engine=self.current.name, why=why, settled=self.settled)


def _on_disk(name: str) -> Path | None:
    folder = hub.model_on_disk(name)
    if folder is None and Path(name).expanduser().is_dir():
        raise EngineError(f"the folder for whisper, {name}, lacks one of {', '.join(hub.NEEDED)}")
    return folder
