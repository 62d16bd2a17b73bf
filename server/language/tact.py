"""Whether a sentence may be said to a candidate, by what it means.

A linear model reads the sentence by the encoder and by n-grams, with how it relates to the role and
to the answer before it. Whether it asks for a private matter depends on whose matter it is and not
on the word, which no sum of words can tell: there the sentences that it was fitted on count too, by
how near they are. ``bench/train_tact.py`` fits it on ``data/understanding/private_questions`` and
``data/understanding/followups``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from server.core.understanding import FAULTS, Judged
from server.language.acts import ENCODER_SCALE, GRAM_SCALE, Encode
from server.language.grams import grams, shared
from server.language.vectors import Floats

WEIGHTS = Path(__file__).with_name("tact.npz")
EXTRA = 6
NEARNESS = 4.0
"""How fast a sentence counts less that is further away."""
MOST_WORDS = 60
PRIVATE = FAULTS.index("private")


@dataclass(frozen=True, slots=True)
class Tact:
    """``grams`` (`BUCKETS`, F), ``dense`` (`WIDTH` + `EXTRA`, F), ``bias`` (F,); ``needed`` (F,):
    the probability from which each of `FAULTS` counts. ``known`` (n, m): the sentences it was
    fitted on, along ``axes`` (`WIDTH`, m); ``pull`` (n,): what each says of its neighbours, whether
    they are private."""

    grams: Floats
    dense: Floats
    bias: Floats
    needed: Floats
    axes: Floats
    known: Floats
    pull: Floats

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Tact:
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                grams=stored["grams"].astype(np.float32) * stored["grams_scale"],
                dense=stored["dense"],
                bias=stored["bias"],
                needed=stored["needed"],
                axes=stored["axes"],
                known=stored["known"].astype(np.float32) * stored["known_scale"],
                pull=stored["pull"],
            )

    def chances(self, sentence: str, role: str, answer: str, encode: Encode) -> Floats:
        """(F,) probabilities. ``answer``: what it follows, may be empty. Encodes once."""
        vectors = encode([sentence, role or " ", answer or " "])
        columns, weights = grams(sentence)
        scores = (weights * np.float32(GRAM_SCALE)) @ self.grams[columns]
        scores = scores + related(sentence, answer, vectors) @ self.dense + self.bias
        scores[PRIVATE] += near(self.known @ along(self.axes, vectors[0])) @ self.pull
        found: Floats = np.reciprocal(1 + np.exp(-scores)).astype(np.float32)
        return found

    def judge(self, text: str, role: str, answer: str, encode: Encode) -> Judged | None:
        """The fault that stands out most, or None where ``text`` may be said."""
        chances = self.chances(_shortened(text), role, _shortened(answer), encode)
        over = chances - self.needed
        worst = int(over.argmax())
        if over[worst] < 0:
            return None
        return Judged(FAULTS[worst], round(float(chances[worst]), 3))


def along(axes: Floats, vectors: Floats) -> Floats:
    """(..., m) of length one: ``vectors`` (..., `WIDTH`) seen along ``axes``."""
    seen = vectors @ axes
    found: Floats = seen / (np.linalg.norm(seen, axis=-1, keepdims=True) + np.float32(1e-9))
    return found


def near(cosines: Floats) -> Floats:
    """In (0, 1]: how much a sentence counts for another at these cosines of the encoder."""
    found: Floats = np.exp(NEARNESS * (cosines - 1))
    return found


def related(sentence: str, answer: str, vectors: Floats) -> Floats:
    """(`WIDTH` + `EXTRA`,): ``vectors`` are of sentence, role and answer."""
    said, role, answered = vectors
    extra = np.array(
        [
            said @ role,
            said @ answered if answer else 0,
            shared(sentence, answer) if answer else 0,
            np.log1p(len(sentence.split())) / 3,
            sentence.count("?") > 1,
            sentence.rstrip().endswith("?"),
        ],
        np.float32,
    )
    return np.concatenate([said * np.float32(ENCODER_SCALE), extra])


def _shortened(text: str) -> str:
    return " ".join(text.split()[:MOST_WORDS])
