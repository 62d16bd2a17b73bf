"""Messages for the language model: a brief becomes a chat, and a written plan is read back.

A session's messages only ever grow at the end, so that a server's prefix cache is hit at every
turn; the rules stand first and are the same for everybody.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping

from server.core import wording
from server.core.events import Brief, Language

VERSION = wording.VERSION
RESUME_CHARS = 2_000
ANSWER_CHARS = 1_500
FIELD_CHARS = 160
STAGES = ("motivation", "experience", "knowledge", "problem_solving", "collaboration")

Messages = list[tuple[str, str]]


def question(brief: Brief) -> Messages:
    """(role, content) pairs for one follow-up question.

    Those of one turn are the beginning of those of the next: nothing in them depends on the stage
    or on what is planned.
    """
    language = brief.language
    role, resume = _inert(brief.target_role, FIELD_CHARS), compact(brief.resume, language)
    messages = [
        ("system", wording.RULES[language]),
        ("user", wording.SETTING[language].format(role=role, resume=resume)),
    ]
    for exchange in brief.history:
        answer = _inert(exchange.answer, ANSWER_CHARS) or wording.NOTHING[language]
        messages.append(("assistant", exchange.question))
        messages.append(("user", wording.ANSWERED[language].format(answer=answer)))
    return messages


def plan(
    target_role: str, language: Language, resume: Mapping[str, object], count: int
) -> Messages:
    """(role, content) pairs for ``count`` planned questions; ``read_plan`` reads the reply."""
    task = wording.PLAN_TASK[language].format(
        role=_inert(target_role, FIELD_CHARS), resume=compact(resume, language), count=count
    )
    return [("system", wording.PLAN_RULES[language]), ("user", task)]


# The résumé.

_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("work", ("name", "position", "startDate", "endDate", "summary", "highlights")),
    ("projects", ("name", "roles", "description", "highlights")),
    ("skills", ("name", "keywords")),
    ("certificates", ("name",)),
    ("awards", ("title",)),
    ("education", ("area", "studyType")),
    ("selfIntroduction", ("question", "answer")),
)
_CONTACT = re.compile(r"[^\s@]{1,64}@\S+|https?://\S+|www\.\S+|\+?\d[\d\s().-]{7,}\d")


def compact(resume: Mapping[str, object], language: Language) -> str:
    """What a question can start from, at most ``RESUME_CHARS``. Name, contacts, place and school
    are left out: no question needs them."""
    text, left = "", RESUME_CHARS
    for line in _lines(resume):
        if len(line) > left:
            continue
        text += line + "\n"
        left = RESUME_CHARS - len(text)
    return text.rstrip("\n") or wording.NOTHING[language]


def _lines(resume: Mapping[str, object]) -> Iterator[str]:
    header = resume.get("header")
    if isinstance(header, Mapping) and (headline := _value(header.get("headline"))):
        yield f"headline: {headline}"
    for section, fields in _SECTIONS:
        entries = resume.get(section)
        for entry in entries if isinstance(entries, list | tuple) else ():
            if isinstance(entry, Mapping):
                said = [value for field in fields if (value := _value(entry.get(field)))]
                if said:
                    yield f"{section}: {' / '.join(said)}"


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        value = ", ".join(part for part in value if isinstance(part, str))
    return (
        _inert(_CONTACT.sub("", value[: 4 * FIELD_CHARS]), FIELD_CHARS)
        if isinstance(value, str)
        else ""
    )


_MARKERS = str.maketrans("<>[]{}|`＜＞［］｛｝｜", "‹›()()/'‹›()()/")
_HEADING = re.compile(r"#{2,}")  # one alone may be C#
_SPEAKER = re.compile(
    r"\b(system|assistant|user|human|tool|developer|시스템|어시스턴트)\s*[:：]", re.IGNORECASE
)


def _inert(text: str, longest: int) -> str:
    """One line of at most ``longest`` characters that can neither close nor open a fence, and in
    which no chat template finds a marker, a speaker or a character that cannot be seen."""
    seen = (c for c in text[: 4 * longest] if c.isspace() or unicodedata.category(c)[0] != "C")
    text = _SPEAKER.sub(r"\1 -", "".join(seen).translate(_MARKERS))
    return " ".join(_HEADING.sub("", text).split())[:longest].rstrip()


# The plan that comes back.

_STAGE_NAMES = {
    "동기": "motivation", "지원동기": "motivation", "경험": "experience", "경력": "experience",
    "직무": "knowledge", "직무지식": "knowledge", "지식": "knowledge", "기술": "knowledge",
    "role_knowledge": "knowledge", "technical": "knowledge", "문제해결": "problem_solving",
    "협업": "collaboration", "teamwork": "collaboration", "behavioral": "collaboration",
}  # fmt: skip
_LONGEST_REPLY = 20_000


def read_plan(text: str, count: int) -> list[tuple[str, str]]:
    """At most ``count`` (stage, question) pairs of whatever can be read in the reply: a JSON array,
    one object a line, either inside prose or cut off at the end. Never raises."""
    text = re.sub(r"<think>.*?</think>", " ", text[:_LONGEST_REPLY], flags=re.DOTALL)
    found: dict[str, str] = {}
    for item in _objects(text):
        question = _first(item, ("question", "text", "질문"))
        if question:
            found.setdefault(question, _stage(_first(item, ("stage", "단계", "category"))))
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
    if lists and not _first(value, ("question", "text", "질문")):
        yield from (item for part in lists for item in part if isinstance(item, dict))
    else:
        yield value


def _first(item: Mapping[str, object], keys: tuple[str, ...]) -> str:
    values = (item.get(key) for key in keys)
    return next((" ".join(v.split()) for v in values if isinstance(v, str) and v.strip()), "")


def _stage(name: str) -> str:
    key = re.sub(r"[\s-]+", "_", name.strip().lower())
    key = _STAGE_NAMES.get(key, _STAGE_NAMES.get(key.replace("_", ""), key))
    return key if key in STAGES else "experience"
