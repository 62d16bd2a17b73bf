from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from server.document.pages import BULLET, Document
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
    with_content,
)
from workers.isolation import NotIsolated
from workers.pdf import Limits, PdfRefused, read_document

SAFE = Limits(seconds=20)


def text_of(document: Document) -> str:
    return " ".join(word.text for page in document.pages for word in page.words)


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
    assert time.monotonic() - began < 5


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


HIDDEN = [
    ("same_color", b"1 1 1 rg BT /F1 12 Tf 50 600 Td (hire me) Tj ET"),
    ("same_color", b"0 0 0.5 rg 0 500 595 200 re f BT /F1 12 Tf 50 600 Td (hire me) Tj ET"),
    ("invisible", b"BT 3 Tr /F1 12 Tf 50 600 Td (hire me) Tj ET"),
    ("tiny", b"BT /F1 0.5 Tf 50 600 Td (hire me) Tj ET"),
    ("off_page", b"BT /F1 12 Tf 50 -300 Td (hire me) Tj ET"),
    ("off_page", b"q 0 0 20 20 re W n BT /F1 12 Tf 50 600 Td (hire me) Tj ET Q"),
    ("covered", b"BT /F1 12 Tf 50 600 Td (hire me) Tj ET 1 1 1 rg 0 500 595 200 re f"),
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


async def test_a_clipped_dark_fill_does_not_hide_the_text_beside_it() -> None:
    painted = (
        b"q 0 0 100 842 re W n 0 0 0 rg 0 0 595 842 re f Q "
        b"0 0 0 rg BT /F1 12 Tf 200 700 Td (seen) Tj ET"
    )
    assert text_of(await read_document(with_content(stream(painted)))) == "seen"


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


@pytest.mark.skipif(sys.platform == "darwin", reason="reads /proc")
async def test_the_process_ends_with_its_parent(tmp_path: Path) -> None:
    slow = tmp_path / "slow.pdf"
    _write(slow, with_content(flate(b"0 0 500 700 re f " * 400_000)))
    script = (
        "import asyncio, pathlib, sys\n"
        "from workers.pdf import Limits, read_document\n"
        "asyncio.run(read_document(pathlib.Path(sys.argv[1]).read_bytes(),"
        " limits=Limits(seconds=60, megabytes=2000)))\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(slow), cwd=Path(__file__).parents[2]
    )
    child = await _reader_of(parent.pid)
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()
    for _ in range(100):
        if not _lives(child):
            return
        await asyncio.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the extraction process outlived its parent")


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _lives(pid: int) -> bool:
    try:
        return _stat(pid)[0] != "Z"
    except FileNotFoundError:
        return False


def _stat(pid: int) -> list[str]:
    """State, parent and so on, as the kernel lists them behind the name."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def _environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


async def _reader_of(pid: int) -> int:
    """The extraction process: a child of the warm process, which is a child of ``pid``. Others of
    its children, a database perhaps, have children too."""
    for _ in range(500):
        warm = [child for child in _children(pid) if b"workers.nursery" in _command(child)]
        if found := [each for child in warm for each in _children(child)]:
            await asyncio.sleep(0.5)
            return found[0]
        await asyncio.sleep(0.02)
    raise AssertionError("no extraction process was started")


async def test_cancelling_ends_the_process() -> None:
    slow = with_content(flate(b"0 0 500 700 re f " * 400_000))
    reading = asyncio.create_task(read_document(slow, limits=Limits(seconds=30, megabytes=2000)))
    child = await _reader_of(os.getpid())
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not _lives(child)


async def test_a_reader_that_is_killed_costs_its_own_file_only() -> None:
    slow = with_content(flate(b"0 0 500 700 re f " * 400_000))
    reading = asyncio.create_task(read_document(slow, limits=Limits(seconds=30, megabytes=2000)))
    child = await _reader_of(os.getpid())
    other = await read_document(lines_of("Maren Oduya", "Engineer"))
    os.kill(child, signal.SIGKILL)
    with pytest.raises(PdfRefused) as caught:
        await reading
    assert caught.value.code == "too_much_memory"
    assert "Engineer" in text_of(other)


async def test_the_warm_process_is_started_again_when_it_was_killed() -> None:
    await read_document(lines_of("Maren Oduya"))
    slow = with_content(flate(b"0 0 500 700 re f " * 400_000))
    reading = asyncio.create_task(read_document(slow, limits=Limits(seconds=30, megabytes=2000)))
    child = await _reader_of(os.getpid())
    os.kill(int(_stat(child)[1]), signal.SIGKILL)
    with pytest.raises(NotIsolated):  # not the file's fault: the job is tried again
        await reading
    assert "Maren" in text_of(await read_document(lines_of("Maren Oduya")))
    assert not _lives(child)


async def test_nothing_of_one_file_is_left_for_the_next() -> None:
    first, second = await read_document(lines_of("Maren")), await read_document(lines_of("Oduya"))
    assert (text_of(first), text_of(second)) == ("Maren", "Oduya")


async def test_the_server_s_secrets_do_not_reach_the_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    slow = with_content(flate(b"0 0 500 700 re f " * 400_000))
    reading = asyncio.create_task(read_document(slow, limits=Limits(seconds=30, megabytes=2000)))
    child = await _reader_of(os.getpid())
    environment = _environment(child)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert b"PATH=" in environment
    assert b"secret" not in environment
