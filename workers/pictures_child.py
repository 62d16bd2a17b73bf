"""The drawing process: one file in, its pictures out, then it ends.

Forked for ``workers.pictures`` only. It limits itself before it looks at the file.
"""

from __future__ import annotations

import io
import socket

import msgspec
import pypdfium2
from PIL import Image

from server.document.kinds import PICTURES, kind_of
from workers.isolation import limit_this_process
from workers.photo import opened, points_of
from workers.pictures_order import Order, Picture

POINTS_PER_INCH = 72
MOST_PIXELS = 4_000_000
MOST_OPENED = 80_000_000
_A4_INCHES = 11.7
QUALITY = 80


def main(conversation: socket.socket) -> None:
    source = conversation.makefile("rb")
    order = msgspec.json.decode(source.readline(), type=Order)
    content = source.read(order.size)
    limit_this_process(
        seconds=order.seconds, megabytes=order.megabytes, lifeline=conversation.fileno()
    )
    conversation.sendall(msgspec.msgpack.encode(draw(content, order)))


def draw(content: bytes, order: Order) -> list[Picture]:
    if kind_of(content) in PICTURES:
        return [_photo(content, order)]
    document = pypdfium2.PdfDocument(content)
    document.init_forms()  # so that fields without a look of their own are drawn
    count = min(len(document), order.pages)
    return [_draw_page(document[index], index + 1, order) for index in range(count)]


def _photo(content: bytes, order: Order) -> Picture:
    longest = round(_A4_INCHES * order.dots_per_inch)
    picture = opened(content, pixels=MOST_OPENED, longest=longest)
    picture.thumbnail((longest, longest))
    return Picture(1, *points_of(picture), _webp(picture))


def _draw_page(page: pypdfium2.PdfPage, number: int, order: Order) -> Picture:
    width, height = page.get_size()
    scale = order.dots_per_inch / POINTS_PER_INCH
    scale = min(scale, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    return Picture(number, width, height, _webp(page.render(scale=scale).to_pil().convert("RGB")))


def _webp(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "WEBP", quality=QUALITY, method=3)
    return target.getvalue()
