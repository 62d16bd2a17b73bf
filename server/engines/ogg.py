"""Opus packets as an Ogg file that can be continued at any page (RFC 3533, RFC 7845)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from server.engines.opus import FRAME_MS, PRE_SKIP
from server.ports import CANDIDATE_RATE

GRANULES_PER_MS: Final = 48
PAGE_PACKETS: Final = 1_000 // FRAME_MS
"""A page a second: players seek to pages."""

BEGINS: Final = 2
HEADER: Final = struct.Struct("<4sBBqIII")
PAGE: Final = struct.Struct("<4sBBqIIIB")
CRC_AT: Final = 22
HEADERS: Final = 2
"""Pages before the sound."""
LONGEST_LACE: Final = 255
MIRRORED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def checksum(page: bytes) -> int:
    """Ogg's CRC-32: that of zlib with every byte and the result mirrored, and no inversion."""
    mirrored = zlib.crc32(page.translate(MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


class OggWriter:
    """Pages of one stream. ``pages`` and ``granule`` say how far it has come; an earlier writer's
    go into the constructor to write on where it stopped."""

    def __init__(self, serial: int, pages: int = 0, granule: int = 0) -> None:
        self._serial = serial
        self.pages = pages
        self.granule = granule

    def write(self, packets: Sequence[bytes]) -> bytes:
        """Pages with these packets of FRAME_MS each; the headers go before the first of all."""
        pages = [] if self.pages else [self._page([_head()], BEGINS), self._page([_tags()])]
        for first in range(0, len(packets), PAGE_PACKETS):
            some = packets[first : first + PAGE_PACKETS]
            self.granule += len(some) * FRAME_MS * GRANULES_PER_MS
            pages.append(self._page(some))
        return b"".join(pages)

    def _page(self, packets: Sequence[bytes], flags: int = 0) -> bytes:
        lacing = b"".join(bytes([255] * (len(p) // 255) + [len(p) % 255]) for p in packets)
        header = HEADER.pack(b"OggS", 0, flags, self.granule, self._serial, self.pages, 0)
        page = bytearray(header + bytes([len(lacing)]) + lacing + b"".join(packets))
        struct.pack_into("<I", page, CRC_AT, checksum(bytes(page)))
        self.pages += 1
        return bytes(page)


def _head() -> bytes:
    return struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, PRE_SKIP, CANDIDATE_RATE, 0, 0)


def _tags() -> bytes:
    vendor = b"viva"
    return struct.pack(f"<8sI{len(vendor)}sI", b"OpusTags", len(vendor), vendor, 0)


def packets(pages: bytes) -> Iterator[bytes]:
    """The sound in pages that ``OggWriter`` wrote, without the headers."""
    at = 0
    while at < len(pages):
        *_, number, _, segments = PAGE.unpack_from(pages, at)
        lacing = pages[at + PAGE.size : at + PAGE.size + segments]
        at += PAGE.size + segments
        size = 0
        for length in lacing:
            size += length
            if length < LONGEST_LACE:
                if number >= HEADERS:
                    yield pages[at : at + size]
                at, size = at + size, 0
