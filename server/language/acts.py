"""Dialogue acts, disclosures and work: models over two encoders and n-grams.

``bench/train_understanding.py`` fits the weights on ``data/understanding/utterances``. The whole
utterance is read by both encoders and n-grams, every part of it by the quicker encoder and n-grams,
so that a wish at the end of a long answer is heard; a last model decides from what all of these
say. Where there is no second encoder, the first reads the whole too. Of the acts, the one is chosen
whose being wrong would cost least.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from server.core.understanding import ACTS, SENSITIVE, WISHES, Clause, Sensitive, Understood
from server.language.clauses import clauses
from server.language.grams import grams, shared
from server.language.vectors import Floats, View

Encode = Callable[[Sequence[str]], Floats]
"""Sentences to unit vectors, (n, width)."""

WEIGHTS = Path(__file__).with_name("acts.npz")
WIDTH = 512
KINDS = SENSITIVE[1:]
REST = ("disclosed", "work", "self_harm")
LABELS = (*ACTS, *KINDS, *REST)
"""What is scored of every text: one act, and any of the others."""
GRAM_SCALE, ENCODER_SCALE = 5.0, 5.0
"""In the smaller models."""
GRAM_BITS = 16
COLUMNS = 1 << GRAM_BITS
"""Of n-grams: four times as many as the smaller models need."""
EXTRA = 4
SEEN = 4 * len(LABELS) + 1 + EXTRA
"""Columns that decide."""
ANSWER = ACTS.index("answer")
PLAIN_ANSWER, PLAIN_CHANCE = 0.7, 0.5
"""Of an answer that leaves no doubt: its probability, and how much of what is needed for anything
that was confided it may have at most. Two in three answers are such."""

LEAST = 1e-6
"""Probability below which all are alike."""

# What a wrong reading costs, by what was meant and what was read; one act for another costs 1.
ACTED_FOR_ANSWER, OTHER_FOR_ANSWER, ANSWER_FOR_DELICATE = 3.5, 5.0, 3.0
DELICATE = ("distress", "refuse_confidential", "refuse_private", "protest")
ACTED = (*WISHES, "answer_then_wish", *DELICATE)
"""Not to notice these costs much as well."""

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
    table[ANSWER, [ACTS.index(act) for act in ACTED]] = ACTED_FOR_ANSWER
    table[[ACTS.index(act) for act in DELICATE], ANSWER] = ANSWER_FOR_DELICATE
    table[ANSWER, ANSWER] = 0
    return table


COSTS = costs()


@dataclass(frozen=True, slots=True)
class Reading:
    """The scores of all `LABELS`: (L,) of the whole, (parts, L) of the parts; ``related``
    (`EXTRA`,) says how the whole relates to the question, ``finely`` whether the second encoder
    has read it."""

    parts: tuple[str, ...]
    whole: Floats
    each: Floats
    related: Floats
    finely: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """A linear model: ``grams`` (`COLUMNS`, L), ``dense`` (D, L) of what is seen of the vectors,
    ``bias`` (L,)."""

    grams: Floats
    dense: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from a `Reading`: ``act`` (`SEEN`, A) and ``act_bias`` for the acts; ``rest``
    (`SEEN` + A, `REST`) and ``rest_bias`` for the rest, about which the act says much; ``needed``:
    the probability from which each of `REST` counts."""

    act: Floats
    act_bias: Floats
    rest: Floats
    rest_bias: Floats
    needed: Floats

    def acts(self, seen: Floats) -> Floats:
        """The probability of every act."""
        return softmax(seen @ self.act + self.act_bias)

    def chances(self, seen: Floats, acts: Floats) -> Floats:
        """The probability of each of `REST`."""
        scores = np.concatenate([seen, acts], -1) @ self.rest + self.rest_bias
        probabilities: Floats = np.reciprocal(1 + np.exp(-scores))
        return probabilities

    def plain(self, reading: Reading) -> bool:
        """Whether this is an answer and nothing else, by far."""
        seen = combined(reading)
        acts = self.acts(seen)
        disclosed, _, self_harm = self.chances(seen, acts) < PLAIN_CHANCE * self.needed
        sure = cheapest(acts) == ANSWER and acts[ANSWER] >= PLAIN_ANSWER
        return bool(sure and disclosed and self_harm)

    def read(self, reading: Reading) -> Understood:
        seen = combined(reading)
        acts = self.acts(seen)
        best = cheapest(acts)
        disclosed, work, self_harm = self.chances(seen, acts) >= self.needed
        return Understood(
            ACTS[best],
            round(float(acts[best]), 3),
            kind_of(reading) if disclosed else "none",
            bool(work),
            bool(self_harm),
        )


@dataclass(frozen=True, slots=True)
class Model:
    """``told`` (`COLUMNS`,): how much each n-gram tells, more where it is rare. ``parts`` reads any
    text by the first encoder, ``whole`` the whole by both; ``clause`` (L, A) says what a part does
    by itself. ``both`` decides where both encoders have read it, ``one`` where only the first has.
    """

    told: Floats
    first: View
    second: View
    parts: Scores
    whole: Scores
    clause: Floats
    clause_bias: Floats
    both: Decision
    one: Decision

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Model:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        for name in [name for name in arrays if name.endswith("_scale")]:
            scaled = name.removesuffix("_scale")
            arrays[scaled] = arrays[scaled].astype(np.float32) * arrays[name]

        def parts_of(name: str, kind: type) -> dict[str, Floats]:
            return {part: arrays[f"{name}_{part}"] for part in kind.__slots__}  # type: ignore[attr-defined]

        return cls(
            told=arrays["told"].astype(np.float32),
            first=View.stored(arrays, "first"),
            second=View.stored(arrays, "second"),
            parts=Scores(**parts_of("parts", Scores)),
            whole=Scores(**parts_of("whole", Scores)),
            clause=arrays["clause"],
            clause_bias=arrays["clause_bias"],
            both=Decision(**parts_of("both", Decision)),
            one=Decision(**parts_of("one", Decision)),
        )

    def read(
        self,
        question: str,
        asked: Floats,
        utterance: str,
        encode: Encode,
        finer: Encode | None = None,
        *,
        sparing: bool = False,
    ) -> Reading:
        """Score the whole and its parts. ``asked``: the question, encoded; ``finer``: the second
        encoder, where there is one; ``sparing``: it takes much longer than all the rest, and is not
        asked where the first has no doubt that this is a plain answer."""
        parts = gathered(clauses(utterance) or [utterance])
        texts = [shortened(utterance, MOST_COUNTED)]
        if len(parts) > 1:
            texts += [shortened(part, MOST_PART_COUNTED) for part in parts]
        counted = [telling(text, self.told) for text in texts]
        scores = np.stack([weights @ self.parts.grams[columns] for columns, weights in counted])
        if len(parts) > MOST_PARTS:
            parts, scores = _outstanding(parts, scores)
        shown = [shortened(utterance, MOST_WORDS)]
        if len(parts) > 1:
            shown += [shortened(part, MOST_PART_WORDS) for part in parts]
        vectors = encode(shown)
        seen = self.first.of(vectors)
        scores = scores + seen @ self.parts.dense + self.parts.bias
        each = scores[1:] if len(parts) > 1 else scores
        near = related(question, asked, shown[0], vectors[0])
        reading = Reading(tuple(parts), scores[0], each, near)
        if finer is None or (sparing and self.one.plain(reading)):
            return reading
        columns, weights = counted[0]
        both = np.concatenate([seen[0], self.second.of(finer(shown[:1]))[0]])
        whole = weights @ self.whole.grams[columns] + both @ self.whole.dense + self.whole.bias
        return replace(reading, whole=whole.astype(np.float32), finely=True)

    def decide(self, reading: Reading) -> Understood:
        """The act and all the rest, from the scores of the whole and of the parts."""
        alone = softmax(reading.each @ self.clause + self.clause_bias)
        parts = tuple(
            Clause(text, ACTS[int(row.argmax())], round(float(row.max()), 3))
            for text, row in zip(reading.parts, alone, strict=True)
        )
        decision = self.both if reading.finely else self.one
        return replace(decision.read(reading), clauses=parts)


def telling(text: str, told: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Its n-grams, and their weights by how much each tells, of length one."""
    columns, weights = grams(text, GRAM_BITS)
    weights = weights * told[columns]
    length = np.float32(np.linalg.norm(weights)) + np.float32(LEAST)
    return columns, weights / length


def related(question: str, asked: Floats, text: str, vector: Floats) -> Floats:
    """(`EXTRA`,): how the text, encoded as ``vector``, relates to the question."""
    return np.array(
        [
            asked @ vector,
            shared(text, question),
            np.log1p(len(text.split())) / 3,
            "?" in text,
        ],
        np.float32,
    )


def combined(reading: Reading) -> Floats:
    """(`SEEN`,): the scores of the whole, of the last part, the highest and the mean of all parts,
    how many there are, and how the whole relates to the question."""
    each = reading.each
    many = np.array([np.log(len(each))], np.float32)
    views = [reading.whole, each[-1], each.max(0), each.mean(0), many, reading.related]
    return np.concatenate(views).astype(np.float32)


def cheapest(acts: Floats) -> int:
    """The act whose being wrong would cost least, by ``acts``, the probability of each."""
    return int((acts @ COSTS).argmin())


def kind_of(reading: Reading) -> Sensitive:
    """What is disclosed where something is."""
    kinds = slice(len(ACTS), len(ACTS) + len(KINDS))
    scores = 2 * reading.whole[kinds] + reading.each[:, kinds].max(0)
    return KINDS[int(scores.argmax())]


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
