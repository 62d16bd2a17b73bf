"""Whether a sentence may be said to a candidate, by what it means.

A linear model reads the sentence by the first encoder and by n-grams, with how it relates to the
role and to the answer before it. Whether it asks for a private matter, or for a secret of somebody
else, depends on whose matter it is and not on the word, which no sum of words can tell: there the
sentences that it was fitted on count instead, by how near they are to both encoders, or to the
first where there is no second. ``bench/train_tact.py`` fits it on
``data/understanding/private_questions`` and ``data/understanding/followups``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from server.faults import FAULTS, Judged
from server.language.acts import ENCODER_SCALE, GRAM_SCALE, Encode
from server.language.grams import grams, shared
from server.language.vectors import Floats

WEIGHTS = Path(__file__).with_name("tact.npz")
EXTRA = 6
NEARNESS, NEARNESS_FINER = 4.0, 3.0
"""How fast a sentence counts less that is further away, by the first encoder and by the second."""
NEIGHBOURS, NEIGHBOURS_FINER = 1.5, 2.0
"""What is near by these counts so much more than what shares n-grams."""
MOST_WORDS = 60
WHOSE = [FAULTS.index("private"), FAULTS.index("secret")]
"""Of `FAULTS`, those that depend on whose matter it is."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How sentences are seen by one encoder: less ``mean`` (w,), along ``axes`` (w, m); ``known``
    (n, m): those that were fitted on."""

    mean: Floats
    axes: Floats
    known: Floats

    def of(self, vectors: Floats) -> Floats:
        """(..., m) of length one."""
        seen = (vectors - self.mean) @ self.axes
        found: Floats = seen / (np.linalg.norm(seen, axis=-1, keepdims=True) + np.float32(1e-9))
        return found

    @classmethod
    def over(cls, vectors: Floats, mean: Floats, many: int) -> Self:
        """Of ``vectors`` (n, w), along the ``many`` axes in which they differ most."""
        _, _, axes = np.linalg.svd(vectors - mean, full_matrices=False)
        sight = cls(mean, np.ascontiguousarray(axes[:many].T), np.empty(0, np.float32))
        return replace(sight, known=sight.of(vectors))


@dataclass(frozen=True, slots=True)
class Whose:
    """Whether each of `WHOSE` is asked for: ``grams`` (`BUCKETS`, W) and ``bias`` (W,); ``pull``
    (n, W): what each known sentence says of its neighbours; ``needed`` (W,): from which
    probability on."""

    grams: Floats
    bias: Floats
    pull: Floats
    needed: Floats


@dataclass(frozen=True, slots=True)
class Tact:
    """``grams`` (`BUCKETS`, F), ``dense`` (`WIDTH` + `EXTRA`, F), ``bias`` (F,); ``needed`` (F,):
    the probability from which each of `FAULTS` counts. Of `WHOSE` ``both`` decides where
    both encoders have read the sentence, ``one`` where only the first has."""

    grams: Floats
    dense: Floats
    bias: Floats
    needed: Floats
    first: Sight
    second: Sight
    both: Whose
    one: Whose

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Tact:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        for name in [name for name in arrays if name.endswith("_scale")]:
            scaled = name.removesuffix("_scale")
            arrays[scaled] = arrays[scaled].astype(np.float32) * arrays[name]

        def parts_of(name: str, kind: type) -> dict[str, Floats]:
            return {part: arrays[f"{name}_{part}"] for part in kind.__slots__}  # type: ignore[attr-defined]

        return cls(
            **{name: arrays[name] for name in ("grams", "dense", "bias", "needed")},
            first=Sight(**parts_of("first", Sight)),
            second=Sight(**parts_of("second", Sight)),
            both=Whose(**parts_of("both", Whose)),
            one=Whose(**parts_of("one", Whose)),
        )

    def stricter(self, margin: float) -> Tact:
        """One to which ``margin`` less of a probability is a fault."""
        less = np.float32(margin)
        both, one = (replace(of, needed=of.needed - less) for of in (self.both, self.one))
        return replace(self, needed=self.needed - less, both=both, one=one)

    def judge(
        self, text: str, role: str, answer: str, encode: Encode, finer: Encode | None = None
    ) -> Judged | None:
        """The fault that stands out most, or None where ``text`` may be said. ``answer``: what it
        follows, may be empty; ``finer``: the second encoder, where there is one."""
        text, answer = shortened(text), shortened(answer)
        vectors = encode([text, role or " ", answer or " "])
        columns, weights = grams(text)
        weights = weights * np.float32(GRAM_SCALE)
        scores = weights @ self.grams[columns]
        scores = scores + related(text, answer, vectors) @ self.dense + self.bias
        needed, whose = self.needed.copy(), self.both if finer else self.one
        nearness = NEIGHBOURS * near(self.first.known @ self.first.of(vectors[0]))
        if finer:
            seen = self.second.of(finer([text])[0])
            nearness += NEIGHBOURS_FINER * near(self.second.known @ seen, NEARNESS_FINER)
        scores[WHOSE] = weights @ whose.grams[columns] + nearness @ whose.pull + whose.bias
        needed[WHOSE] = whose.needed
        chances = np.reciprocal(1 + np.exp(-scores))
        over = chances - needed
        worst = int(over.argmax())
        if over[worst] < 0:
            return None
        return Judged(FAULTS[worst], round(float(chances[worst]), 3))


def near(cosines: Floats, nearness: float = NEARNESS) -> Floats:
    """In (0, 1]: how much a sentence counts for another at these cosines of an encoder."""
    found: Floats = np.exp(np.float32(nearness) * (cosines - 1))
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


def shortened(text: str) -> str:
    """As much of it as is read."""
    return " ".join(text.split()[:MOST_WORDS])
