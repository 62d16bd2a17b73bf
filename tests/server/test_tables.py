"""The tables in the pages are what the code says."""

from __future__ import annotations

import re
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest

from server.language import families, instructions, texts
from server.settings import NAMES
from server.tables import TABLES, _said_of, packs, refusals, renewed, settings
from tests.web.test_problems import OPERATIONS, codes

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", TABLES)
def test_the_page_has_the_table_that_the_code_makes(name: str) -> None:
    path, table = TABLES[name]
    page = (ROOT / path).read_text()
    assert renewed(page, name, table()) == page, "run: make tables"


def test_every_variable_has_its_row_with_default_and_meaning() -> None:
    rows = {row.split("`")[1]: row for row in settings().splitlines()[2:]}
    assert set(rows) == set(NAMES)
    assert (
        rows["VIVA_PORT"] == "| `VIVA_PORT` | `8000` | port that the server listens on: 1–65535 |"
    )
    assert rows["VIVA_LLM_SEED"].startswith("| `VIVA_LLM_SEED` | – |")
    assert "`auto`, `cuda`, `cpu`" in rows["VIVA_STT_DEVICE"]
    assert all(row.count(" | ") == 2 for row in rows.values())


def test_every_code_that_openapi_names_has_its_row() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \| (\d+) \|", refusals(), re.MULTILINE))
    named = {code for operation in OPERATIONS.values() for code in codes(operation)}
    assert {(code, str(status)) for status, code in named} <= rows
    assert len(rows) == refusals().count("\n") - 1


def test_every_key_of_a_pack_says_what_it_is_for() -> None:
    unsaid = []
    for module in (families, instructions, texts):
        made = [one for one in vars(module).values() if isinstance(one, type)]
        for record in (one for one in made if one.__module__ == module.__name__):
            hints, said = get_type_hints(record), _said_of(record)
            names = [one for one in hints if one not in said and not is_dataclass(hints[one])]
            unsaid += [f"{record.__name__}.{one}" for one in names]
    assert unsaid == ["Plural.two", "Plural.few", "Plural.many"]
    page = packs()
    for key in ("opening.greeting", "question[].simpler", "NAME.KIND.plain", "example[].evidence"):
        assert f"| `{key}` |" in page


def test_a_page_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="0 places for the table settings"):
        renewed("# viva\n", "settings", "| |")
