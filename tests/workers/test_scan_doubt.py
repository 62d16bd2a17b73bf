"""Of what was read from a picture nothing unsure about the person is kept, and no role counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.document.pages import Box, Document, Page, Word
from server.document.resume import Header, Meta, Resume
from workers.scan_doubt import doubted

HEADER = Header(
    name="Jane Roe", email="jane.roe@example.org", phone="010-1234-5678", target_role="Welder",
    target_role_source="headline", target_role_confidence=0.9,
)  # fmt: skip


def document(*words: tuple[str, float, float, float], ocr: bool = True) -> Document:
    """text, distance from the top, size, confidence."""
    placed = tuple(
        Word(text, Box(50 + 100 * n, top, 140 + 100 * n, top + size), size, confidence=sure)
        for n, (text, top, size, sure) in enumerate(words)
    )
    body = tuple(Word("body", Box(50, 400, 90, 410), 10, confidence=0.95) for _ in range(20))
    return Document("0" * 64, 1, (Page(1, 595, 842, placed + body),), ocr=ocr)


def header_of(read: Document, header: Header = HEADER) -> Header:
    return doubted(Resume(header, Meta(read.sha256, 1, "en")), read).header


SURE = (
    ("Jane", 40.0, 24.0, 0.95), ("Roe", 40.0, 24.0, 0.96),
    ("jane.roe@example.org", 80.0, 10.0, 0.9), ("010-1234-5678", 80.0, 10.0, 0.9),
)  # fmt: skip


def test_what_is_sure_stays_and_the_role_waits_for_a_person() -> None:
    found = header_of(document(*SURE))
    assert (found.name, found.email, found.phone) == (HEADER.name, HEADER.email, HEADER.phone)
    assert (found.target_role, found.target_role_source) == (None, None)
    assert found.target_role_unconfirmed == "Welder"


def test_text_of_a_document_is_not_doubted() -> None:
    read = document(*SURE, ocr=False)
    resume = Resume(HEADER, Meta(read.sha256, 1, "en"))
    assert doubted(resume, read) is resume


@pytest.mark.parametrize("unsure", range(4))
def test_one_unsure_word_is_enough(unsure: int) -> None:
    words = [(*word[:3], 0.4) if n == unsure else word for n, word in enumerate(SURE)]
    found = header_of(document(*words))
    kept = [found.name, found.name, found.email, found.phone]
    assert kept[unsure] is None
    assert [each for n, each in enumerate(kept) if each is None] == [None] * (
        2 if unsure < 2 else 1
    )


@pytest.mark.parametrize(
    ("name", "words", "kept"),
    [
        ("Next Solutions", (("Next", 40.0, 10.0, 0.95), ("Solutions", 40.0, 10.0, 0.95)), False),
        ("Next Solutions", (("Next", 500.0, 24.0, 0.95), ("Solutions", 500.0, 24.0, 0.95)), False),
        ("Jane Roe", (("Jane", 40.0, 10.0, 0.95), ("Roe", 40.0, 10.0, 0.95)), True),
        (
            "Next Solutions",
            (
                ("Next", 40.0, 24.0, 0.95),
                ("Solutions", 40.0, 24.0, 0.95),
                ("경력", 60.0, 10.0, 0.9),
            ),
            False,
        ),
        ("ChapterOne", (("ChapterOne", 40.0, 30.0, 0.95),), False),
        ("홍길동", (("홍길동", 40.0, 10.0, 0.95),), True),
        ("홍길동", (("홍", 40.0, 10.0, 0.95), ("길동", 40.0, 10.0, 0.95)), True),
        ("자기소개서양식", (("자기소개서양식", 40.0, 30.0, 0.95),), False),
    ],
)
def test_a_name_stands_as_one(
    name: str, words: tuple[tuple[str, float, float, float], ...], kept: bool
) -> None:
    read = document(*words, ("jane.roe@example.org", 80.0, 10.0, 0.9))
    found = header_of(read, replace(HEADER, name=name))
    assert (found.name is not None) == kept
