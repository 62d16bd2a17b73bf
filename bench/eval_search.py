"""How much of what was said is found again where endings, particles and spaces differ.

    python -m bench.eval_search [--errors]

Fifty queries for each language over forty sentences, `data/search`: how many of the sentences that
hold what is looked for are found, and how many of those that are found hold it.
"""

from __future__ import annotations

import argparse
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from server.language.finding import pieces, query

DATA: Final = Path(__file__).resolve().parents[1] / "data" / "search"


class Looked(msgspec.Struct):
    """``found``: sentences that hold it, from 1."""

    text: str
    found: list[int]


class Sample(msgspec.Struct):
    sentences: list[str]
    queries: list[Looked]


@dataclass(frozen=True, slots=True)
class Figures:
    queries: int
    recall: float
    precision: float
    errors: list[tuple[str, set[int], set[int]]]
    """Queries with what they missed and what they found beside it."""


def load(language: str) -> Sample:
    return msgspec.convert(tomllib.loads((DATA / f"{language}.toml").read_text("utf-8")), Sample)


def figures(sample: Sample) -> Figures:
    """As the store does it: pieces first, then the sentence as a whole."""
    index = [set(pieces(one)) for one in sample.sentences]
    right = found = wanted = 0
    errors = []
    for one in sample.queries:
        asked = query(one.text)
        got = {
            number
            for number, (text, own) in enumerate(zip(sample.sentences, index, strict=True), 1)
            if any(own.issuperset(need) for need in asked.needs()) and asked.found(text)
        }
        there = set(one.found)
        right, found, wanted = right + len(got & there), found + len(got), wanted + len(there)
        if got != there:
            errors.append((one.text, there - got, got - there))
    return Figures(len(sample.queries), right / wanted, right / max(1, found), errors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="which queries are not right")
    given = parser.parse_args()
    print("| language | queries | recall | precision |")
    print("| --- | --- | --- | --- |")
    for language in sorted(path.stem for path in DATA.glob("*.toml")):
        of = figures(load(language))
        print(f"| {language} | {of.queries} | {of.recall:.1%} | {of.precision:.1%} |")
        for text, missed, beside in of.errors if given.errors else []:
            print(f"  {text}: missed {sorted(missed)}, beside {sorted(beside)}")


if __name__ == "__main__":
    main()
