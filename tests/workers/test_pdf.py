from __future__ import annotations

import asyncio
import hashlib
import time

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from server.document.pages import BULLET
from tests.workers.pdfs import (
    HEIGHT,
    bomb,
    draw,
    flate,
    lines_of,
    many_pages,
    put,
    raw,
    stream,
    text_of,
    with_content,
)
from workers.pdf import Limits, PdfRefused, read_document

SAFE = Limits(seconds=20)


PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> >> >>"
)


async def refusal(content: bytes, limits: Limits = SAFE) -> str:
    with pytest.raises(PdfRefused) as caught:
        await read_document(content, limits=limits)
    return caught.value.code


async def test_words_have_place_size_and_weight() -> None:
    content = lines_of("Maren Oduya", "백엔드 개발자")
    document = await read_document(content)
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    name = document.pages[0].words[0]
    assert (name.text, name.size, name.bold) == ("Maren", 24, True)
    assert name.box.x0 == pytest.approx(50, abs=1)
    assert name.box.top < 70 < name.box.bottom
    assert "백엔드 개발자" in text_of(document)
    assert document.hidden == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip called .pdf", b"hello" * 400])
async def test_what_is_not_a_pdf_starts_no_process(content: bytes) -> None:
    assert await refusal(content) == "not_a_pdf"


async def test_a_password_is_asked_for() -> None:
    content = draw(lambda c: put(c, 50, 80, "secret"), encrypt=StandardEncryption("open sesame"))
    assert await refusal(content) == "encrypted"


async def test_an_owner_password_alone_does_not_keep_the_text_away() -> None:
    locked = StandardEncryption("", ownerPassword="owner", canModify=0)
    document = await read_document(draw(lambda c: put(c, 50, 80, "visible"), encrypt=locked))
    assert text_of(document) == "visible"


async def test_a_truncated_file_is_unreadable() -> None:
    content = lines_of("Maren Oduya", "Engineer")
    assert await refusal(content[: len(content) // 6]) in ("unreadable", "no_pages")


async def test_a_document_without_pages() -> None:
    empty = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    assert await refusal(raw(empty)) == "no_pages"


async def test_pictures_only_need_ocr() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.rect(0, 0, 500, 700, fill=1)

    assert await refusal(draw(paint)) == "needs_ocr"


async def test_ten_thousand_pages_are_refused_at_once() -> None:
    content = many_pages(10_000)
    began = time.monotonic()
    assert await refusal(content) == "too_many_pages"
    assert time.monotonic() - began < 30


async def test_a_count_that_lies_does_not_help() -> None:
    lying = many_pages(600).replace(b"/Count 600", b"/Count 1  ")
    assert await refusal(lying) == "too_many_pages"


async def test_of_a_long_document_the_first_pages_are_read_with_a_warning() -> None:
    def paint(canvas: Canvas) -> None:
        for number in range(72):
            put(canvas, 50, 80, f"page {number}")
            canvas.showPage()

    document = await read_document(draw(paint))
    assert document.page_count == 72
    assert len(document.pages) == Limits().read_pages
    assert "pages_not_read" in document.warnings


async def test_deeply_nested_objects_end_in_a_refusal_or_a_reading() -> None:
    nested = b"[" * 200_000 + b"]" * 200_000
    content = with_content(stream(b"BT /F1 12 Tf 50 700 Td (still here) Tj ET"), b"/Odd " + nested)
    try:
        ended = text_of(await read_document(content, limits=SAFE))
    except PdfRefused as refused:
        ended = refused.code
    assert ended in ("still here", "unreadable", "too_much_memory", "took_too_long")


async def test_a_stream_that_inflates_to_gigabytes_is_refused() -> None:
    content = bomb()
    assert len(content) < 100_000
    assert await refusal(content) == "too_much_memory"


async def test_endless_work_ends_with_the_time() -> None:
    rectangles = b"0 0 500 700 re f " * 400_000
    assert await refusal(with_content(flate(rectangles)), Limits(seconds=0.5)) == "took_too_long"


async def test_a_short_clock_does_not_hold_the_loop() -> None:
    late = []

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            late.append(time.monotonic() - before - 0.01)

    watching = asyncio.create_task(watch())
    await read_document(lines_of(*["the quick brown fox"] * 40))
    watching.cancel()
    assert max(late) < 0.2


async def test_fonts_that_do_not_say_their_letters_need_ocr() -> None:
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Odd /Encoding /Identity-H /DescendantFonts "
        b"[<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Odd /CIDSystemInfo "
        b"<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
    )
    text = b"BT /F1 12 Tf 50 700 Td <00410042004300440045> Tj ET"
    content = with_content(stream(text)).replace(b"/F1 5 0 R", b"/F1 6 0 R")
    objects = [part.split(b"obj\n", 1)[1] for part in content.split(b"\nendobj\n")[:-1]]
    assert await refusal(raw([*objects, font])) == "needs_ocr"


async def test_right_to_left_text_comes_in_reading_order() -> None:
    # a PDF paints the letters of שלום from the left: mem, vav, lamed, shin
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 4 beginbfchar <41> <05DD> <42> <05D5> <43> <05DC> <44> <05E9> "
        b"endbfchar endcmap end"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        stream(b"BT /F1 12 Tf 50 700 Td (ABCD) Tj ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        stream(cmap),
    ]
    assert text_of(await read_document(raw(objects))) == "שלום"


async def test_scripts_and_attachments_are_left_alone() -> None:
    names = (
        b"/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\)) >> /Names << /EmbeddedFiles "
        b"<< /Names [(evil.exe) << /Type /Filespec /F (evil.exe) >>] >> >>"
    )
    content = with_content(stream(b"BT /F1 12 Tf 50 700 Td (plain) Tj ET"), catalog=names)
    document = await read_document(content)
    assert text_of(document) == "plain"
    assert document.pages[0].links == ()


async def test_control_characters_are_spaces_and_icons_are_bullets() -> None:
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 4 beginbfchar <41> <0001> <42> <F0E0> <43> <0061> <44> <FB01> "
        b"endbfchar endcmap end"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        stream(b"BT /F1 12 Tf 50 700 Td (BCDACC) Tj ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        stream(cmap),
    ]
    document = await read_document(raw(objects))
    assert [word.text for word in document.pages[0].words] == [BULLET, "afi", "aa"]


async def test_letters_no_database_can_hold_are_dropped() -> None:
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 3 beginbfchar <41> <D800> <42> <0000> <43> <0063> "
        b"endbfchar endcmap end"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        stream(b"BT /F1 12 Tf 50 700 Td (CABC) Tj ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        stream(cmap),
    ]
    assert set(text_of(await read_document(raw(objects)))) <= {"c", " "}


async def test_ruled_cells_become_a_table() -> None:
    def paint(canvas: Canvas) -> None:
        for row in range(3):
            for column in range(2):
                canvas.rect(50 + 100 * column, HEIGHT - 100 - 30 * row, 100, 30)
                put(canvas, 55 + 100 * column, 95 + 30 * row, f"r{row}c{column}")

    page = (await read_document(draw(paint))).pages[0]
    assert [len(row) for row in page.tables[0].rows] == [2, 2, 2]


async def test_memory_and_time_are_reported() -> None:
    document = await read_document(lines_of("Maren Oduya", "Engineer"))
    assert 0 < document.cpu_ms < 5_000
    assert 10_000 < document.peak_kb < 300_000
