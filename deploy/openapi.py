"""The OpenAPI document for whoever begins now, as it is printed: ``python -m deploy.openapi``.

What is deprecated is left out: no new client needs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
from pydantic import SecretStr

from server.app import create_app
from server.settings import Settings

NOWHERE = SecretStr("postgresql://nowhere"), SecretStr("redis://nowhere")
"""The document knows neither."""


def document() -> dict[str, Any]:
    settings = Settings(port=1, data=Path(), database_url=NOWHERE[0], redis_url=NOWHERE[1])
    whole: dict[str, Any] = create_app(settings).openapi_schema.to_schema()
    paths = {path: _kept(operations) for path, operations in whole["paths"].items()}
    return {**whole, "paths": {path: kept for path, kept in paths.items() if kept}}


def _kept(operations: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in operations.items() if not one.get("deprecated")}


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document())) + b"\n")
