"""Measures the résumé reader on a folder of PDFs with labels.csv: right, wrong, missed, invented.

``python bench/eval_resumes.py DIR [--json]``; labels: file, name, email, target_role,
target_company and more columns, where ``none`` means that the document does not state it.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from server.document.pages import Document
from server.document.resume import Header
from workers.pdf import PdfRefused, read_document
from workers.reading import read_resume

FIELDS = ("name", "email", "target_role", "target_company")


@dataclass
class Tally:
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {f: Counter() for f in FIELDS})
    remarks: list[str] = field(default_factory=list)
    page_ms: list[float] = field(default_factory=list)
    handed_ms: list[float] = field(default_factory=list)
    read_ms: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)


def plain(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def judge(expected: str, found: str | None) -> str:
    stated = plain(expected) not in ("", "none")
    if not stated:
        return "invented" if found else "silent"
    if not found:
        return "missed"
    return "right" if plain(expected) == plain(found) else "wrong"


async def measure(folder: Path) -> Tally:
    tally = Tally()
    with (folder / "labels.csv").open(encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            path = folder / row["file"]
            if path.exists():
                await measure_one(path, row, tally)
    return tally


async def measure_one(path: Path, row: dict[str, str], tally: Tally) -> None:
    content = path.read_bytes()
    asked = time.process_time()
    try:
        document = await read_document(content)
    except PdfRefused as refusal:
        tally.remarks.append(f"{path.name}: {refusal}")
        header = Header()
    else:
        began = time.process_time()
        header = read_resume(document, path.name).header
        handed, understood = began - asked, time.process_time() - began
        note_cost(tally, document, handed * 1000, understood * 1000)
    for name in FIELDS:
        expected, found = row.get(name) or "none", getattr(header, name)
        verdict = judge(expected, found)
        tally.counts[name][verdict] += 1
        if verdict not in ("right", "silent"):
            source = f" ({header.target_role_source})" if name == "target_role" and found else ""
            tally.remarks.append(
                f"{path.name}: {name} {verdict}: {expected!r} but read {found!r}{source}"
            )


def note_cost(tally: Tally, document: Document, handed_ms: float, reading_ms: float) -> None:
    """``handed_ms``: to hand the file to a forked process and take its words back. The warm process
    from which it is forked is started once for a worker and not counted."""
    pages = len(document.pages)
    tally.page_ms.append((document.cpu_ms + handed_ms + reading_ms) / pages)
    tally.handed_ms.append(handed_ms / pages)
    tally.read_ms.append(reading_ms / pages)
    tally.peak_mb.append(document.peak_kb / 1024)


def report(tally: Tally) -> str:
    verdicts = ("right", "wrong", "missed", "invented", "silent")
    rows = [f"{'field':<16}" + "".join(f"{verdict:>10}" for verdict in verdicts)]
    for name, counts in tally.counts.items():
        rows.append(f"{name:<16}" + "".join(f"{counts[verdict]:>10}" for verdict in verdicts))
    rows.append("(silent: not stated and not read, as it should be)")
    if tally.page_ms:
        rows.append(
            f"CPU per page: median {statistics.median(tally.page_ms):.0f} ms, "
            f"worst {max(tally.page_ms):.0f} ms; of it understanding median "
            f"{statistics.median(tally.read_ms):.0f} ms, handing over "
            f"{statistics.median(tally.handed_ms):.0f} ms"
        )
        rows.append(f"peak memory of one extraction: {max(tally.peak_mb):.0f} MB")
    return "\n".join([*tally.remarks, "", *rows])


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--json", action="store_true", help="counts as JSON, for a machine")
    given = arguments.parse_args()
    tally = asyncio.run(measure(given.folder))
    print(json.dumps(tally.counts) if given.json else report(tally))
    return 0


if __name__ == "__main__":
    sys.exit(main())
