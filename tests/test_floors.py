"""Every module of ours has its floor in pyproject.toml: the linter sees only those named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]


def layered(contract_id: str) -> set[str]:
    (contract,) = [one for one in CONTRACTS if one["id"] == contract_id]
    return set(re.findall(r"[a-z_.]+", " ".join(contract["layers"])))


def modules(folder: str) -> set[str]:
    names = {path.stem for path in (ROOT / folder).glob("*.py")}
    names |= {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
    return {f"{folder.replace('/', '.')}.{name}" for name in names - {"__init__"}}


@pytest.mark.parametrize(
    ("folder", "contract"),
    [
        ("server", "floors"),
        ("workers", "floors"),
        ("server/core", "core-floors"),
        ("server/core/turn", "core-turn-floors"),
        ("server/core/dialogue", "core-dialogue-floors"),
    ],
)
def test_every_module_has_its_floor(folder: str, contract: str) -> None:
    own = ("workers.pdf_", "workers.pictures_")  # parts of workers.pdf and workers.pictures
    parts = {name for name in modules(folder) if name.startswith(own)}
    assert modules(folder) - parts - layered(contract) == set()
