"""Measures what is read below the header: ``python -m bench.eval_entries DIR [--show N]``.

DIR holds PDFs or Word files and ``labels.json`` with ``work`` as [employer, title, start, end],
``education`` as [institution, start, end], ``projects``, ``skills``, ``languages`` ... as
``bench.resume_pages`` writes them; what a label does not name is not counted.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.resume_marks import read
from server.document.resume import Resume
from workers.reading import read_resume

Entry = Sequence[str | None]
Label = Mapping[str, Any]


def plain(text: str | None) -> str:
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", text or "")).casefold()


def same(wanted: str | None, got: str | None) -> bool:
    """``wanted`` may name several that are as right, parted by a bar."""
    return plain(got) in [plain(each) for each in (wanted or "").split("|")]


def pair(wanted: Sequence[Entry], got: Sequence[Entry], key: int) -> list[tuple[Entry, Entry]]:
    """Each wanted entry with the returned one that shares most with it, at least its name or two
    fields; ``key`` is how many of the first fields are names."""
    left = list(got)
    pairs = []
    for one in wanted:
        best = max(left, key=lambda each: _shared(one, each), default=None)
        if best is None:
            continue
        named = any(same(a, b) for a, b in zip(one[:key], best[:key], strict=True) if a)
        if named or _shared(one, best) >= 2:
            left.remove(best)
            pairs.append((one, best))
    return pairs


def _shared(one: Entry, other: Entry) -> int:
    return sum(bool(a) and same(a, b) for a, b in zip(one, other, strict=True))


def measure(label: Label, resume: Resume, tally: Counter[str]) -> list[str]:
    """Counts into ``tally`` and gives what is wrong, in words."""
    hidden = [each for each in resume.meta.warnings if each.code.startswith("hidden_")]
    tally["accused"] += bool(hidden)
    return [
        *_header(label, resume, tally), *_entries(label, resume, tally),
        *_names(label, resume, tally),
    ]  # fmt: skip


def _header(label: Label, resume: Resume, tally: Counter[str]) -> Iterator[str]:
    for name, key, found in (
        ("name", "name", resume.header.name),
        ("role", "target_role", resume.header.target_role),
    ):
        wanted = label.get(key)
        if isinstance(wanted, str):
            right = same(wanted, found)
            tally[f"{name} of"] += 1
            tally[name] += right
            if not right:
                yield f"{name} {found!r} for {wanted!r}"
        elif key in label and found:
            tally[f"{name} invented"] += 1
            yield f"{name} {found!r} invented"


def _entries(label: Label, resume: Resume, tally: Counter[str]) -> Iterator[str]:
    works = [[w.name, w.position, w.startDate, w.endDate] for w in resume.work]
    schools = [[e.institution, e.startDate, e.endDate] for e in resume.education]
    for name, got, key in (("work", works, 2), ("education", schools, 1)):
        wanted = label.get(name)
        if not isinstance(wanted, list):
            continue
        pairs = pair(wanted, got, key)
        tally[f"{name} of"] += len(wanted)
        tally[f"{name} returned"] += len(got)
        tally[name] += len(pairs)
        for field, place in _fields(name):
            tally[f"{name} {field} of"] += sum(each[place] is not None for each in wanted)
            tally[f"{name} {field}"] += sum(
                a[place] is not None and same(a[place], b[place]) for a, b in pairs
            )
        bad = [list(b) for a, b in pairs if _shared(a, b) < sum(x is not None for x in a)]
        missed = [list(each) for each in wanted if not any(a is each for a, _ in pairs)]
        if bad or missed or len(got) != len(wanted):
            yield f"{name} {len(got)} for {len(wanted)}: {bad[:3]} missed {missed[:2]}"


def _names(label: Label, resume: Resume, tally: Counter[str]) -> Iterator[str]:
    lists: dict[str, list[str | None]] = {
        "projects": [each.name for each in resume.projects],
        "skills": [*(word for each in resume.skills for word in each.keywords)],
        "languages": [*(each.language for each in resume.languages)],
        "certificates": [*(each.name for each in resume.certificates)],
        "awards": [*(each.title for each in resume.awards)],
    }
    for name, names in lists.items():
        wanted = label.get(name)
        if not isinstance(wanted, list):
            continue
        flat = [each[0] if isinstance(each, list) else each for each in wanted]
        got = {plain(each) for each in names}
        missing = [each for each in flat if plain(each) not in got]
        tally[f"{name} of"] += len(flat)
        tally[f"{name} returned"] += len(names)
        tally[name] += len(flat) - len(missing)
        if missing:
            yield f"{name} missed {missing[:3]} got {names[:4]}"


def _fields(name: str) -> list[tuple[str, int]]:
    if name == "work":
        return [("employer", 0), ("title", 1), ("start", 2), ("end", 3)]
    return [("institution", 0), ("start", 1), ("end", 2)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--from", dest="first", type=int, default=0)
    given = parser.parse_args()
    tally: Counter[str] = Counter()
    labels = json.loads((given.folder / "labels.json").read_text(encoding="utf-8"))
    for shown, (name, label) in enumerate(list(labels.items())[given.first :]):
        path = given.folder / f"{name}.pdf"
        path = path if path.exists() else path.with_suffix(".docx")
        wrong = measure(label, read_resume(read(path), "a.pdf"), tally)
        if wrong and shown < given.show:
            print(name, label.get("style", ""), *wrong, sep="\n   ")
    for name in [key for key in tally if f"{key} of" in tally]:
        of, got = tally[f"{name} of"], tally.get(f"{name} returned")
        more = f"; {tally[name]} of {got} returned" if got is not None else ""
        print(f"{name:22} {tally[name]:5} of {of:5}  {tally[name] / max(of, 1):6.1%}{more}")
    print("role invented", tally["role invented"], "files accused", tally["accused"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
