"""Pictures of pages: right size, bounded, and none where a file cannot be drawn."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.resumes import KOREAN_RESUME, resume_pdf
from workers.pictures import draw_pages
from workers.pictures_order import Order


async def test_a_page_is_drawn_at_its_size() -> None:
    (picture,) = await draw_pages(resume_pdf(KOREAN_RESUME))
    assert picture.page == 1
    assert (round(picture.width), round(picture.height)) == (595, 842)
    image = Image.open(io.BytesIO(picture.image))
    assert image.format == "WEBP"
    assert abs(image.width - 595 * 110 / 72) <= 2
    assert len(image.convert("L").getcolors() or []) > 2


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 nothing", resume_pdf(["x"], encrypt="secret"), resume_pdf(["x"])[:400]],
)
async def test_what_cannot_be_drawn_has_no_pictures(content: bytes) -> None:
    assert await draw_pages(content) == []


async def test_drawing_ends_at_its_limits() -> None:
    content = resume_pdf(KOREAN_RESUME)
    assert await draw_pages(content, Order(len(content), seconds=0.01)) == []
    assert await draw_pages(content, Order(len(content), megabytes=60)) == []
