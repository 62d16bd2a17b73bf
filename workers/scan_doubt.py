"""What is left of a résumé that was read from a picture: nothing about the person that is unsure,
and no role until somebody has confirmed it."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace

from server.document.pages import Document, Word
from server.document.resume import Header, Resume
from workers.scan_words import is_hangul

SURE = 0.75
"""Words of a name or an address that the recogniser is less sure of are not believed."""
_HEAD, _OF_LARGEST, _OF_BODY = 0.3, 0.85, 1.25
_SIGNS = re.compile(r"\W+")


def doubted(resume: Resume, document: Document) -> Resume:
    """Pure; a document that was not read from pictures stays as it is."""
    if not document.ocr:
        return resume
    words = [word for page in document.pages for word in page.words]
    header = resume.header
    name, email = _sure(header.name, words), _sure(header.email, words, within=True)
    if name and not _stands_as_a_name(name, document, email):
        name = None
    links = tuple(link for link in header.links if _sure(link.url, words, within=True))
    kept = replace(
        header,
        name=name,
        name_alt=_sure(header.name_alt, words),
        email=email,
        phone=_sure(header.phone, words, within=True),
        links=links,
    )
    return replace(
        resume,
        header=_without_role(kept),
        meta=replace(resume.meta, ocr=True),
    )


def _without_role(header: Header) -> Header:
    return replace(
        header,
        target_role=None,
        target_role_source=None,
        target_role_confidence=None,
        target_role_evidence=None,
        target_role_unconfirmed=header.target_role,
    )


def _sure(value: str | None, words: Sequence[Word], *, within: bool = False) -> str | None:
    """The value if somewhere all words it is made of are sure, or one that it stands ``within``."""
    if value is None:
        return None
    wanted = _plain(value)
    if not wanted:
        return None
    runs = (run for start in range(len(words)) for run in _runs(words, start, wanted, within))
    return value if any(all(w.confidence >= SURE for w in run) for run in runs) else None


def _stands_as_a_name(name: str, document: Document, email: str | None) -> bool:
    """At the head of the first page, in several parts, and like the address or the largest print;
    Hangul may be of one part. Print and place are all of a page's design that a picture keeps."""
    page = document.pages[0]
    sizes = [word.size for word in page.words if word.confidence >= SURE]
    if not sizes:
        return False
    least = max(_OF_LARGEST * max(sizes), _OF_BODY * statistics.median(sizes))
    head = [word for word in page.words if word.box.top < _HEAD * page.height]
    if is_hangul(_plain(name)):
        return 2 <= len(_plain(name)) <= 5 and _sure(name, head) is not None
    large = [word for word in head if word.size >= least]
    parts = [_plain(part) for part in name.split()]
    box = _plain((email or "").partition("@")[0])
    like = any(len(part) > 2 and part in box for part in parts)
    if not like and any(is_hangul(word.text) for word in page.words if word.confidence >= SURE):
        return False  # among Hangul a name in other letters is rather a company's
    return len(parts) > 1 and _sure(name, head if like else large) is not None


def _runs(words: Sequence[Word], start: int, wanted: str, within: bool) -> Iterator[Sequence[Word]]:
    """The words from ``start`` on that make up what is wanted; signs do not count."""
    text = ""
    for end in range(start, min(len(words), start + 12)):
        text += _plain(words[end].text)
        if text == wanted or (within and end == start and wanted in text):
            yield words[start : end + 1]
        if text and not wanted.startswith(text):
            return


def _plain(text: str) -> str:
    return _SIGNS.sub("", text).casefold()
