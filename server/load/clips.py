"""What is said under load: a folder of recordings, with their texts where these are there."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from server.ports import CANDIDATE_RATE
from server.wav import NoWav, read_wav


class LoadError(Exception):
    """Nothing can be measured; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Clip:
    """PCM16 mono 16 kHz; ``text``: what is said in it, None where nobody wrote it down."""

    name: str
    pcm: bytes
    text: str | None

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / CANDIDATE_RATE


def clips(folder: Path) -> list[Clip]:
    """Every WAV file of the folder. Its text is in a file beside it that ends in ``.txt``, or in a
    table of the folder with columns ``file`` and ``transcript``. Raises LoadError."""
    table = _table(folder)
    found = []
    for path in sorted(folder.glob("*.wav")):
        beside = path.with_suffix(".txt")
        text = beside.read_text("utf-8") if beside.is_file() else table.get(path.name)
        try:
            found.append(Clip(path.name, read_wav(path, CANDIDATE_RATE), text))
        except NoWav as error:
            raise LoadError(str(error)) from error
    if not found:
        raise LoadError(f"no WAV file is in {folder}: name a folder of recordings by --audio")
    return found


def _table(folder: Path) -> Mapping[str, str]:
    told: dict[str, str] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            told |= {
                row["file"]: row["transcript"]
                for row in csv.DictReader(file)
                if row.get("file") and row.get("transcript")
            }
    return told
