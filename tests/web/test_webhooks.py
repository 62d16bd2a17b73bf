"""Webhooks over HTTP, from the order to what was told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from server.store.scope import LOCAL
from tests.engines.test_webhook import receiver
from tests.live import Viva, running, until
from tests.web.house import Company, company

URL = "https://hooks.example/viva"


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    allowed = ("127.0.0.0/8",)
    async with running(database_url, redis_url, webhook_networks=allowed) as system:
        yield system


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


async def test_from_the_order_to_what_was_told(viva: Viva, house: Company) -> None:
    http, admin = viva.http, house.headers["admin"]
    for wrong in ("ftp://example.com/", "https://10.0.0.1/", "hooks", "https://u:p@example.com/"):
        order = {"url": wrong, "events": ["report.ready"]}
        refused = await http.post("/v1/webhooks", json=order, headers=admin)
        assert (refused.status_code, refused.json()["code"]) == (422, "webhook_url"), wrong
    for events in ([], ["everything"]):
        order = {"url": URL, "events": events}
        assert (await http.post("/v1/webhooks", json=order, headers=admin)).status_code == 400
    async with receiver(b"200 OK") as (url, sent):
        order = {"url": url, "events": ["report.ready", "report.ready"]}
        made = (await http.post("/v1/webhooks", json=order, headers=admin)).json()
        assert made["secret"].startswith("whsec_")
        assert made["webhook"]["events"] == ["report.ready"]
        where = f"/v1/webhooks/{made['webhook']['id']}"
        tested = await http.post(f"{where}/test", headers=admin)
        assert tested.status_code == 202

        async def delivered() -> dict[str, object] | None:
            (one,) = (await http.get(f"{where}/deliveries", headers=admin)).json()["items"]
            found: dict[str, object] = one
            return found if one["delivered_at"] else None

        one = await until(delivered)
        assert (one["id"], one["status"]) == (tested.json()["delivery_id"], 200)
        assert "data" not in one, "no body is listed"
        again = await http.post(f"{where}/deliveries/{one['id']}/again", headers=admin)
        assert again.status_code == 202
        await until(lambda: _twice(sent))
    other = await http.post(f"{where}/deliveries/{made['webhook']['id']}/again", headers=admin)
    assert other.json()["code"] == "delivery_not_found"
    newer = await http.post(f"{where}/secret", headers=admin)
    assert newer.json()["secret"] != made["secret"]
    off = await http.patch(where, json={"enabled": False}, headers=admin)
    assert off.json()["disabled_why"] == "asked"
    listed = (await http.get("/v1/webhooks", headers=admin)).json()["items"]
    assert listed[-1] == off.json()
    assert "secret" not in str(listed)
    assert (await http.delete(where, headers=admin)).status_code == 204
    gone = await http.post(f"{where}/test", headers=admin)
    assert (gone.status_code, gone.json()["code"]) == (404, "webhook_not_found")


async def _twice(sent: list[bytes]) -> bool | None:
    return True if len(sent) == 2 else None
