"""What the guard refuses: ``python -m bench.eval_tact [FILE ...] [--errors]``.

FILE: JSON lines like the samples beside the tests; without any these are read, and the questions of
``data/understanding`` that nothing is fitted on.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from bench.said import RESERVED
from bench.utterances import DATA
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.faults import Judged
from server.guard import refused
from server.language.tact import Tact, shortened
from server.language.vectors import Floats

SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "language"
PRIVATE, FOLLOWUPS = SAMPLES / "private_questions.jsonl", SAMPLES / "followups.jsonl"
KEPT = sorted((DATA / "private_questions").glob(f"*{RESERVED}.jsonl"))
MARGIN = 0.2
"""Of a probability; what reading in company changes is a hundredth of it."""
Counts = dict[tuple[str, str], tuple[int, int]]
"""By language and kind: how many were refused, of how many."""


def lines(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(kind, a line for the guard): the manner of a question on private matters; of a follow-up
    its verdict, and apart from the others those that a bank's frames made."""
    for one in map(json.loads, path.read_text("utf-8").splitlines()):
        if "manner" in one:
            language = one.get("language") or path.stem.split("-")[0]
            line = {**one, "language": language, "text": one["question"], "question": None}
            yield one["manner"], line
        elif one["followup"]:
            frames = one["source"].startswith(("viva", "sensitive"))
            role = one["context"].get("role", "")
            line = {"language": one["language"], "role": role, "text": one["followup"]}
            line |= {"question": one["context"]["question"], "answer": one["answer"]}
            yield f"{one['label']}{', quoting' if frames else ''}", line


class ReadBefore(OfflineUnderstanding):
    """One whose encoders have read what it will judge, many texts together: that takes less than
    half the time. What is not clearly free of faults by that is judged alone, as in an interview:
    the second encoder rounds otherwise in company."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        super().__init__(encoder)
        texts = [shortened(text) for text in texts]
        encoder.encode(texts)  # which it remembers
        self._encode = encoder.encode
        self._read = dict(zip(texts, finer(texts), strict=True)) if (finer := self._finer) else {}
        self._arithmetic = ThreadpoolController()
        self._strict = Tact.load().stricter(MARGIN)

    def weigh(self, text: str, role: str, answer: str) -> Judged | None:
        finer = self._together if self._read else None
        with self._arithmetic.limit(limits=1, user_api="blas"):
            doubted = self._strict.judge(text, role, answer, self._encode, finer)
        return super().weigh(text, role, answer) if doubted else None

    def _together(self, texts: Sequence[str]) -> Floats:
        return np.stack([self._read[text] for text in texts])


def figures(found: Iterable[tuple[str, Mapping[str, Any]]], *, errors: bool = False) -> Counts:
    found = list(found)
    understanding = ReadBefore(Encoder(), [line["text"] for _, line in found])
    many, of_many = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for kind, line in found:
        rule = refused(line, understanding)
        key = (line["language"], kind)
        of_many[key] += 1
        many[key] += rule is not None
        if errors and (rule is None) != (kind in ("work", "good")):
            print(f"{line['language']} {kind}: {rule} | {line['role']} | {line['text']}")
    return {key: (many[key], of_many[key]) for key in sorted(of_many)}


def table(counts: Counts) -> str:
    return "\n".join(
        f"{language} {kind:15} refused {many:3} of {of_many:3} ({many / of_many:.0%})"
        for (language, kind), (many, of_many) in counts.items()
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="*", type=Path, default=[PRIVATE, FOLLOWUPS, *KEPT])
    options.add_argument("--errors", action="store_true", help="list what was judged wrongly")
    wished = options.parse_args()
    for path in wished.files:
        print(f"{path.name}\n{table(figures(lines(path), errors=wished.errors))}\n")


if __name__ == "__main__":
    main()
