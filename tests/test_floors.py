"""What can be seen without running: each module's floor (the linter sees only those named in
pyproject.toml), each migration's number."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from server.assets import share
from server.store.migrations import read_migrations

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]


def layered(contract_id: str) -> set[str]:
    (contract,) = [one for one in CONTRACTS if one["id"] == contract_id]
    return set(re.findall(r"[a-z0-9_.]+", " ".join(contract["layers"])))


def modules(folder: str) -> set[str]:
    names = {path.stem for path in (ROOT / folder).glob("*.py")}
    names |= {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
    return {f"{folder.replace('/', '.')}.{name}" for name in names - {"__init__"}}


@pytest.mark.parametrize(
    ("folder", "contract"),
    [
        ("server", "floors"),
        ("workers", "floors"),
        ("server/realtime", "realtime-floors"),
        ("server/engines", "engines-floors"),
        ("server/web", "web-floors"),
        ("server/store", "store-floors"),
        ("workers/reading", "reading-floors"),
        ("server/core", "core-floors"),
        ("server/core/turn", "core-turn-floors"),
        ("server/core/dialogue", "core-dialogue-floors"),
    ],
)
def test_every_module_has_its_floor(folder: str, contract: str) -> None:
    own = ("workers.pdf_", "workers.pictures_")  # parts of workers.pdf and workers.pictures
    parts = {name for name in modules(folder) if name.startswith(own)}
    assert modules(folder) - parts - layered(contract) == set()


def test_migrations_are_numbered_one_after_another() -> None:
    assert read_migrations(share("migrations"))
