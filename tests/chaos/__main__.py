"""``make chaos``: ten interviews at a time under every fault, 230 in all, and the figures. With
``--only WORD`` under those faults whose name has it."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.faults import Told
from tests.chaos.house import House
from tests.chaos.plan import ENDED_S, REDIS_NOW_AND_THEN, REDONE_S, STORED_MS, WHOLE, WHOLE_SIZE
from tests.chaos.scenes import Stage
from tests.chaos.verdict import HEAD, Figures

WHOLE_S = 40 * 60
"""Longer than this nothing goes on."""


async def main(only: str) -> int:
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        async with asyncio.timeout(WHOLE_S), House(Path(folder)) as house:
            stage = Stage(house, WHOLE_SIZE)
            await stage.prepare()
            print(HEAD, flush=True)
            played = []
            for fault in (fault for fault in WHOLE if only in fault.name):
                figures, told = await stage.play(fault)
                print(figures.row(), flush=True)
                for one in figures.wrong:
                    print(one, file=sys.stderr, flush=True)
                played.append((figures, told))
    missed = [one for figures, told in played for one in _missed(figures, told)]
    print(_total([figures for figures, _ in played]).row())
    print(*missed, sep="\n", file=sys.stderr)
    return 1 if missed else 0


def _missed(figures: Figures, told: Told) -> list[str]:
    missed = list(figures.wrong)
    limits = {"ended": ENDED_S, "read again": REDONE_S}
    missed += [
        f"{figures.name}: {what} after {took:.1f} s"
        for what, took in told.seconds.items()
        if took >= limits[what]
    ]
    if figures.name == REDIS_NOW_AND_THEN.name:
        frozen, other = figures.delays_ms(told.spans)
        print(f"typed until stored, Valkey frozen: {_spread(frozen)}; else: {_spread(other)}")
        if max(frozen, default=0.0) > max(STORED_MS, *other):
            missed.append(f"{figures.name}: stored after {max(frozen):.0f} ms")
    return missed


def _spread(delays_ms: list[float]) -> str:
    if not delays_ms:
        return "none"
    ordered = sorted(delays_ms)
    middle, high = ordered[len(ordered) // 2], ordered[int(0.95 * (len(ordered) - 1))]
    return (
        f"median {middle:.0f} ms, p95 {high:.0f} ms, longest {ordered[-1]:.0f} ms of {len(ordered)}"
    )


def _total(played: list[Figures]) -> Figures:
    total = Figures("all")
    for one in played:
        total.interviews += one.interviews
        total.acknowledged += one.acknowledged
        total.spoken += one.spoken
        total.meanwhile += one.meanwhile
        total.again += one.again
        for mine, its in (
            (total.lost, one.lost), (total.doubled, one.doubled), (total.gaps, one.gaps),
            (total.broken, one.broken), (total.waits_s, one.waits_s),
        ):  # fmt: skip
            mine.extend(its)  # type: ignore[arg-type]
    return total


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    began = time.monotonic()
    status = asyncio.run(main(parser.parse_args().only))
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(status)
