"""A criterion as a language model is asked where it stands in what was said."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from server.evidence.lines import MOST_SENTENCES, Found
from server.evidence.sentences import Sentence
from server.evidence.topics import Criterion, Topic
from server.evidence.unseen import veiled
from server.language.speech import Pack
from server.ports import Message
from server.wording.prompts import FIELD_CHARS, inert

TOKENS = 900
LONGEST_WHY = 160


@dataclass(frozen=True, slots=True)
class Asking:
    """One reading. ``order``: which line stands at each place; ``seed`` and ``wording`` as they are
    kept with it; ``allowed``: the numbers of sentences that can be named."""

    messages: tuple[Message, ...]
    schema: Mapping[str, object]
    order: tuple[int, ...]
    seed: int
    wording: int
    allowed: tuple[int, ...]

    @property
    def sha256(self) -> str:
        said = [(one.role, one.content) for one in self.messages]
        return hashlib.sha256(msgspec.json.encode([said, self.schema, self.seed])).hexdigest()

    def sorted(self, found: Sequence[Found]) -> list[Found]:
        """As the criterion's lines stand, whatever the order they were asked in."""
        back = [Found(self.order[one.line], one.sentences, one.why) for one in found]
        return sorted(back, key=lambda one: one.line)


def version(pack: Pack) -> str:
    return f"evidence-{pack.prompts.evidence.version}"


def lines_of(criterion: Criterion) -> list[str]:
    """What is looked for: the lines that were asked, then what the highest level asks besides."""
    asked = [text for text, was_asked in criterion.lines if was_asked]
    return [*asked, *criterion.levels[-1:]]


def asking(
    pack: Pack,
    criterion: Criterion,
    topics: Sequence[Topic],
    names: Sequence[str],
    key: str,
    run: int,
) -> Asking:
    """Reading number ``run`` of seven: its own order of lines and topics, its own wording and seed,
    the same for the same ``key``. ``names``: what is not shown."""
    chance = random.Random(f"{key} {run}")  # noqa: S311 - it is to be the same again
    said = pack.prompts.evidence
    lines = lines_of(criterion)
    order = list(range(len(lines)))
    own = [one for one in topics if one.question_id in criterion.topics and one.asked]
    if run:
        chance.shuffle(order)
        chance.shuffle(own)
    numbered = "\n".join(f"{at}. {inert(lines[line], 300)}" for at, line in enumerate(order, 1))
    shown = [
        _exchange(pack, exchange.question, exchange.sentences, names)
        for topic in own
        for exchange in topic.exchanges
    ]
    allowed = tuple(
        sentence.number
        for topic in own
        for exchange in topic.exchanges
        for sentence in exchange.sentences
        if sentence.clear
    )
    wording = run % len(said.rules)
    rules = pack.fill(said.rules[wording].strip(), most=str(MOST_SENTENCES))
    task = pack.fill(
        said.task.strip(),
        competency=inert(criterion.name, FIELD_CHARS),
        lines=numbered,
        said="\n".join(filter(None, shown)),
    )
    messages = Message("system", rules), Message("user", task)
    seed = chance.randrange(2**31)
    return Asking(messages, schema(len(lines), allowed), tuple(order), seed, wording, allowed)


def schema(count: int, allowed: Sequence[int]) -> dict[str, object]:
    number: dict[str, object] = {"type": "integer", "enum": list(allowed) or [0]}
    item = {
        "type": "object",
        "properties": {
            "line": {"type": "integer", "enum": list(range(1, count + 1))},
            "sentences": {"type": "array", "items": number, "maxItems": MOST_SENTENCES},
            "why": {"type": "string", "maxLength": LONGEST_WHY},
        },
        "required": ["line", "sentences", "why"],
        "additionalProperties": False,
    }
    lines: dict[str, Any] = {"type": "array", "items": item, "minItems": count, "maxItems": count}
    return {
        "type": "object",
        "properties": {"lines": lines},
        "required": ["lines"],
        "additionalProperties": False,
    }


def _exchange(
    pack: Pack, question: str, sentences: Sequence[Sentence], names: Sequence[str]
) -> str:
    fillers = pack.prompts.evidence.fillers
    told = [
        f"[{one.number}] {inert(veiled(one.text, names, fillers), 600)}"
        for one in sentences
        if one.clear
    ]
    if not told:
        return ""
    asked = inert(veiled(question, names, ()), 400)
    return "\n".join([pack.fill(pack.prompts.evidence.asked, question=asked), *told])
