"""Every command that README tells to type is run: on a fresh clone, or by what is named."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from tests import fresh_clone
from tests.fresh_clone import ELSEWHERE, HERE, commands

ROOT = Path(__file__).resolve().parents[1]


def test_every_command_is_run_somewhere() -> None:
    assert commands((ROOT / "README.md").read_text("utf-8")) == HERE | ELSEWHERE.keys()


@pytest.mark.parametrize("command", sorted(ELSEWHERE))
def test_where_it_is_said_to_be_run(command: str) -> None:
    path, words = ELSEWHERE[command]
    assert words in (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("command", sorted(HERE))
def test_a_fresh_clone_is_told_so(command: str) -> None:
    assert command in inspect.getsource(fresh_clone.looked_at)


def test_what_is_to_be_typed_is_found() -> None:
    page = "Say `make it`, not `made`.\n```\nmake run   # here\n```\n`viva up` and `VIVA_PORT`."
    assert commands(page) == {"make it", "make run", "viva up"}
