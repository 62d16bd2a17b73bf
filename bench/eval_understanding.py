"""How well utterances are understood, by language: ``python -m bench.eval_understanding [FILE]``.

FILE: JSON lines of ``{language, question, utterance, act, sensitive, work}``, none of them trained
on (without ``language`` the file's name begins with it); without FILE the groups that training
leaves out, and the sample beside the tests. ``--errors`` lists what was read wrongly.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from bench.understanding_figures import Read, list_errors, table
from bench.utterances import Row, digest, held_out, rows
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.acts import WEIGHTS

SAMPLE = Path(__file__).resolve().parents[1] / "tests" / "language" / "utterances.jsonl"


def sample(path: Path = SAMPLE) -> list[Row]:
    return [
        Row(
            "sample",
            one.get("language") or path.stem.split("-")[0],
            one["question"],
            one["utterance"],
            one.get("act") or one["intent"],
            one["sensitive"],
            one["work"],
            one.get("self_harm", False),
        )
        for one in map(json.loads, path.read_text("utf-8").splitlines())
    ]


def read(some: list[Row]) -> tuple[list[Read], np.ndarray]:
    """What was understood, and the milliseconds each took."""
    understanding = OfflineUnderstanding(Encoder())
    understanding.read("", "first")
    reads, taken = [], []
    for row in some:
        began = time.perf_counter()
        reads.append(Read(row, understanding.read(row.question, row.utterance)))
        taken.append(1000 * (time.perf_counter() - began))
    return reads, np.array(taken)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", nargs="?", type=Path)
    options.add_argument("--errors", action="store_true", help="list what was read wrongly")
    wished = options.parse_args()
    with np.load(WEIGHTS) as stored:
        if str(stored["data"]) != digest():
            print(
                "the weights were fitted on other utterances: make train-understanding",
                file=sys.stderr,
            )
    if wished.file:
        sets = {str(wished.file): sample(wished.file)}
    else:
        sets = {"held-out groups": [row for row in rows() if held_out(row)], "sample": sample()}
    for name, some in sets.items():
        reads, taken = read(some)
        print(f"{name}, {len(some)} rows\n{table(reads)}")
        median, p95 = np.percentile(taken, (50, 95))
        print(f"ms an utterance: median {median:.1f}, p95 {p95:.1f}\n")
        if wished.errors:
            list_errors(reads)


if __name__ == "__main__":
    main()
