"""Which parts of a story an answer has: one linear model over the encoder and n-grams.

It reads the whole and its parts, as they were already encoded for the dialogue act, and an aspect
is there where any of them has it. ``bench/train_star.py`` fits it on ``data/understanding/stars``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from server.core.understanding import STAR, Star
from server.language.acts import ENCODER_SCALE, GRAM_SCALE, MOST_COUNTED, Encode, shortened
from server.language.grams import grams
from server.language.vectors import Floats

WEIGHTS = Path(__file__).with_name("star.npz")
ASKED_SCALE = 2.0
SHARP = 4.0
"""Of the maximum over the parts: ``log(sum(exp(SHARP * scores))) / SHARP``."""


class Shown:
    """An ``Encode`` that keeps the last texts it was given, and their vectors."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self.texts: Sequence[str] = ()
        self.vectors: Floats = np.empty((0, 0), np.float32)

    def __call__(self, texts: Sequence[str]) -> Floats:
        self.texts, self.vectors = texts, self._encode(texts)
        return self.vectors


@dataclass(frozen=True, slots=True)
class StarModel:
    """``grams`` (`BUCKETS`, S), ``dense`` (2 * `WIDTH`, S) of text and question, ``bias`` (S,);
    ``needed`` (S,): the probability from which each of `STAR` counts."""

    grams: Floats
    dense: Floats
    bias: Floats
    needed: Floats

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> StarModel:
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                grams=stored["grams"].astype(np.float32) * stored["grams_scale"],
                dense=stored["dense"],
                bias=stored["bias"],
                needed=stored["needed"],
            )

    def read(self, asked: Floats, utterance: str, shown: Shown) -> tuple[Star, ...]:
        """``asked``: the question, encoded; ``shown``: the utterance first, then its parts."""
        chances = self.chances(asked, utterance, shown)
        return tuple(
            name
            for name, chance, needed in zip(STAR, chances, self.needed, strict=True)
            if chance >= needed
        )

    def chances(self, asked: Floats, utterance: str, shown: Shown) -> Floats:
        """(S,) probabilities that an aspect is there."""
        texts = [shortened(utterance, MOST_COUNTED), *shown.texts[1:]]
        counted = np.stack([self._by_grams(text) for text in texts])
        dense = np.stack([related(asked, vector) for vector in shown.vectors])
        found: Floats = np.reciprocal(1 + np.exp(-highest(counted + dense @ self.dense, self.bias)))
        return found

    def _by_grams(self, text: str) -> Floats:
        columns, weights = grams(text)
        scores = (weights * np.float32(GRAM_SCALE)) @ self.grams[columns]
        return scores.astype(np.float32)


def related(asked: Floats, vector: Floats) -> Floats:
    """(2 * `WIDTH`,): the text and what it answers."""
    pair = [vector * np.float32(ENCODER_SCALE), asked * np.float32(ASKED_SCALE)]
    return np.concatenate(pair)


def highest(scores: Floats, bias: Floats) -> Floats:
    """(S,) of (texts, S): a soft maximum, to which more texts add."""
    top = scores.max(0)
    raised: Floats = top + np.log(np.exp(SHARP * (scores - top)).sum(0)) / SHARP + bias
    return raised
