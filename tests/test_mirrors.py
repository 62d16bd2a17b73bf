"""Whoever changes a module finds its tests by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = {"server/realtime": "tests/realtime", "server/store": "tests/server/store"}


def modules() -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix()
        for folder in TESTS
        for path in (ROOT / folder).glob("*.py")
        if path.stem != "__init__"
    )


@pytest.mark.parametrize("module", modules())
def test_a_module_has_its_test(module: str) -> None:
    folder, _, name = module.rpartition("/")
    assert (ROOT / TESTS[folder] / f"test_{name}").exists()


def test_there_are_modules() -> None:
    assert len(modules()) > 20
