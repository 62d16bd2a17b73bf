"""How well utterances are understood, by language: ``python -m bench.eval_understanding [FILE]``.

FILE: JSON lines of ``{language, question, utterance, act, sensitive, work}``, none of them trained
on; without it those beside the tests. ``--errors`` lists what was read wrongly. The figures on
groups held out of training are printed by ``make train-understanding``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from bench.understanding_figures import Read, confusions, table
from bench.utterances import Row, digest
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.acts import WEIGHTS

SAMPLE = Path(__file__).resolve().parents[1] / "tests" / "language" / "utterances.jsonl"


def sample(path: Path = SAMPLE) -> list[Row]:
    return [
        Row(
            "sample",
            one["language"],
            one["question"],
            one["utterance"],
            one.get("act") or one["intent"],
            one["sensitive"],
            one["work"],
            one.get("self_harm", False),
        )
        for one in map(json.loads, path.read_text("utf-8").splitlines())
    ]


def read(rows: list[Row]) -> tuple[list[Read], np.ndarray]:
    """What was understood, and the milliseconds each took."""
    understanding = OfflineUnderstanding(Encoder())
    understanding.read("", "first")
    reads, taken = [], []
    for row in rows:
        began = time.perf_counter()
        reads.append(Read(row, understanding.read(row.question, row.utterance)))
        taken.append(1000 * (time.perf_counter() - began))
    return reads, np.array(taken)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", nargs="?", type=Path, default=SAMPLE)
    options.add_argument("--errors", action="store_true", help="list what was read wrongly")
    wished = options.parse_args()
    with np.load(WEIGHTS) as stored:
        if str(stored["data"]) != digest():
            print(
                "the weights were fitted on other utterances: make train-understanding",
                file=sys.stderr,
            )
    reads, taken = read(sample(wished.file))
    print(table(reads))
    print(f"ms an utterance: median {np.median(taken):.1f}, p95 {np.percentile(taken, 95):.1f}")
    if wished.errors:
        for wanted, got, many in confusions(reads):
            print(f"{many:4} {wanted} read as {got}")
        for one in reads:
            row, got = one.row, one.got
            if (row.act, row.sensitive, row.work) != (got.act, got.sensitive, got.work):
                print(
                    f"{row.language} {row.act}/{row.sensitive}/{row.work} read as "
                    f"{got.act} {got.confidence:.2f}/{got.sensitive}/{got.work}: {row.utterance}"
                )


if __name__ == "__main__":
    main()
