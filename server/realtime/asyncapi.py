"""The AsyncAPI document of the WebSockets, from their vocabulary, the facts and docs/protocol.md.

``python -m server.realtime.asyncapi docs/protocol.md docs/asyncapi.json`` writes it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from server.core.events import Fact
from server.realtime import wire
from server.store.facts import TYPES

REF: Final = "#/components/schemas/{name}"
ROW: Final = re.compile(r"^\| `([a-z_.]+)` \|([^|]*)\|(?: (yes)? ?\| (yes)? ?\|)? ?(.*)\|$")
AFTER: Final = {
    "type": "object",
    "properties": {
        "after": {
            "type": "integer",
            "default": 0,
            "description": "the highest seq that is known; those after it are told",
        },
        "together": {
            "type": "boolean",
            "default": False,
            "description": "facts of which there are several at once come as one message",
        },
    },
}
HEADINGS: Final = {
    "### To the server": "up",
    "### From the server": "down",
    "### To a rehearsal": "rehearsal_up",
    "### From a rehearsal": "rehearsal_down",
    "### From whoever watches": "watch_up",
    "### To whoever watches": "watch_down",
}
SOUNDS: Final = {
    "up": "PCM16 little-endian mono 16 kHz, or one Opus packet; on viva.v1",
    "down": "u32 turn, u32 offset in samples, then PCM16 24 kHz or one Opus packet; on viva.v1",
    "rehearsal_up": "PCM16 little-endian mono 16 kHz",
    "rehearsal_down": "u32 turn, which is 0, u32 offset in samples, then PCM16 mono 24 kHz",
    "watch_up": "u32 first sample, u32 late, then PCM16 mono 16 kHz or one Opus packet",
    "watch_down": "u8 who is heard: 1 the candidate (PCM16 16 kHz), 2 viva, 3 a person (24 kHz)",
}
"""What binary frames are."""


@dataclass(frozen=True, slots=True)
class Row:
    """What docs/protocol.md says of one event."""

    fields: tuple[str, ...]
    stock: bool
    viva: bool
    meaning: str


def rows(page: str) -> dict[str, dict[str, Row]]:
    """By way the events of the page's tables."""
    found: dict[str, dict[str, Row]] = {way: {} for way in HEADINGS.values()}
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
    """By way the events by their type, without the facts."""
    return {
        "up": _tagged(wire.ClientEvent),
        "down": _tagged(wire.ServerEvent),
        "rehearsal_up": _of(wire.Practised),
        "rehearsal_down": _of(wire.Rehearsed),
        "watch_up": _of(wire.Wished),
        "watch_down": _of(wire.Watched),
    }


def _of(union: object) -> dict[str, type[msgspec.Struct]]:
    return {event.__struct_config__.tag: event for event in get_args(union)}


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
    messages |= {_name(way, "sound"): _sound(what) for way, what in SOUNDS.items()}
    told = {_name("fact", kind): _told(kind, fact) for kind, fact in TYPES.items()}
    any_of = {"anyOf": [{"$ref": f"#/components/messages/{name}/payload"} for name in told]}
    together = messages[_name("watch_down", "facts")]
    several = {"properties": {"facts": {"items": any_of}}}
    together["payload"] = {"allOf": [together["payload"], several]}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "viva: the WebSockets of candidates and of whoever watches",
            "version": "1.0.0",
            "description": "OpenAI Realtime (GA); with the subprotocol viva.v1 also viva's own.",
        },
        "channels": {
            "realtime": {
                "address": "/v1/realtime",
                "messages": _references(_between(messages, "up", "down")),
            },
            "rehearsal": {
                "address": "/v1/rehearsal",
                "messages": _references(_between(messages, "rehearsal_up", "rehearsal_down")),
            },
            "watch": {
                "address": "/v1/interviews/{interview_id}/watch",
                "parameters": {"interview_id": {"description": "the interview that is watched"}},
                "messages": _references(told | _between(messages, "watch_up", "watch_down")),
                "bindings": {"ws": {"query": AFTER}},
            },
        },
        "operations": {
            "receive": _operation("receive", "realtime", _between(messages, "up")),
            "send": _operation("send", "realtime", _between(messages, "down")),
            "practise": _operation("receive", "rehearsal", _between(messages, "rehearsal_up")),
            "rehearse": _operation("send", "rehearsal", _between(messages, "rehearsal_down")),
            "wish": _operation("receive", "watch", _between(messages, "watch_up")),
            "tell": _operation("send", "watch", told | _between(messages, "watch_down")),
        },
        "components": {"messages": messages | told, "schemas": schemas},
    }


def _references(messages: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in messages}


def _between(messages: Mapping[str, Any], *ways: str) -> dict[str, Any]:
    return {name: one for name, one in messages.items() if name.partition(".")[0] in ways}


def _operation(action: str, channel: str, names: Iterable[str]) -> dict[str, Any]:
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
        **({"tags": [{"name": name} for name in on]} if on else {}),
        "payload": {"$ref": REF.format(name=event.__name__)},
    }


def _sound(what: str) -> dict[str, Any]:
    """A binary frame."""
    return {
        "name": "sound",
        "contentType": "application/octet-stream",
        "summary": what,
        "payload": {"type": "string", "format": "binary"},
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
