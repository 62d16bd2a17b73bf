"""The people of the demonstration, and what each says to what they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import docx
import msgspec

from server.core.events import Language
from server.language.pack import shipped

PEOPLE: Final = Path(__file__).with_name("people.toml")
BEFORE, ANSWER = "before", "answer"


@dataclass(frozen=True, slots=True)
class Person:
    """``resume``: its lines, headings behind a ``#``. ``stages``: by stage what is said, see
    ``people.toml``."""

    language: Language
    role: str
    name: str
    email: str
    resume: str
    stages: Mapping[str, Mapping[str, str]]

    def word_file(self) -> bytes:
        """Their résumé as DOCX."""
        made, into = docx.Document(), BytesIO()
        made.add_heading(self.name, 0)
        for line in (self.role, self.email, *self.resume.strip().splitlines()):
            if line.startswith("# "):
                made.add_heading(line.removeprefix("# "), 1)
            else:
                made.add_paragraph(line)
        made.save(into)
        return into.getvalue()


def people() -> dict[str, Person]:
    """By a short name of each."""
    found = msgspec.toml.decode(PEOPLE.read_bytes())
    own = ("language", "role", "name", "email", "resume")
    return {
        key: Person(**{name: one.pop(name) for name in own}, stages=one)
        for key, one in found.items()
    }


class Speaker:
    """Says what was prepared for the stage, once each."""

    def __init__(self, who: Person) -> None:
        pack = shipped().of(who.language)
        every = [item for kind in pack.probes.values() for item in kind.items()]
        self._probes = {text: str(aspect) for aspect, probe in every for text in probe.plain}
        self._left = {stage: dict(said) for stage, said in who.stages.items()}
        self._stage = next(iter(self._left))
        self._aspect: str | None = None
        self.just = ""
        """What was said last: an aspect, ``answer`` or ``before``."""

    def asked(self, stage: str, question: str) -> None:
        """``question``: as it is spoken, with what leads to it."""
        probes = (aspect for text, aspect in self._probes.items() if question.endswith(text))
        self._stage, self._aspect = stage, next(probes, None)

    def says(self) -> str | None:
        """None: nothing is left to be said to it."""
        said = self._left.get(self._stage, {})
        key = BEFORE if BEFORE in said else self._aspect or ANSWER
        self.just = key
        return said.pop(key, None)
