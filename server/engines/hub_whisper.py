"""Whisper with a model that is found first: on disk already, or downloaded."""

from __future__ import annotations

import asyncio
from pathlib import Path

from server.engines import hub
from server.engines.hearing_client import ProcessRecognizer
from server.engines.hearing_wire import Task
from server.engines.lanes import MOST_FINALS, Tell
from server.engines.whisper import Device, cuda_usable
from server.engines.whisper_base import NAME, weights
from server.language.pack import shipped
from server.ports import EngineError

DEFAULT_MODEL = {"cuda": "large-v3-turbo", "cpu": NAME}


class HubWhisper(ProcessRecognizer):
    """A ``ProcessRecognizer`` that looks for its model when it is loaded. ``wanted``: the model's
    name or folder, by default the one for this machine."""

    def __init__(
        self,
        data: Path,
        wanted: str | None,
        device: Device = "auto",
        limit: int = MOST_FINALS,
    ) -> None:
        super().__init__(
            data, Task("", device, Path(wanted or "").name, limit, tuple(shipped().by_language))
        )
        self._wanted = wanted
        self._device = device
        self._found = ""

    @property
    def why(self) -> str:
        return f"{self._found}; {super().why}"

    async def load(self, tell: Tell | None = None) -> None:
        name = self._wanted
        if name is None:
            name = await asyncio.to_thread(_best_for, self._device)
            if name == NAME and weights() is not None:
                raise EngineError("VIVA_STT_MODEL names no larger model, and no GPU is used")
        folder = await asyncio.to_thread(_on_disk, name)
        self._found = "its model is on disk"
        if folder is None:
            if tell is not None:
                tell(f"whisper {name} is being downloaded")
            folder = await fetch(name)
            self._found = "its model was downloaded"
        self.place(folder, Path(name).name)
        await super().load(tell)


def absent(wanted: str | None, device: Device) -> str | None:
    """The name of the model that this machine would hear with, where it is not on disk."""
    name = wanted or _best_for(device)
    if (wanted is None and name == NAME) or Path(name).expanduser().is_dir():
        return None
    return None if _on_disk(name) else name


def found(wanted: str | None, device: Device) -> tuple[bool, str]:
    """Whether its model is on disk, in words, without asking the network."""
    name = wanted or _best_for(device)
    if wanted is None and name == NAME and weights() is not None:
        return False, "VIVA_STT_MODEL names no larger model, and no GPU is used"
    try:
        folder = _on_disk(name)
    except EngineError as error:
        return False, str(error)
    if folder is None:
        return False, f"{name} is not on disk; it is downloaded when viva runs, if that can be"
    return True, f"{name} is on disk"


def _best_for(device: Device) -> str:
    return DEFAULT_MODEL["cuda" if device != "cpu" and cuda_usable()[0] else "cpu"]


def _on_disk(name: str) -> Path | None:
    folder = hub.model_on_disk(name)
    if folder is None and Path(name).expanduser().is_dir():
        raise EngineError(f"the folder for whisper, {name}, lacks one of {', '.join(hub.NEEDED)}")
    return folder


async def fetch(name: str, *, shown: bool = False) -> Path:
    """``shown``: how far it is, on our stderr. Raises EngineError."""
    reached, why = await hub.reachable()
    if not reached:
        raise EngineError(
            f"whisper {name} is not on disk and the model hub cannot be reached: {why}"
        )
    try:
        return await hub.download(name, shown=shown)
    except EngineError as error:
        raise EngineError(f"whisper {name} could not be downloaded: {error}") from error
