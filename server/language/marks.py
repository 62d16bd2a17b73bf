"""What may be asked of a text of a pack, as annotations of its type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

SLOT = re.compile(r"\{(\w+)\}(?:\[(\w+)\])?")


@dataclass(frozen=True, slots=True)
class Slots:
    """Which ``{slots}`` a text may hold."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The text is said aloud, so it holds no quotation marks, lists or lines."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, spoken, of at most two short sentences."""


Said = Annotated[str, Spoken()]
Question = Annotated[str, Asked()]
