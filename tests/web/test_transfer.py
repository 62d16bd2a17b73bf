"""HEAD, conditional GET and coding, of whatever answers."""

from __future__ import annotations

import gzip
import json
from typing import Any

import brotli  # type: ignore[import-untyped]
import httpx
import pytest

from server.web.transfer import IN_A_THREAD, Transferred
from tests.live import TLS, running

SMALL = b'{"a":1}'
LARGE = json.dumps([{"text": "What was said, word for word."}] * 50).encode()
HUGE = json.dumps(list(range(IN_A_THREAD))).encode()
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


def answering(body: bytes, media_type: str = "application/json", status: int = 200) -> Transferred:
    """What answers anything with this."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["method"] != "HEAD"
        scope["path_template"] = "/"
        headers = [
            (b"content-type", media_type.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"allow", b"GET, OPTIONS"),
            (b"vary", b"cookie"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return Transferred(app, lambda: {"/": {"PATCH"}})


async def asked(app: Any, method: str = "GET", **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer, and its body as it came."""
    transport = httpx.ASGITransport(app)
    sent = {"accept-encoding": "", **{k.replace("_", "-"): v for k, v in headers.items()}}
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://x") as client,
        client.stream(method, "/", headers=sent) as answer,
    ):
        return answer, b"".join([part async for part in answer.aiter_raw()])


@pytest.mark.parametrize("body", [LARGE, HUGE])
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None)],
)
async def test_what_is_large_comes_as_it_is_taken(
    body: bytes, accepted: str, coding: str | None
) -> None:
    answer, raw = await asked(answering(body), accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-length"] == str(len(raw))
    assert set(answer.headers["vary"].split(", ")) == {"cookie", "accept-encoding"}
    assert UNPACK[coding](raw) == body
    assert coding is None or len(raw) < len(body) / 2


async def test_what_is_small_or_no_json_comes_as_it_is() -> None:
    for app in (answering(SMALL), answering(LARGE, "audio/ogg"), answering(LARGE, status=500)):
        answer, raw = await asked(app, accept_encoding="br")
        assert "content-encoding" not in answer.headers
        assert raw in (SMALL, LARGE)


@pytest.mark.parametrize("held", ["{tag}", '"other", {tag}', "{strong}", "*"])
async def test_who_has_it_is_not_sent_it_again(held: str) -> None:
    first, _ = await asked(answering(LARGE))
    tag = first.headers["etag"]
    told = held.format(tag=tag, strong=tag.removeprefix("W/"))
    again, raw = await asked(answering(LARGE), if_none_match=told, accept_encoding="br")
    assert (again.status_code, raw, again.headers["etag"]) == (304, b"", tag)
    assert "content-encoding" not in again.headers
    changed, _ = await asked(answering(LARGE + b" "), if_none_match=tag)
    assert (changed.status_code, changed.headers["etag"] == tag) == (200, False)


async def test_what_changes_something_has_no_tag() -> None:
    answer, _ = await asked(answering(LARGE), "POST", if_none_match="*")
    assert (answer.status_code, "etag" in answer.headers) == (200, False)


async def test_head_is_told_what_get_is_but_for_the_body() -> None:
    got, _ = await asked(answering(LARGE))
    told, _ = await asked(answering(LARGE), "HEAD")
    assert told.headers == got.headers
    assert told.headers["allow"] == "GET, HEAD, OPTIONS, PATCH"


async def test_an_address_that_is_used_otherwise_says_how(
    database_url: str, redis_url: str
) -> None:
    async with (
        running(database_url, redis_url, worker=False) as viva,
        httpx.AsyncClient(base_url=viva.base, verify=TLS) as client,
    ):
        for method in ("TRACE", "PUT", "DELETE"):
            answer = await client.request(method, "/health/live")
            assert answer.status_code == 405
            assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
            assert answer.json()["code"] == "method_not_allowed"
        head = await client.head("/v1/engines")
        assert (head.status_code, head.content) == (200, b"")
        listed = await client.get("/v1/engines")
        assert listed.headers["content-encoding"] in ("br", "gzip")
        assert listed.headers["etag"] == head.headers["etag"]
        every = await client.options("/v1/session")
        assert every.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST"
        nobody = await client.head("/v1/links/read")
        assert (nobody.status_code, nobody.headers["allow"]) == (405, "OPTIONS, POST")
