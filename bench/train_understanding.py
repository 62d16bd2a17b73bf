"""Fit the models of dialogue acts on ``data/understanding/utterances``.

``python -m bench.train_understanding [--no-save]``: the figures on held-out groups, then the
weights that are fitted on everything, in ``server/language/acts.npz``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.linalg import solve
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from bench.understanding_figures import Read, list_errors, table
from bench.utterances import FOLDS, Features, Row, Vectors, digest, features, folds, held_out, rows
from server.core.understanding import ACTS
from server.language.acts import (
    LABELS,
    REST,
    WEIGHTS,
    Decision,
    Reading,
    Scores,
    combined,
    softmax,
)
from server.language.vectors import Floats, View

FIRST_AXES, SECOND_AXES = 96, 128
"""Of each encoder's vectors, of which products are taken."""
RIDGE = 0.3
"""How far a label may be missed, for the sake of simpler weights."""
BIAS = 0.1
"""Of every row, beside how near it is."""
SHRINK, SHRINK_REST = 1e-3, 1e-3
SECOND_STEPS = 80
POSITIVE = {"disclosed": 1.5, "work": 1.0, "self_harm": 2.0}
"""What one that is weighs against one that is not, where the last model decides."""
RECALL_DISCLOSED, RECALL_HARM = 1.25, 2.0
"""How much more recall counts than precision for disclosures and for self-harm."""
CHUNK = 2_000
THREADS = 1
"""Of the arithmetic; other numbers of them round otherwise."""
BEGAN = time.monotonic()


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


@dataclass(frozen=True, slots=True)
class Bench:
    """All rows as features: how near each row is to each, by the first encoder and n-grams
    (``near``, changed into that by both encoders once the models of parts are fitted)."""

    rows: Sequence[Row]
    features: Features
    fold: np.ndarray
    wanted: np.ndarray
    first: View
    second: View

    @classmethod
    def of(cls, all_rows: Sequence[Row], encode: Vectors) -> Bench:
        data = features(all_rows, encode)
        wholes = data.vectors[data.wholes]
        return cls(
            all_rows,
            data,
            folds(all_rows),
            targets(all_rows),
            View.over(wholes, FIRST_AXES),
            View.over(data.finer, SECOND_AXES),
        )

    def nearness(self) -> tuple[Floats, Floats]:
        """(n, n): by n-grams and the first encoder, and what the second adds."""
        grams = self.features.grams[self.features.wholes]
        near = np.asarray((grams @ grams.T).todense(), np.float32)
        near += self.first.nearness(self.features.vectors[self.features.wholes])
        return near, self.second.nearness(self.features.finer)

    def fit(self, near: Floats, chosen: np.ndarray, *, finely: bool) -> Scores:
        """Of the rows that are ``chosen``; ``near``: how near each row is to each."""
        told = solved(near, chosen, self.wanted)
        data = self.features
        places = data.wholes[chosen]
        dense = []
        for view, vectors in self._views(places, chosen, finely=finely):
            steps = range(0, len(vectors), CHUNK)
            dense.append(
                sum(view.of(vectors[at : at + CHUNK]).T @ told[at : at + CHUNK] for at in steps)
            )
        by_grams = np.asarray(data.grams[places].T @ told, np.float32)
        return Scores(by_grams, np.concatenate(dense), told.sum(0) * BIAS)

    def _views(
        self, places: np.ndarray, chosen: np.ndarray, *, finely: bool
    ) -> list[tuple[View, Floats]]:
        first = (self.first, self.features.vectors[places])
        return [first, (self.second, self.features.finer[chosen])] if finely else [first]

    def scored(self, model: Scores, places: np.ndarray, chosen: np.ndarray | None) -> Floats:
        """(n, `LABELS`) of the texts at ``places``; by both encoders where ``chosen`` are their
        rows."""
        found = np.asarray(self.features.grams[places] @ model.grams + model.bias, np.float32)
        for at in range(0, len(places), CHUNK):
            part = slice(at, at + CHUNK)
            seen = [self.first.of(self.features.vectors[places[part]])]
            if chosen is not None:
                seen.append(self.second.of(self.features.finer[chosen[part]]))
            found[part] += np.concatenate(seen, 1) @ model.dense
        return found

    def readings(self, parts: Floats, wholes: Floats | None) -> list[Reading]:
        """``parts``: scores of all texts, ``wholes`` of the rows by both encoders."""
        data = self.features
        return [
            Reading(
                data.parts[row],
                parts[whole] if wholes is None else wholes[row],
                parts[list(each)],
                data.related[row],
                wholes is not None,
            )
            for row, (whole, each) in enumerate(data.spans)
        ]


def solved(near: Floats, chosen: np.ndarray, wanted: np.ndarray) -> Floats:
    """(n, `LABELS`): what each chosen row says of those that are near it."""
    kernel = near[np.ix_(chosen, chosen)]
    kernel += np.float32(BIAS)
    kernel[np.diag_indices(len(chosen))] += (RIDGE / rarity(wanted[chosen])).astype(np.float32)
    target = (2 * wanted[chosen] - 1).astype(np.float32)
    found: Floats = solve(kernel.T, target, assume_a="pos", overwrite_a=True, check_finite=False)
    return found


def decided(readings: Sequence[Reading], wanted: np.ndarray) -> Decision:
    """From readings of rows that the models before had not seen."""
    acts = len(ACTS)
    seen = np.stack([combined(one) for one in readings])
    weights = rarity(wanted)
    act, act_bias = fit_softmax(seen, wanted[:, :acts], weights, SHRINK)
    chances = softmax(seen @ act + act_bias)
    known = np.hstack([seen, chances])
    fitted = [
        fit_binary(known, wanted[:, place - len(REST)], POSITIVE[name])
        for place, name in enumerate(REST)
    ]
    decision = Decision(
        act,
        act_bias,
        np.stack([table for table, _ in fitted], 1),
        np.array([bias for _, bias in fitted], np.float32),
        np.full(len(REST), 0.5, np.float32),
    )
    return replace(decision, needed=thresholds(decision, seen, wanted))


def thresholds(decision: Decision, seen: Floats, wanted: np.ndarray) -> Floats:
    """From which probability each of `REST` counts."""
    rest = decision.chances(seen, decision.acts(seen))
    truth = wanted[:, -len(REST) :] > 0
    columns = zip(rest.T, truth.T, (RECALL_DISCLOSED, 1, RECALL_HARM), strict=True)
    return np.array([best_threshold(*column) for column in columns], np.float32)


def fit_softmax(
    x: Floats, wanted: np.ndarray, weights: np.ndarray, shrink: float
) -> tuple[Floats, Floats]:
    """(m, k) and (k,) for (n, m) scores and (n, k) of 0 and 1."""
    width, many = x.shape[1], wanted.shape[1]
    share = (weights / weights.sum()).astype(np.float32)[:, None]
    right = wanted > 0

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        table = flat.reshape(width + 1, many)
        chances = softmax((x @ table[:-1].astype(np.float32) + table[-1]).astype(np.float32))
        lost = -(np.log(chances[right] + 1e-9) * share[:, 0]).sum()
        slope = (chances - right) * share
        down = np.vstack([x.T @ slope + shrink * table[:-1], slope.sum(0)])
        return float(lost + shrink / 2 * (table[:-1] ** 2).sum()), down.ravel()

    start = np.zeros((width + 1) * many)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": SECOND_STEPS})
    table = found.x.reshape(width + 1, many).astype(np.float32)
    return table[:-1], table[-1]


def fit_binary(seen: Floats, wanted: np.ndarray, positive: float) -> tuple[Floats, float]:
    """A logistic over (n, m) scores; both signs of it: softmax of two."""
    weights = np.where(wanted > 0, positive, 1.0)
    both = np.stack([1 - wanted, wanted], 1)
    table, bias = fit_softmax(seen, both, weights, SHRINK_REST)
    return table[:, 1] - table[:, 0], float(bias[1] - bias[0])


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
    threadpool_limits(THREADS)
    encode = Vectors()
    bench = Bench.of([row for row in rows() if not held_out(row)], encode)
    encode.keep()
    tell(f"{len(bench.rows)} rows")
    models, unseen = fitted(bench, whole=not wished.no_save)
    readings = {
        "both encoders": bench.readings(unseen["parts"], unseen["whole"]),
        "the first alone": bench.readings(unseen["parts"], None),
    }
    for name, some in readings.items():
        judged = judge(bench, some)
        print(f"by {name}\n{table(judged)}", flush=True)
        if wished.errors and name == "both encoders":
            list_errors(judged)
    if not wished.no_save:
        save(bench, models, *readings.values())
        tell(f"{WEIGHTS.stat().st_size / 1e6:.1f} MB")


def tell(what: str) -> None:
    print(f"{time.monotonic() - BEGAN:5.0f} s  {what}", flush=True)


def fitted(bench: Bench, *, whole: bool) -> tuple[dict[str, Scores], dict[str, Floats]]:
    """What reads texts by the first encoder and what reads wholes by both; and the scores of
    every text, every row, by what was fitted on the other folds. ``whole``: fit on all as well."""
    near, finer = bench.nearness()
    tell("how near they are")
    models: dict[str, Scores] = {}
    unseen: dict[str, Floats] = {}
    every = np.arange(len(bench.rows))
    for name in ("parts", "whole"):
        finely = name == "whole"
        if finely:
            near += finer
        rows_of = every if finely else bench.features.parts_of
        unseen[name] = np.zeros((len(rows_of), len(LABELS)), np.float32)
        for fold in range(FOLDS):
            model = bench.fit(near, every[bench.fold != fold], finely=finely)
            left = np.flatnonzero(bench.fold[rows_of] == fold)
            places = bench.features.wholes[left] if finely else left
            unseen[name][left] = bench.scored(model, places, left if finely else None)
            tell(f"{name}, fold {fold}")
        if whole:
            models[name] = bench.fit(near, every, finely=finely)
            tell(f"{name}, all")
    return models, unseen


def judge(bench: Bench, readings: Sequence[Reading]) -> list[Read]:
    """Every fold by what the others decide."""
    judged: list[Read] = []
    for fold in range(FOLDS):
        others, left = bench.fold != fold, np.flatnonzero(bench.fold == fold)
        some = [one for one, ok in zip(readings, others, strict=True) if ok]
        decision = decided(some, bench.wanted[others])
        judged += [Read(bench.rows[at], decision.read(readings[at])) for at in left.tolist()]
    return judged


def save(
    bench: Bench, models: Mapping[str, Scores], both: Sequence[Reading], one: Sequence[Reading]
) -> None:
    alone = np.stack([reading.whole for reading in one])
    acts = bench.wanted[:, : len(ACTS)]
    clause, clause_bias = fit_softmax(alone, acts, rarity(bench.wanted), SHRINK)
    decisions = {"both": decided(both, bench.wanted), "one": decided(one, bench.wanted)}
    arrays: dict[str, Any] = {
        "told": bench.features.told.astype(np.float16),
        "clause": clause,
        "clause_bias": clause_bias,
        "data": np.array(digest()),
        **bench.first.kept("first"),
        **bench.second.kept("second"),
    }
    for name, model in models.items():
        arrays[f"{name}_bias"] = model.bias
        for part in ("grams", "dense"):
            weights = getattr(model, part)
            scale = np.maximum(np.abs(weights).max(0) / 127, 1e-9).astype(np.float32)
            arrays[f"{name}_{part}"] = np.round(weights / scale).astype(np.int8)
            arrays[f"{name}_{part}_scale"] = scale
    for name, decision in decisions.items():
        arrays |= {f"{name}_{part}": getattr(decision, part) for part in Decision.__slots__}
    np.savez_compressed(WEIGHTS, **arrays)


if __name__ == "__main__":
    main()
