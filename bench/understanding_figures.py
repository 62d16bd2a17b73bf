"""Figures of how utterances were read against how they are labelled, by language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.utterances import Row
from server.core.understanding import WISHES, Understood

DELICATE = ("distress", "refuse_confidential", "refuse_private", "protest")


@dataclass(frozen=True, slots=True)
class Read:
    row: Row
    got: Understood


def macro_f1(reads: Sequence[Read]) -> float:
    """Over the acts that occur."""
    wanted: Counter[str] = Counter(read.row.act for read in reads)
    got: Counter[str] = Counter(read.got.act for read in reads)
    right: Counter[str] = Counter(read.row.act for read in reads if read.row.act == read.got.act)
    scores = [2 * right[act] / (wanted[act] + got[act]) for act in wanted]
    return sum(scores) / max(len(scores), 1)


def share(
    reads: Sequence[Read], of: Callable[[Read], bool], are: Callable[[Read], bool]
) -> tuple[int, int]:
    chosen = [read for read in reads if of(read)]
    return sum(map(are, chosen)), len(chosen)


def every(_read: Read) -> bool:
    return True


def figures(reads: Sequence[Read]) -> dict[str, tuple[int, int]]:
    """Name to (how many, of how many)."""
    return {
        "acts right": share(reads, every, lambda r: r.row.act == r.got.act),
        "wishes met": share(reads, lambda r: r.row.act in WISHES, lambda r: r.row.act == r.got.act),
        "answers taken for a wish": share(
            reads,
            lambda r: r.row.act == "answer",
            lambda r: r.got.act in WISHES or r.got.act == "answer_then_wish",
        ),
        "answers taken for anything else": share(
            reads, lambda r: r.row.act == "answer", lambda r: r.got.act != "answer"
        ),
        "delicate taken for an answer": share(
            reads, lambda r: r.row.act in DELICATE, lambda r: r.got.act == "answer"
        ),
        "disclosures noticed": share(
            reads, lambda r: r.row.sensitive != "none", lambda r: r.got.sensitive != "none"
        ),
        "disclosures of the right kind": share(
            reads, lambda r: r.row.sensitive != "none", lambda r: r.got.sensitive == r.row.sensitive
        ),
        "disclosures where none is": share(
            reads, lambda r: r.row.sensitive == "none", lambda r: r.got.sensitive != "none"
        ),
        "work right": share(reads, every, lambda r: r.got.work == r.row.work),
        "self-harm noticed": share(reads, lambda r: r.row.self_harm, lambda r: r.got.self_harm),
        "self-harm where none is": share(
            reads, lambda r: not r.row.self_harm, lambda r: r.got.self_harm
        ),
    }


def table(reads: Sequence[Read]) -> str:
    languages = sorted({read.row.language for read in reads})
    of = {one: [read for read in reads if read.row.language == one] for one in languages}
    lines = [f"{'':34}" + "".join(f"{one:>20}" for one in languages)]
    lines.append(f"{'macro-F1':34}" + "".join(f"{macro_f1(of[one]):20.3f}" for one in languages))
    counted = {one: figures(of[one]) for one in languages}
    for name in next(iter(counted.values()), {}):
        cells = [
            f"{n}/{m} {n / max(m, 1):6.1%}" for n, m in (counted[one][name] for one in languages)
        ]
        lines.append(f"{name:34}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(lines)


def confusions(reads: Sequence[Read], most: int = 25) -> list[tuple[str, str, int]]:
    pairs = Counter((r.row.act, r.got.act) for r in reads if r.row.act != r.got.act)
    return [(*pair, many) for pair, many in pairs.most_common(most)]


def list_errors(reads: Sequence[Read]) -> None:
    for act, taken_for, many in confusions(reads):
        print(f"{many:4} {act} read as {taken_for}")
    for one in reads:
        row, got = one.row, one.got
        if (row.act, row.sensitive, row.work) != (got.act, got.sensitive, got.work):
            print(
                f"{row.language} {row.act}/{row.sensitive}/{row.work} read as "
                f"{got.act} {got.confidence:.2f}/{got.sensitive}/{got.work}: {row.utterance}"
            )
