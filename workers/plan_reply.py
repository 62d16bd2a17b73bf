"""The plan that a language model wrote, read back: by schema, or in whatever form it came."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from server.core.events import RestsOn
from server.core.interview import Interview
from server.language.speech import as_read
from server.plan import STAGES, Draft
from workers.grounds import rests_on
from workers.plan_prompt import MOST_LINES, version

LONGEST_LINE = 120
_FEWEST_QUOTED = 2


def read(reply: Mapping[str, Any], interview: Interview, model: str) -> list[Draft]:
    """Whatever can be read in the reply; nothing of it has passed the guard yet."""
    listed = reply.get("questions")
    return [
        _draft(item, interview, model)
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, dict) and _line(item.get("question")) and _line(item.get("stage"))
    ]


def read_text(text: str, count: int, interview: Interview, model: str) -> list[Draft]:
    """What of a reply without a schema can be read: stages and questions."""
    return [
        Draft(
            stage,
            question,
            "llm",
            interview.language,
            rests_on=rests_on(question, interview.resume),
            model=model,
            prompt=version(interview),
        )
        for stage, question in pairs(text, count, _stage_names(interview))
    ]


def _draft(item: Mapping[str, Any], interview: Interview, model: str) -> Draft:
    lines = item.get("rubric")
    rubric = [_line(line)[:LONGEST_LINE] for line in (lines if isinstance(lines, list) else ())]
    text = _line(item.get("question"))
    stated = _stated(_line(item.get("quote")), interview.resume)
    return Draft(
        stage=_line(item.get("stage")),
        text=text,
        source="llm",
        language=interview.language,
        competency=_line(item.get("competency"))[:LONGEST_LINE],
        rubric=tuple(line for line in rubric if line)[:MOST_LINES],
        rests_on=stated or rests_on(text, interview.resume),
        simpler=_line(item.get("simpler")) or None,
        model=model,
        prompt=version(interview),
    )


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _stated(quote: str, resume: Mapping[str, object]) -> tuple[RestsOn, ...]:
    """Where the résumé says it; a quotation that stands nowhere is dropped."""
    if len(quote) < _FEWEST_QUOTED:
        return ()
    found = quote.casefold()
    for path, text in _texts(resume, ""):
        if found in " ".join(text.split()).casefold():
            return (RestsOn(path, quote[: 2 * LONGEST_LINE]),)
    return ()


_SECTIONS = (
    "work", "projects", "skills", "certificates", "awards", "education", "selfIntroduction",
)  # fmt: skip


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        keys = _SECTIONS if not path else tuple(value)
        for key in keys:
            if key in value:
                yield from _texts(value[key], f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for at, part in enumerate(value):
            yield from _texts(part, f"{path}[{at}]")


# A reply that no schema bound.


def _stage_names(interview: Interview) -> Mapping[str, str]:
    """Stages by what they are called in the interview's language."""
    return {_plain(stage.name): name for name, stage in as_read(interview.pack).stages.items()}


_LONGEST_REPLY = 20_000


def pairs(text: str, count: int, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """At most ``count`` (stage, question) pairs of whatever can be read in the reply: a JSON array,
    one object a line, either inside prose or cut off at the end. ``names``: stages by what they may
    be called instead. Never raises."""
    text = re.sub(r"<think>.*?</think>", " ", text[:_LONGEST_REPLY], flags=re.DOTALL)
    found: dict[str, str] = {}
    for item in _objects(text):
        question = _first(item, ("question", "text"))
        if question:
            found.setdefault(question, _stage(_first(item, ("stage", "category")), names))
    return [(stage, question) for question, stage in found.items()][: max(count, 0)]


def _objects(text: str) -> Iterator[Mapping[str, object]]:
    """Every JSON object that is complete, without those inside it."""
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield from _flat(value)
        at = text.find("{", end)


def _flat(value: object) -> Iterator[Mapping[str, object]]:
    """The object, or the objects in the list that it only wraps, as in {"questions": [...]}."""
    if not isinstance(value, dict):
        return
    lists = [part for part in value.values() if isinstance(part, list)]
    if lists and not _first(value, ("question", "text")):
        yield from (item for part in lists for item in part if isinstance(item, dict))
    else:
        yield value


def _first(item: Mapping[str, object], keys: tuple[str, ...]) -> str:
    values = (item.get(key) for key in keys)
    return next((" ".join(v.split()) for v in values if isinstance(v, str) and v.strip()), "")


def _stage(name: str, names: Mapping[str, str]) -> str:
    key = _plain(name)
    key = names.get(key, key)
    return key if key in STAGES else "experience"


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())
