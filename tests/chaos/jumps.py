"""Clocks that jump, and clocks that are apart, under live interviews."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from tests.chaos.faults import Act, Told
from tests.chaos.house import House
from tests.live import until

TOLD_S = 300.0


def jump(on: Sequence[str], by: Sequence[float]) -> Act:
    """The clocks of all these parts at once, so many seconds from the right time, one after the
    other; then they are right again."""

    async def act(house: House, seconds: float) -> Told:
        assert house.clocks is not None
        try:
            for one in by:
                for part in on:
                    house.clocks.move(part, one)
                await asyncio.sleep(seconds)
        finally:
            for part in on:
                house.clocks.move(part, 0)
        return Told(["".join(f"{one / 60:+.0f} min, " for one in by) + "0"])

    return act


def start_apart(on: str, by: Sequence[float]) -> Act:
    """A server comes back with a clock that is wrong, and says so; in the end it is right again,
    without another start."""

    async def act(house: House, seconds: float) -> Told:
        assert house.clocks is not None
        told = Told()
        for one in by:
            await house.end(on)
            house.clocks.move(on, one)
            await house.start(on)
            told.notes.append(await until(lambda: _drifts(house, on), TOLD_S))
            await asyncio.sleep(seconds)
        house.clocks.move(on, 0)
        return told

    return act


async def _drifts(house: House, server: str) -> str | None:
    """What its readiness says of clocks that are not well."""
    async with httpx.AsyncClient(base_url=house.base(server), timeout=60) as http:
        parts = (await http.get("/health/ready")).json()["parts"]
    return next((one["detail"] for one in parts if one["name"] == "clocks" and not one["ok"]), None)


ACTS: Mapping[str, Any] = {"jump": jump, "start_apart": start_apart}
