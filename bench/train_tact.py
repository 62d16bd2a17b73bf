"""Fit the model of tact on ``data/understanding``.

``python -m bench.train_tact [--no-save] [--errors]``: the figures on held-out groups, then the
weights that are fitted on everything, in ``server/language/tact.npz``.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse
from scipy.linalg import solve
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from bench.said import Said, digest, followups, led_in, rows
from bench.utterances import FOLDS, Vectors, counted
from server.core.understanding import FAULTS
from server.language.acts import GRAM_SCALE
from server.language.tact import PRIVATE, WEIGHTS, Tact, along, near, related

SEED = 20_260_201
SHRINK = 1e-4
STEPS = 80
LED_IN_WEIGHT = 0.5
PLAIN_WEIGHT = 2.0
"""Of questions that were asked and of what packs say: none of it may be refused."""
RARE = 3.0
"""Of a fault against none, but for private matters."""
UNSURE = 0.3
"""Of the other faults where one is labelled: another may be there too."""
RIDGE = 0.4
NEIGHBOURS = 1.5
"""What is near by the encoder counts so much more than what shares n-grams."""
AXES = 160
"""Of the encoder's, those along which the sentences differ most."""
COSTS = {"blatant": 14.0, "sly": 1.0, "work": 10.0, "asked": 8.0, "pack": 8.0, "good": 8.0}
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
        if row.source == "private" and row.fault == "private":
            counted[at, 1:] = 0
        elif row.fault != "good":
            counted[at, 1:] = UNSURE
            if row.fault in FAULTS:
                counted[at, FAULTS.index(row.fault)] = 1
        if row.source in ("asked", "pack"):
            counted[at] *= PLAIN_WEIGHT
    counted[:, 1:] *= np.where(wanted[:, 1:] > 0, RARE, 1)
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
    """``at``: which rows the private matters are learned from; ``axes`` (`WIDTH`, `AXES`);
    ``known`` (n, `AXES`): these rows' sentences; ``kernel`` (n, n): how near they are."""

    at: np.ndarray
    axes: np.ndarray
    known: np.ndarray
    kernel: np.ndarray

    @classmethod
    def of(
        cls, some: Sequence[Said], led: int, grams: sparse.csr_matrix, vectors: np.ndarray
    ) -> Self:
        at = np.array([one for one, row in enumerate(some) if one < led or row.manner == "sly"])
        _, _, axes = np.linalg.svd(vectors[at], full_matrices=False)
        axes = np.ascontiguousarray(axes[:AXES].T)
        known = along(axes, vectors[at])
        shared = (grams[at] @ grams[at].T).toarray() / GRAM_SCALE**2
        kernel = NEIGHBOURS * near(known @ known.T) + shared
        return cls(at, axes, known, kernel.astype(np.float32))

    def fit(self, chosen: np.ndarray, wanted: np.ndarray, counted: np.ndarray) -> np.ndarray:
        """(n,): what each row says of its neighbours; nothing, where it is not ``chosen`` (n,)."""
        part = np.flatnonzero(chosen)
        kernel = self.kernel[np.ix_(part, part)]
        kernel[np.diag_indices(len(part))] += RIDGE / counted[self.at[part]]
        said = np.zeros(len(self.at), np.float32)
        target = (2 * wanted[self.at[part]] - 1).astype(np.float32)
        said[part] = solve(kernel, target, assume_a="pos", overwrite_a=True)
        return said


def folded(
    said: np.ndarray, rows: Neighbours, grams: sparse.csr_matrix
) -> tuple[np.ndarray, np.ndarray]:
    """(`BUCKETS`,) and (n,): what ``said`` comes to, by n-gram and by neighbour."""
    by_grams = np.asarray(grams[rows.at].T @ said).ravel() / GRAM_SCALE**2
    return by_grams, NEIGHBOURS * said


def scores_of(
    said: np.ndarray,
    rows: Neighbours,
    grams: sparse.csr_matrix,
    vectors: np.ndarray,
    held: np.ndarray,
) -> np.ndarray:
    by_grams, pull = folded(said, rows, grams)
    near_by = near(along(rows.axes, vectors[held]) @ rows.known.T)
    found: np.ndarray = grams[held] @ by_grams + near_by @ pull
    return found


def calibrated(scores: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    """(steepness, offset) with which a score on held-out groups is a probability."""

    def loss(both: np.ndarray) -> float:
        chances = 1 / (1 + np.exp(-(both[0] * scores + both[1])))
        right = np.where(wanted > 0, chances, 1 - chances)
        return float(-np.log(right + 1e-9).mean())

    steep, offset = minimize(loss, [2.0, 0.0], method="Nelder-Mead").x
    return float(steep), float(offset)


def thresholds(some: Sequence[Said], unseen: np.ndarray) -> np.ndarray:
    good = unseen[[row.fault == "good" and row.source != "asked" for row in some]]
    lowest = np.quantile(good, 1 - MISTAKEN, axis=0)
    needed = np.clip(np.ceil(lowest * 100) / 100, *BETWEEN)
    needed[PRIVATE] = cheapest(some, unseen[:, PRIVATE])
    return np.asarray(needed, np.float32)


def cheapest(some: Sequence[Said], chances: np.ndarray) -> float:
    """The probability from which a matter is private where that costs least, both ways."""
    kinds = np.array([_kind(row) for row in some])

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
    encode.keep()
    wanted = np.array([[row.fault == fault for fault in FAULTS] for row in some], float)
    counted = weights(some, len(plain), wanted)
    part, unseen = parts(some), np.zeros(wanted.shape)
    vectors = encode([row.text for row in some])
    near_by = Neighbours.of(some, len(plain), x_grams, vectors)
    private = wanted[:, PRIVATE], counted[:, PRIVATE]
    for one in range(FOLDS):
        known, held = part != one, part == one
        found = fit(x_grams[known], x_dense[known], wanted[known], counted[known])
        unseen[held] = chances_of(found, x_grams[held], x_dense[held])
        said = near_by.fit(known[near_by.at], *private)
        unseen[held, PRIVATE] = scores_of(said, near_by, x_grams, vectors, held)
    unseen = unseen[: len(plain)]
    steep, offset = calibrated(unseen[:, PRIVATE], wanted[: len(plain), PRIVATE])
    unseen[:, PRIVATE] = 1 / (1 + np.exp(-(steep * unseen[:, PRIVATE] + offset)))
    needed = thresholds(plain, unseen)
    over = unseen - needed
    refused = [FAULTS[int(row.argmax())] if row.max() >= 0 else None for row in over]
    print(table(plain, refused))
    print("from", dict(zip(FAULTS, needed.round(2).tolist(), strict=True)))
    if wished.errors:
        for row, fault in zip(plain, refused, strict=True):
            if (fault is None) == (row.fault in FAULTS):
                print(
                    f"{row.language} {row.manner or row.fault:8} {fault} | {row.role} | {row.text}"
                )
    if not wished.no_save:
        found = fit(x_grams, x_dense, wanted, counted)
        said = near_by.fit(np.ones(len(near_by.at), bool), *private)
        by_grams, pull = folded(steep * said, near_by, x_grams)
        found[:, PRIVATE] = 0
        found[: len(by_grams), PRIVATE], found[-1, PRIVATE] = by_grams, offset
        save(found, x_grams.shape[1], needed, near_by, pull)
        print(f"{WEIGHTS.stat().st_size / 1e6:.1f} MB")


def save(
    found: np.ndarray, buckets: int, needed: np.ndarray, rows: Neighbours, pull: np.ndarray
) -> None:
    by_grams = found[:buckets]
    scale = np.maximum(np.abs(by_grams).max(0) / 127, 1e-9).astype(np.float32)
    np.savez_compressed(
        WEIGHTS,
        grams=np.round(by_grams / scale).astype(np.int8),
        grams_scale=scale,
        dense=found[buckets:-1],
        bias=found[-1],
        needed=needed,
        axes=rows.axes.astype(np.float32),
        known=np.round(rows.known * 127).astype(np.int8),
        known_scale=np.float32(1 / 127),
        pull=pull.astype(np.float32),
        data=np.array(digest()),
    )
    Tact.load()


if __name__ == "__main__":
    main()
