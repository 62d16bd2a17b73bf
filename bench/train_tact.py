"""Fit the model of tact on ``data/understanding``.

``python -m bench.train_tact [--no-save] [--errors]``: the figures on held-out groups, then the
weights that are fitted on everything, in ``server/language/tact.npz``.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy import sparse
from scipy.linalg import solve
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from bench.said import Said, digest, followups, led_in, rows
from bench.utterances import FOLDS, Vectors, counted
from server.faults import FAULTS
from server.language.acts import GRAM_SCALE
from server.language.tact import (
    NEARNESS_FINER,
    NEIGHBOURS,
    NEIGHBOURS_FINER,
    WEIGHTS,
    WHOSE,
    Sight,
    Tact,
    Whose,
    near,
    related,
)

SEED = 20_260_201
SHRINK = 1e-4
STEPS = 80
LED_IN_WEIGHT = 0.5
PLAIN_WEIGHT = 2.0
"""Of questions that were asked and of what packs say: none of it may be refused."""
RARE = 3.0
"""Of a fault against none, but for `WHOSE`."""
UNSURE = 0.3
"""Of the other faults where one is labelled: another may be there too."""
RIDGE = 0.4
AXES, AXES_FINER = 160, 128
"""Of each encoder's, those along which the sentences differ most."""
COSTS = {"blatant": 20.0, "sly": 1.0, "work": 16.0, "asked": 8.0, "pack": 8.0, "good": 8.0}
"""Of a whole kind judged wrongly; where the private matters begin costs least."""
BETWEEN = (0.3, 0.4)
"""The other faults count from somewhere between these."""
MISTAKEN = 0.002
"""Of good sentences at most, by each of the other faults, on held-out groups."""


def features(some: Sequence[Said], encode: Vectors) -> tuple[sparse.csr_matrix, np.ndarray]:
    vectors = np.stack([encode([getattr(row, name) or " " for row in some]) for name in
                        ("text", "role", "answer")], 1)  # fmt: skip
    dense = [related(row.text, row.answer, three) for row, three in zip(some, vectors, strict=True)]
    return counted(row.text for row in some), np.stack(dense).astype(np.float32)


def weights(some: Sequence[Said], led: int, wanted: np.ndarray) -> np.ndarray:
    """(n, `FAULTS`): how much each label of each row counts. ``led``: rows from there on are led
    in, copies of others."""
    counted = np.ones(wanted.shape)
    for at, row in enumerate(some):
        if row.source == "private" and row.fault != "good":
            counted[at, len(WHOSE) :] = 0
        elif row.fault != "good":
            counted[at, len(WHOSE) :] = UNSURE
            if row.fault in FAULTS:
                counted[at, FAULTS.index(row.fault)] = 1
        if row.source in ("asked", "pack"):
            counted[at] *= PLAIN_WEIGHT
    counted[:, len(WHOSE) :] *= np.where(wanted[:, len(WHOSE) :] > 0, RARE, 1)
    counted[led:] *= LED_IN_WEIGHT
    return counted


def fit(
    x_grams: sparse.csr_matrix, x_dense: np.ndarray, wanted: np.ndarray, counted: np.ndarray
) -> np.ndarray:
    """(`BUCKETS` + `WIDTH` + `EXTRA` + 1, `FAULTS`): a logistic for every fault."""
    sizes = (x_grams.shape[1], x_dense.shape[1])
    total = sum(sizes) + 1
    transposed = x_grams.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        table = flat.astype(np.float32).reshape(total, -1)
        chances = chances_of(table, x_grams, x_dense)
        right = np.where(wanted > 0, chances, 1 - chances)
        lost = -(np.log(right + 1e-9) * counted).sum() / len(wanted)
        slope = ((chances - wanted) * counted / len(wanted)).astype(np.float32)
        down = np.concatenate([transposed @ slope, x_dense.T @ slope, slope.sum(0, keepdims=True)])
        down[:-1] += SHRINK * table[:-1]
        penalty = SHRINK / 2 * float((table[:-1] ** 2).sum())
        return float(lost + penalty), down.astype(np.float64).ravel()

    start = np.zeros(total * wanted.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    best: np.ndarray = found.x.astype(np.float32).reshape(total, -1)
    return best


def chances_of(table: np.ndarray, x_grams: sparse.csr_matrix, x_dense: np.ndarray) -> np.ndarray:
    buckets = x_grams.shape[1]
    scores = x_grams @ table[:buckets] + x_dense @ table[buckets:-1] + table[-1]
    chances: np.ndarray = 1 / (1 + np.exp(-scores))
    return chances


def parts(some: Sequence[Said]) -> np.ndarray:
    groups = sorted({row.group for row in some})
    random.Random(7).shuffle(groups)
    place = {group: at % FOLDS for at, group in enumerate(groups)}
    return np.array([place[row.group] for row in some])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``at``: which rows the private matters are learned from; ``kernel`` (n, n): how near these
    are, by n-grams and the first encoder, and ``finer`` (n, n) by the second."""

    at: np.ndarray
    grams: sparse.csr_matrix
    first: Sight
    second: Sight
    kernel: np.ndarray
    finer: np.ndarray

    @classmethod
    def of(cls, some: Sequence[Said], led: int, grams: sparse.csr_matrix, encode: Vectors) -> Self:
        at = np.array([one for one, row in enumerate(some) if one < led or row.manner == "sly"])
        texts = [some[one].text for one in at]
        vectors, finer = encode(texts), encode.finely(texts)
        first = Sight.over(vectors, np.zeros(vectors.shape[1], np.float32), AXES)
        second = Sight.over(finer, finer.mean(0), AXES_FINER)
        kernel = (grams[at] @ grams[at].T).toarray().astype(np.float32) / GRAM_SCALE**2
        kernel += NEIGHBOURS * near(first.known @ first.known.T)
        more = NEIGHBOURS_FINER * near(second.known @ second.known.T, NEARNESS_FINER)
        return cls(at, grams[at], first, second, kernel, more)

    def fit(
        self, chosen: np.ndarray, wanted: np.ndarray, counted: np.ndarray, *, finely: bool
    ) -> np.ndarray:
        """(n, `WHOSE`): what each row says of its neighbours; nothing, where it is not ``chosen``
        (n,)."""
        part = np.flatnonzero(chosen)
        kernel = self.kernel[np.ix_(part, part)]
        if finely:
            kernel += self.finer[np.ix_(part, part)]
        kernel[np.diag_indices(len(part))] += RIDGE / counted[self.at[part]]
        said = np.zeros((len(self.at), wanted.shape[1]), np.float32)
        target = (2 * wanted[self.at[part]] - 1).astype(np.float32)
        said[part] = solve(kernel, target, assume_a="pos", overwrite_a=True, check_finite=False)
        return said

    def unseen(
        self, parts: np.ndarray, wanted: np.ndarray, counted: np.ndarray, *, finely: bool
    ) -> np.ndarray:
        """(n, `WHOSE`): of every row, by what was fitted on the other ``parts``."""
        part, scores = parts[self.at], np.zeros((len(self.at), wanted.shape[1]))
        for one in range(FOLDS):
            said = self.fit(part != one, wanted, counted, finely=finely)
            held = np.flatnonzero(part == one)
            scores[held] = self.kernel[held] @ said
            if finely:
                scores[held] += self.finer[held] @ said
        return scores

    def whose(self, said: np.ndarray, offset: np.ndarray, needed: np.ndarray) -> Whose:
        by_grams = np.asarray(self.grams.T @ said) / GRAM_SCALE**2
        return Whose(
            by_grams.astype(np.float32),
            offset.astype(np.float32),
            said.astype(np.float32),
            needed.astype(np.float32),
        )


def calibrated(scores: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    """(steepness, offset) with which a score on held-out groups is a probability."""

    def loss(both: np.ndarray) -> float:
        chances = 1 / (1 + np.exp(-(both[0] * scores + both[1])))
        right = np.where(wanted > 0, chances, 1 - chances)
        return float(-np.log(right + 1e-9).mean())

    steep, offset = minimize(loss, [2.0, 0.0], method="Nelder-Mead").x
    return float(steep), float(offset)


def thresholds(some: Sequence[Said], unseen: np.ndarray) -> np.ndarray:
    """Of the faults but private matters."""
    good = unseen[[row.fault == "good" and row.source != "asked" for row in some]]
    lowest = np.quantile(good, 1 - MISTAKEN, axis=0)
    return np.asarray(np.clip(np.ceil(lowest * 100) / 100, *BETWEEN), np.float32)


def cheapest(some: Sequence[Said], chances: np.ndarray, fault: str) -> float:
    """The probability from which it is this fault where that costs least, both ways."""
    others = set(FAULTS) - {fault}
    kinds = np.array(["" if row.fault in others else _kind(row) for row in some])

    def cost(needed: float) -> float:
        refused = {kind: float(np.mean(chances[kinds == kind] >= needed)) for kind in COSTS}
        return sum(
            COSTS[kind] * (1 - share if kind in ("blatant", "sly") else share)
            for kind, share in refused.items()
        )

    return min((one / 100 for one in range(20, 81)), key=cost)


def _kind(row: Said) -> str:
    return row.manner or (row.source if row.source != "followup" else row.fault)


def table(some: Sequence[Said], refused: Sequence[str | None]) -> str:
    """By language: of private questions how many were refused, by manner; of the other faults how
    many, whatever the reason given; of good sentences how many."""
    lines = []
    for language in sorted({row.language for row in some}):
        counts: dict[str, list[bool]] = {}
        for row, fault in zip(some, refused, strict=True):
            if row.language == language:
                counts.setdefault(_kind(row), []).append(fault is not None)
        lines += [
            f"{language} {what:20} refused {sum(found):5} of {len(found)}"
            for what, found in sorted(counts.items())
        ]
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--no-save", action="store_true", help="only the figures")
    options.add_argument("--errors", action="store_true", help="list what was judged wrongly")
    wished = options.parse_args()
    threadpool_limits(1)
    encode, chance = Vectors(), random.Random(SEED)
    plain = rows()
    answers = followups()
    led = [led_in(row, answers, chance) for row in plain if row.source in ("private", "asked")]
    some = [*plain, *led]
    x_grams, x_dense = features(some, encode)
    near_by = Neighbours.of(some, len(plain), x_grams, encode)
    encode.keep()
    wanted = np.array([[row.fault == fault for fault in FAULTS] for row in some], float)
    counted = weights(some, len(plain), wanted)
    part, unseen = parts(some), np.zeros(wanted.shape)
    for one in range(FOLDS):
        known, held = part != one, part == one
        found = fit(x_grams[known], x_dense[known], wanted[known], counted[known])
        unseen[held] = chances_of(found, x_grams[held], x_dense[held])
    unseen = unseen[: len(plain)]
    needed = thresholds(plain, unseen)
    whose = {}
    for name, finely in (("one", False), ("both", True)):
        labels = wanted[:, WHOSE], counted[:, WHOSE[0]]
        scores = near_by.unseen(part, *labels, finely=finely)[: len(plain)]
        both_ways = [
            calibrated(*one) for one in zip(scores.T, wanted[: len(plain), WHOSE].T, strict=True)
        ]
        steep, offset = np.array(both_ways).T
        unseen[:, WHOSE] = 1 / (1 + np.exp(-(steep * scores + offset)))
        for one in WHOSE:
            needed[one] = cheapest(plain, unseen[:, one], FAULTS[one])
        print("by the first encoder" if name == "one" else "by both")
        tell(plain, unseen, needed, errors=wished.errors and finely)
        if not wished.no_save:
            said = near_by.fit(np.ones(len(near_by.at), bool), *labels, finely=finely)
            whose[name] = near_by.whose(steep * said, offset, needed[WHOSE])
    if not wished.no_save:
        found = fit(x_grams, x_dense, wanted, counted)
        found[:, WHOSE] = 0
        save(found, x_grams.shape[1], needed, near_by, whose)
        print(f"{WEIGHTS.stat().st_size / 1e6:.1f} MB")


def tell(some: Sequence[Said], unseen: np.ndarray, needed: np.ndarray, *, errors: bool) -> None:
    over = unseen - needed
    refused = [FAULTS[int(row.argmax())] if row.max() >= 0 else None for row in over]
    print(table(some, refused))
    print("from", dict(zip(FAULTS, needed.round(2).tolist(), strict=True)), flush=True)
    if errors:
        for row, fault in zip(some, refused, strict=True):
            if (fault is None) == (row.fault in FAULTS):
                what = row.manner or row.fault
                print(f"{row.language} {what:8} {fault} | {row.role} | {row.text}")


def save(
    found: np.ndarray,
    buckets: int,
    needed: np.ndarray,
    rows: Neighbours,
    whose: Mapping[str, Whose],
) -> None:
    arrays: dict[str, Any] = {
        "dense": found[buckets:-1],
        "bias": found[-1],
        "needed": needed,
        "data": np.array(digest()),
    }
    packed(arrays, "grams", found[:buckets])
    for name, sight in (("first", rows.first), ("second", rows.second)):
        arrays[f"{name}_mean"], arrays[f"{name}_axes"] = sight.mean, sight.axes
        packed(arrays, f"{name}_known", sight.known)
    for name, one in whose.items():
        packed(arrays, f"{name}_grams", one.grams)
        arrays |= {f"{name}_{part}": getattr(one, part) for part in ("bias", "pull", "needed")}
    np.savez_compressed(WEIGHTS, **arrays)
    Tact.load()


def packed(arrays: dict[str, Any], name: str, values: np.ndarray) -> None:
    """In 8 bits, and what they are multiplied by."""
    scale = np.maximum(np.abs(values).max(0) / 127, 1e-9).astype(np.float32)
    arrays[name] = np.round(values / scale).astype(np.int8)
    arrays[f"{name}_scale"] = scale


if __name__ == "__main__":
    main()
