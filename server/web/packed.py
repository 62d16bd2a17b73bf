"""What is sent the same to everybody: packed once in each way that browsers take."""

from __future__ import annotations

import gzip
import hashlib
from functools import cached_property
from typing import Any, Final

import brotli  # type: ignore[import-untyped]
from litestar import Request, Response

from server.web.accepted import accepted_of

SMALLEST: Final = 512
"""Bytes below which packing does not pay."""


class Packed:
    """``plain`` of a media type; packed when somebody first takes it so."""

    def __init__(self, plain: bytes, media_type: str) -> None:
        self.plain = plain
        self.media_type = media_type
        self.digest = hashlib.sha256(plain).hexdigest()[:32]

    @cached_property
    def br(self) -> bytes:
        packed: bytes = brotli.compress(self.plain, quality=10, mode=brotli.MODE_TEXT)
        return packed

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.plain, 9, mtime=0)

    def answer(self, request: Request[Any, Any, Any], headers: dict[str, str]) -> Response[bytes]:
        """In the coding that the browser likes best, or 304 where it has that already."""
        coding, body = self._as(request.headers.get("accept-encoding", ""))
        vary = ", ".join(filter(None, (headers.get("vary"), "accept-encoding")))
        headers = {**headers, "etag": f'"{self.digest}-{coding}"', "vary": vary}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(b"", status_code=304, headers=headers, media_type=self.media_type)
        if coding != "identity":
            headers["content-encoding"] = coding
        return Response(body, headers=headers, media_type=self.media_type)

    def _as(self, accepted: str) -> tuple[str, bytes]:
        if len(self.plain) < SMALLEST:
            return "identity", self.plain
        taken = {coding for coding, _ in accepted_of(accepted)}
        if "br" in taken:
            return "br", self.br
        return ("gzip", self.gzip) if "gzip" in taken else ("identity", self.plain)
