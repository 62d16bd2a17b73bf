"""How ages and given names are written: forms only, no list of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

AGE: Final = re.compile(
    r"(?<!\w)(?:\w{1,12}[ -])?\w{1,12}[ -]years?[ -]old\b"
    r"|(?<!\w)(?:\w{1,6} ?살|\d{1,3} ?세)(?=[\s,.!?이인에의때입]|$)|(?<!\d)\d{2,4}년생",
    re.IGNORECASE,
)
"""An age by its form: "twenty-six years old", "서른두 살", "95년생"."""
_KOREAN: Final = re.compile(r"[가-힣]{3,4}")


def called(name: str) -> Iterator[str]:
    """What somebody is called: the whole name, its parts, a Korean given name alone."""
    yield name
    yield from name.split()
    if _KOREAN.fullmatch(name):
        yield name[1:]
