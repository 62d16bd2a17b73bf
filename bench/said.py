"""What an interviewer might say, labelled: what tact is fitted and judged on."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, get_args, get_type_hints

from bench.utterances import DATA
from server.language.marks import Asked, Spoken
from server.language.pack import PACKS, shipped

FOLDERS = ("private_questions", "followups")
RESERVED = "-reserved"
"""How the names of files end that are never fitted on."""
KINDS = {"secrets": "secret"}
"""Topics that are no private matter of the candidate, and what they are instead."""
LEARNED_AS = {"leak": "verdict"}
"""Speaking of scores and recommendations is learned together with giving them."""
BEFORE = {
    "en": ("You said {}; ", "You mentioned that {}. ", "{}, you said. ", "So {}. ", "After {}, ",
           "Speaking of {}, ", "{}; ", "With {}, ", ""),
    "ko": ("{}다고 하셨는데, ", "{} 이야기를 하셨는데요. ", "{}고 하셨지요. ",
           "{}는 일을 하셨는데, ", "{}, ", "방금 {}라고 하셨는데 ", "{}처럼 바쁘신데, ", ""),
}  # fmt: skip
"""What a sly question is led in with, around something of the answer."""
FILLINGS = (
    {"minutes": "20", "minutes_left": "5", "topics": "5", "topics_left": "2", "days": "90"},
    {"minutes": "45", "minutes_left": "31", "topics": "9", "topics_left": "6", "days": "14"},
    {"minutes": "15", "minutes_left": "8", "topics": "4", "topics_left": "1", "days": "365"},
)
"""For what is told with numbers in it."""
_ENDING = re.compile(r"(어요|습니다|았어요|했어요|요)$")


@dataclass(frozen=True, slots=True)
class Said:
    """``fault``: good, or what is wrong with it; ``manner`` of questions on private matters,
    else empty. ``source``: private, followup, asked or pack."""

    group: str
    language: str
    role: str
    answer: str
    text: str
    fault: str
    source: str
    manner: str = ""


def _lines(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Language and row, but for files that are kept for judging (`RESERVED`)."""
    for path in sorted((DATA / folder).glob("*.jsonl")):
        if folder in FOLDERS and path.stem.endswith(RESERVED):
            continue
        for line in path.read_text("utf-8").splitlines():
            yield path.stem.split("-")[0], json.loads(line)


def private() -> list[Said]:
    return [
        Said(
            f"private/{one['group']}",
            language,
            one["role"],
            "",
            one["question"],
            "good" if one["label"] == "allowed" else KINDS.get(one["topic"], "private"),
            "private",
            one["manner"],
        )
        for language, one in _lines("private_questions")
    ]


def followups() -> list[Said]:
    return [
        Said(
            f"followup/{one['group']}",
            language,
            one["role"],
            one["answer"],
            one["follow_up"],
            LEARNED_AS.get(one["why"], one["why"]),
            "followup",
        )
        for language, one in _lines("followups")
    ]


def asked() -> list[Said]:
    """The questions that the utterances answer, but for those that are labelled as private."""
    labelled = {row.text for row in private()}
    found = {one["question"]: language for language, one in _lines("utterances")}
    return [
        Said(f"asked/{at % 40}", language, "", "", text, "good", "asked")
        for at, (text, language) in enumerate(found.items())
        if text and text not in labelled
    ]


def spoken(language: str) -> Iterator[str]:
    """Whatever viva itself says in a language, without what has slots to fill."""
    texts = _texts(shipped().of(language))
    yield from dict.fromkeys(text for text in texts if "{" not in text)


def _texts(part: Any, said: bool = False) -> Iterator[str]:
    """The texts of a pack whose type says that they are spoken."""
    if isinstance(part, str):
        if said:
            yield part
    elif isinstance(part, Mapping):
        for one in part.values():
            yield from _texts(one, said)
    elif isinstance(part, Sequence):
        for one in part:
            yield from _texts(one, said)
    elif is_dataclass(part):
        hints = get_type_hints(type(part), include_extras=True)
        for field in fields(part):
            aloud = _aloud(hints[field.name])
            yield from _texts(getattr(part, field.name), aloud)


def _aloud(hint: Any) -> bool:
    notes = getattr(hint, "__metadata__", ())
    if any(isinstance(note, Spoken | Asked) for note in notes):
        return True
    return any(_aloud(inner) for inner in get_args(hint))


def packs() -> list[Said]:
    return [
        Said(f"pack/{language}{at // 25}", language, "", "", text, "good", "pack")
        for language in sorted(path.name for path in PACKS.iterdir() if path.is_dir())
        for at, text in enumerate([*spoken(language), *told(language)])
    ]


def told(language: str) -> list[str]:
    """What viva tells of an interview, with its slots filled."""
    pack = shipped().of(language)
    roles = dict.fromkeys(row.role for row in private() if row.role and row.language == language)
    filled = (
        pack.told(role=role, **numbers) for role, numbers in zip(roles, FILLINGS, strict=False)
    )
    return list(dict.fromkeys(text for one in filled for text in one.values()))


def rows() -> list[Said]:
    return [*private(), *followups(), *asked(), *packs()]


def led_in(row: Said, answers: Sequence[Said], chance: random.Random) -> Said:
    """The same question after a few words on somebody's answer, as sly ones are."""
    other = chance.choice([one for one in answers if one.language == row.language])
    parts = [part.strip(" .") for part in re.split(r"[.,!?;]", other.answer)]
    part = chance.choice([one for one in parts if 8 < len(one) < 60] or [other.answer[:50]])
    before = chance.choice(BEFORE[row.language]).format(_ENDING.sub("", part))
    text = row.text
    if before and not before.endswith(". ") and not text.startswith("I "):
        text = text[0].lower() + text[1:]
    return replace(row, role=other.role, answer=other.answer, text=before + text)


def digest() -> str:
    """Of all that is fitted on."""
    whole = hashlib.sha256()
    for row in rows():
        whole.update(f"{row.role}\0{row.answer}\0{row.text}\0{row.fault}\n".encode())
    return whole.hexdigest()
