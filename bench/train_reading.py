"""Fit the evidence for reading résumés on made-up ones: ``workers/reading/evidence.json``.

``python -m bench.train_reading DIR``: DIR is what ``bench.resume_pages`` wrote.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from bench.resume_marks import Marked, documents, lines_of, marked, row_labels
from workers.reading.chain import PATH, Table, table
from workers.reading.entries import entry_rows, group_of
from workers.reading.evidence import row_features
from workers.reading.heading_evidence import Styles, heading_features
from workers.reading.lines import Line
from workers.reading.rows import Row
from workers.reading.sections import find_blocks, find_sections
from workers.reading.tokens import section_tokens

SHRINK = 0.02
RAREST = 4
"""A feature that was seen less often is left out."""
HEAD_LABELS = (
    "other", "org", "title", "place", "dept", "degree", "area", "score", "project", "tech",
    "item", "issuer",
)  # fmt: skip
Floats = NDArray[np.float64]


@dataclass
class Lesson:
    """Sequences of items with features and the label that each has."""

    labels: tuple[str, ...]
    features: list[list[list[str]]] = field(default_factory=list)
    truths: list[list[str]] = field(default_factory=list)

    def add(self, features: list[list[str]], truths: list[str]) -> None:
        if features:
            self.features.append(features)
            self.truths.append(truths)


def heading_lesson(folders: Sequence[Path]) -> dict[str, Lesson]:
    headings = Lesson(("line", "heading"))
    for path in (path for folder in folders for path in documents(folder)):
        known = marked(path)
        blocks = find_blocks(known.document, lines_of(known))
        styles = Styles.of(blocks)
        for block in blocks:
            headings.add(
                heading_features(block, styles), [_is_heading(line, known) for line in block.lines]
            )
    return {"headings": headings}


def entry_lessons(folders: Sequence[Path]) -> dict[str, Lesson]:
    """Of the sections as the table of headings finds them, which is fitted before."""
    rows = Lesson(("body", "begin", "head"))
    heads = Lesson(HEAD_LABELS)
    for path in (path for folder in folders for path in documents(folder)):
        known = marked(path)
        for section in find_sections(known.document, lines_of(known)):
            group = group_of(section.kind)
            if group is None:
                continue
            listed = entry_rows(section.lines, group)
            if not _is_of(listed, known, section.kind):
                continue
            truths = row_labels(listed, known)
            rows.add(row_features(listed, group), truths)
            for tokens in section_tokens(_heads(listed, truths), group):
                heads.add(
                    [token.features for token in tokens], [_kind(known.of_token(t)) for t in tokens]
                )
    return {"rows": rows, "heads": heads}


def _is_heading(line: Line, known: Marked) -> str:
    marks = known.of_line(line)
    return "heading" if sum(mark.kind == "heading" for mark in marks) * 2 > len(marks) else "line"


def _kind(mark: object) -> str:
    kind = getattr(mark, "kind", "other")
    return kind if kind in HEAD_LABELS else "other"


def _is_of(rows: Sequence[Row], known: Marked, kind: str) -> bool:
    counts = Counter(mark.section for row in rows for mark in known.of_row(row))
    most = counts.most_common(1)
    return bool(most) and most[0][0] == kind and most[0][1] > 0.9 * sum(counts.values())


def _heads(rows: Sequence[Row], truths: Sequence[str]) -> list[list[Row]]:
    found: list[list[Row]] = []
    for row, truth in zip(rows, truths, strict=True):
        if truth == "begin":
            found.append([row])
        elif truth == "head" and found:
            found[-1].append(row)
    return found


def fit(lesson: Lesson) -> Table:
    """The most likely weights of a linear chain, shrunk towards zero."""
    counts = Counter(name for one in lesson.features for item in one for name in item)
    names = [name for name, count in counts.items() if count >= RAREST]
    place = {name: number for number, name in enumerate(names)}
    size, items = len(lesson.labels), sum(map(len, lesson.features))
    longest = max(map(len, lesson.features))
    rows: list[int] = []
    columns: list[int] = []
    at = 0
    for one in lesson.features:
        for item in one:
            known = {place[name] for name in item if name in place}
            rows += [at] * len(known)
            columns += known
            at += 1
    seen = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), (items, len(names)))
    truth = np.array([lesson.labels.index(each) for one in lesson.truths for each in one])
    lengths = np.array([len(one) for one in lesson.features])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    where = starts[:, None] + np.minimum(np.arange(longest)[None, :], lengths[:, None] - 1)
    inside = np.arange(longest)[None, :] < lengths[:, None]
    pairs = np.zeros((size, size))
    for path in lesson.truths:
        for a, b in pairwise(path):
            pairs[lesson.labels.index(a), lesson.labels.index(b)] += 1

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat[: len(names) * size].reshape(len(names), size)
        steps = flat[len(names) * size :].reshape(size, size)
        scores = seen @ weights
        total, expected, expected_pairs = _expected(scores, steps, where, inside)
        right = scores[np.arange(items), truth].sum() + (pairs * steps).sum()
        known = np.zeros_like(scores)
        known[np.arange(items), truth] = 1
        gradient = np.concatenate(
            [(seen.T @ (expected - known)).ravel(), (expected_pairs - pairs).ravel()]
        )
        shrunk = SHRINK * items / 1000
        return (
            (total - right + shrunk * (flat**2).sum()) / items,
            (gradient + 2 * shrunk * flat) / items,
        )

    found = minimize(
        loss, np.zeros(len(names) * size + size * size), jac=True, method="L-BFGS-B",
        options={"maxiter": 100},
    )  # fmt: skip
    weights = found.x[: len(names) * size].reshape(len(names), size)
    steps = found.x[len(names) * size :].reshape(size, size)
    listed = {
        name: [round(float(each), 3) for each in weight]
        for name, weight in sorted(zip(names, weights, strict=True))
        if np.abs(weight).max() > 0.02
    }
    return Table(lesson.labels, listed, [[round(float(e), 3) for e in row] for row in steps])


def _expected(
    scores: Floats, steps: Floats, where: NDArray[np.int64], inside: NDArray[np.bool_]
) -> tuple[float, Floats, Floats]:
    """Log of the sum over all paths, and how often each label and each step is expected."""
    padded = scores[where]
    count, longest, size = padded.shape
    ahead = np.zeros_like(padded)
    ahead[:, 0] = padded[:, 0]
    for at in range(1, longest):
        new = _total(ahead[:, at - 1, :, None] + steps[None], 1) + padded[:, at]
        ahead[:, at] = np.where(inside[:, at, None], new, ahead[:, at - 1])
    behind = np.zeros_like(padded)
    for at in range(longest - 2, -1, -1):
        new = _total(steps[None] + (padded[:, at + 1] + behind[:, at + 1])[:, None, :], 2)
        behind[:, at] = np.where(inside[:, at + 1, None], new, 0.0)
    whole = _total(ahead[:, -1], 1)
    expected = np.zeros_like(scores)
    likely = np.exp(ahead + behind - whole[:, None, None])
    expected[where[inside]] = likely[inside]
    both = np.zeros((size, size))
    for at in range(1, longest):
        use = inside[:, at]
        joint = (
            ahead[use, at - 1, :, None] + steps[None]
            + (padded[use, at] + behind[use, at])[:, None, :] - whole[use, None, None]
        )  # fmt: skip
        both += np.exp(joint).sum(0)
    del count
    return float(whole.sum()), expected, both


def _total(logs: Floats, axis: int) -> Floats:
    most = logs.max(axis, keepdims=True)
    total: Floats = np.squeeze(most, axis) + np.log(np.exp(logs - most).sum(axis))
    return total


def right(known: Table, lesson: Lesson) -> float:
    found = [known.best(known.evidence(one)) for one in lesson.features]
    pairs = [
        (a, b)
        for one, other in zip(found, lesson.truths, strict=True)
        for a, b in zip(one, other, strict=True)
    ]
    return sum(a == b for a, b in pairs) / len(pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--held-out", type=Path, help="a folder to measure on")
    parser.add_argument("--only", choices=("headings", "rows", "heads"))
    given = parser.parse_args()
    for lessons in (heading_lesson, entry_lessons):
        if given.only == "headings" and lessons is entry_lessons:
            break
        unseen = lessons([given.held_out]) if given.held_out else {}
        for name, lesson in lessons(given.folders).items():
            if given.only not in (None, name):
                continue
            known = fit(lesson)
            print(name, len(lesson.features), "sequences,", len(known.weights), "features")
            print("  right where learned:", round(right(known, lesson), 4), flush=True)
            if name in unseen:
                print("  right on styles held out:", round(right(known, unseen[name]), 4))
            _write(name, known)
    return 0


def _write(name: str, known: Table) -> None:
    written: dict[str, object] = json.loads(PATH.read_text(encoding="utf-8"))
    written[name] = {"labels": known.labels, "steps": known.steps, "weights": known.weights}
    text = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    PATH.write_text(text.replace('],"', '],\n"') + "\n", encoding="utf-8")
    table.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
