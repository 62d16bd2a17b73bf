"""Health, OpenAPI, pages, and who may call."""

from __future__ import annotations

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from server.engines import registry
from tests.live import Viva, running, until


async def test_ready_tells_the_state_of_every_part(viva: Viva) -> None:
    async def ready() -> dict[str, dict[str, object]] | None:
        answer = await viva.http.get("/health/ready")
        parts = {part["name"]: part for part in answer.json()["parts"]}
        return parts if answer.status_code == 200 else None

    async def well() -> dict[str, dict[str, object]] | None:
        parts = await ready()
        return parts if parts and all(part["ok"] for part in parts.values()) else None

    parts = await until(well)
    stores = {"server", "database", "schema", "redis", "worker", "jobs", "disk", "clocks", "room"}
    assert set(parts) == {*stores, *registry.roles()}
    assert (await viva.http.get("/health/live")).json()["status"] == "ok"


async def test_without_a_worker_it_is_not_ready(database_url: str, redis_url: str) -> None:
    async with running(database_url, redis_url, worker=False) as viva:
        answer = await viva.http.get("/health/ready")
        assert answer.status_code == 503
        bad = [part["name"] for part in answer.json()["parts"] if not part["ok"]]
        assert [name for name in bad if name not in registry.roles()] == ["worker"]


async def test_engines_in_use_are_told_with_the_reason(viva: Viva) -> None:
    engines = {engine["role"]: engine for engine in (await viva.http.get("/engines")).json()}
    assert engines["stt"]["languages"] == ["en", "ko"]
    assert "whisper base" in engines["stt"]["name"]
    assert engines["llm"]["name"] == "question bank"
    assert set(engines) == set(registry.roles())
    assert all(engine["why"] for engine in engines.values())


async def test_openapi_is_served(viva: Viva) -> None:
    schema = (await viva.http.get("/schema/openapi.json")).json()
    assert {"/resumes", "/resumes/{resume_id}", "/interviews/realtime"} <= set(schema["paths"])


async def test_pages_allow_no_foreign_scripts(viva: Viva) -> None:
    for path in ("/", "/interviewer"):
        page = await viva.http.get(path)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "inline" not in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Host": "evil.example"}, 421, "wrong_host"),
        ({"Origin": "https://evil.example"}, 403, "cross_origin"),
        ({"Origin": "null"}, 403, "cross_origin"),
    ],
)
async def test_other_sites_may_not_call(
    viva: Viva, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await viva.http.get("/interviews", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_other_sites_may_not_connect(viva: Viva) -> None:
    url = viva.base.replace("http", "ws") + "/v1/realtime"
    with pytest.raises(InvalidStatus):
        async with connect(url, origin="https://evil.example"):  # type: ignore[arg-type]
            pass
