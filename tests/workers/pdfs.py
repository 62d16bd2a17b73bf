"""PDFs for tests: written with reportlab, or byte by byte where no writer would."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from server.document.pages import Document

WIDTH, HEIGHT = A4
KOREAN = "HYSMyeongJo-Medium"
pdfmetrics.registerFont(UnicodeCIDFont(KOREAN))

Text = tuple[float, float, str, float]
"""x, distance from the top, text, size."""


def font_for(text: str, bold: bool = False) -> str:
    if any(ord(letter) > 0x2E80 for letter in text):
        return KOREAN
    return "Helvetica-Bold" if bold else "Helvetica"


def put(
    canvas: Canvas, x: float, top: float, text: str, size: float = 10, bold: bool = False
) -> None:
    canvas.setFont(font_for(text, bold), size)
    canvas.drawString(x, HEIGHT - top, text)


def draw(paint: Callable[[Canvas], None], title: str = "", **options: object) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, **options)
    canvas.setTitle(title)
    paint(canvas)
    canvas.save()
    return target.getvalue()


def page_of(*texts: Text, title: str = "") -> bytes:
    def paint(canvas: Canvas) -> None:
        for x, top, text, size in texts:
            put(canvas, x, top, text, size, bold=size > 11)

    return draw(paint, title)


def lines_of(*lines: str, size: float = 10, first: float = 24) -> bytes:
    """One column: the first line large, as a name is, the others below it."""
    texts: list[Text] = [(50, 70, lines[0], first)]
    texts += [(50, 100 + 16 * index, text, size) for index, text in enumerate(lines[1:])]
    return page_of(*texts)


def form_of(rows: Sequence[Sequence[str]], left: float = 50, top: float = 80) -> bytes:
    """A ruled table with one text in each cell."""

    def paint(canvas: Canvas) -> None:
        put(canvas, 260, 50, "이 력 서", 20)
        cell = (WIDTH - 2 * left) / max(len(row) for row in rows)
        for index, row in enumerate(rows):
            for place, text in enumerate(row):
                x, y = left + place * cell, top + 26 * index
                canvas.rect(x, HEIGHT - y - 26, cell, 26)
                put(canvas, x + 5, y + 17, text, 9)

    return draw(paint)


def raw(objects: Sequence[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, trailer, start,
    )  # fmt: skip
    return bytes(out)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


def flate(data: bytes) -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode")


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def with_content(content: bytes, page: bytes = b"", catalog: bytes = b"") -> bytes:
    """One page with this content stream object; /F1 is Helvetica."""
    return raw(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> %s >>" % page,
            content,
            FONT,
        ]
    )


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    pages = [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"] * count
    return raw(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            *pages,
        ]
    )


def bomb() -> bytes:
    """A small file whose content stream inflates to a gigabyte."""
    squeeze = zlib.compressobj(1)
    once = b"".join(squeeze.compress(b" " * (1 << 24)) for _ in range(64)) + squeeze.flush()
    twice = zlib.compress(once, 9)
    return with_content(stream(twice, b"/Filter [/FlateDecode /FlateDecode]"))


def text_of(document: Document) -> str:
    return " ".join(word.text for page in document.pages for word in page.words)
