"""``viva understand``: how utterances are read, for whoever edits the data or a pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, TextIO

from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.pack import shipped
from server.lines import answer

FIELDS = {"language": tuple(shipped().by_language), "question": None, "utterance": None}


def understand(source: Iterable[str], sink: TextIO) -> int:
    """The exit status. A line of ``sink`` has the fields of `Understood`."""
    understanding = OfflineUnderstanding(Encoder())

    def reply(one: Mapping[str, Any]) -> Mapping[str, Any]:
        return asdict(understanding.read(one["question"], one["utterance"]))

    return answer(source, sink, FIELDS, reply)
