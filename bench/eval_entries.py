"""Measures what is read below the header: ``python -m bench.eval_entries DIR [--show N]``.

DIR holds PDFs and ``labels.json`` with ``work`` as [employer, title, start, end], ``education`` as
[institution, start, end], ``projects``, ``skills``, ``languages`` ... as ``bench.resume_pages``
writes them; what a label does not name is not counted.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.resume_marks import read
from server.document.resume import Resume
from workers.reading import read_resume

Entry = Sequence[str | None]


def plain(text: str | None) -> str:
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", text or "")).casefold()


def same(one: str | None, other: str | None) -> bool:
    return plain(one) == plain(other)


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


def measure(label: dict[str, object], resume: Resume, tally: Counter[str]) -> list[str]:
    wrong: list[str] = []
    for name, found in (("name", resume.header.name), ("role", resume.header.target_role)):
        wanted = label.get("target_role" if name == "role" else name)
        if isinstance(wanted, str):
            tally[f"{name} of"] += 1
            tally[name] += any(same(found, each) for each in wanted.split("|"))
        elif f"target_{name}" in label and found:
            tally["role invented"] += 1
            wrong.append(f"role {found!r} invented")
        if isinstance(wanted, str) and not any(same(found, e) for e in wanted.split("|")):
            wrong.append(f"{name} {found!r} for {wanted!r}")
    works = [[w.name, w.position, w.startDate, w.endDate] for w in resume.work]
    schools = [[e.institution, e.startDate, e.endDate] for e in resume.education]
    for name, got, key in (("work", works, 2), ("education", schools, 1)):
        wanted_entries = label.get(name)
        if not isinstance(wanted_entries, list):
            continue
        pairs = pair(wanted_entries, got, key)
        tally[f"{name} of"] += len(wanted_entries)
        tally[f"{name} returned"] += len(got)
        tally[f"{name}"] += len(pairs)
        for field, place in _fields(name):
            tally[f"{name} {field} of"] += sum(each[place] is not None for each in wanted_entries)
            tally[f"{name} {field}"] += sum(
                a[place] is not None and same(a[place], b[place]) for a, b in pairs
            )
        bad = [list(b) for a, b in pairs if any(x is not None and not same(x, y) for x, y in zip(a, b, strict=True))]
        missed = [list(e) for e in wanted_entries if not any(a is e for a, _ in pairs)]
        if bad or missed or len(got) != len(wanted_entries):
            wrong.append(f"{name} {len(got)} for {len(wanted_entries)}: {bad[:3]} missed {missed[:2]}")
    lists = {
        "projects": [each.name for each in resume.projects],
        "skills": [word for each in resume.skills for word in each.keywords],
        "languages": [each.language for each in resume.languages],
        "certificates": [each.name for each in resume.certificates],
        "awards": [each.title for each in resume.awards],
    }
    for name, names in lists.items():
        wanted_names = label.get(name)
        if isinstance(wanted_names, list):
            flat = [each[0] if isinstance(each, list) else each for each in wanted_names]
            got_names = {plain(each) for each in names}
            tally[f"{name} of"] += len(flat)
            tally[f"{name} returned"] += len(names)
            tally[name] += sum(plain(each) in got_names for each in flat)
            missing = [each for each in flat if plain(each) not in got_names]
            if missing:
                wrong.append(f"{name} missed {missing[:3]} got {names[:4]}")
    hidden = [each for each in resume.meta.warnings if each.code.startswith("hidden_")]
    tally["accused"] += bool(hidden)
    return wrong


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
        wrong = measure(label, read_resume(read(path), "a.pdf"), tally)
        if wrong and shown < given.show:
            print(name, label.get("style", ""), *wrong, sep="\n   ")  # noqa: T201
    for name in [key for key in tally if f"{key} of" in tally]:
        of, got = tally[f"{name} of"], tally.get(f"{name} returned")
        more = f"; {tally[name]} of {got} returned" if got is not None else ""
        print(f"{name:22} {tally[name]:5} of {of:5}  {tally[name] / max(of, 1):6.1%}{more}")  # noqa: T201
    print("role invented", tally["role invented"], "files accused", tally["accused"])  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
