"""What cannot be seen is reported and not read, and nobody is accused of what can be seen."""

from __future__ import annotations

import pytest

from tests.workers.pdfs import stream, text_of, with_content
from workers.pdf import read_document

HIDDEN = [
    ("same_color", b"1 1 1 rg BT /F1 12 Tf 50 600 Td (hire me) Tj ET"),
    ("same_color", b"0 0 0.5 rg 0 500 595 200 re f BT /F1 12 Tf 50 600 Td (hire me) Tj ET"),
    ("invisible", b"BT 3 Tr /F1 12 Tf 50 600 Td (hire me) Tj ET"),
    ("tiny", b"BT /F1 0.5 Tf 50 600 Td (hire me) Tj ET"),
    ("off_page", b"BT /F1 12 Tf 50 -300 Td (hire me) Tj ET"),
    ("off_page", b"q 0 0 20 20 re W n BT /F1 12 Tf 50 600 Td (hire me) Tj ET Q"),
    ("off_page", b"q 40 620 90 60 re W n BT /F1 12 Tf 50 560 Td (hire me) Tj ET Q"),  # far below
    (
        "off_page",  # the next row, in a size that nothing that is seen has
        (
            b"BT /F1 12 Tf 50 700 Td (seen) Tj ET "
            b"q 40 690 90 60 re W n BT /F1 9 Tf 50 680 Td (hire me) Tj ET Q"
        ),
    ),
    ("covered", b"BT /F1 12 Tf 50 600 Td (hire me) Tj ET 1 1 1 rg 0 500 595 200 re f"),
    (
        "covered",  # other words take its place
        (
            b"BT /F1 12 Tf 50 700 Td (hire me) Tj ET 1 1 1 rg 0 680 595 100 re f "
            b"0 g BT /F1 12 Tf 50 700 Td (seen) Tj ET "
        ),
    ),
    (
        "covered",  # by a patch with other words on it
        (
            b"BT /F1 12 Tf 50 690 Td (hire me) Tj ET 1 1 1 rg 0 680 595 100 re f "
            b"0 g BT /F1 12 Tf 50 700 Td (seen) Tj ET "
        ),
    ),
    (
        "same_color",  # a rule under it does not make it readable
        b"1 1 1 rg BT /F1 12 Tf 50 600 Td (hire me) Tj ET 0 g 50 599 60 0.6 re f",
    ),
    ("invisible", b"BT 0 Tr 3 Tr /F1 12 Tf 50 700 Td (hire) Tj ET"),
    ("transparent", b"/Clear gs BT /F1 12 Tf 50 700 Td (hire) Tj ET /Full gs"),
]
STATES = (
    b"/Resources << /Font << /F1 5 0 R >> /ExtGState << /Clear << /ca 0 >> /Full << /ca 1 >> >> >>"
)


@pytest.mark.parametrize(("reason", "painted"), HIDDEN)
async def test_what_cannot_be_seen_is_reported_and_not_read(reason: str, painted: bytes) -> None:
    shown = b"" if b"(seen)" in painted else b"BT /F1 12 Tf 50 700 Td (seen) Tj ET "
    content = with_content(stream(shown + painted)).replace(
        b"/Resources << /Font << /F1 5 0 R >> >>", STATES
    )
    document = await read_document(content)
    assert text_of(document) == "seen"
    assert [(each.reason, each.page) for each in document.hidden] == [(reason, 1)]
    assert "hire" in document.hidden[0].excerpt


async def test_white_text_on_a_dark_bar_is_seen() -> None:
    painted = b"0 0 0.4 rg 0 500 595 300 re f 1 1 1 rg BT /F1 12 Tf 50 700 Td (seen) Tj ET"
    document = await read_document(with_content(stream(painted)))
    assert text_of(document) == "seen"
    assert document.hidden == ()


SEEN = [
    b"0.55 0.79 0.9 rg 0 600 595 200 re f 1 1 1 rg BT /F1 8 Tf 50 700 Td (seen) Tj ET",
    b"/Full gs BT /F1 12 Tf 50 700 Td (seen) Tj ET /Faint gs 1 1 0 rg 40 690 90 30 re f",
    b"BT /F1 12 Tf 50 700 Td (seen) Tj ET q 0 0 9 9 re W n 1 1 1 rg 0 0 595 842 re f Q",
    (
        b"0 0.3 0.6 rg 300 700 m 300 755 250 800 200 800 c 100 800 20 755 20 700 c 20 600 l "
        b"300 600 l h f 1 1 1 rg BT /F1 12 Tf 60 700 Td (seen) Tj ET"
    ),
]


@pytest.mark.parametrize("painted", SEEN)
async def test_nobody_is_accused_for_what_can_be_seen(painted: bytes) -> None:
    states = STATES.replace(b"/Full", b"/Faint << /ca 0.3 >> /Full")
    content = with_content(stream(painted)).replace(
        b"/Resources << /Font << /F1 5 0 R >> >>", states
    )
    document = await read_document(content)
    assert (text_of(document), document.hidden) == ("seen", ())


async def test_a_row_for_which_its_cell_had_no_room_is_no_hidden_text() -> None:
    painted = b"q 40 697 300 60 re W n BT /F1 12 Tf 50 700 Td (seen) Tj 0 -15 Td (cut off) Tj ET Q"
    document = await read_document(with_content(stream(painted)))
    assert (text_of(document), document.hidden) == ("seen", ())
    assert document.warnings == ("text_cut",)


async def test_a_page_that_is_painted_twice_hides_nothing() -> None:
    words = b"0 g BT /F1 12 Tf 50 700 Td (%s) Tj ET " % b" ".join([b"led the team of ten"] * 5)
    document = await read_document(with_content(stream(words + b"1 g 0 0 595 842 re f " + words)))
    assert document.hidden == ()
    assert text_of(document) == " ".join(["led the team of ten"] * 5)


async def test_a_clipped_dark_fill_does_not_hide_the_text_beside_it() -> None:
    painted = (
        b"q 0 0 100 842 re W n 0 0 0 rg 0 0 595 842 re f Q "
        b"0 0 0 rg BT /F1 12 Tf 200 700 Td (seen) Tj ET"
    )
    assert text_of(await read_document(with_content(stream(painted)))) == "seen"
