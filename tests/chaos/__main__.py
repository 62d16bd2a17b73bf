"""``make chaos``: every fault under live interviews, and one table of what became of them. With
``--only WORD`` (more than once) under those faults whose name has it; ``--short``: as continuous
integration does; ``--interviews N`` at a time.

0: every row was kept; 1: something was lost, doubled or broken off."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from tests.chaos import clocks
from tests.chaos.house import House
from tests.chaos.plan import SHORT, WHOLE, Fault
from tests.chaos.scenes import SHORT_SIZE, WHOLE_SIZE, Stage
from tests.chaos.verdict import HEAD, Figures

WHOLE_S = 4 * 60 * 60
"""Longer than this nothing goes on."""


async def main(only: Sequence[str], interviews: int | None, *, short: bool) -> int:
    listed = SHORT if short else WHOLE
    faults = [one for one in _possible(listed) if any(word in one.name for word in only)]
    size = SHORT_SIZE if short else WHOLE_SIZE
    size = replace(size, interviews=interviews or size.interviews)
    total = Figures("all")
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        async with asyncio.timeout(WHOLE_S), House(Path(folder)) as house:
            stage = Stage(house, size)
            await stage.prepare()
            print(HEAD, flush=True)
            for fault in faults:
                total.add(await _row(stage, fault))
    print(total.row())
    return 1 if total.wrong else 0


def _possible(faults: Sequence[Fault]) -> list[Fault]:
    """Those that can be brought about on this machine; of the others it is said."""
    if clocks.MISSING is None:
        return list(faults)
    for one in faults:
        if one.setting == "clocks":
            print(f"not tried: {one.name}: {clocks.MISSING}", file=sys.stderr)
    return [one for one in faults if one.setting != "clocks"]


async def _row(stage: Stage, fault: Fault) -> Figures:
    figures = await stage.play(fault)
    print(figures.row(), flush=True)
    for one in figures.wrong:
        print(one, file=sys.stderr, flush=True)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append")
    parser.add_argument("--interviews", type=int)
    parser.add_argument("--short", action="store_true")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    began = time.monotonic()
    asked = main(arguments.only or [""], arguments.interviews, short=arguments.short)
    status = asyncio.run(asked)
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(status)
