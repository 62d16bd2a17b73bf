"""Dialogue acts, disclosures and work: linear models over an encoder and n-grams.

``bench/train_understanding.py`` fits the weights on ``data/understanding/utterances``. The whole
utterance and every part of it are read by one linear model. The whole decides; where there are
several parts a second model adds what they say, so that a wish at the end of a long answer is
heard. Of the acts, the one is chosen whose being wrong would cost least.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from server.core.understanding import ACTS, SENSITIVE, WISHES, Clause, Sensitive, Understood
from server.language.clauses import clauses
from server.language.grams import grams, shared

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]
"""Sentences to unit vectors, (n, `WIDTH`)."""

WEIGHTS = Path(__file__).with_name("acts.npz")
WIDTH = 512
KINDS = SENSITIVE[1:]
REST = ("disclosed", "work", "self_harm")
LABELS = (*ACTS, *KINDS, *REST)
"""The columns of the first model: one act, and any of the others."""
GRAM_SCALE, ENCODER_SCALE = 5.0, 5.0
GRAM_BITS = 16
COLUMNS = 1 << GRAM_BITS
"""Of n-grams: four times as many as the smaller models need."""
EXTRA = 4
VIEWS = 6
"""Scores that decide one of `REST`."""
ANSWER = ACTS.index("answer")
LEAST = 1e-6
"""Probability below which all are alike."""

# What a wrong reading costs, by what was meant and what was read; one act for another costs 1.
WISH_FOR_ANSWER, OTHER_FOR_ANSWER, ANSWER_FOR_DELICATE = 3.5, 2.2, 4.5
DELICATE = ("distress", "refuse_confidential", "refuse_private", "protest")

# What reading costs is bounded, however long an utterance is: words of the whole that are counted
# in n-grams and that the encoder is shown; parts that are counted, of these the last that stay
# apart, and their words; parts that the encoder is shown, those that stand out by their n-grams,
# and their words.
MOST_COUNTED, MOST_WORDS = 600, 60
MOST_GATHERED, LAST_APART, MOST_PART_COUNTED = 40, 16, 80
MOST_PARTS, MOST_PART_WORDS = 8, 24


def costs() -> Floats:
    """(acts, acts): rows what was meant, columns what was read."""
    table = 1 - np.eye(len(ACTS), dtype=np.float32)
    table[ANSWER] = OTHER_FOR_ANSWER
    table[ANSWER, [ACTS.index(act) for act in (*WISHES, "answer_then_wish")]] = WISH_FOR_ANSWER
    table[[ACTS.index(act) for act in DELICATE], ANSWER] = ANSWER_FOR_DELICATE
    table[ANSWER, ANSWER] = 0
    return table


COSTS = costs()


@dataclass(frozen=True, slots=True)
class Reading:
    """The first model's scores, (`LABELS`,) for the whole and (parts, `LABELS`) for the parts."""

    parts: tuple[str, ...]
    whole: Floats
    each: Floats


@dataclass(frozen=True, slots=True)
class Model:
    """Both models; ``told`` (`COLUMNS`,): how much each n-gram tells, more where it is rare;
    ``grams`` (`COLUMNS`, L), ``dense`` (`WIDTH` + `EXTRA`, L), ``bias`` (L,); ``act`` and
    ``act_bias`` are what the parts add to the acts of the whole, ``rest`` (`VIEWS` + acts, `REST`)
    and ``rest_bias`` decide the rest: what is done says much about it.
    """

    told: Floats
    grams: Floats
    dense: Floats
    bias: Floats
    act: Floats
    act_bias: Floats
    rest: Floats
    rest_bias: Floats
    needed: Floats
    """Probability from which each of `REST` counts."""

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Model:
        with np.load(path, allow_pickle=False) as stored:
            rest = {name: stored[name] for name in cls.__slots__ if name not in ("told", "grams")}
            return cls(
                told=stored["told"].astype(np.float32),
                grams=stored["grams"].astype(np.float32) * stored["grams_scale"],
                **rest,
            )

    def read(self, question: str, asked: Floats, utterance: str, encode: Encode) -> Reading:
        """Score the whole and its parts. ``asked``: the question, encoded."""
        parts = gathered(clauses(utterance) or [utterance])
        texts = [shortened(utterance, MOST_COUNTED)]
        if len(parts) > 1:
            texts += [shortened(part, MOST_PART_COUNTED) for part in parts]
        by_grams = np.stack([self._by_grams(text) for text in texts])
        if len(parts) > MOST_PARTS:
            parts, by_grams = _outstanding(parts, by_grams)
        shown = [shortened(utterance, MOST_WORDS)]
        if len(parts) > 1:
            shown += [shortened(part, MOST_PART_WORDS) for part in parts]
        vectors = encode(shown)
        pairs = zip(shown, vectors, strict=True)
        dense = np.stack([extended(question, asked, text, vector) for text, vector in pairs])
        scores = by_grams + dense @ self.dense + self.bias
        return Reading(tuple(parts), scores[0], scores[1:] if len(parts) > 1 else scores)

    def decide(self, reading: Reading) -> Understood:
        """The act and all the rest, from the scores of the whole and of the parts."""
        acts = self.acts(reading)
        best = cheapest(acts)
        disclosed, work, self_harm = self.chances(reading, acts) >= self.needed
        alone = softmax(reading.each[:, : len(ACTS)])
        return Understood(
            ACTS[best],
            round(float(acts[best]), 3),
            kind_of(reading) if disclosed else "none",
            bool(work),
            bool(self_harm),
            tuple(
                Clause(text, ACTS[int(row.argmax())], round(float(row.max()), 3))
                for text, row in zip(reading.parts, alone, strict=True)
            ),
        )

    def acts(self, reading: Reading) -> Floats:
        """The probability of every act; where there is one part only, the whole decides."""
        scores = reading.whole[: len(ACTS)]
        if len(reading.parts) > 1:
            scores = np.log(softmax(scores) + LEAST) + pooled(reading) @ self.act + self.act_bias
        return softmax(scores)

    def chances(self, reading: Reading, acts: Floats) -> Floats:
        """The probability of each of `REST`."""
        scores = (views(reading, acts) * self.rest.T).sum(1) + self.rest_bias
        probabilities: Floats = np.reciprocal(1 + np.exp(-scores))
        return probabilities

    def _by_grams(self, text: str) -> Floats:
        columns, weights = telling(text, self.told)
        scores: Floats = weights @ self.grams[columns]
        return scores


def telling(text: str, told: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Its n-grams, and their weights by how much each tells, of length `GRAM_SCALE`."""
    columns, weights = grams(text, GRAM_BITS)
    weights = weights * told[columns]
    length = np.float32(np.linalg.norm(weights)) + np.float32(LEAST)
    return columns, weights * (np.float32(GRAM_SCALE) / length)


def extended(question: str, asked: Floats, text: str, vector: Floats) -> Floats:
    """(`WIDTH` + `EXTRA`,): the encoder's vector, and how the text relates to the question."""
    extra = np.array(
        [
            asked @ vector,
            shared(text, question),
            np.log1p(len(text.split())) / 3,
            "?" in text,
        ],
        np.float32,
    )
    return np.concatenate([vector * np.float32(ENCODER_SCALE), extra])


def pooled(reading: Reading) -> Floats:
    """What the parts say of the acts: the last of them, the best and the mean of all."""
    each = softmax(reading.each[:, : len(ACTS)])
    logs = np.log(each + np.float32(1e-3))
    shape = np.array([1, np.log(len(reading.parts))], np.float32)
    views = [logs[-1], np.log(each.max(0) + 1e-3), logs.mean(0), shape]
    return np.concatenate(views).astype(np.float32) / np.float32(4)


def cheapest(acts: Floats) -> int:
    """The act whose being wrong would cost least, by ``acts``, the probability of each."""
    return int((acts @ COSTS).argmin())


def seen(reading: Reading) -> Floats:
    """(3, labels that are no acts): scores of the whole, highest and mean of the parts."""
    each = reading.each[:, len(ACTS) :]
    return np.stack([reading.whole[len(ACTS) :], each.max(0), each.mean(0)])


def views(reading: Reading, acts: Floats) -> Floats:
    """(`REST`, `VIEWS` + acts): each one's own scores, the highest of any kind, and the act."""
    scores = seen(reading)
    of_kinds = scores[:, : len(KINDS)].max(1)
    own = scores[:, len(KINDS) :].T
    return np.stack([np.concatenate([one, of_kinds, acts]) for one in own])


def kind_of(reading: Reading) -> Sensitive:
    """What is disclosed where something is."""
    return KINDS[int(seen(reading)[:, : len(KINDS)].sum(0).argmax())]


def softmax(scores: Floats) -> Floats:
    raised: Floats = np.exp(scores - scores.max(-1, keepdims=True))
    shares: Floats = raised / raised.sum(-1, keepdims=True)
    return shares


def shortened(text: str, most: int) -> str:
    """At most so many words of it: the first third and the last two."""
    words = text.split()
    if len(words) <= most:
        return text
    return " ".join([*words[: most // 3], *words[-2 * most // 3 :]])


def gathered(parts: list[str]) -> list[str]:
    """At most `MOST_GATHERED` of them: neighbours are joined, but never the last."""
    if len(parts) <= MOST_GATHERED:
        return parts
    before, last = parts[:-LAST_APART], parts[-LAST_APART:]
    step = -(-len(before) // (MOST_GATHERED - LAST_APART))
    joined = [" ".join(before[at : at + step]) for at in range(0, len(before), step)]
    return [*joined, *last]


def _outstanding(parts: list[str], scores: Floats) -> tuple[list[str], Floats]:
    """`MOST_PARTS` of them, in order: first, last two, and the least like an answer."""
    each = scores[1:]
    strange = np.delete(each, ANSWER, 1)[:, : 1 - len(REST)].max(1) - each[:, ANSWER]
    strange[[0, -2, -1]] = np.inf
    kept = np.sort(np.argsort(-strange, kind="stable")[:MOST_PARTS])
    return [parts[place] for place in kept], scores[np.concatenate([[0], kept + 1])]
