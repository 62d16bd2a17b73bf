"""Commands that read JSON lines and answer each: one object a line, in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

from server.ports import EngineError

Reply = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def answer(
    source: Iterable[str],
    sink: TextIO,
    needed: Mapping[str, tuple[str, ...] | None],
    reply: Reply,
    optional: tuple[str, ...] = (),
) -> int:
    """The exit status: 1 where a line could not be answered, else 0.

    ``needed``: the text fields a line must have, with the values that are allowed, None for any;
    ``optional``: those it may have, or null.
    What ``reply`` does not ask for is carried through. A line that is not as it should be, or for
    which ``reply`` raises EngineError, is answered by ``{"id", "error"}``, and the others are still
    answered.
    """
    status = 0
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        one, wrong = _parsed(line, needed, optional)
        kept = {name: value for name, value in one.items() if name not in (*needed, *optional)}
        if wrong:
            status = 1
            kept["error"] = f"line {number}: {wrong}"
        else:
            try:
                kept.update(reply(one))
            except EngineError as error:
                status = 1
                kept["error"] = f"line {number}: {error}"
        sink.write(json.dumps({"id": one.get("id"), **kept}, ensure_ascii=False) + "\n")
        sink.flush()
    return status


def _parsed(
    line: str, needed: Mapping[str, tuple[str, ...] | None], optional: tuple[str, ...]
) -> tuple[dict[str, Any], str | None]:
    try:
        one = json.loads(line)
    except ValueError as error:
        return {}, f"not JSON: {error}"
    if not isinstance(one, dict):
        return {}, "not an object"
    missing = [name for name in ("id", *needed) if name not in one]
    if missing:
        return one, f"{', '.join(missing)} missing"
    for name, allowed in needed.items():
        if not isinstance(one[name], str):
            return one, f"{name} must be text"
        if allowed is not None and one[name] not in allowed:
            return one, f"{name} must be one of {', '.join(allowed)}, not {one[name]!r}"
    wrong = [name for name in optional if not isinstance(one.get(name), str | None)]
    return one, f"{', '.join(wrong)} must be text" if wrong else None
