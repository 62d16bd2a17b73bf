"""The three pages and what they are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Router, get
from litestar.datastructures import CacheControlHeader
from litestar.response import File
from litestar.static_files import create_static_files_router

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' blob: data:; "
    "media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "cache-control": "no-cache",
}


def routers(directory: Path) -> list[Router]:
    """``directory``: where the static files are."""

    @get("/", include_in_schema=False, sync_to_thread=False)
    def candidate() -> File:
        return _page(directory / "index.html")

    @get("/interviewer", include_in_schema=False, sync_to_thread=False)
    def interviewer() -> File:
        return _page(directory / "interviewer.html")

    @get("/interviewer/templates", include_in_schema=False, sync_to_thread=False)
    def templates() -> File:
        return _page(directory / "templates.html")

    assets: Any = create_static_files_router(
        "/static",
        [directory],
        include_in_schema=False,
        cache_control=CacheControlHeader(no_cache=True),  # asked again, answered with 304
    )
    ours = [candidate, interviewer, templates]
    return [Router("/", route_handlers=ours, response_headers=HEADERS), assets]


def _page(path: Path) -> File:
    return File(path, content_disposition_type="inline", media_type="text/html")
