"""Résumés that the tests draw themselves."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

KOREAN_RESUME = [
    "이력서",
    "이름 : 최민지",
    "이메일 : minji.choi@example.com",
    "지원 직무 : 보안 엔지니어",
]
ENGLISH_RESUME = ["Jane Miller", "jane.miller@example.com", "Target Role: Data Engineer"]
ROLELESS_RESUME = ["Jane Miller", "jane.miller@example.com", "Experience", "Acme Ltd, 2020 - 2023"]


def resume_pdf(lines: list[str], *, encrypt: str | None = None) -> bytes:
    """A one-column PDF with an embedded text layer, the first line large."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, encrypt=encrypt, invariant=1)
    korean = any(ord(letter) > 0x1100 for line in lines for letter in line)
    font = "Helvetica"
    if korean:
        font = "HYSMyeongJo-Medium"
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    y = 780
    for number, line in enumerate(lines):
        canvas.setFont(font, 11 if number else 20)
        canvas.drawString(60, y, line)
        y -= 26
    canvas.save()
    return target.getvalue()
