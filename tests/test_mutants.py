"""The lines that ``make mutants`` breaks are still there."""

from __future__ import annotations

import pytest

from tests.mutants import MUTANTS, ROOT, Mutant, place


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_its_line_stands_once(mutant: Mutant) -> None:
    """Where a line has moved on, say what must not be lost now."""
    place(ROOT, mutant.text)
    assert mutant.instead != mutant.text
    for name in mutant.tests.split(" "):
        if name.startswith("tests/"):
            path, _, test = name.partition("::")
            assert not test or f"def {test}(" in (ROOT / path).read_text()
