"""The AsyncAPI document of the candidate's wire, from its vocabulary and docs/protocol.md.

``python -m server.realtime.asyncapi docs/protocol.md docs/asyncapi.json`` writes it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from server.realtime import wire

REF: Final = "#/components/schemas/{name}"
ROW: Final = re.compile(r"^\| `([a-z_.]+)` \|([^|]*)\| (yes)? ?\| (yes)? ?\| ?(.*)\|$")
HEADINGS: Final = {"### To the server": "up", "### From the server": "down"}


@dataclass(frozen=True, slots=True)
class Row:
    """What docs/protocol.md says of one event."""

    fields: tuple[str, ...]
    stock: bool
    viva: bool
    meaning: str


def rows(page: str) -> dict[str, dict[str, Row]]:
    """``up`` and ``down``: the events of the page's two tables."""
    found: dict[str, dict[str, Row]] = {"up": {}, "down": {}}
    way = None
    for line in page.splitlines():
        if line.startswith("#"):
            way = HEADINGS.get(line)
        elif way is not None and (row := ROW.match(line)) is not None:
            kind, fields, stock, viva, meaning = row.groups()
            names = tuple(re.findall(r"`([a-z_]+)`", fields))
            found[way][kind] = Row(names, bool(stock), bool(viva), meaning.strip())
    return found


def vocabulary() -> dict[str, dict[str, type[msgspec.Struct]]]:
    """``up`` and ``down``: the events by their type."""
    return {"up": _tagged(wire.ClientEvent), "down": _tagged(wire.ServerEvent)}


def _tagged(base: type[msgspec.Struct]) -> dict[str, type[msgspec.Struct]]:
    found: dict[str, type[msgspec.Struct]] = {}
    for event in base.__subclasses__():
        tag = event.__struct_config__.tag
        if isinstance(tag, str) and not event.__subclasses__():
            found[tag] = event
        found.update(_tagged(event))
    return found


def document(page: str) -> dict[str, Any]:
    said, events = rows(page), vocabulary()
    every = [event for way in events.values() for event in way.values()]
    _, schemas = msgspec.json.schema_components(every, ref_template=REF)
    messages = {
        _name(way, kind): _message(kind, event, said[way][kind])
        for way, kinds in events.items()
        for kind, event in kinds.items()
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "viva: the candidate's WebSocket",
            "version": "1.0.0",
            "description": "OpenAI Realtime (GA); with the subprotocol viva.v1 also viva's own.",
        },
        "channels": {
            "realtime": {
                "address": "/v1/realtime",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "receive": _operation("receive", "up", events["up"]),
            "send": _operation("send", "down", events["down"]),
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def _operation(action: str, way: str, kinds: Mapping[str, Any]) -> dict[str, Any]:
    names = [_name(way, kind) for kind in kinds]
    return {
        "action": action,
        "channel": {"$ref": "#/channels/realtime"},
        "messages": [{"$ref": f"#/channels/realtime/messages/{name}"} for name in names],
    }


def _name(way: str, kind: str) -> str:
    return f"{way}.{kind}"


def _message(kind: str, event: type[msgspec.Struct], row: Row) -> dict[str, Any]:
    on = [name for name, there in (("stock", row.stock), ("viva.v1", row.viva)) if there]
    return {
        "name": kind,
        "contentType": "application/json",
        "summary": row.meaning or kind,
        "tags": [{"name": name} for name in on],
        "payload": {"$ref": REF.format(name=event.__name__)},
    }


def main(page: Path, target: Path) -> None:
    text = json.dumps(document(page.read_text()), indent=1, ensure_ascii=False)
    target.write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
