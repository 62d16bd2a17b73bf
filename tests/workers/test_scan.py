"""Scans and photographs are read by the real recogniser, within limits."""

from __future__ import annotations

import asyncio
import io
import zlib
from pathlib import Path
from typing import Any

import asyncpg
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from server.document import ocr
from server.document.kinds import kind_of
from server.document.pages import Document
from server.jobs import READ_SCAN
from server.language.speech import NO_ROLE
from server.store import corrections, interviews, outbox, resumes
from tests.resumes import ENGLISH_RESUME, resume_pdf
from tests.workers.pdfs import HEIGHT, WIDTH, draw
from workers.pdf import PdfRefused
from workers.pictures import draw_pages
from workers.reading import read_resume
from workers.resume import draw_resume, parse_resume, read_pictures
from workers.scan import read_scan
from workers.scan_doubt import doubted
from workers.scan_order import Limits
from workers.tools import Tools

TELEPHONE = Path(__file__).with_name("telephone.heic")
needs_tesseract = pytest.mark.skipif(ocr.missing() is not None, reason=str(ocr.missing()))


def scanned(lines: list[str] = ENGLISH_RESUME, dots: int = 200) -> Image.Image:
    page = pypdfium2.PdfDocument(resume_pdf(lines))[0]
    drawn: Image.Image = page.render(scale=dots / 72).to_pil()
    return drawn.convert("L")


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def pdf_of(picture: Image.Image) -> bytes:
    def paint(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)

    return draw(paint)


def text_of(document: Document) -> str:
    return " ".join(word.text for page in document.pages for word in page.words)


async def refusal(content: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(PdfRefused) as caught:
        await read_scan(content, limits=limits)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\x00\x00\x00\x18ftypheic", "heic"),
        (b"%PDF-1.7", "pdf"),
        (b"\x00\x00\x00\x18ftypisom a film", None),
        (b"PK\x03\x04", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_kind_is_told_by_the_first_bytes(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


@needs_tesseract
async def test_a_photograph_on_its_side_is_turned_as_the_camera_says() -> None:
    lying = scanned().rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    document = await read_scan(encoded(lying, "JPEG", quality=90, exif=exif))
    assert document.ocr
    header = doubted(read_resume(document, "photo.jpg"), document).header
    assert (header.name, header.email) == ("Jane Miller", "jane.miller@example.com")
    assert header.target_role is None


@needs_tesseract
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (encoded(Image.new("L", (1_000, 1_400), 255)), "needs_ocr"),
        (encoded(scanned())[:900], "unreadable"),
        (b"\xff\xd8\xff\xe0 no picture", "unreadable"),
    ],
    ids=["blank", "cut-off", "odd"],
)
async def test_what_is_no_picture_of_text_is_refused(content: bytes, code: str) -> None:
    assert await refusal(content) == code


@needs_tesseract
async def test_a_picture_that_unfolds_is_refused_before_it_is_decoded() -> None:
    """A PNG that says it is 60000 x 60000, three and a half gigabytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    size = (60_000).to_bytes(4, "big")
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size * 2 + b"\x08\x00\x00\x00\x00")
    content += chunk(b"IDAT", zlib.compress(b"\x00" * 100_000)) + chunk(b"IEND", b"")
    assert await refusal(content) == "too_much_memory"
    assert await draw_pages(content) == []


@needs_tesseract
async def test_time_is_limited() -> None:
    assert await refusal(encoded(scanned()), Limits(seconds=0.05)) == "took_too_long"


@needs_tesseract
async def test_cancelling_ends_it() -> None:
    reading = asyncio.create_task(read_scan(encoded(scanned())))
    await asyncio.sleep(0.3)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_a_picture_is_shown_as_a_page() -> None:
    (page,) = await draw_pages(encoded(scanned()))
    assert (page.page, page.width) == (1, 595)
    assert page.height == pytest.approx(842, abs=2)


async def test_a_telephone_s_picture_is_opened() -> None:
    content = TELEPHONE.read_bytes()
    assert kind_of(content) == "heic"
    (page,) = await draw_pages(content)
    assert page.height / page.width == pytest.approx(4 / 3, abs=0.01)
    assert len(Image.open(io.BytesIO(page.image)).convert("L").getcolors() or []) > 10


@pytest.fixture
def ctx(pool: asyncpg.Pool) -> dict[str, Any]:
    return {"tools": Tools(pool, None, None, 5)}


@needs_tesseract
async def test_a_scan_waits_in_a_queue_of_its_own_and_its_role_for_a_person(
    pool: asyncpg.Pool, ctx: dict[str, Any]
) -> None:
    resume_id, _ = await resumes.add(pool, pdf_of(scanned()), "scan.pdf")
    await parse_resume(ctx, str(resume_id))
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert stored.status == "queued"
    assert await outbox.waiting(pool, READ_SCAN, resume_id) is not None
    for _ in range(2):  # again is harmless
        await read_pictures(ctx, str(resume_id))
    await draw_resume(ctx, str(resume_id))
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert stored.structured_data is not None
    header = stored.structured_data["header"]
    assert stored.structured_data["meta"]["ocr"]
    assert (header["name"], header["target_role"]) == ("Jane Miller", None)
    assert header["target_role_unconfirmed"] == "Data Engineer"
    general = await interviews.create(pool, resume_id)
    assert general is not None
    assert general.target_role == NO_ROLE


async def test_a_picture_s_role_counts_once_a_person_has_confirmed_it(pool: asyncpg.Pool) -> None:
    resume_id, _ = await resumes.add(pool, b"\xff\xd8\xff", "photo.jpg")
    header = {"name": None, "target_role": None, "target_role_unconfirmed": "Data Engineer"}
    read = {"header": header, "meta": {"language": "en", "ocr": True}}
    await resumes.mark_ready(pool, resume_id, read)
    await corrections.correct(pool, resume_id, "target_role", "Data Engineer", "Kim")
    made = await interviews.create(pool, resume_id)
    assert made is not None
    assert made.target_role == "Data Engineer"
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert (stored.structured_data or {})["header"]["target_role_unconfirmed"] is None


async def test_without_the_recogniser_a_scan_is_refused(
    pool: asyncpg.Pool, ctx: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "missing", lambda: "Tesseract is not here")
    resume_id, _ = await resumes.add(pool, pdf_of(scanned()), "scan.pdf")
    await parse_resume(ctx, str(resume_id))
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert (stored.error or {})["code"] == "needs_ocr"
    assert await refusal(encoded(scanned())) == "needs_ocr"
