"""Which family a role belongs to, as a résumé writes it in any of the packs' languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from server.language.speech import GENERAL, Pack

_LONGEST = 200
_ASIDE = re.compile(r"[(\[{<（［][^)\]}>）］]*[)\]}>）］]?")
_LATIN = r"[a-z0-9+#]"


_OTHERWISE, _WORD, _SURE = range(3)


class _Term(NamedTuple):
    family: str
    under: str | None
    rank: int
    head: bool
    needle: str
    pattern: str
    """Of three thousand a server ever meets a few hundred: each is compiled when it is met."""
    closed: bool


class Roles:
    """Which family a title belongs to, by the titles and words of the packs' families.

    The surest term decides; among equally sure ones the one that ends last, as the head of a title
    comes last (보안 솔루션 영업 sells, a marketing data analyst analyses data); then the longest.
    """

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._terms = tuple(term for pack in packs for term in _terms(pack))
        self._found = lru_cache(maxsize=1_024)(self._find)

    def family(self, title: str) -> str:
        """`GENERAL` for a title that no family is known for."""
        return self._found(title)

    def _find(self, title: str) -> str:
        written = unicodedata.normalize("NFKC", title[:_LONGEST]).casefold()
        written = " ".join(written.replace("_", " ").split())
        outside = " ".join(_ASIDE.sub(" ", written).split())
        head, *_ = re.split(r"\s[-–—|/,]\s|[,:;|]\s?", outside)
        tried = (self._surest(text) for text in (head, outside, written))
        return next((family for family in tried if family), GENERAL)

    def _surest(self, title: str) -> str | None:
        closed = re.sub(r"[\s·ㆍ/_-]", "", title)
        found = [
            (term, match.end() / max(len(text), 1), len(match[0]))
            for term in self._terms
            for text in (closed if term.closed else title,)
            if term.needle in text
            for match in _compiled(term.pattern).finditer(text)
        ]
        special = {term.under for term, _, _ in found if term.rank == _SURE and not term.head}
        ranked = [
            (term.rank, end, length, term.family)
            for term, end, length in found
            if not (term.head and term.family in special)
        ]
        return max(ranked)[3] if ranked else None


def _terms(pack: Pack) -> Iterator[_Term]:
    for name, family in pack.families.items():
        for rank, head, words in (
            (_OTHERWISE, False, family.otherwise),
            (_WORD, False, family.words),
            (_SURE, False, family.titles),
            (_SURE, True, family.heads),
        ):
            for word in words:
                pattern, needle, closed = _pattern(word, compounds=pack.manifest.compounds)
                yield _Term(name, family.under, rank, head, needle, pattern, closed)


_compiled = cache(re.compile)


def _pattern(word: str, *, compounds: bool) -> tuple[str, str, bool]:
    """The pattern by which a word is found, what it takes at least, and whether without any blanks.

    Latin words stand alone, also beside letters of another script; those of a language that joins
    its words may stand inside a longer one.
    """
    word = unicodedata.normalize("NFKC", word).casefold()
    if compounds and not re.search(r"[a-z]", word):
        word = re.sub(r"\s", "", word)
        return re.escape(word), word, True
    # A blank also stands for a hyphen or nothing, and a plural is the same word.
    parts = word.split()
    body = r"[ /&-]*".join(re.escape(part) for part in parts)
    return rf"(?<!{_LATIN}){body}s?(?!{_LATIN})", parts[0], False
