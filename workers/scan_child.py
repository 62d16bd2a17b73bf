"""The process that reads pictures of text: one file in, its words out, then it ends.

Forked for ``workers.scan`` only. It limits itself before it looks at the file; the recogniser is a
program of its own, which inherits the limits.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import msgspec
import pypdfium2
from PIL import Image

from server.document.pages import Document, Page
from workers.isolation import limit_this_process
from workers.pdf_order import Read, RefusalCode, Refused
from workers.photo import TooLarge, opened, points_of, sized
from workers.scan_order import Order
from workers.scan_words import Found, agreed, has_hangul, words_of

_LONGEST = 3_508
"""Pixels of the longer side that the recogniser is given: A4 at 300 dots to an inch."""
_SECOND = 2_600
"""The second look is at another size, so that it does not repeat the first one's mistakes."""
_KINDNESS = 10
_LEAST_WORDS = 15
"""A page with fewer may lie on its side."""


class Odd(Exception):
    def __init__(self, code: RefusalCode, detail: str) -> None:
        super().__init__(detail)
        self.refused = Refused(code, detail)


def main(conversation: socket.socket) -> None:
    source = conversation.makefile("rb")
    order = msgspec.json.decode(source.readline(), type=Order)
    content = source.read(order.size)
    limit_this_process(
        seconds=order.limits.seconds,
        megabytes=order.limits.megabytes,
        lifeline=conversation.fileno(),
    )
    os.nice(_KINDNESS)  # those who uploaded text wait for nobody's scan
    conversation.sendall(msgspec.msgpack.encode(answer(content, order)))


def answer(content: bytes, order: Order) -> Read | Refused:
    try:
        return _read(content, order)
    except Odd as odd:
        return odd.refused
    except MemoryError:
        return Refused("too_much_memory", "the picture needs too much memory")
    except Exception:  # noqa: BLE001 - a hostile file may raise anything
        return Refused("unreadable", "the file is damaged or not a complete picture")


def _read(content: bytes, order: Order) -> Read | Refused:
    pages: list[Page] = []
    count = 0
    for number, (whole, picture) in enumerate(_pictures(content, order), start=1):
        count = whole
        pages.append(_page(picture, number, order))
    if not any(page.words for page in pages):
        return Refused("needs_ocr", "no text could be made out")
    warnings = ("pages_not_read",) if count > len(pages) else ()
    return Read(
        Document(
            sha256=order.sha256,
            page_count=count,
            pages=tuple(pages),
            warnings=warnings,
            ocr=True,
            cpu_ms=_cpu_ms(),
        )
    )


def _cpu_ms() -> int:
    """With what the recogniser took."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(1000 * sum(each.ru_utime + each.ru_stime for each in used))


def _pictures(content: bytes, order: Order) -> Iterator[tuple[int, Image.Image]]:
    """How many pages there are, and one of the first after the other, upright, in grey."""
    if order.kind == "pdf":
        document = pypdfium2.PdfDocument(content)
        document.init_forms()
        for index in range(min(len(document), order.limits.pages)):
            page = document[index]
            scale = _LONGEST / max(1.0, *page.get_size())
            yield len(document), page.render(scale=scale, grayscale=True).to_pil().convert("L")
        return
    try:
        picture = opened(content, pixels=order.limits.pixels, longest=_LONGEST)
    except TooLarge:
        raise Odd("too_much_memory", "the picture has too many pixels") from None
    yield 1, sized(picture.convert("L"), _LONGEST)


def _page(picture: Image.Image, number: int, order: Order) -> Page:
    first = _look(picture, "kor+eng", order)
    if sum(each.confidence > 0.6 for each in first) < _LEAST_WORDS:
        turned = _upright(picture, order)
        if turned is not picture:
            picture, first = turned, _look(turned, "kor+eng", order)
    languages = "kor+eng" if has_hangul(first) else "eng"
    second = _look(sized(picture, _SECOND), languages, order, _LONGEST / _SECOND)
    # where there is no Hangul, whoever does not look for any sees better
    words = agreed(second, first) if languages == "eng" else agreed(first, second)
    width, height = points_of(picture)
    by = width / picture.width
    return Page(number, width, height, words=tuple(words_of(words, by)))


def _upright(picture: Image.Image, order: Order) -> Image.Image:
    told = _tesseract(picture, order, "--psm", "0").decode("utf-8", "replace")
    for line in told.splitlines():
        name, _, value = line.partition(":")
        with suppress(ValueError):
            if name == "Rotate" and int(value) in (90, 180, 270):
                return picture.rotate(-int(value), expand=True)
    return picture


def _look(picture: Image.Image, languages: str, order: Order, by: float = 1.0) -> list[Found]:
    table = _tesseract(picture, order, "-l", languages, "--psm", "3", "tsv")
    return Found.all_of(table.decode("utf-8", "replace"), by)


def _tesseract(picture: Image.Image, order: Order, *options: str) -> bytes:
    sent = io.BytesIO()
    picture.save(sent, "PPM")
    arguments, output = list(options), ["stdin", "stdout"]
    dots = str(max(70, round(picture.height / 11.7)))
    done = subprocess.run(
        [
            sys.executable, order.tether, str(int(signal.SIGKILL)), str(os.getpid()), "-",
            order.program, *output, "--dpi", dots, *arguments,
        ],
        input=sent.getvalue(), capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Odd("took_too_long", "the picture took too long to read")
    return done.stdout
