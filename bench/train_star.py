"""Fit what an answer has of a story, and what a question asks for.

``python -m bench.train_star [--no-save] [--errors]``: on ``data/understanding/stars`` and
``data/understanding/questions``; the figures on held-out groups, then the weights that are fitted
on everything else, in ``server/language/star.npz`` and ``asked.npz``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from bench.utterances import DATA, FOLDS, Row, Vectors, counted, folds, held_out, noisy
from server.core.understanding import ASKS, STAR
from server.language import asked
from server.language.acts import (
    ENCODER_SCALE,
    MOST_PART_WORDS,
    MOST_PARTS,
    MOST_WORDS,
    WIDTH,
    shortened,
)
from server.language.asked import AskedModel
from server.language.clauses import clauses
from server.language.pack import shipped
from server.language.star import SHARP, WEIGHTS, StarModel, related

SEED = 20_260_202
COPIES, JOINED = 1, 1
"""Noisy copies of each row, and rows that are said after one another, for each."""
SHRINK = 5e-4
STEPS = 80
RECALL = {"situation": 0.7, "action": 1.3, "result": 1.0, "learning": 1.0}
"""How much more it counts to see what is there than not to see what is not; 0.8 for the rest. To
ask what somebody did who has just told it is the worst that can happen."""
ASKED_SHRINK = 1e-3


@dataclass(frozen=True, slots=True)
class Told:
    row: Row
    star: tuple[str, ...]

    @classmethod
    def of(
        cls, group: str, language: str, question: str, utterance: str, star: Sequence[str]
    ) -> Told:
        return cls(Row(group, language, question, utterance, "answer", "none", True), tuple(star))


def told() -> list[Told]:
    found = []
    for path in sorted((DATA / "stars").glob("*.jsonl")):
        language = path.stem.split("-")[0]
        for one in map(json.loads, path.read_text("utf-8").splitlines()):
            group, words = f"{path.stem}/{one['group']}", (one["question"], one["utterance"])
            found.append(Told.of(group, language, *words, one["star"]))
    return found


def held_out_told() -> list[Told]:
    """Of groups that are never fitted on."""
    return [one for one in told() if held_out(one.row)]


def joined(rows: Sequence[Told], chance: random.Random) -> list[Told]:
    """Two or three answers of one language and fold as one longer answer: it has what they have."""
    longer = []
    shuffled = list(rows)
    chance.shuffle(shuffled)
    for first, second in pairwise(shuffled):
        if first.row.language != second.row.language:
            continue
        text = f"{first.row.utterance} {second.row.utterance}"
        has = tuple(name for name in STAR if name in (*first.star, *second.star))
        longer.append(Told(replace(first.row, utterance=text), has))
    return longer


@dataclass(frozen=True, slots=True)
class Data:
    """``spans[i]``: the places of the texts of row i, the whole first."""

    grams: sparse.csr_matrix
    dense: np.ndarray
    starts: np.ndarray
    wanted: np.ndarray

    @classmethod
    def of(cls, rows: Sequence[Told], encode: Vectors) -> Data:
        texts: list[str] = []
        shown: list[str] = []
        asked: list[str] = []
        starts = []
        for one in rows:
            parts = clauses(one.row.utterance)[:MOST_PARTS]
            starts.append(len(texts))
            texts.append(one.row.utterance)
            shown.append(shortened(one.row.utterance, MOST_WORDS))
            if len(parts) > 1:
                texts += parts
                shown += [shortened(part, MOST_PART_WORDS) for part in parts]
            asked += [one.row.question] * (len(texts) - len(asked))
        pairs = zip(encode(asked), encode(shown), strict=True)
        dense = np.zeros((len(texts), 2 * WIDTH), np.float32)
        for place, (question, vector) in enumerate(pairs):
            dense[place] = related(question, vector)
        wanted = np.array([[name in one.star for name in STAR] for one in rows], np.float32)
        return cls(counted(texts), dense, np.array(starts), wanted)

    def scores(self, grams: np.ndarray, dense: np.ndarray) -> np.ndarray:
        return np.asarray(self.grams @ grams + self.dense @ dense)

    def pooled(self, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(rows, S) soft maxima, and (texts, S) how much each text counts in its row's."""
        top = np.maximum.reduceat(scores, self.starts)
        spread = np.diff(np.append(self.starts, len(scores)))
        raised = np.exp(SHARP * (scores - np.repeat(top, spread, 0)))
        sums = np.add.reduceat(raised, self.starts)
        return top + np.log(sums) / SHARP, raised / np.repeat(sums, spread, 0)


def fit(data: Data) -> StarModel:
    """A logistic for each aspect over the soft maximum; L-BFGS over all of them."""
    sizes = (data.grams.shape[1], data.dense.shape[1], 1)
    many, aspects = data.wanted.shape
    spread = np.diff(np.append(data.starts, data.dense.shape[0]))
    transposed = data.grams.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        table = flat.astype(np.float32).reshape(sum(sizes), aspects)
        grams, dense, bias = np.split(table, np.cumsum(sizes)[:-1])
        pooled, share = data.pooled(data.scores(grams, dense))
        chances = 1 / (1 + np.exp(-(pooled + bias)))
        right = np.where(data.wanted > 0, chances, 1 - chances)
        slope = ((chances - data.wanted) / many).astype(np.float32)
        each = np.repeat(slope, spread, 0) * share.astype(np.float32)
        down = np.concatenate([transposed @ each, data.dense.T @ each, slope.sum(0, keepdims=True)])
        down[:-1] += SHRINK * table[:-1]
        lost = -float(np.log(right + 1e-9).sum()) / many
        penalty = SHRINK / 2 * float((table[:-1] ** 2).sum())
        return lost + penalty, down.astype(np.float64).ravel()

    start = np.zeros(sum(sizes) * aspects)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    table = found.x.astype(np.float32).reshape(sum(sizes), aspects)
    grams, dense, bias = np.split(table, np.cumsum(sizes)[:-1])
    return StarModel(grams, dense, bias[0], np.full(aspects, 0.5, np.float32))


def chances(model: StarModel, data: Data) -> np.ndarray:
    pooled, _ = data.pooled(data.scores(model.grams, model.dense))
    return np.asarray(1 / (1 + np.exp(-(pooled + model.bias))))


def thresholds(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """From which probability each counts, by the F-measure."""

    def best(scores: np.ndarray, truth: np.ndarray, recall: float) -> float:
        def measure(at: float) -> float:
            seen = scores >= at
            right = float((seen & truth).sum())
            weight = recall**2
            return float((1 + weight) * right / (weight * truth.sum() + seen.sum() + 1e-9))

        return float(max(np.arange(0.1, 0.9, 0.02), key=measure))

    recalls = [RECALL.get(name, 0.8) for name in STAR]
    columns = zip(found.T, wanted.T > 0, recalls, strict=True)
    return np.array([best(*column) for column in columns], np.float32)


def table(rows: Sequence[Told], seen: np.ndarray, wanted: np.ndarray) -> str:
    lines = []
    for language in sorted({one.row.language for one in rows}):
        mine = np.array([one.row.language == language for one in rows])
        lines.append(f"{language}, {mine.sum()} answers")
        for place, name in enumerate(STAR):
            is_there, read = wanted[mine, place] > 0, seen[mine, place]
            right = (is_there & read).sum()
            share = 2 * right / max(1, is_there.sum() + read.sum())
            counts = f"{right} of {is_there.sum()} read, {read.sum() - right} read wrongly"
            lines.append(f"  {name:10} F1 {share:.2f}  {counts}")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--no-save", action="store_true", help="only the figures")
    options.add_argument("--errors", action="store_true", help="list what was read wrongly")
    wished = options.parse_args()
    threadpool_limits(1)
    encode = Vectors()
    rows, kept = [one for one in told() if not held_out(one.row)], held_out_told()
    fold = folds([one.row for one in rows])
    found = np.zeros((len(rows), len(STAR)))
    wanted = Data.of(rows, encode).wanted
    for number in range(FOLDS):
        mine = [one for one, at in zip(rows, fold, strict=True) if at == number]
        others = [one for one, at in zip(rows, fold, strict=True) if at != number]
        model = fit(Data.of(varied(others), encode))
        found[fold == number] = chances(model, Data.of(mine, encode))
    needed = thresholds(found, wanted)
    print(f"{len(rows)} answers in {FOLDS} folds\n{table(rows, found >= needed, wanted)}")
    final = replace(fit(Data.of(varied(rows), encode)), needed=needed)
    data = Data.of(kept, encode)
    seen = chances(final, data) >= needed
    print(f"\n{len(kept)} answers of groups that were never fitted on")
    print(table(kept, seen, data.wanted))
    if wished.errors:
        for one, row in zip(rows, found >= needed, strict=True):
            read = tuple(name for name, yes in zip(STAR, row, strict=True) if yes)
            if read != one.star:
                print(f"{','.join(one.star)} > {','.join(read)} | {one.row.utterance}")
    questions, asks = asked_for()
    guesses = asked_in_folds(questions, asks, encode)
    right = sum(guess == ask for guess, ask in zip(guesses, asks, strict=True))
    print(f"\nwhat a question asks for: {right} of {len(asks)} in {FOLDS} folds")
    if wished.errors:
        for question, ask, guess in zip(questions, asks, guesses, strict=True):
            if guess != ask:
                print(f"{ask} > {guess} | {question}")
    encode.keep()
    if not wished.no_save:
        save(final)
        save_asked(fit_asked(questions, asks, encode))


def asked_for() -> tuple[list[str], list[str]]:
    """Questions, and what each asks for; those of the packs as the packs say."""
    found: dict[str, str] = {}
    packs = shipped()
    for pack in packs.by_language.values():
        for family in pack.families:
            for stage in pack.stages:
                for one in pack.questions(family, stage):
                    found[one.text] = found[one.simpler] = pack.kind(one)
    for path in sorted((DATA / "questions").glob("*.jsonl")):
        for one in map(json.loads, path.read_text("utf-8").splitlines()):
            found[one["question"]] = one["asks"]
    return list(found), list(found.values())


def fit_asked(questions: Sequence[str], asks: Sequence[str], encode: Vectors) -> AskedModel:
    """A softmax; rare kinds count more."""
    dense = encode(questions) * np.float32(ENCODER_SCALE)
    by_grams = counted(questions)
    wanted = np.array([[name == ask for name in ASKS] for ask in asks], np.float32)
    sizes = (by_grams.shape[1], WIDTH, 1)
    each = (1 / np.maximum(wanted.sum(0), 1))[wanted.argmax(1)] ** 0.5
    each /= each.sum()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        table = flat.astype(np.float32).reshape(sum(sizes), len(ASKS))
        first, second, bias = np.split(table, np.cumsum(sizes)[:-1])
        scores = by_grams @ first + dense @ second + bias
        raised = np.exp(scores - scores.max(1, keepdims=True))
        shares = raised / raised.sum(1, keepdims=True)
        slope = ((shares - wanted) * each[:, None]).astype(np.float32)
        down = np.concatenate([by_grams.T @ slope, dense.T @ slope, slope.sum(0, keepdims=True)])
        down[:-1] += ASKED_SHRINK * table[:-1]
        lost = -float((np.log((shares * wanted).sum(1) + 1e-9) * each).sum())
        penalty = ASKED_SHRINK / 2 * float((table[:-1] ** 2).sum())
        return lost + penalty, down.astype(np.float64).ravel()

    start = np.zeros(sum(sizes) * len(ASKS))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    table = found.x.astype(np.float32).reshape(sum(sizes), len(ASKS))
    first, second, bias = np.split(table, np.cumsum(sizes)[:-1])
    return AskedModel(first, second, bias[0])


def asked_in_folds(questions: Sequence[str], asks: Sequence[str], encode: Vectors) -> list[str]:
    """What each is read to ask for by a model that had not seen it."""
    place = [hashlib.sha256(question.encode()).digest()[0] % FOLDS for question in questions]
    guesses = [""] * len(questions)
    for number in range(FOLDS):
        kept = [at for at, fold in enumerate(place) if fold != number]
        model = fit_asked([questions[at] for at in kept], [asks[at] for at in kept], encode)
        for at, fold in enumerate(place):
            if fold == number:
                guesses[at] = model.read(questions[at], encode([questions[at]])[0])
    return guesses


def varied(rows: Sequence[Told]) -> list[Told]:
    chance = random.Random(SEED)
    every = list(rows)
    for _ in range(COPIES):
        every += [replace(one, row=noisy(one.row, chance)) for one in rows]
    for _ in range(JOINED):
        every += joined(rows, chance)
    return every


def digest() -> str:
    """Of all that is fitted on."""
    whole = hashlib.sha256()
    folders = (DATA / "stars", DATA / "questions")
    for path in (one for folder in folders for one in sorted(folder.glob("*.jsonl"))):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


def save_asked(model: AskedModel) -> None:
    small, scale = _quantised(model.grams)
    np.savez_compressed(
        asked.WEIGHTS, grams=small, grams_scale=scale, dense=model.dense, bias=model.bias
    )


def _quantised(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = np.maximum(np.abs(table).max(0) / 127, 1e-9).astype(np.float32)
    return np.round(table / scale).astype(np.int8), scale


def save(model: StarModel) -> None:
    small, scale = _quantised(model.grams)
    np.savez_compressed(
        WEIGHTS,
        grams=small,
        grams_scale=scale,
        dense=model.dense,
        bias=model.bias,
        needed=model.needed,
        data=np.array(digest()),
    )


if __name__ == "__main__":
    main()
