"""What a language model replies to what viva asks of it, as it comes over the wire."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from server.core.events import Reply
from server.wording.judge import CRITERIA
from server.wording.reply import written

_ANSWER = re.compile(r"<answer>\n(.*)\n</answer>")


def probe(say: str, evidence: str | None, line: str | None = None) -> str:
    """It has something to ask, which rests on these words of the answer."""
    return written(Reply("answer", "probe", say, evidence, line))


def on_its_answer(say: str, last: str) -> str:
    """The same, resting on the whole answer of the message that asks for it."""
    answer = _ANSWER.search(last)
    return probe(say, answer[1] if answer else None)


def asked_for(body: Mapping[str, Any]) -> str:
    """What a request wants: a ``reply``, a ``verdict`` or a ``plan``."""
    shape = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    properties = shape.get("properties", {})
    if "say" in properties:
        return "reply"
    return "verdict" if "humane" in properties else "plan"


def verdict(**no: bool) -> str:
    return json.dumps({**dict.fromkeys(CRITERIA, True), **no})
