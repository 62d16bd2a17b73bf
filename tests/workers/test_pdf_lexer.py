"""The fast reader of content streams says what pdfminer's own says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import PSKeyword

from workers.pdf_lexer import FastContentParser

PIECES = st.sampled_from(
    [
        b"1 0 0 1 72 720 cm", b"0.5 -.25 +3. rg", b"/F1 12 Tf", b"[(a) -20 <41>] TJ", b"T*",
        b"BT", b"ET", b"q", b"Q", b"f*", b"(par \\) (en) \\\\) '", b"% a remark\n",
        b"true false null",
        b"/Odd#20Name gs", b"<< /A [1 2] /B << /C true >> >> BDC", b"<4142>Tj", b"1.5.2", b"--5",
        b"d0 d1", b"/", b"BI /W 1 /H 1 ID x EI", b"12/F2 3 Tf",
        b"[(\\001\\12\\0a\\n\\q\\(x\\)) 5 (\\377\\08)] TJ", b"(\\\n) Tj", b"(a(b)c) Tj", b"<414>Tj",
        b"0 0 m\r\n5 5 l", b"\x00 7 w",
        b"1 2 3 4 5 6 7 8 re", b"-1. .5 +2 0 c", b"1\n\n2 l", b"1 true w", b"1 2",
        b"9 BI /W 1 ID x EI",
    ]
)  # fmt: skip


def read(contents: tuple[bytes, ...]) -> Iterator[tuple[list[Any], Any]]:
    reader = PDFContentParser(streams(contents))
    operands: list[Any] = []
    with suppress(PSEOF):
        while True:
            found = reader.nextobject()[1]
            if isinstance(found, PSKeyword):
                yield operands, found
                operands = []
            else:
                operands.append(found)


def streams(contents: tuple[bytes, ...]) -> list[PDFStream]:
    return [PDFStream({}, content) for content in contents]


def alike(*contents: bytes) -> bool:
    fast, slow = FastContentParser(streams(contents)).operations(), read(contents)
    texts = [
        [repr(each).split(" object at ")[0] for step in found for each in (*step[0], step[1])]
        for found in (fast, slow)
    ]
    return texts[0] == texts[1]


@given(st.lists(st.tuples(PIECES, st.sampled_from([b" ", b"\n", b"  "])), max_size=30))
def test_the_same_operations(pieces: list[tuple[bytes, bytes]]) -> None:
    content = b"".join(piece + space for piece, space in pieces)
    assert alike(content)


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_tokens_cut_by_the_end_of_a_stream(cut: int) -> None:
    content = b"q 10.5 20 m /Name gs (text) Tj 1234 5678 re f* Q"
    one, two = content[:cut], content[cut:]
    assert alike(one, two)
