"""Whether a sentence is one that a good interviewer would say: five questions with yes or no."""

from __future__ import annotations

from collections.abc import Mapping

from server.core.events import Reply
from server.wording.brief import Brief
from server.wording.prompts import FIELD_CHARS, Messages, inert

CRITERIA: Mapping[str, str] = {
    "humane": "inhumane",
    "follows": "unfounded",
    "necessary": "unnecessary",
    "one_open": "not_open",
    "natural": "unnatural",
}
"""What is asked, and the code of a no; the gravest first."""
OF_ANY = ("humane", "natural")
"""What holds of a sentence that asks for nothing more."""
TOKENS = 80
_ANSWER_CHARS = 1_200
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {name: {"type": "boolean"} for name in CRITERIA},
    "required": list(CRITERIA),
    "additionalProperties": False,
}


def messages(brief: Brief, say: str) -> Messages:
    """Nothing of the interview but the one answer: it is short, and no style leaks into it."""
    told, pack = brief.history[-1], brief.pack
    asked = pack.fill(
        pack.prompts.judge.strip(),
        role=inert(brief.target_role, FIELD_CHARS),
        question=inert(told.question, 2 * FIELD_CHARS),
        answer=inert(told.answer, _ANSWER_CHARS),
        say=inert(say, 2 * FIELD_CHARS),
    )
    return [("user", asked)]


def fault(verdict: Mapping[str, object], reply: Reply) -> str | None:
    """The code of the gravest no; what was not answered is no no."""
    counts = CRITERIA if reply.move == "probe" else OF_ANY
    return next((CRITERIA[name] for name in counts if verdict.get(name) is False), None)
