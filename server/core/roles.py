"""From a role as a résumé writes it, in any language there is a pack for, to its family."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from server.core.pack import GENERAL, Pack

_LONGEST = 200
_ASIDE = re.compile(r"[(\[{<（［][^)\]}>）］]*[)\]}>）］]?")
_LATIN = r"[a-z0-9+#]"


class _Term(NamedTuple):
    family: str
    rank: int
    pattern: re.Pattern[str]
    closed: bool


class Roles:
    """Which family a title belongs to, by the titles and words of the packs' families.

    The surest term decides; among equally sure ones the one that ends last, as the head of a title
    comes last (보안 솔루션 영업 sells, a marketing data analyst analyses data); then the longest.
    """

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._terms = tuple(term for pack in packs for term in _terms(pack))

    def family(self, title: str) -> str:
        """`GENERAL` for a title that no family is known for."""
        written = unicodedata.normalize("NFKC", title[:_LONGEST]).casefold()
        written = " ".join(written.replace("_", " ").split())
        outside = " ".join(_ASIDE.sub(" ", written).split())
        head, *_ = re.split(r"\s[-–—|/,]\s|[,:;|]\s?", outside)
        tried = (self._surest(text) for text in (head, outside, written))
        return next((family for family in tried if family), GENERAL)

    def _surest(self, title: str) -> str | None:
        closed = re.sub(r"[\s·ㆍ/_-]", "", title)
        found = [
            (term.rank, match.end() / max(len(text), 1), len(match[0]), term.family)
            for term in self._terms
            for text in (closed if term.closed else title,)
            for match in term.pattern.finditer(text)
        ]
        return max(found)[3] if found else None


def _terms(pack: Pack) -> Iterator[_Term]:
    for name, family in pack.families.items():
        for rank, words in enumerate((family.otherwise, family.words, family.titles)):
            for word in words:
                yield _term(name, rank, word, compounds=pack.manifest.compounds)


def _term(family: str, rank: int, word: str, *, compounds: bool) -> _Term:
    """Latin words stand alone, also beside letters of another script; those of a language that
    joins its words may stand inside a longer one."""
    word = unicodedata.normalize("NFKC", word).casefold()
    if compounds and not re.search(r"[a-z]", word):
        return _Term(family, rank, re.compile(re.escape(re.sub(r"\s", "", word))), closed=True)
    # A blank also stands for a hyphen or nothing, and a plural is the same word.
    body = r"[ /&-]*".join(re.escape(part) for part in word.split())
    return _Term(family, rank, re.compile(rf"(?<!{_LATIN}){body}s?(?!{_LATIN})"), closed=False)
