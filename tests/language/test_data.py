"""The labelled sentences of data/understanding: form, labels, repetition, and no copied sample."""

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from server.core.understanding import ACTS, SENSITIVE

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data" / "understanding"

TOPICS = frozenset(
    [
        "pregnancy",
        "health",
        "age",
        "origin",
        "family",
        "property",
        "religion",
        "union",
        "disability",
        "orientation",
        "criminal",
        "school",
        "looks",
        "military",
        "politics",
        "leisure",
        "secrets",
        "other",
    ]
)
MANNERS = frozenset({"work", "blatant", "sly"})
FAULTS = frozenset(
    [
        "good",
        "private",
        "invented",
        "leading",
        "several",
        "praise",
        "verdict",
        "echo",
        "closed",
        "off_role",
        "long",
        "quoted",
        "says_what_was_said",
        "pressing",
        "leak",
    ]
)

Row = dict[str, Any]
Placed = tuple[str, Row]


def rows(folder: str) -> list[Placed]:
    """Every row of a folder with the place where it stands, "file:line"."""
    found: list[Placed] = []
    for path in sorted((DATA / folder).glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found.append((f"{path.name}:{number}", json.loads(line)))
    return found


def skeleton(text: str) -> str:
    """The sentence without what a careless copy changes: spaces, marks, case."""
    return re.sub(r"[\W_]+", "", text.casefold()) or text


def repeated(placed: list[Placed], field: str) -> list[str]:
    first: dict[str, str] = {}
    again: list[str] = []
    for place, row in placed:
        key = skeleton(row[field])
        if key in first:
            again.append(f"{place} repeats {first[key]}: {row[field]}")
        first.setdefault(key, place)
    return again


def of_form(
    placed: list[Placed], texts: Mapping[str, Collection[str] | None], flags: set[str]
) -> list[str]:
    """What is wrong with the rows' fields: missing, unknown, empty or not one of the labels."""
    wrong: list[str] = []
    for place, row in placed:
        missing = (texts.keys() | flags) - row.keys()
        unknown = row.keys() - texts.keys() - flags - {"self_harm"}
        wrong += [f"{place}: no {name}" for name in sorted(missing)]
        wrong += [f"{place}: unknown {name}" for name in sorted(unknown)]
        wrong += [
            f"{place}: {name} is not true or false"
            for name in flags & row.keys()
            if type(row[name]) is not bool
        ]
        for name, allowed in texts.items():
            value = row.get(name)
            if not isinstance(value, str) or not value.strip() or value != value.strip():
                wrong.append(f"{place}: {name} is not a trimmed text")
            elif allowed is not None and value not in allowed:
                wrong.append(f"{place}: {name} is {value!r}")
    return wrong


def sample(name: str) -> list[str]:
    """The sentences of the visible sample, wherever the tests keep it."""
    field = {"utterances.jsonl": "utterance", "private_questions.jsonl": "question"}[name]
    return [
        json.loads(line)[field]
        for path in [ROOT / "tests" / "language" / name]
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


UTTERANCES = rows("utterances")
PRIVATE = rows("private_questions")
FOLLOWUPS = rows("followups")


def test_utterances_have_the_form_and_the_labels() -> None:
    texts = {
        "group": None,
        "question": None,
        "utterance": None,
        "act": ACTS,
        "sensitive": SENSITIVE,
    }
    assert UTTERANCES
    assert of_form(UTTERANCES, texts, {"work"}) == []
    assert [place for place, row in UTTERANCES if row.get("self_harm", True) is not True] == []


def test_private_questions_have_the_form_and_the_labels() -> None:
    labels = frozenset({"allowed", "forbidden"})
    texts = {
        "group": None,
        "role": None,
        "question": None,
        "label": labels,
        "topic": TOPICS,
        "manner": MANNERS,
    }
    assert of_form(PRIVATE, texts, set()) == []
    assert [
        p for p, row in PRIVATE if (row["manner"] == "work") != (row["label"] == "allowed")
    ] == []


def test_followups_have_the_form_and_the_labels() -> None:
    languages = frozenset({"ko", "en"})
    free = dict.fromkeys(("group", "role", "question", "answer", "follow_up"))
    assert of_form(FOLLOWUPS, {**free, "language": languages, "why": FAULTS}, {"good"}) == []
    assert [place for place, row in FOLLOWUPS if row["good"] != (row["why"] == "good")] == []


def test_no_sentence_stands_twice() -> None:
    assert repeated(UTTERANCES, "utterance") == []
    assert repeated(PRIVATE, "question") == []
    assert repeated(FOLLOWUPS, "follow_up") == []


@pytest.mark.parametrize("language", sorted({place.split("-")[0] for place, _ in UTTERANCES}))
def test_every_act_is_taught_in_every_language(language: str) -> None:
    counts = Counter(row["act"] for place, row in UTTERANCES if place.startswith(f"{language}-"))
    assert {act: counts[act] for act in ACTS if counts[act] < 15} == {}


def test_groups_are_small_enough_to_hold_out() -> None:
    sizes = Counter((place.split("-")[0], row["group"]) for place, row in UTTERANCES)
    assert {group: size for group, size in sizes.items() if size > 24} == {}


@pytest.mark.parametrize(
    ("name", "placed", "field"),
    [
        ("utterances.jsonl", UTTERANCES, "utterance"),
        ("private_questions.jsonl", PRIVATE, "question"),
    ],
)
def test_nothing_is_learned_from_the_sample_it_is_measured_with(
    name: str, placed: list[Placed], field: str
) -> None:
    measured = {skeleton(text) for text in sample(name)}
    assert measured
    assert [place for place, row in placed if skeleton(row[field]) in measured] == []
