"""``viva understand``: how utterances are read, for whoever edits the data or a pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, TextIO

from server.adviser import Adviser
from server.core.dialogue.meaning import both
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.pack import shipped
from server.lines import answer
from server.wording.brief import Brief, Told

FIELDS = {"language": tuple(shipped().by_language), "question": None, "utterance": None}


def understand(source: Iterable[str], sink: TextIO, adviser: Adviser | None = None) -> int:
    """The exit status. A line of ``sink`` has the fields of `Understood`; with an ``adviser`` as an
    interview with a language model reads it."""
    understanding = OfflineUnderstanding(Encoder())

    def reply(one: Mapping[str, Any]) -> Mapping[str, Any]:
        read = understanding.read(one["question"], one["utterance"])
        if adviser is not None:
            read = both(read, adviser.decide(_brief(one)).reply, one["utterance"])
        return asdict(read)

    return answer(source, sink, FIELDS, reply)


def _brief(one: Mapping[str, Any]) -> Brief:
    told = Told(one["question"], one["utterance"])
    return Brief("", one["language"], {}, (told,), shipped().of(one["language"]))
