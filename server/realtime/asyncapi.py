"""The AsyncAPI document of the WebSockets: the candidate's from its vocabulary and
docs/protocol.md, the interviewer's from the facts.

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

from server.core.events import Fact
from server.realtime import wire
from server.store.facts import TYPES

REF: Final = "#/components/schemas/{name}"
ROW: Final = re.compile(r"^\| `([a-z_.]+)` \|([^|]*)\| (yes)? ?\| (yes)? ?\| ?(.*)\|$")
AFTER: Final = {
    "type": "object",
    "properties": {
        "after": {
            "type": "integer",
            "default": 0,
            "description": "the highest seq that is known; those after it are told",
        }
    },
}
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
    facts = [wire.FactTold[fact] for fact in TYPES.values()]  # type: ignore[valid-type]
    _, schemas = msgspec.json.schema_components([*every, *facts], ref_template=REF)
    messages = {
        _name(way, kind): _message(kind, event, said[way][kind])
        for way, kinds in events.items()
        for kind, event in kinds.items()
    }
    told = {_name("fact", kind): _told(kind, fact) for kind, fact in TYPES.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "viva: the WebSockets of candidates and interviewers",
            "version": "1.0.0",
            "description": "OpenAI Realtime (GA); with the subprotocol viva.v1 also viva's own.",
        },
        "channels": {
            "realtime": {"address": "/v1/realtime", "messages": _references(messages)},
            "watch": {
                "address": "/v1/interviews/{interview_id}/watch",
                "parameters": {"interview_id": {"description": "the interview that is watched"}},
                "messages": _references(told),
                "bindings": {"ws": {"query": AFTER}},
            },
        },
        "operations": {
            "receive": _operation("receive", "realtime", "up", events["up"]),
            "send": _operation("send", "realtime", "down", events["down"]),
            "tell": _operation("send", "watch", "fact", TYPES),
        },
        "components": {"messages": messages | told, "schemas": schemas},
    }


def _references(messages: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in messages}


def _operation(action: str, channel: str, way: str, kinds: Mapping[str, Any]) -> dict[str, Any]:
    names = [_name(way, kind) for kind in kinds]
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names],
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


def _told(kind: str, fact: type[Fact]) -> dict[str, Any]:
    """A ``wire.FactTold`` with this fact in it."""
    schema = {"$ref": REF.format(name=f"FactTold_{fact.__name__}_")}
    return {
        "name": kind,
        "contentType": "application/json",
        "payload": {"allOf": [schema, {"properties": {"kind": {"const": kind}}}]},
    }


def main(page: Path, target: Path) -> None:
    text = json.dumps(document(page.read_text()), indent=1, ensure_ascii=False)
    target.write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
