"""Fit the models of dialogue acts on ``data/understanding/utterances``.

``python -m bench.train_understanding [--no-save]``: the figures on held-out groups, then the
weights that are fitted on everything, in ``server/language/acts.npz``.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from bench.understanding_figures import Read, list_errors, table
from bench.utterances import FOLDS, Row, Vectors, digest, features, folds, held_out, noisy, rows
from server.core.understanding import ACTS
from server.language.acts import (
    KINDS,
    LABELS,
    LEAST,
    REST,
    VIEWS,
    WEIGHTS,
    Floats,
    Model,
    Reading,
    pooled,
    softmax,
    views,
)

SEED = 20_260_101
COPIES = 1
"""Noisy copies of each row that the first model is fitted on."""
SHRINK, SHRINK_SECOND = 1.5e-4, 1e-2
STEPS = 45
REMEMBERED = 4
"""Steps that L-BFGS goes by: three million weights make each of them dear."""
DISCLOSED_WEIGHT = 3.0
"""Of a disclosure against none: one that is missed hurts more."""
POSITIVE = {"disclosed": 2.0, "work": 1.0, "self_harm": 2.0}
"""What one that is weighs against one that is not, where the second model decides."""
RECALL_DISCLOSED, RECALL_HARM = 1.25, 2.0
"""How much more recall counts than precision for disclosures and for self-harm."""


def targets(all_rows: Sequence[Row]) -> np.ndarray:
    """(n, `LABELS`) of 0 and 1."""
    wanted = np.zeros((len(all_rows), len(LABELS)))
    for place, row in enumerate(all_rows):
        wanted[place, ACTS.index(row.act)] = 1
        if row.sensitive != "none":
            wanted[place, LABELS.index(row.sensitive)] = 1
        wanted[place, -3:] = row.sensitive != "none", row.work, row.self_harm
    return wanted


def rarity(wanted: np.ndarray) -> np.ndarray:
    """What each row weighs: more where its act is rare."""
    acts = wanted[:, : len(ACTS)]
    share = np.maximum(acts.mean(0) * len(ACTS), 1e-6)
    weights: np.ndarray = (share**-0.3)[acts.argmax(1)]
    return weights


Parts = tuple[np.ndarray, np.ndarray, np.ndarray]


def fit_first(
    x_grams: sparse.csr_matrix, x_dense: np.ndarray, wanted: np.ndarray, weights: np.ndarray
) -> Parts:
    """One softmax over the acts, a logistic for every other label; one L-BFGS over all of them."""
    acts = len(ACTS)
    sizes = (x_grams.shape[1], x_dense.shape[1], 1)
    total = sum(sizes)
    transposed = x_grams.T.tocsr()
    each = np.ones((len(wanted), wanted.shape[1])) * weights[:, None]
    each[:, acts:-2] *= np.where(wanted[:, acts:-2] > 0, DISCLOSED_WEIGHT, 1)
    each[:, -1] *= np.where(wanted[:, -1] > 0, DISCLOSED_WEIGHT, 1)
    scale = 1 / weights.sum()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        table = flat.astype(np.float32).reshape(total, -1)
        first, second, bias = np.split(table, np.cumsum(sizes)[:-1])
        scores = (x_grams @ first + x_dense @ second + bias).astype(np.float32)
        top = scores[:, :acts].max(1, keepdims=True)
        raised = np.exp(scores[:, :acts] - top)
        chances = np.empty_like(scores)
        chances[:, :acts] = raised / raised.sum(1, keepdims=True)
        chances[:, acts:] = 1 / (1 + np.exp(-scores[:, acts:]))
        lost = -(np.log((chances[:, :acts] * wanted[:, :acts]).sum(1) + 1e-9) * weights).sum()
        right = np.where(wanted[:, acts:] > 0, chances[:, acts:], 1 - chances[:, acts:])
        lost -= (np.log(right + 1e-9) * each[:, acts:]).sum()
        slope = ((chances - wanted) * each * scale).astype(np.float32)
        down = np.concatenate([transposed @ slope, x_dense.T @ slope, slope.sum(0, keepdims=True)])
        down[:-1] += SHRINK * table[:-1]
        penalty = SHRINK / 2 * float((table[:-1] ** 2).sum())
        return float(lost * scale + penalty), down.astype(np.float64).ravel()

    start = np.zeros(total * wanted.shape[1])
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": REMEMBERED}
    )
    by_grams, by_dense, bias = np.split(
        found.x.astype(np.float32).reshape(total, -1), np.cumsum(sizes)[:-1]
    )
    return by_grams, by_dense, bias


def fit_softmax(
    x: np.ndarray, wanted: np.ndarray, weights: np.ndarray, shrink: float, given: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What is to be added to the scores that are ``given``."""
    width, many = x.shape[1], wanted.shape[1]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        table = flat.reshape(width + 1, many)
        scores = x @ table[:-1] + table[-1] + given
        scores -= scores.max(1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(1, keepdims=True)
        lost = -(np.log((chances * wanted).sum(1) + 1e-9) * weights).sum() / weights.sum()
        slope = (chances - wanted) * weights[:, None] / weights.sum()
        down = np.vstack([x.T @ slope + shrink * table[:-1], slope.sum(0)])
        return lost + shrink / 2 * (table[:-1] ** 2).sum(), down.ravel()

    start = np.zeros((width + 1) * many)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80})
    table = found.x.reshape(width + 1, many)
    return table[:-1], table[-1]


def fit_binary(views: np.ndarray, wanted: np.ndarray, positive: float) -> tuple[np.ndarray, float]:
    """A logistic over (n, m) scores; both signs of it: softmax of two."""
    weights = np.where(wanted > 0, positive, 1.0)
    both = np.stack([1 - wanted, wanted], 1)
    table, bias = fit_softmax(views, both, weights, 1e-3, np.zeros_like(both))
    return table[:, 1] - table[:, 0], float(bias[1] - bias[0])


class Bench:
    """All rows and their noisy copies as features, and what is fitted on a part of them."""

    def __init__(self, all_rows: Sequence[Row], encode: Vectors) -> None:
        self.rows = list(all_rows)
        copies = [
            noisy(row, random.Random(f"{SEED} {copy} {row.utterance}"))
            for copy in range(COPIES)
            for row in all_rows
        ]
        self.every = [*all_rows, *copies]
        self.features = features(all_rows, copies, encode)
        self.fold = np.tile(folds(all_rows), COPIES + 1)
        self.wanted = targets(self.every)

    def first(self, chosen: np.ndarray) -> Parts:
        """Fitted on the rows that are ``chosen`` (a mask over rows and copies)."""
        labels = np.flatnonzero(chosen)
        wanted = self.wanted[labels]
        places = [self.features.spans[row][0] for row in labels]
        data = self.features
        return fit_first(data.grams[places], data.dense[places], wanted, rarity(wanted))

    def readings(self, first: Parts, chosen: np.ndarray) -> list[Reading]:
        grams, dense, bias = first
        data = self.features
        scores = (data.grams @ grams + data.dense @ dense + bias).astype(np.float32)
        return [
            Reading(data.parts[row], scores[data.spans[row][0]], scores[list(data.spans[row][1])])
            for row in np.flatnonzero(chosen)
        ]


def second(readings: Sequence[Reading], wanted: np.ndarray, first: Parts, told: Floats) -> Model:
    """The model that decides, from readings of rows that the first model had not seen."""
    acts = len(ACTS)
    several = np.array([len(reading.parts) > 1 for reading in readings])
    joined = [reading for reading in readings if len(reading.parts) > 1]
    x = np.stack([pooled(reading) for reading in joined]).astype(np.float64)
    whole = np.stack([reading.whole[:acts] for reading in joined])
    given = np.log(softmax(whole) + LEAST).astype(np.float64)
    alike = np.ones(len(joined))
    act, act_bias = fit_softmax(x, wanted[several, :acts], alike, SHRINK_SECOND, given)
    model = Model(
        told,
        *first[:2],
        first[2][0],
        act.astype(np.float32),
        act_bias.astype(np.float32),
        np.zeros((VIEWS + acts, len(REST)), np.float32),
        np.zeros(len(REST), np.float32),
        np.full(len(REST), 0.5, np.float32),
    )
    known = np.stack([views(one, model.acts(one)) for one in readings]).astype(np.float64)
    fitted = [
        fit_binary(known[:, place], wanted[:, acts + len(KINDS) + place], POSITIVE[name])
        for place, name in enumerate(REST)
    ]
    model = replace(
        model,
        rest=np.stack([table for table, _ in fitted], 1).astype(np.float32),
        rest_bias=np.array([bias for _, bias in fitted], np.float32),
    )
    return replace(model, needed=thresholds(model, readings, wanted))


def thresholds(model: Model, readings: Sequence[Reading], wanted: np.ndarray) -> np.ndarray:
    """From which probability each of `REST` counts."""
    rest = np.stack([model.chances(one, model.acts(one)) for one in readings])
    truth = wanted[:, -len(REST) :] > 0
    columns = zip(rest.T, truth.T, (RECALL_DISCLOSED, 1, RECALL_HARM), strict=True)
    return np.array([best_threshold(*column) for column in columns], np.float32)


def best_threshold(scores: np.ndarray, truth: np.ndarray, recall: float) -> float:
    """The highest F-measure in which recall counts ``recall`` times as much as precision."""

    def measure(threshold: float) -> float:
        found = scores >= threshold
        right = (found & truth).sum()
        return float((1 + recall**2) * right / (recall**2 * truth.sum() + found.sum() + 1e-9))

    return float(max(np.arange(0.03, 0.9, 0.01), key=measure))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--no-save", action="store_true", help="only the figures")
    options.add_argument("--errors", action="store_true", help="list what was read wrongly")
    wished = options.parse_args()
    threadpool_limits(1)  # more of them only wait for each other here
    began = time.monotonic()
    encode = Vectors()
    bench = Bench([row for row in rows() if not held_out(row)], encode)
    encode.keep()
    many = len(bench.rows)
    print(f"{many} rows, {time.monotonic() - began:.0f} s to read them", flush=True)
    once = np.arange(len(bench.every)) < many
    unseen: dict[int, Reading] = {}
    for fold in range(FOLDS):
        first = bench.first(bench.fold != fold)
        held = once & (bench.fold == fold)
        unseen.update(zip(np.flatnonzero(held).tolist(), bench.readings(first, held), strict=True))
        print(f"fold {fold}: {time.monotonic() - began:.0f} s", flush=True)
    readings = [unseen[place] for place in range(many)]
    wanted = bench.wanted[:many]
    judged: list[Read] = []
    for fold in range(FOLDS):
        others = bench.fold[:many] != fold
        model = second(
            [r for r, ok in zip(readings, others, strict=True) if ok],
            wanted[others],
            first,
            bench.features.told,
        )
        places = np.flatnonzero(once & (bench.fold == fold)).tolist()
        judged += [Read(bench.rows[place], model.decide(unseen[place])) for place in places]
    print(table(judged))
    if wished.errors:
        list_errors(judged)
    if wished.no_save:
        return
    every = bench.first(np.ones(len(bench.every), bool))
    final = second(readings, wanted, every, bench.features.told)
    save(final)
    print(f"{WEIGHTS.stat().st_size / 1e6:.1f} MB, {time.monotonic() - began:.0f} s")


def save(model: Model) -> None:
    scale = np.abs(model.grams).max(0) / 127
    scale = np.maximum(scale, 1e-9).astype(np.float32)
    rest = {name: getattr(model, name) for name in Model.__slots__ if name not in ("told", "grams")}
    np.savez_compressed(
        WEIGHTS,
        told=model.told.astype(np.float16),
        grams=np.round(model.grams / scale).astype(np.int8),
        grams_scale=scale,
        data=np.array(digest()),
        **rest,
    )


if __name__ == "__main__":
    main()
