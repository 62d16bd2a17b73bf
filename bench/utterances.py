"""The labelled utterances of ``data/understanding`` as the models are fitted and judged on them."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from server.engines import e5
from server.engines.encoder import Encoder
from server.language.acts import (
    COLUMNS,
    GRAM_BITS,
    GRAM_SCALE,
    MOST_PART_WORDS,
    MOST_WORDS,
    Encode,
    related,
    shortened,
    telling,
)
from server.language.clauses import clauses
from server.language.grams import BUCKETS, grams
from server.language.vectors import Floats

DATA = Path(__file__).resolve().parents[1] / "data" / "understanding"
CACHE = Path(__file__).resolve().parents[1] / ".viva" / "sentence-vectors.npz"
FOLDS = 4
PARTS = 10
TOGETHER = 32
"""Texts that the first encoder is shown at once."""
FILLERS = {
    "en": ("um", "uh", "er", "well", "so", "yeah", "okay so", "you know", "right", "i mean"),
    "ko": ("음", "어", "그", "저기", "네", "아 네", "그러니까", "그게", "뭐", "아"),
}


@dataclass(frozen=True, slots=True)
class Row:
    group: str
    language: str
    question: str
    utterance: str
    act: str
    sensitive: str
    work: bool
    self_harm: bool = False


def rows() -> list[Row]:
    return [
        Row(
            f"{path.stem}/{one['group']}",
            path.stem.split("-")[0],
            one["question"],
            one["utterance"],
            one["act"],
            one["sensitive"],
            one["work"],
            one.get("self_harm", False),
        )
        for path in sorted((DATA / "utterances").glob("*.jsonl"))
        for one in map(json.loads, path.read_text("utf-8").splitlines())
    ]


def held_out(row: Row) -> bool:
    """Whether the row's group is kept for judging, never fitted on: about one group in twelve, and
    whole files."""
    file = row.group.split("/")[0]
    return file.endswith("-reserved") or hashlib.sha256(row.group.encode()).digest()[0] < 21


def digest() -> str:
    """Of all that is fitted on."""
    whole = hashlib.sha256()
    for path in sorted((DATA / "utterances").glob("*.jsonl")):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


def folds(all_rows: Sequence[Row]) -> np.ndarray:
    """Which part each row is held out with; a group is never divided."""
    groups = sorted({row.group for row in all_rows})
    random.Random(7).shuffle(groups)
    place = {group: at % FOLDS for at, group in enumerate(groups)}
    return np.array([place[row.group] for row in all_rows])


def noisy(row: Row, chance: random.Random) -> Row:
    """The same words as a recogniser might have written them."""
    text = row.utterance
    if chance.random() < 0.6:
        text = re.sub(r"[.,?!;:\"“”…]", "", text).lower()
    words = text.split()
    if chance.random() < 0.4:
        words.insert(0, chance.choice(FILLERS[row.language]))
    if len(words) > 4 and chance.random() < 0.3:
        words.insert(chance.randrange(1, len(words)), chance.choice(FILLERS[row.language]))
    if len(words) > 5 and chance.random() < 0.2:
        del words[chance.randrange(len(words))]
    spaces = ["" if row.language == "ko" and chance.random() < 0.15 else " " for _ in words]
    text = "".join(word + space for word, space in zip(words, spaces, strict=True)).strip()
    if chance.random() < 0.4:
        text = "".join(letter for letter in text if chance.random() > 0.03)
    return replace(row, utterance=text or row.utterance)


class Vectors:
    """The encoders, with what they have encoded before kept in a file."""

    def __init__(self) -> None:
        self._known: dict[str, np.ndarray] = {}
        if CACHE.exists():
            with np.load(CACHE) as stored:
                for name in ("first", "second"):
                    keys = stored[f"{name}_keys"].tolist()
                    self._known |= zip(keys, stored[name], strict=True)

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        return self._of("first", texts, Encoder().encode, TOGETHER)

    def finely(self, texts: Sequence[str]) -> np.ndarray:
        """By the second encoder, one by one: its 8 bits round otherwise in company."""
        return self._of("second", texts, e5.encode, 1)

    def _of(self, name: str, texts: Sequence[str], encode: Encode, together: int) -> np.ndarray:
        keys = [
            name + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() for text in texts
        ]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        some = sorted(new.items(), key=lambda item: len(item[1]))
        for at in range(0, len(some), together):
            part = some[at : at + together]
            fresh = encode([text for _, text in part])
            self._known.update(
                (key, vector)
                for (key, _), vector in zip(part, fresh.astype(np.float16), strict=True)
            )
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def keep(self) -> None:
        CACHE.parent.mkdir(exist_ok=True)
        arrays: dict[str, Any] = {}
        for name in ("first", "second"):
            keys = [key for key in self._known if key.startswith(name)]
            arrays[f"{name}_keys"] = np.array(keys)
            arrays[name] = np.stack([self._known[key] for key in keys])
        np.savez(CACHE, **arrays)


@dataclass(frozen=True, slots=True)
class Features:
    """Every text of the rows, whole and in parts: ``spans[i]`` are the places of row i's whole and
    of its parts, ``parts_of`` (texts,) the row of each. ``told`` (`COLUMNS`,): how much an n-gram
    tells; ``vectors`` (texts, `WIDTH`) of the first encoder, ``finer`` (rows, ...) of the second;
    ``related`` (rows, `EXTRA`)."""

    told: Floats
    grams: sparse.csr_matrix
    vectors: Floats
    finer: Floats
    related: Floats
    spans: list[tuple[int, tuple[int, ...]]]
    parts: list[tuple[str, ...]]
    parts_of: np.ndarray
    wholes: np.ndarray


def features(all_rows: Sequence[Row], encode: Vectors) -> Features:
    texts: list[str] = []
    shown: list[str] = []
    parts_of: list[int] = []
    spans, all_parts = [], []
    for place, row in enumerate(all_rows):
        parts = clauses(row.utterance) or [row.utterance]
        parts = parts[:1] + parts[1:][1 - PARTS :]
        whole = len(texts)
        texts.append(row.utterance)
        shown.append(shortened(row.utterance, MOST_WORDS))
        if len(parts) > 1:
            texts += parts
            shown += [shortened(part, MOST_PART_WORDS) for part in parts]
        each = tuple(range(whole + 1, len(texts))) or (whole,)
        spans.append((whole, each))
        all_parts.append(tuple(parts))
        parts_of += [place] * (len(texts) - whole)
    wholes = np.array([whole for whole, _ in spans])
    vectors = encode(shown)
    asked = encode([row.question for row in all_rows])
    near = [
        related(row.question, question, shown[whole], vectors[whole])
        for row, question, whole in zip(all_rows, asked, wholes, strict=True)
    ]
    told = rarity([row.utterance for row in all_rows])
    return Features(
        told,
        stacked((telling(text, told) for text in texts), COLUMNS),
        vectors,
        encode.finely([shown[whole] for whole in wholes]),
        np.stack(near),
        spans,
        all_parts,
        np.array(parts_of),
        wholes,
    )


def rarity(texts: Sequence[str]) -> Floats:
    """(`COLUMNS`,): the logarithm of how few of the texts have an n-gram."""
    having = np.zeros(COLUMNS)
    for text in texts:
        having[grams(text, GRAM_BITS)[0]] += 1
    told: Floats = (np.log((len(texts) + 1) / (having + 1)) + 0.3).astype(np.float16)
    return told.astype(np.float32)


def counted(texts: Iterable[str]) -> sparse.csr_matrix:
    return stacked(((found, w * np.float32(GRAM_SCALE)) for found, w in map(grams, texts)), BUCKETS)


def stacked(rows_of: Iterable[tuple[np.ndarray, np.ndarray]], width: int) -> sparse.csr_matrix:
    """(n, ``width``) of n pairs of columns and weights."""
    columns, weights, starts = [], [], [0]
    for found, weight in rows_of:
        columns.append(found)
        weights.append(weight)
        starts.append(starts[-1] + len(found))
    shape = (len(starts) - 1, width)
    return sparse.csr_matrix((np.concatenate(weights), np.concatenate(columns), starts), shape)
