"""What a language model replies: one JSON object, evidence before words, read while it comes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar, cast, get_args

from server.core.events import Move, Reply
from server.core.understanding import ACTS

FLOORS = ("over", "goes_on", "wants_time")
MOVES: tuple[Move, ...] = get_args(Move)
LONGEST = 4_000
"""Characters of a reply; a model that writes more is in a loop."""
EVIDENCE_CHARS, LINE_CHARS, SAY_CHARS = 160, 160, 320

T = TypeVar("T", bound=str)


def _text(longest: int) -> dict[str, object]:
    return {"type": "string", "maxLength": longest}


def _or_null(longest: int) -> dict[str, object]:
    return {"anyOf": [_text(longest), {"type": "null"}]}


KEYS: Mapping[str, dict[str, object]] = {
    "floor": {"type": "string", "enum": list(FLOORS)},
    "act": {"type": "string", "enum": list(ACTS)},
    "move": {"type": "string", "enum": list(MOVES)},
    "evidence": _or_null(EVIDENCE_CHARS),
    "line": _or_null(LINE_CHARS),
    "say": _text(SAY_CHARS),
}
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": KEYS,
    "required": list(KEYS),
    "additionalProperties": False,
}
"""The same for every turn: a server makes its grammar once."""

_BEGIN = re.compile(r"\{\s*+\"")
_KEY = re.compile(r"[\s,]*+\"([A-Za-z_]{1,40})\"\s*+:\s*+")
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*+\"", re.DOTALL)
_BARE = re.compile(r"(null|true|false)\b|-?\d[\d.eE+-]{0,30}(?=[\s,}])")
_FENCE = re.compile(r"\s*+(?:```(?:json)?\s*+)?")


class Unreadable(Exception):
    """It is not the object that was asked for; nothing of it may be spoken."""


class Incoming:
    """One reply while it is written. Pure.

    ``hear`` takes each delta and returns the reply as soon as its words are whole: nothing after
    them is waited for. ``rest`` ends it. Both raise Unreadable. Text in front of the object may be
    thoughts aloud, so what follows it counts only once the reply is over.
    """

    def __init__(self) -> None:
        self._text = ""
        self._at: int | None = None
        self._early = True
        self._found: dict[str, str | None] = {}

    def hear(self, delta: str) -> Reply | None:
        self._text += delta
        if len(self._text) > LONGEST:
            raise Unreadable("it did not end")
        self._read()
        return self._reply() if self._early and len(self._found) == len(KEYS) else None

    def rest(self) -> Reply:
        """What has come, now that no more comes."""
        if "say" not in self._found:
            raise Unreadable("it was cut off" if self._at else "it is not JSON")
        return self._reply()

    def _read(self) -> None:
        if self._at is None and (begin := _BEGIN.search(self._text)) is not None:
            self._early = _FENCE.fullmatch(self._text[: begin.start()]) is not None
            self._at = begin.end() - 1
        while self._at is not None and (key := _KEY.match(self._text, self._at)) is not None:
            value = _STRING.match(self._text, key.end()) or _BARE.match(self._text, key.end())
            if value is None:
                if self._text[key.end() : key.end() + 1] in ("[", "{"):
                    raise Unreadable(f"{key[1]} is no text")
                return
            if key[1] in KEYS and key[1] not in self._found:
                self._found[key[1]] = _decoded(key[1], value[0])
            self._at = value.end()

    def _reply(self) -> Reply:
        found = self._found
        evidence, line = found.get("evidence"), found.get("line")
        return Reply(
            act=_one_of("act", found.get("act"), ACTS),
            move=_one_of("move", found.get("move"), MOVES),
            say=found["say"] or "",
            evidence=evidence or None,
            line=line or None,
            floor=cast("Any", _one_of("floor", found.get("floor", "over"), FLOORS)),
        )


def _decoded(key: str, raw: str) -> str | None:
    try:
        value = json.loads(raw, strict=False)
    except ValueError:
        raise Unreadable(f"{key} is no text") from None
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"{key} is no text")
    return None if value is None else value.strip()


def _one_of(key: str, value: str | None, known: tuple[T, ...]) -> T:
    """As the contract writes it, but for case and blanks."""
    written = (value or "").strip().casefold().replace(" ", "_")
    found = next((one for one in known if one == written), None)
    if found is None:
        raise Unreadable(f"{key} is none of those asked for")
    return found


def written(reply: Reply) -> str:
    """The reply as the model would have written it."""
    return as_json(reply.act, reply.move, reply.say, reply.evidence, reply.line, reply.floor)


def as_json(
    act: str, move: str, say: str, evidence: str | None, line: str | None, floor: str = "over"
) -> str:
    keys = {"floor": floor, "act": act, "move": move, "evidence": evidence, "line": line}
    return json.dumps({**keys, "say": say}, ensure_ascii=False)
