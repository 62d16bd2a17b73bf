"""What a language model is told of a topic that a person named, and the question in its reply."""

from __future__ import annotations

from collections.abc import Mapping

from server.language.speech import Pack
from server.wording.prompts import FIELD_CHARS, Messages, inert
from server.wording.question import clean

TOKENS = 200
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}


def messages(pack: Pack, target_role: str, topic: str) -> Messages:
    """Nothing of the interview: the question is as good for every candidate of the role."""
    asked = pack.fill(
        pack.prompts.topic.strip(),
        role=inert(target_role, FIELD_CHARS),
        topic=inert(topic, 2 * FIELD_CHARS),
    )
    return [("system", pack.prompts.plan_rules.strip()), ("user", asked)]


def question(reply: Mapping[str, object]) -> str:
    """Empty where there is none."""
    said = reply.get("question")
    return clean(said) if isinstance(said, str) else ""
