"""What docs/asyncapi.json says of messages, held against those that are really sent."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

DOCUMENT: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "docs" / "asyncapi.json").read_text()
)


def fault(operation: str, message: dict[str, Any]) -> str | None:
    """What of it the document does not say, by this operation; None: all of it is as said."""
    kind = message["kind"] if message["type"] == "fact" else message["type"]
    payload = _payloads(operation).get(kind)
    if payload is None:
        return f"{operation} knows no {kind}"
    error = next(_validator(operation, kind).iter_errors(message), None)
    if error is not None:
        return f"{kind}: {error.message}"
    said = _fields(payload)
    unsaid = set(message) - set(said)
    if message["type"] == "fact":
        unsaid |= set(message["data"]) - set(_fields(said["data"]))
    return f"{kind} has {sorted(unsaid)}" if unsaid else None


@cache
def _payloads(operation: str) -> dict[str, dict[str, Any]]:
    """By name what its messages of JSON hold."""
    named = [one["$ref"] for one in DOCUMENT["operations"][operation]["messages"]]
    messages = [_found(_found(reference)["$ref"]) for reference in named]
    texts = [one for one in messages if one["contentType"] == "application/json"]
    return {one["name"]: one["payload"] for one in texts}


@cache
def _validator(operation: str, kind: str) -> jsonschema_rs.Validator:
    whole = {**_payloads(operation)[kind], "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _fields(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _fields(_found(schema["$ref"]))
    fields: dict[str, Any] = dict(schema.get("properties", {}))
    for part in schema.get("allOf", ()):
        fields = {**_fields(part), **fields}
    return fields


def _found(reference: str) -> dict[str, Any]:
    place: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        place = place[step]
    found: dict[str, Any] = place
    return found
