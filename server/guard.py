"""``viva guard``: whether sentences may be spoken, for whoever edits a pack or a prompt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from server.adviser import Adviser
from server.core import guard
from server.core.events import Exchange, Move, Reply
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.grammar import grammar
from server.language.likeness import grounded
from server.language.pack import shipped
from server.lines import answer
from server.wording.brief import Brief, Told

FIELDS = {"language": tuple(shipped().by_language), "role": None, "text": None}
OPTIONAL = ("question", "answer", "evidence")


def judge(source: Iterable[str], sink: TextIO, adviser: Adviser | None = None) -> int:
    """The exit status. A line of ``sink`` has ``allowed`` and ``rule``, null where allowed. What
    else may be said an ``adviser`` judges."""
    understanding = OfflineUnderstanding(Encoder())

    def reply(one: Mapping[str, Any]) -> Mapping[str, Any]:
        rule = refused(one, understanding)
        if rule is None and adviser is not None:
            rule = adviser.verdict(*_follows(one))
        return {"allowed": rule is None, "rule": rule}

    return answer(source, sink, FIELDS, reply, OPTIONAL)


def _follows(one: Mapping[str, Any]) -> tuple[Reply, Brief]:
    """Whether it is needed and follows can only be told of a question to an answer."""
    asked, said, evidence = (one.get(name) for name in OPTIONAL)
    move: Move = "probe" if said and "?" in one["text"] else "acknowledge"
    told = (Told(asked or "", said or ""),)
    brief = Brief(one["role"], one["language"], {}, told, shipped().of(one["language"]))
    return Reply("answer", move, one["text"], evidence), brief


def refused(
    one: Mapping[str, Any], understanding: OfflineUnderstanding, *, asks: bool = False
) -> str | None:
    """Why ``text`` may not be said; with an ``answer`` it is judged as what follows it. ``asks``:
    it has to be a question."""
    asked, said, evidence = (one.get(name) for name in OPTIONAL)
    history = [Exchange(asked or "", said or "")] if asked or said else []
    refused = guard.check(
        one["text"],
        grammar=grammar(one["language"]),
        target_role=one["role"],
        history=history,
        follows=said,
        asks=asks,
        instructions=shipped().of(one["language"]).prompts.instructions,
    )
    if refused is not None:
        return refused
    if evidence and said is not None and not grounded(evidence, said):
        return "ungrounded"
    judged = understanding.weigh(one["text"], one["role"], said or "")
    return judged.fault if judged else None
