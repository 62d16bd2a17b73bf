"""The extraction without its limits, in a process that ends as others do: it reads the same, and
``make coverage`` counts its lines (behind its limits it can write no file)."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.workers.pdfs import draw, form_of, lines_of, many_pages, put
from workers.pdf import Limits, PdfRefused, read_document
from workers.pdf_order import Order, Read, Refused

UNLIMITED = """
import sys, msgspec
from workers.pdf_child import answer
from workers.pdf_order import Order
order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
sys.stdout.buffer.write(msgspec.msgpack.encode(answer(sys.stdin.buffer.read(order.size), order)))
"""
ROOT = Path(__file__).resolve().parents[2]
SHORT = Limits(seconds=20, read_pages=3, max_pages=10)


def unlimited(content: bytes, limits: Limits) -> Read | Refused:
    order = Order(len(content), hashlib.sha256(content).hexdigest(), limits)
    done = subprocess.run(
        [sys.executable, "-c", UNLIMITED],
        input=msgspec.json.encode(order) + b"\n" + content,
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return msgspec.msgpack.decode(done.stdout, type=Read | Refused)


def ruled(canvas: Canvas) -> None:
    put(canvas, 50, 80, "Jane Roe", 20)
    put(canvas, 50, 120, "Welder")
    canvas.rect(50, 600, 200, 3, fill=1)
    canvas.line(50, 500, 300, 500)


@pytest.mark.parametrize(
    "content",
    [
        lines_of("홍길동", "보안 엔지니어", "gildong@example.org", "2019.03 - 2024.01"),
        form_of([["Name", "Jane Roe"], ["Role", "Welder"]]),
        draw(ruled),
    ],
    ids=["korean", "form", "ruled"],
)
async def test_the_same_is_read(content: bytes) -> None:
    here = unlimited(content, SHORT)
    assert isinstance(here, Read)
    assert here.document.pages == (await read_document(content, limits=SHORT)).pages


@pytest.mark.parametrize("content", [b"no PDF at all", many_pages(11)], ids=["other", "too-long"])
async def test_the_same_is_refused(content: bytes) -> None:
    here = unlimited(content, SHORT)
    assert isinstance(here, Refused)
    with pytest.raises(PdfRefused) as caught:
        await read_document(content, limits=SHORT)
    if here.code != "unreadable":
        assert caught.value.code == here.code
