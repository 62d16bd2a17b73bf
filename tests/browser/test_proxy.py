"""viva on a domain: a real browser, a real Caddy with the configuration that comes with viva."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from playwright.async_api import expect
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from server.store import links
from server.store.scope import LOCAL, within
from server.web.principal import COOKIE
from tests.browser.conftest import Chromium
from tests.browser.test_interview import PATIENT_MS, complaints_of
from tests.live import Viva, free_port, running, until
from tests.resumes import ENGLISH_RESUME, resume_pdf

ROOT = Path(__file__).resolve().parents[2]
NAME = "viva.internal"
GLOBALS = """
{
	admin off
	skip_install_trust
	auto_https disable_redirects
}
"""
"""What this machine's own Caddy would not like: ports of the system, its store of certificates."""


def caddy_path() -> Path:
    found = Path(sys.prefix) / "bin" / "caddy"
    if found.is_file():
        return found
    elsewhere = shutil.which("caddy")
    if elsewhere is None:
        pytest.skip("NO CADDY: its wheel is for Linux on x86-64 and arm64 only")
    return Path(elsewhere)


@asynccontextmanager
async def proxied(folder: Path, port: int, upstream: str) -> AsyncIterator[httpx.AsyncClient]:
    """Caddy before ``upstream``, and a client that comes to it by its name."""
    config = folder / "Caddyfile"
    config.write_text(f"{GLOBALS}\nimport {ROOT / 'deploy' / 'Caddyfile'}\n")
    own = {"VIVA_DOMAIN": f"{NAME}:{port}", "VIVA_UPSTREAM": upstream, "HOME": str(folder)}
    own |= {"XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    caddy = await asyncio.create_subprocess_exec(
        caddy_path(), "run", "--config", config, "--adapter", "caddyfile",
        env=os.environ | own, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    client = httpx.AsyncClient(base_url=f"https://{NAME}:{port}", verify=False, timeout=30)
    client._mounts = {httpx._utils.URLPattern("all://"): Named()}
    try:
        async with client:

            async def answers() -> bool | None:
                try:
                    return (await client.get("/health/live")).status_code == 200 or None
                except httpx.TransportError:
                    return None

            await until(answers)
            yield client
    finally:
        caddy.terminate()
        await caddy.wait()


class Named(httpx.AsyncHTTPTransport):
    """Reaches 127.0.0.1 under the name, as a browser does that was told where it is."""

    def __init__(self) -> None:
        super().__init__(verify=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = NAME
        request.url = request.url.copy_with(host="127.0.0.1")
        return await super().handle_async_request(request)


async def test_from_the_sign_in_to_the_first_question(
    database_url: str,
    redis_url: str,
    pool: asyncpg.Pool,
    chromium: Chromium,
    tmp_path: Path,
) -> None:
    port = free_port()
    base = f"https://{NAME}:{port}"
    options: dict[str, Any] = {"public_url": base, "trusted_proxies": ("127.0.0.1",)}
    async with (
        running(database_url, redis_url, **options) as viva,
        proxied(tmp_path, port, viva.base.removeprefix("http://")) as outside,
    ):
        with within(LOCAL):
            token = await links.add(pool, "sign_in", None)
        await strangers_are_refused(viva, outside)
        browser = chromium(
            locale="en-US",
            ignore_https_errors=True,
            more=[f"--host-resolver-rules=MAP {NAME} 127.0.0.1"],
        )
        async with browser as context:
            page = await context.new_page()
            complaints = complaints_of(page)
            await page.goto(f"{base}/sign-in#link={token}")
            await page.get_by_test_id("follow").get_by_role("button").click()
            await expect(page.get_by_test_id("members-link")).to_be_visible(timeout=PATIENT_MS)
            cookies: list[Any] = await context.cookies()
            (cookie,) = [one for one in cookies if one["name"] == f"__Host-{COOKIE}"]
            assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (
                True, True, "Strict", "/",
            )  # fmt: skip
            assert cookie["domain"] == NAME, "of this host alone"
            await page.goto(base)
            await page.get_by_test_id("resume-file").set_input_files(
                {
                    "name": "resume.pdf",
                    "mimeType": "application/pdf",
                    "buffer": resume_pdf(ENGLISH_RESUME),
                }
            )
            await page.get_by_test_id("understood-continue").click(timeout=PATIENT_MS)
            await page.get_by_test_id("microphone-open").click()
            await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
            sockets: list[str] = []
            page.on("websocket", lambda socket: sockets.append(socket.url))
            await page.get_by_test_id("start").click()
            await expect(page.get_by_test_id("question")).to_contain_text("?", timeout=PATIENT_MS)
            assert sockets == [f"wss://{NAME}:{port}/v1/realtime"]
            assert complaints == []
        assert await pool.fetchval("SELECT count(*) FROM facts") > 0


async def strangers_are_refused(viva: Viva, outside: httpx.AsyncClient) -> None:
    """Through the proxy nobody is at this machine, and only our own pages may call."""
    page = await outside.get("/sign-in")
    assert "max-age=31536000; includeSubDomains" in page.headers["strict-transport-security"]
    assert (await outside.get("/v1/interviews")).status_code == 401
    forged = {"x-forwarded-for": "127.0.0.1", "x-forwarded-host": "127.0.0.1"}
    assert (await outside.get("/v1/interviews", headers=forged)).status_code == 401
    for headers, status in (
        ({"origin": "https://evil.example"}, 403),
        ({"origin": viva.base}, 403),
        ({"origin": f"http://{NAME}"}, 403),
    ):
        answer = await outside.post("/v1/session", json={}, headers=headers)
        assert answer.status_code == status, headers
    async with httpx.AsyncClient(base_url=viva.base) as beside:
        for host in ("evil.example", f"{NAME}.evil.example", NAME):
            answer = await beside.get("/sign-in", headers={"host": host})
            assert answer.status_code == 421, host
    port = outside.base_url.port
    url = f"wss://{NAME}:{port}/v1/realtime"
    evil: Any = "https://evil.example"
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with pytest.raises(InvalidStatus) as refused:
        await connect(url, host="127.0.0.1", port=port, origin=evil, ssl=trusting)
    assert refused.value.response.status_code == 403
