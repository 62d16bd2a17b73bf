"""Is the process alive, is every part ready, which engines are in use and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec

from server.web.guards import Anyone
from server.web.paging import Page, Window
from server.web.services import Part, Services

REQUIRED = {"server", "database", "schema", "redis", "worker", "vad"}
"""Without these no interview works; of the others another engine takes the place."""


@dataclass(frozen=True, slots=True)
class Health:
    status: str
    parts: list[Part]


AGAIN_S = "5"
NOT_READY = {503: ResponseSpec(Health, description="a part that is required is missing")}


@get("/health/live", tags=["health"], guards=[Anyone()])
async def live() -> Health:
    return Health("ok", [Part("server", True, "running")])


def _health(parts: list[Part]) -> Health:
    missing = [part for part in parts if part.name in REQUIRED and not part.ok]
    return Health("unavailable" if missing else "ok", parts)


@get("/health", tags=["health"], guards=[Anyone()])
async def told(services: NamedDependency[Services]) -> Health:
    """As ``/health/ready`` for whoever only looks: a browser takes its 503 for an error."""
    return _health(await services.parts())


@get("/health/ready", tags=["health"], responses=NOT_READY, guards=[Anyone()])
async def ready(services: NamedDependency[Services]) -> Response[Health]:
    health = _health(await services.parts())
    if health.status == "ok":
        return Response(health, status_code=200)
    return Response(health, status_code=503, headers={"retry-after": AGAIN_S})


@get("/engines", tags=["health"], guards=[Anyone()])
async def engines(
    window: NamedDependency[Window], services: NamedDependency[Services]
) -> Page[dict[str, Any]]:
    after = window.after(str)
    used = services.engines_in_use()
    passed = next((n for n, one in enumerate(used, start=1) if one["role"] == after), 0)
    return window.page(used[passed:], lambda engine: engine["role"])
