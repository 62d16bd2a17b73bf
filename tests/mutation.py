"""Client events made from their own schemas, and then broken."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Mapping
from typing import Any

import msgspec
from openai.types.realtime import RealtimeClientEvent
from pydantic import TypeAdapter

from server.realtime import wire

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, -(2**70), 1.5, 1e308, "", "\x00", "x" * 10_000, "네" * 50,
    "\ud800", "null", [], {}, [[]], {"": None}, [None] * 100, {"type": "text"},
)  # fmt: skip
SELDOM = {"conversation.item.create": 0.15, "viva.end": 0.01}
"""How often an event is kept that moves the interview on, or ends it."""


class Mutator:
    """The same seed gives the same events."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        openai = TypeAdapter(RealtimeClientEvent).json_schema()
        ours = msgspec.json.schema(wire.Incoming)
        self._roots = [*_variants(openai), *_variants(ours)]

    def event(self) -> str:
        """A message for the wire; most are near enough to a right one to get somewhere."""
        while True:
            schema, definitions = self._random.choice(self._roots)
            event = self._value(schema, definitions, depth=0)
            kind = event.get("type") if isinstance(event, dict) else None
            if self._random.random() < SELDOM.get(str(kind), 1.0):
                break
        for _ in range(self._random.choice((0, 0, 0, 1, 1, 2))):
            event = self._broken(event)
        text = json.dumps(event)
        if self._random.random() < 0.05:
            text = self._cut(text)
        return text

    def _value(self, schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> Any:
        while "$ref" in schema:
            schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
        choices = schema.get("anyOf", schema.get("oneOf"))
        if choices is not None:
            return self._value(self._random.choice(choices), definitions, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._random.choice(schema["enum"])
        if schema.get("type") == "object":
            return self._object(schema, definitions, depth)
        if schema.get("type") == "array":
            return self._array(schema, definitions, depth)
        return self._plain(schema.get("type"))

    def _plain(self, kind: str | None) -> Any:
        match kind:
            case "string":
                return self._string()
            case "integer":
                return self._random.choice((0, 1, 2, 300, 24_000))
            case "number":
                return self._random.random()
            case "boolean":
                return self._random.random() < 0.5
            case _:
                return None

    def _object(self, schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> Any:
        required = schema.get("required", [])
        return {
            name: self._value(part, definitions, depth + 1)
            for name, part in schema.get("properties", {}).items()
            if name in required or (depth < 5 and self._random.random() < 0.5)
        }

    def _array(self, schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> Any:
        items: Any = schema.get("items")
        count = self._random.choice((0, 1, 1, 2)) if depth < 5 and isinstance(items, dict) else 0
        return [self._value(items, definitions, depth + 1) for _ in range(count)]

    def _string(self) -> str:
        sound = base64.b64encode(self._random.randbytes(self._random.choice((0, 640, 4_800))))
        names = ("item_question_1", "item_answer_1", "resp_1", "root", "repeat", "hello there")
        return self._random.choice((*names, sound.decode()))

    def _broken(self, event: Any) -> Any:
        """One place somewhere inside: left out, or something else in its stead."""
        if isinstance(event, dict) and event and self._random.random() < 0.9:
            name = self._random.choice([*event, *(key for key in event if key != "type")])
            inner = event[name]
            if isinstance(inner, dict | list) and inner and self._random.random() < 0.7:
                return event | {name: self._broken(inner)}
            if self._random.random() < 0.2:
                return {key: value for key, value in event.items() if key != name}
            return event | {name: self._random.choice(ODD)}
        if isinstance(event, list) and event:
            place = self._random.randrange(len(event))
            return [*event[:place], self._broken(event[place]), *event[place + 1 :]]
        return self._random.choice(ODD)

    def _cut(self, text: str) -> str:
        place = self._random.randrange(len(text) + 1)
        return text[:place] + self._random.choice(("", "{", "\\", '"', "\u0007"))


def _variants(root: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    definitions = root["$defs"]
    return [(variant, definitions) for variant in root.get("anyOf", root.get("oneOf", []))]
