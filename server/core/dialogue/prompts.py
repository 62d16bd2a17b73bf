"""Messages for the language model: a brief becomes a chat.

A session's messages only ever grow at the end, so that a server's prefix cache is hit at every
turn; the rules stand first and are the same for everybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from server.core import wording
from server.core.events import Brief, Language

VERSION = wording.VERSION
RESUME_CHARS = 2_000
ANSWER_CHARS = 1_500
FIELD_CHARS = 160

Messages = list[tuple[str, str]]


def question(brief: Brief) -> Messages:
    """(role, content) pairs for one follow-up question.

    Those of one turn are the beginning of those of the next: nothing in them depends on what is
    planned after it.
    """
    language = brief.language
    role, resume = inert(brief.target_role, FIELD_CHARS), compact(brief.resume, language)
    messages = [
        ("system", wording.RULES[language]),
        ("user", wording.SETTING[language].format(role=role, resume=resume)),
    ]
    for exchange in brief.history:
        answer = inert(exchange.answer, ANSWER_CHARS) or wording.NOTHING[language]
        competency = inert(exchange.competency, FIELD_CHARS)
        aim = wording.AIM[language].format(competency=competency) if competency else ""
        messages.append(("assistant", exchange.question))
        messages.append(("user", wording.ANSWERED[language].format(answer=answer, aim=aim)))
    return messages


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
        inert(_CONTACT.sub("", value[: 4 * FIELD_CHARS]), FIELD_CHARS)
        if isinstance(value, str)
        else ""
    )


_MARKER = re.compile(r"[<>\[\]{}|`＜＞［］｛｝｜]")
_INSTEAD = str.maketrans("<>[]{}|`＜＞［］｛｝｜", "‹›()()/'‹›()()/")
_HEADING = re.compile(r"#{2,}")  # one alone may be C#
_SPEAKER = re.compile(
    r"\b(system|assistant|user|human|tool|developer|시스템|어시스턴트)\s*[:：]", re.IGNORECASE
)


def inert(text: str, longest: int) -> str:
    """One line of at most ``longest`` characters that can neither close nor open a fence, and in
    which no chat template finds a marker, a speaker or a character that cannot be seen."""
    text = text[: 4 * longest]
    if not text.isprintable():
        seen = (c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
        text = "".join(seen)
    text = _MARKER.sub(lambda found: found[0].translate(_INSTEAD), text)
    if ":" in text or "：" in text:  # looked for first: an answer is long and comes at every turn
        text = _SPEAKER.sub(r"\1 -", text)
    return " ".join(_HEADING.sub("", text).split())[:longest].rstrip()
