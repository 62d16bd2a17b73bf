"""Who may call by Host and Origin, alone on a machine and behind a reverse proxy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import product
from typing import Any, Final

import asyncpg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.store import attempts
from server.store.scope import LOCAL
from server.web.principal import COOKIE
from tests.live import Viva, running
from tests.web.house import Company, company

PUBLIC: Final = "https://viva.example"
AT: Final = {"host": "viva.example"}
OUTSIDE: Final = "203.0.113.9"

OURS: Final = ("viva.example", "VIVA.example", "viva.example:443")
LOCAL_NAMES: Final = ("127.0.0.1:{port}", "localhost:{port}")
FOREIGN: Final = (
    "other.example", "viva.example.", "a.viva.example", "viva.example:80", "me@viva.example",
    "viva.example:x", "viva.example/x", "[::1", "0.0.0.0", "203.0.113.9", "",
)  # fmt: skip
ORIGINS: Final = (
    None, PUBLIC, "http://viva.example", "https://viva.example:444", "https://other.example",
    "https://viva.example.other.example", "https://x@viva.example", "null", "", "https://[",
    "http://127.0.0.1:{port}", "http://localhost:{port}",
)  # fmt: skip
FORWARDED: Final[tuple[dict[str, str], ...]] = (
    {},
    {"x-forwarded-for": OUTSIDE, "x-forwarded-proto": "http"},
    {"x-forwarded-for": f"127.0.0.1, {OUTSIDE}", "x-forwarded-proto": "https"},
    {"x-forwarded-for": "nobody", "x-forwarded-host": "viva.example"},
    {"x-forwarded-for": "127.0.0.1", "x-forwarded-host": "other.example"},
)
FROM_OUTSIDE: Final = FORWARDED[1:4]

Asked = tuple[dict[str, str], int]


@pytest.fixture
async def behind(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    options: dict[str, Any] = {"public_url": PUBLIC, "trusted_proxies": ("127.0.0.1",)}
    async with running(database_url, redis_url, worker=False, **options) as system:
        yield system


@pytest.fixture
async def alone(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url, worker=False) as system:
        yield system


def every(port: int, *, public: bool) -> Iterator[Asked]:
    """All that can be sent, and how it is answered."""
    told = FORWARDED if public else FORWARDED[:2]
    for host, origin, forwarded in product((*OURS, *LOCAL_NAMES, *FOREIGN), ORIGINS, told):
        allowed: tuple[str | None, ...] | None = None
        if host in OURS and public:
            allowed = (None, PUBLIC)
        elif host in LOCAL_NAMES and not (public and forwarded in FROM_OUTSIDE):
            allowed = (None, f"http://{host}")
        status = 421 if allowed is None else 200 if origin in allowed else 403
        sent = {"host": host, **forwarded} | ({} if origin is None else {"origin": origin})
        yield {name: value.format(port=port) for name, value in sent.items()}, status


def port_of(viva: Viva) -> int:
    return int(viva.base.rpartition(":")[2])


async def wrongly_answered(viva: Viva, *, public: bool) -> list[tuple[dict[str, str], int]]:
    wrong = []
    for headers, status in every(port_of(viva), public=public):
        answer = await viva.http.get("/health/live", headers=headers)
        if answer.status_code != status:
            wrong.append((headers, answer.status_code))
        if len(headers) > 2:
            continue
        nothing = await viva.http.get("/nowhere", headers=headers)
        if nothing.status_code != (404 if status == 200 else status):
            wrong.append((headers, nothing.status_code))
    return wrong


async def test_behind_a_proxy_by_http(behind: Viva) -> None:
    assert await wrongly_answered(behind, public=True) == []


async def test_without_a_public_url_by_http(alone: Viva) -> None:
    assert await wrongly_answered(alone, public=False) == []


async def opened(viva: Viva, path: str, headers: dict[str, str]) -> int | None:
    """The code with which the server closes; None where it refuses the handshake."""
    url = viva.base.replace("http", "ws") + path
    # The client sends a Host of its own, unless it is told that it comes through a tunnel to there.
    address, sent = port_of(viva), {k: v for k, v in headers.items() if k not in ("host", "origin")}
    origin: Any = headers.get("origin")
    host = headers.get("host", f"127.0.0.1:{address}")
    page: Any = ["viva.v1"]
    try:
        async with connect(
            url.replace(f"127.0.0.1:{address}", host), host="127.0.0.1", port=address,
            origin=origin, additional_headers=sent, proxy=None, ssl=None, subprotocols=page,
        ) as socket:  # fmt: skip
            await socket.recv()
    except InvalidStatus:
        return None
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None
    return 0


@pytest.mark.parametrize("public", [True, False])
async def test_by_websocket(database_url: str, redis_url: str, *, public: bool) -> None:
    options: dict[str, Any] = (
        {"public_url": PUBLIC, "trusted_proxies": ("127.0.0.1",)} if public else {}
    )
    hosts = {*OURS, *LOCAL_NAMES, "other.example"}
    origins = {"-", PUBLIC, "http://viva.example", "null", f"http://{LOCAL_NAMES[0]}"}
    async with running(database_url, redis_url, worker=False, **options) as viva:
        port, wrong = port_of(viva), []
        for headers, status in every(port, public=public):
            if headers["host"].replace(str(port), "{port}") not in hosts:
                continue
            if headers.get("origin", "-").replace(str(port), "{port}") not in origins:
                continue
            code = await opened(viva, "/v1/realtime", headers)
            if code != (4401 if status == 200 else None):
                wrong.append((headers, code))
        assert wrong == []


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["Host: viva.example"], b"200"),
        (["Host: viva.example", "Host: viva.example"], b"400"),
        (["Host: viva.example", f"Origin: {PUBLIC}", f"Origin: {PUBLIC}"], b"403"),
    ],
)
async def test_two_hosts_or_origins_are_refused(
    behind: Viva, lines: list[str], status: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(behind))
    asked = ["GET /health/live HTTP/1.1", *lines, "Connection: close", "", ""]
    writer.write("\r\n".join(asked).encode())
    answer = await reader.read()
    writer.close()
    assert answer.split(b" ", 2)[1] in (status, b"421" if status == b"400" else status)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Hereby", LOCAL)


FROM_THERE: Final = {**AT, "x-forwarded-for": OUTSIDE, "x-forwarded-proto": "http"}
"""A proxy that tells the wrong scheme changes nothing."""


async def test_links_and_the_socket_are_at_the_public_address(
    behind: Viva, house: Company, pool: asyncpg.Pool
) -> None:
    everything = {**house.headers["every key"], **FROM_THERE}
    order = {"resume_id": house.ids["resume_id"]}
    await pool.execute("DELETE FROM interviews")
    made = await behind.http.post("/v1/interviews/realtime", json=order, headers=everything)
    assert made.json()["websocket_url"] == "wss://viva.example/v1/realtime"
    secure = _over_tls(house.headers["admin"])
    invited = await behind.http.post(
        "/v1/members",
        json={"email": "new@hereby.example", "name": "New", "role": "viewer"},
        headers={**secure, **FROM_THERE},
    )
    assert invited.status_code == 201, invited.text
    assert '"https://viva.example/sign-in#link=' in invited.text


async def test_the_cookie_is_of_that_host_and_of_tls_only(behind: Viva, house: Company) -> None:
    plain, secure = house.headers["viewer"], _over_tls(house.headers["viewer"])
    for headers, status in ((plain, 401), (secure, 200)):
        answer = await behind.http.get("/v1/interviews", headers={**headers, **FROM_THERE})
        assert answer.status_code == status
    out = await behind.http.delete("/v1/session", headers={**secure, **FROM_THERE})
    cookie = out.headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def _over_tls(headers: dict[str, str]) -> dict[str, str]:
    return {**headers, "cookie": f"__Host-{headers['cookie']}"}


async def test_attempts_are_counted_by_the_address_that_the_proxy_tells(
    behind: Viva, pool: asyncpg.Pool
) -> None:
    """Of all of them together the proxy's own would soon be shut out."""

    async def tried(forwarded: str, email: str) -> int:
        answer = await behind.http.post(
            "/v1/session",
            json={"email": email, "password": "wrong" * 4},
            headers={**AT, "x-forwarded-for": forwarded},
        )
        return answer.status_code

    for _ in range(100):
        await attempts.add(pool, {f"address {OUTSIDE}": 1_000})
    assert await tried(f"198.51.100.7, {OUTSIDE}", "x@hereby.example") == 429
    assert await tried("198.51.100.7, 203.0.113.10", "y@hereby.example") == 401


async def test_what_is_open_before_anybody_signed_in_is_so_to_this_machine_alone(
    behind: Viva, house: Company, pool: asyncpg.Pool
) -> None:
    await pool.execute("DELETE FROM users")
    assert (await behind.http.get("/v1/interviews")).status_code == 200
    for headers in (AT, FROM_THERE):
        assert (await behind.http.get("/v1/interviews", headers=headers)).status_code == 401
        watch = f"/v1/interviews/{house.ids['interview_id']}/watch"
        assert await opened(behind, watch, headers) == 4401
        assert await opened(behind, watch, {}) == 0
