"""The faults of ``faults.toml``: all, or the few that continuous integration has time for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos import breakages, faults, jobs, jumps
from tests.chaos.faults import Act
from tests.chaos.house import SERVERS

FILE = Path(__file__).with_name("faults.toml")
LIMITS = ("back_s", "wait_s", "voice_s", "ended_s", "redone_s", "stored_ms")


@dataclass(frozen=True)
class Fault:
    """``servers``: those that the candidates know of. ``moves``: see Candidate. ``answers``: after
    so many a candidate ends, where that is not as the size says. ``moods``: the engines', from the
    beginning. ``limits``: what may not take longer, of ``LIMITS``."""

    name: str
    act: Act
    expected: str
    servers: tuple[str, ...] = SERVERS[:1]
    moves: bool = False
    answers: int | None = None
    setting: str = ""
    moods: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)

    @property
    def dirty(self) -> bool:
        """Also what candidates type has in it what is not to be found in what is stored."""
        return self.moods.get("llm") == "dirt"


MADE: Mapping[str, Any] = {**faults.ACTS, **breakages.ACTS, **jobs.ACTS, **jumps.ACTS}
GIVEN = ("on", "times", "by", "kinds", "engines")
"""What stands beside ``act`` for it, in this order; where any does, it makes the act."""


def _act(row: Mapping[str, Any]) -> Act:
    if row["act"] == "in_turn":
        return faults.in_turn([_act(one) for one in row["acts"]])
    of_it = [row[name] for name in GIVEN if name in row]
    made: Act = MADE[row["act"]](*of_it) if of_it else MADE[row["act"]]
    return made


def _fault(row: Mapping[str, Any]) -> Fault:
    return Fault(
        row["name"],
        _act(row),
        row["expected"],
        tuple(row.get("servers", SERVERS[:1])),
        row.get("moves", False),
        row.get("answers"),
        row.get("setting", ""),
        row.get("moods", {}),
        {name: float(row[name]) for name in LIMITS if name in row},
    )


ROWS: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["fault"]
WHOLE = tuple(_fault(row) for row in ROWS if not row.get("only_short"))
SHORT = tuple(_fault(row) for row in ROWS if row.get("short"))
