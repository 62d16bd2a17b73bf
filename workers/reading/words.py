"""What is known of the words of résumés: a file for each language in ``words``, read once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "words"
_HANGUL = re.compile(r"[\uac00-\ud7a3]")


@cache
def languages() -> tuple[dict[str, Any], ...]:
    return tuple(
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.toml"))
    )


@cache
def words(section: str, key: str) -> frozenset[str]:
    """The words that any language lists there, in small letters."""
    listed = (each.get(section, {}).get(key, "") for each in languages())
    return frozenset(word.casefold() for text in listed for word in text.split())


@cache
def months() -> dict[str, int]:
    """Names of months and seasons with the month that each stands for."""
    found: dict[str, int] = {}
    for language in languages():
        for key in ("seasons", "months"):
            for number, names in enumerate(language["dates"].get(key, []), start=1):
                found |= dict.fromkeys(names.split(), number)
    return found


@cache
def eras(key: str) -> dict[str, int]:
    """Names (or letters) of eras with the year before their first."""
    found: dict[str, int] = {}
    for language in languages():
        found |= language["dates"].get(key, {})
    return found


@cache
def phrases(section: str) -> dict[str, str]:
    """Phrases, of which several words may make one, with the key under which they are listed."""
    found: dict[str, str] = {}
    for language in languages():
        for key, text in language.get(section, {}).items():
            found |= {phrase.strip().casefold(): key for phrase in text.split("|")}
    return found


@cache
def singles(section: str) -> dict[str, str]:
    """Words with the key under which they are listed."""
    found: dict[str, str] = {}
    for language in languages():
        for key, text in language.get(section, {}).items():
            found |= {word.casefold(): key for word in text.split()}
    return found


@cache
def listed(section: str, key: str) -> tuple[str, ...]:
    """The phrases that any language lists there, in small letters."""
    texts = (each.get(section, {}).get(key, "") for each in languages())
    return tuple(part.casefold() for text in texts for part in text.split("|") if part)


@cache
def pattern(key: str) -> str:
    """The forms that any language lists there, as one regular expression's choices."""
    found = [each["patterns"][key] for each in languages() if key in each.get("patterns", {})]
    return "|".join(found) or "(?!)"


def is_hangul(text: str) -> bool:
    """Whether a syllable of it is: such words run together, and what they mean stands last."""
    return _HANGUL.search(text) is not None
