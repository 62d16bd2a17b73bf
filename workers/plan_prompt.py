"""The plan as a language model is asked for it: messages and the shape of the reply."""

from __future__ import annotations

from collections.abc import Mapping

from server.core.interview import Interview
from server.language.speech import as_read
from server.wording import prompts

MOST_LINES = 4


def version(interview: Interview) -> str:
    """Kept with what was written under it."""
    return f"plan-{as_read(interview.pack).prompts.version}"


def messages(interview: Interview, wanted: Mapping[str, int]) -> prompts.Messages:
    """(role, content) pairs; ``wanted`` is how many questions of which stage."""
    pack = as_read(interview.pack)
    task = pack.fill(
        pack.prompts.plan_task.strip(),
        role=prompts.inert(interview.target_role, prompts.FIELD_CHARS),
        resume=prompts.compact(interview.resume, pack),
        wanted=", ".join(f"{stage} {count}" for stage, count in wanted.items()),
    )
    return [("system", pack.prompts.plan_rules.strip()), ("user", task)]


def schema(wanted: Mapping[str, int]) -> dict[str, object]:
    """Every text has its bound: a small model would go on writing into the first of them."""

    def text(longest: int) -> dict[str, object]:
        return {"type": "string", "maxLength": longest}

    item = {
        "type": "object",
        "properties": {
            "stage": {"type": "string", "enum": list(wanted)},
            "question": text(240),
            "simpler": text(240),
            "competency": text(80),
            "quote": {"anyOf": [text(160), {"type": "null"}]},
            "rubric": {"type": "array", "items": text(120), "minItems": 2, "maxItems": MOST_LINES},
        },
        "required": ["stage", "question", "simpler", "competency", "quote", "rubric"],
        "additionalProperties": False,
    }
    count = sum(wanted.values())
    questions = {"type": "array", "items": item, "minItems": count, "maxItems": count}
    return {
        "type": "object",
        "properties": {"questions": questions},
        "required": ["questions"],
        "additionalProperties": False,
    }
