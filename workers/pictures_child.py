"""The drawing process: one PDF in on stdin, its pictures out on stdout, then it ends.

Started by ``workers.pictures`` only. It limits itself before it looks at the file.
"""

from __future__ import annotations

import io
import os
import sys

import msgspec
import pypdfium2

from workers.isolation import limit_this_process
from workers.pictures_order import Order, Picture

POINTS_PER_INCH = 72
MOST_PIXELS = 4_000_000
QUALITY = 80


def main() -> None:
    source, target = sys.stdin.buffer, sys.stdout.buffer
    order = msgspec.json.decode(source.readline(), type=Order)
    content = source.read(order.size)
    limit_this_process(seconds=order.seconds, megabytes=order.megabytes, stdin=source.fileno())
    target.write(msgspec.msgpack.encode(draw(content, order)))
    target.flush()
    os._exit(0)


def draw(content: bytes, order: Order) -> list[Picture]:
    document = pypdfium2.PdfDocument(content)
    document.init_forms()  # so that fields without a look of their own are drawn
    count = min(len(document), order.pages)
    return [_draw_page(document[index], index + 1, order) for index in range(count)]


def _draw_page(page: pypdfium2.PdfPage, number: int, order: Order) -> Picture:
    width, height = page.get_size()
    scale = order.dots_per_inch / POINTS_PER_INCH
    scale = min(scale, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    image = page.render(scale=scale).to_pil().convert("RGB")
    target = io.BytesIO()
    image.save(target, "WEBP", quality=QUALITY, method=3)
    return Picture(number, width, height, target.getvalue())


if __name__ == "__main__":
    main()
