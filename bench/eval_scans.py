"""Measures the reading of scans: PDFs as pictures of 200 dots to an inch, against their labels.

``python -m bench.eval_scans DIR [--most N]``: name and e-mail of labels.csv, as for eval_resumes,
or of labels.json, by the file's name without its ending: each right, wrong or empty.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import re
import statistics
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pypdfium2

from workers.pdf import PdfRefused
from workers.reading import read_resume
from workers.scan import read_scan
from workers.scan_doubt import doubted

DOTS = 200
FIELDS = ("name", "email")


def plain(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).casefold()


def labels_of(folder: Path) -> dict[str, dict[str, str]]:
    if (folder / "labels.json").exists():
        listed = json.loads((folder / "labels.json").read_text("utf-8"))
        return {f"{name}.pdf": label for name, label in listed.items()}
    with (folder / "labels.csv").open(encoding="utf-8-sig", newline="") as rows:
        return {row["file"]: row for row in csv.DictReader(rows)}


def picture_of(path: Path) -> bytes:
    target = io.BytesIO()
    page = pypdfium2.PdfDocument(path)[0]
    page.render(scale=DOTS / 72).to_pil().convert("L").save(target, "PNG")
    return target.getvalue()


def judge(expected: str, found: str | None) -> str:
    if not found:
        return "empty"
    choices = {plain(each) for each in expected.split("|")} - {"", "none"}
    return "right" if plain(found) in choices else "wrong" if choices else "unlabelled"


async def measure(folder: Path, most: int) -> None:
    counts = {field: Counter[str]() for field in FIELDS}
    took: list[int] = []
    for file, label in list(labels_of(folder).items())[:most]:
        if not (folder / file).exists():
            continue
        try:
            document = await read_scan(picture_of(folder / file))
        except PdfRefused as refused:
            print(f"{file}: {refused}")
            continue
        took.append(document.cpu_ms)
        header = doubted(read_resume(document, "scan.png"), document).header
        for field in FIELDS:
            expected, found = label.get(field) or "", getattr(header, field)
            verdict = judge(expected, found)
            counts[field][verdict] += 1
            if verdict != "right":
                print(f"{file}: {field} {verdict}: {expected!r} but read {found!r}", flush=True)
    for field, found in counts.items():
        print(field, dict(found))
    print(f"CPU median {statistics.median(took or [0]) / 1000:.1f} s a page")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--most", type=int, default=1_000)
    given = arguments.parse_args()
    asyncio.run(measure(given.folder, given.most))
    return 0


if __name__ == "__main__":
    sys.exit(main())
