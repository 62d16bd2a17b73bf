"""What somebody would rather have: a language, a coding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def preferred(accepted: str, languages: Mapping[str, object], otherwise: str) -> str:
    """The language of ``languages`` that a browser likes best, by its Accept-Language."""
    wanted = sorted(accepted_of(accepted), key=lambda one: -one[1])
    for tag, _ in wanted:
        for language in languages:
            if language.casefold() in (tag, tag.partition("-")[0]):
                return language
    return otherwise


def accepted_of(header: str) -> Iterator[tuple[str, float]]:
    """Tags and how much each is liked, those that are not wanted at all left out."""
    for part in header[:1_000].split(","):
        tag, _, liked = part.partition(";")
        _, _, quality = liked.partition("q=")
        try:
            share = float(quality or 1)
        except ValueError:
            continue
        if tag.strip() and share > 0:
            yield tag.strip().casefold(), share
