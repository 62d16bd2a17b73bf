"""What is sent the same to everybody, as browsers take it."""

from __future__ import annotations

import gzip

import brotli  # type: ignore[import-untyped]
import pytest

from server.web.packed import Packed
from tests.live import Viva

pytestmark = pytest.mark.viva(worker=False)


@pytest.mark.parametrize("path", ["/", "/shared"])
async def test_it_comes_as_the_browser_takes_it(viva: Viva, path: str) -> None:
    bodies, tags = set(), set()
    for asked, coding in (
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("", None),
    ):
        told = {"accept-encoding": asked, "accept-language": "ko"}
        async with viva.http.stream("GET", path, headers=told) as page:
            raw = b"".join([part async for part in page.aiter_raw()])
        assert page.headers.get("content-encoding") == coding
        assert "accept-encoding" in page.headers["vary"]
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
        bodies.add(unpack(raw))
        tags.add(page.headers["etag"])
        again = await viva.http.get(path, headers={**told, "if-none-match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert (len(bodies), len(tags)) == (1, 3)


async def test_what_a_page_loads_is_kept_for_good(viva: Viva) -> None:
    page = (await viva.http.get("/")).text
    file = "/loaded/line-" + page.partition('"/loaded/line-')[2].partition('"')[0]
    script = await viva.http.get(file)
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["cache-control"]
    gone = await viva.http.get("/loaded/candidate-0000000000000000.js")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


def test_the_same_is_packed_the_same() -> None:
    one, other = (Packed(b"the same words, " * 100, "text/plain") for _ in range(2))
    assert (one.gzip, one.br, one.digest) == (other.gzip, other.br, other.digest)
    assert len(one.br) < len(one.gzip) < len(one.plain)
