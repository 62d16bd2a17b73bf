"""Whatever words stand wherever on a page, reading ends in a résumé of the published form."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from server.document.pages import Box, Document, Link, Page, Table, Word
from server.document.resume import MAX_ROLE, Resume
from workers.reading import read_resume

KNOWN = """
이력서 성명 지원분야 : 백엔드 개발자 홍길동 경력 학력 2021.03 ~
현재 • | Name: Experience Skills Objective
Seeking engineer a@b.example @ References English
언어 영어 - , () x:
"""
TEXTS = st.one_of(st.text(min_size=1, max_size=12), st.sampled_from(sorted(KNOWN.split())))
PLACES = st.integers(-20, 800)
WORDS = st.builds(
    lambda text, x, y, size, bold, upright: Word(
        text, Box(x, y, x + size * len(text) / 2, y + size), size, "F", bold, upright
    ),
    TEXTS, PLACES, PLACES, st.sampled_from([0.5, 9.0, 10.0, 24.0]), st.booleans(),
    st.sampled_from([True, True, True, False]),
)  # fmt: skip
CELLS = st.builds(lambda x, y: Box(x, y, x + 120, y + 30), PLACES, PLACES)
PAGES = st.builds(
    lambda words, cells: Page(
        1, 595, 842, tuple(words), (Table((tuple(cells), (None, *cells[1:]))),) if cells else (),
        (Link("mailto:x", Box(0, 0, 9, 9)),),
    ),
    st.lists(WORDS, max_size=40), st.lists(CELLS, max_size=4),
)  # fmt: skip


@given(st.lists(PAGES, max_size=2), st.text(max_size=20))
def test_reading_never_fails(pages: list[Page], filename: str) -> None:
    document = Document("0" * 64, len(pages), tuple(pages), title=filename)
    resume = read_resume(document, filename)
    assert msgspec.json.decode(msgspec.json.encode(resume), type=Resume) == resume
    role = resume.header.target_role
    assert role is None or 0 < len(role) <= MAX_ROLE
    assert (role is None) == (resume.header.target_role_source is None)
