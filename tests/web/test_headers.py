"""What every answer tells browsers of itself, and that the pages keep to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from server.store.scope import LOCAL
from tests.live import TLS, Viva, running
from tests.web.house import company
from tests.web.test_access import ROUTES

STATIC = Path(__file__).resolve().parents[2] / "static"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
FILES = ("/static/js/candidate.js", "/static/favicon.svg", "/static/nothing", "/nothing")
REFUSED: list[dict[str, str]] = [{"host": "other.example"}, {"origin": "https://other.example"}]


def lacking(answer: httpx.Response, *, secure: bool) -> list[str]:
    told = answer.headers
    wrong = [name for name, value in ALWAYS.items() if told.get(name) != value]
    policy = told.get("content-security-policy", "")
    strict = policy.startswith("default-src 'none';") and "frame-ancestors 'none'" in policy
    if not strict or re.search(r"unsafe|\*|wss?:|https?:|data:", policy):
        wrong.append(f"policy {policy!r}")
    if answer.status_code != 304 and not told.get("cache-control"):
        wrong.append("cache-control")
    page = told.get("content-type", "").startswith("text/html") and answer.status_code == 200
    if page != ("script-src 'self'" in policy):
        wrong.append(f"policy {policy!r} of {told.get('content-type')}")
    if ("strict-transport-security" in told) != secure:
        wrong.append("strict-transport-security")
    return wrong


@pytest.mark.parametrize("public_url", [None, "http://viva.example", "https://viva.example"])
async def test_every_answer_has_them(
    database_url: str, redis_url: str, pool: asyncpg.Pool, public_url: str | None
) -> None:
    here = await company(pool, "Hereby", LOCAL)
    names = {"name": "x", "file_path": "x", "path": "x", **here.ids}
    options: dict[str, Any] = {"worker": False, "public_url": public_url}
    secure = bool(public_url and public_url.startswith("https"))
    async with (
        running(database_url, redis_url, **options) as viva,
        httpx.AsyncClient(base_url=viva.base, verify=TLS, timeout=60) as http,
    ):
        wrong = []
        for route in (*ROUTES, *(f"GET {path}" for path in FILES), "PUT /", "OPTIONS /v1/session"):
            method, path = route.split(" ", 1)
            url = re.sub(r"{(\w+)}", lambda found: names[found[1]], path)
            for headers in ({}, here.headers["viewer"], *REFUSED):
                answer = await http.request(method, url, headers=headers)
                if missing := lacking(answer, secure=secure):
                    wrong.append((route, answer.status_code, missing))
        assert wrong == []


def test_no_page_has_a_script_or_style_of_its_own() -> None:
    pages = sorted(STATIC.rglob("*.html"))
    assert pages
    for page in pages:
        html = page.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html), page.name
        for attributes, inside in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL):
            data = 'type="application/json"' in attributes
            assert data or ("src=" in attributes and not inside.strip()), page.name


async def test_the_pages_allow_what_they_use(database_url: str, redis_url: str) -> None:
    async with running(database_url, redis_url, worker=False) as viva:
        await _only_what_is_used(viva)


async def _only_what_is_used(viva: Viva) -> None:
    policy = (await viva.http.get("/")).headers["content-security-policy"]
    allowed = dict(one.strip().split(" ", 1) for one in policy.split(";"))
    assert allowed["connect-src"] == "'self'"
    assert re.fullmatch("'self' 'sha256-[^ ]+'", allowed["script-src"])
    assert re.fullmatch("'sha256-[^ ]+'", allowed["style-src"])
