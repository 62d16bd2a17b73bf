"""Pages that lie on their side, whose boxes are odd, that are forms, or have layers."""

from __future__ import annotations

import pytest

from server.document.pages import Page
from tests.workers.pdfs import FONT, raw, stream
from workers.pdf import Limits, read_document

TEXT = b"BT /F1 12 Tf 100 700 Td (upper) Tj 0 -600 Td (lower) Tj ET"
SIDEWAYS = b"BT /F1 12 Tf 0 1 -1 0 100 100 Tm (lower upper) Tj ET"
HEADLONG = b"BT /F1 12 Tf -1 0 0 -1 400 100 Tm (upper) Tj -1 0 0 -1 400 700 Tm (lower) Tj ET"


def document_of(
    text: bytes = TEXT, page: bytes = b"", catalog: bytes = b"", more: tuple[bytes, ...] = ()
) -> bytes:
    """``more``: objects from number 6 on."""
    if b"/MediaBox" not in page:
        page += b" /MediaBox [0 0 595 842]"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
        b"/Properties << /L 6 0 R >> >> %s >>" % page,
        stream(text),
        FONT,
    ]
    return raw([*objects, *more])


async def page_of(content: bytes) -> Page:
    document = await read_document(content, limits=Limits(seconds=30))
    assert document.hidden == ()
    return document.pages[0]


def texts(page: Page) -> list[str]:
    return [word.text for word in page.words]


@pytest.mark.parametrize(
    ("boxes", "size", "left", "top"),
    [
        (b"", (595, 842), 100, 142),
        (b"/CropBox [0 842 595 0]", (595, 842), 100, 142),
        (b"/MediaBox [595 842 0 0]", (595, 842), 100, 142),
        (b"/CropBox [-100 -100 900 1000]", (595, 842), 100, 142),
        (b"/CropBox [50 42 545 742]", (495, 700), 50, 42),
        (b"/MediaBox [50 42 545 742] /CropBox [50 42 545 742]", (495, 700), 50, 42),
        (b"/CropBox [700 900 800 1000]", (595, 842), 100, 142),
        (b"/CropBox [0 0 0 0]", (595, 842), 100, 142),
        (b"/CropBox (none)", (595, 842), 100, 142),
        (b"/MediaBox [0 0 0 0] /CropBox [0 0 612 792]", (612, 792), 100, 92),
        (b"/MediaBox [0 0 595 842] /TrimBox [9 9 1 1] /Rotate 7.5", (595, 842), 100, 142),
    ],
)
async def test_what_is_displayed_is_read_whatever_the_boxes_say(
    boxes: bytes, size: tuple[float, float], left: int, top: int
) -> None:
    page = await page_of(document_of(page=boxes))
    assert (page.width, page.height) == size
    upper = page.words[0]
    assert texts(page) == ["upper", "lower"]
    assert (round(upper.box.x0), round(upper.box.bottom)) == pytest.approx((left, top), abs=4)


@pytest.mark.parametrize("box", [b"", b"/MediaBox [20 30 615 872]"])
@pytest.mark.parametrize(
    ("angle", "text"), [(90, SIDEWAYS), (-270, SIDEWAYS), (180, HEADLONG), (540, HEADLONG)]
)
async def test_a_page_is_read_as_it_is_turned(angle: int, text: bytes, box: bytes) -> None:
    page = await page_of(document_of(text, b"/Rotate %d " % angle + box))
    assert page.turn == 0
    assert (page.width > page.height) == (angle % 180 != 0)
    assert all(word.upright for word in page.words)
    first, second = page.words
    wanted = ["lower", "upper"] if text is SIDEWAYS else ["upper", "lower"]
    assert [first.text, second.text] == wanted
    assert (first.box.top, first.box.x0) < (second.box.top, second.box.x0)


async def test_a_page_turned_the_other_way() -> None:
    across = b"BT /F1 12 Tf 0 -1 1 0 100 700 Tm (first second) Tj ET"
    page = await page_of(document_of(across, b"/Rotate 270"))
    assert texts(page) == ["first", "second"]
    assert page.turn == 0


@pytest.mark.parametrize(("text", "turn"), [(SIDEWAYS, 90), (HEADLONG, 180)])
async def test_a_page_whose_letters_lie_is_turned_to_be_read(text: bytes, turn: int) -> None:
    page = await page_of(document_of(text))
    assert page.turn == turn
    assert all(word.upright for word in page.words)
    assert sorted(texts(page)) == ["lower", "upper"]


async def test_a_word_on_the_side_turns_no_page() -> None:
    page = await page_of(document_of(TEXT + b" BT /F1 9 Tf 0 1 -1 0 20 100 Tm (id) Tj ET"))
    assert page.turn == 0
    assert [word.upright for word in page.words] == [True, True, False]


LOOK = b"/Tx BMC q BT /F1 11 Tf 2 4 Td (Jane Roe) Tj ET Q EMC"
APPEARANCE = stream(
    LOOK, b"/Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 5 0 R >> >>"
)
FIELD = b"<< /Subtype /Widget /FT /Tx /T (name) /Rect [100 600 300 620] /V %s %s >>"
FORM = b"/AcroForm << /Fields [6 0 R] /NeedAppearances true >>"


async def read_form(field: bytes, text: bytes = TEXT, *more: bytes) -> Page:
    return await page_of(document_of(text, b"/Annots [6 0 R]", FORM, (field, *more)))


async def test_a_field_is_read_as_it_looks_and_once() -> None:
    page = await read_form(FIELD % (b"(Jane Roe)", b"/AP << /N 7 0 R >>"), TEXT, APPEARANCE)
    assert texts(page) == ["upper", "Jane", "Roe", "lower"]
    jane = page.words[1]
    assert (round(jane.box.x0), round(jane.box.bottom)) == pytest.approx((102, 238), abs=4)


async def test_a_field_without_a_look_is_read_by_its_value() -> None:
    korean = b"<FEFFBC31C5D4B4DC0020AC1CBC1C>"
    page = await read_form(FIELD % (korean, b""))
    assert texts(page)[2:] == ["백엔드", "개발"]
    box = page.words[2].box
    assert 100 <= box.x0 < box.x1 <= 300
    assert 222 <= box.top < box.bottom <= 242


async def test_a_field_that_the_page_says_too_is_read_once() -> None:
    flat = TEXT + b" BT /F1 11 Tf 102 604 Td (Jane Roe) Tj ET"
    page = await read_form(FIELD % (b"(Jane Roe)", b""), flat)
    assert sorted(texts(page)) == ["Jane", "Roe", "lower", "upper"]


async def test_a_value_may_stand_at_the_parent_and_be_a_choice() -> None:
    part = b"<< /Subtype /Widget /Parent 7 0 R /Rect [100 600 300 620] >>"
    page = await read_form(part, TEXT, b"<< /FT /Ch /T (role) /V [(Welder) (Fitter)] >>")
    assert texts(page)[2:] == ["Welder,", "Fitter"]


@pytest.mark.parametrize("flags", [b"/F 2", b"/F 32", b"/Ff 8192", b"/FT /Sig", b"/FT /Btn"])
async def test_what_no_viewer_shows_of_a_form_is_not_read(flags: bytes) -> None:
    field = (FIELD % (b"(secret)", b"")).replace(
        b"/FT /Tx", flags if b"FT" in flags else b"/FT /Tx"
    )
    page = await read_form(
        field if b"FT" in flags else field.replace(b" >>", b" " + flags + b" >>")
    )
    assert texts(page) == ["upper", "lower"]


async def test_what_was_typed_onto_the_page_is_read() -> None:
    note = b"<< /Subtype /FreeText /Rect [100 600 300 620] /Contents (Welder) /AP << /N 7 0 R >> >>"
    page = await read_form(note, TEXT, APPEARANCE)
    assert "Jane" in texts(page)


@pytest.mark.parametrize("odd", [b"[1 2]", b"[(a) 0 0 0]", b"null", b"[0 0 1e999 5]"])
async def test_a_field_nowhere_costs_nothing(odd: bytes) -> None:
    field = (FIELD % (b"(x)", b"/AP << /N 7 0 R >>")).replace(b"[100 600 300 620]", odd)
    assert texts(await read_form(field, TEXT, APPEARANCE)) == ["upper", "lower"]


LAYERED = TEXT + b" /OC /L BDC BT /F1 12 Tf 100 400 Td (layer) Tj ET EMC"
LAYER = b"<< /Type /OCG /Name (draft) >>"


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (b"", True),
        (b"/OFF [6 0 R]", False),
        (b"/BaseState /OFF", False),
        (b"/BaseState /OFF /ON [6 0 R]", True),
    ],
)
async def test_a_layer_that_is_off_is_not_read(state: bytes, shown: bool) -> None:
    catalog = b"/OCProperties << /OCGs [6 0 R] /D << %s >> >>" % state
    content = document_of(LAYERED, catalog=catalog, more=(LAYER,))
    document = await read_document(content)
    words = [word.text for word in document.pages[0].words]
    assert ("layer" in words) == shown
    assert [each.reason for each in document.hidden] == ([] if shown else ["layer_off"])
