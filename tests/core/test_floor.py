"""The table of who may have the floor after whom, and its diagram."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.diagrams import diagram
from server.core.events import FloorPassed
from server.core.floor import PASSES, IllegalPass
from server.core.state import Memory

PAGE = Path(__file__).resolve().parents[2] / "docs/architecture.md"


def test_the_page_shows_the_table() -> None:
    """``make diagrams`` writes it."""
    assert diagram() in PAGE.read_text("utf-8")


def test_a_pass_that_the_table_does_not_know_is_an_error_here() -> None:
    memory = Memory("en")
    memory.tell(FloorPassed(1, "speaking", 0))
    with pytest.raises(IllegalPass, match="from speaking to thinking"):
        memory.tell(FloorPassed(1, "thinking", 0))


def test_every_holder_can_be_reached_and_left() -> None:
    holders = {before for before, _ in PASSES}
    assert {after for _, after in PASSES} == holders
    assert all((holder, "nobody") in PASSES for holder in holders)
