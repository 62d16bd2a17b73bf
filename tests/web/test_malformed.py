"""What no client of good will sends is refused, everywhere, and nothing of it is kept."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import asyncpg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.store.scope import LOCAL
from tests.live import running
from tests.web.house import Company, company
from tests.web.test_access import ROUTES

DEEP: Final = b"[" * 100_000 + b"]" * 100_000
FORM: Final = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n'
    b"Content-Type: application/pdf\r\n\r\n%%PDF-1.7\r\n--x--\r\n"
)
PATHS: Final = (b"%00", b"%", b"%zz", b"%ff", b"%c0%af", b"%ed%a0%80", b"..%2f..%2f%00")
JSON: Final = b"application/json"
MULTIPART: Final = b"multipart/form-data; boundary=x"
BODIES: Final = (
    (JSON, DEEP),
    (JSON, b'{"a":' * 50_000),
    (JSON, b'{"name": "\xff"}'),
    (JSON, b'{"name": "\\ud800"}'),
    (JSON, b'{"email": "a\\u0000@b.example", "password": "\\u0000", "name": "\\u0000"}'),
    (JSON, b'{"minutes": 1e999, "name": 9' + b"9" * 5_000 + b"}"),
    (JSON, b""),
    (MULTIPART, FORM % b"a\0.pdf"),
    (MULTIPART, FORM % b"\xff\xfe.pdf"),
    (MULTIPART, b"--x\r\nno headers"),
    (b"multipart/form-data", b"--x"),
    (b"\xff/\xff; charset=\xff", b"x"),
)
QUERIES: Final = (
    b"limit=" + b"9" * 5_000,
    b"limit=-1",
    b"cursor=AAAA",
    b"after=1e9",
    b"x=" * 3_000,
)


def sent(route: str, company: Company) -> Iterator[bytes]:
    method, path = (one.encode() for one in route.split(" ", 1))
    names = {"name": "x", "file_path": "x", "path": "x", **company.ids}
    whole = re.sub(rb"{(\w+)}", lambda found: names[found[1].decode()].encode(), path)
    for bad in PATHS:
        yield _request(method, whole.rstrip(b"/") + b"/" + bad)
        yield _request(method, whole + b"?x=" + bad)
        if b"{" in path:
            yield _request(method, re.sub(rb"{\w+}", bad, path))
    for query in QUERIES:
        yield _request(method, whole + b"?" + query)
    yield _request(method, whole, extra=b"X-Long: " + b"x" * 60_000)
    if method in (b"POST", b"PUT", b"PATCH"):
        for kind, body in BODIES:
            yield _request(method, whole, kind, body)


def _request(
    method: bytes, path: bytes, kind: bytes = b"", body: bytes = b"", extra: bytes = b"X: x"
) -> bytes:
    about = b"Content-Type: %b\r\n" % kind if kind else b""
    length = b"Content-Length: %d\r\n" % len(body)
    start = b"%b %b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" % (method, path)
    return start + about + length + b"%b\r\n%b\r\n" % (AUTHORITY, extra) + b"\r\n" + body


AUTHORITY: Final = b"Authorization: Bearer interviewers-only"


async def answered(port: int, request: bytes) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        answer = b""
        with suppress(ConnectionResetError):  # refused before all of it was read
            while more := await asyncio.wait_for(reader.read(65_536), 30):
                answer += more
    finally:
        writer.close()
    return int(answer.split(b" ", 2)[1]), answer


async def test_nothing_malformed_breaks_any_route(
    database_url: str, redis_url: str, pool: asyncpg.Pool
) -> None:
    here = await company(pool, "Hereby", LOCAL)
    options = {"worker": False, "interviewer_key": "interviewers-only"}
    wrong = []
    async with running(database_url, redis_url, **options) as viva:  # type: ignore[arg-type]
        port = int(viva.base.rpartition(":")[2])
        for route in ROUTES:
            for request in sent(route, here):
                status, answer = await answered(port, request)
                if status >= 500 and b"/health/ready" not in request:
                    wrong.append((route, status, request[:200], request[-80:], answer[-200:]))
    assert wrong == []


MESSAGES: Final[tuple[str | bytes, ...]] = (
    "",
    "{",
    "null",
    "[]",
    "1e999",
    "\0",
    DEEP.decode(),
    '{"a":' * 50_000,
    '{"type": "viva.nothing"}',
    '{"type": ["session.update"]}',
    '{"type": "session.update", "session": 7}',
    '{"type": "session.update", "session": {"type": "realtime", "audio": {"input": "\\ud800"}}}',
    '{"type": "conversation.item.create", "item": {"content": [{"text": "\\u0000"}]}}',
    '{"type": "input_audio_buffer.append", "audio": "no base64"}',
    '{"type": "input_audio_buffer.append", "audio": "AAA="}',
    '{"type": "viva.played", "turn": 99999999999999999999, "played_ms": -1}',
    '{"type": "viva.played", "turn": 1, "played_ms": 1e300}',
    '{"event_id": "' + "x" * 100_000 + '", "type": "viva.ping"}',
    b"",
    b"\0",
    b"\xff" * 3,
    bytes(7),
)
FINE: Final = {None, 1000, 1007, 1008, 1009}
"""How a socket may end that was sent these; 1011 says that something broke."""


async def test_nothing_malformed_breaks_a_socket(
    database_url: str, redis_url: str, pool: asyncpg.Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    here = await company(pool, "Hereby", LOCAL)
    watched = f"/v1/interviews/{here.ids['interview_id']}/watch"
    wrong: list[object] = []
    async with running(database_url, redis_url, worker=False) as viva:
        url = viva.base.replace("http", "ws")
        for path, who, protocols in (
            ("/v1/realtime", "candidate", ["realtime"]),
            ("/v1/realtime", "candidate", ["realtime", "viva.v1"]),
            (watched, "viewer", None),
        ):
            offered: Any = protocols
            headers = here.headers[who]
            async with connect(url + path, subprotocols=offered, additional_headers=headers) as to:
                with suppress(ConnectionClosed, TimeoutError):
                    for message in MESSAGES:
                        await to.send(message)
                    await to.ping()
                    async with asyncio.timeout(0.5):
                        async for _ in to:
                            pass
                if to.close_code not in FINE:
                    wrong.append((path, protocols, to.close_code, to.close_reason))
        for query in ("after=x", "after=-1", "after=" + "9" * 400, "kept_ms=%ff", "x=%00"):
            for path, who in (("/v1/realtime", "candidate"), (watched, "viewer")):
                code = await refused_at(f"{url}{path}?{query}", here.headers[who])
                if code is not None and code >= 500:
                    wrong.append((path, query, code))
        assert (await viva.http.get("/health/live")).status_code == 200
    assert wrong == []
    assert "Traceback" not in "".join(capsys.readouterr())


async def refused_at(url: str, headers: dict[str, str]) -> int | None:
    """The status of a handshake that is refused."""
    try:
        async with connect(url, additional_headers=headers):
            return None
    except InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.parametrize("path", [b"/static/%00", b"/static/%", b"/static/%ff", b"/v1/x?a=%00"])
async def test_what_cannot_be_read_is_told_so(
    database_url: str, redis_url: str, path: bytes
) -> None:
    async with running(database_url, redis_url, worker=False) as viva:
        port = int(viva.base.rpartition(":")[2])
        status, answer = await answered(port, _request(b"GET", path))
        assert status == 400
        assert b"application/problem+json" in answer
        assert b'"code":"invalid_request"' in answer
