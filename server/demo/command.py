"""The demonstration is made and taken away; what happens is told as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from server.demo.candidate import Candidate
from server.demo.company import STAGES, Break, Company, Story, story
from server.demo.people import Person, people
from server.load.clips import LoadError
from server.load.place import place_at
from server.manual import NO_BAR, Bar

QUICK_S: Final = 0.2, 0.8
SLOW_S: Final = 15.0, 30.0
"""What an answer takes in the interviews that are over in a minute, and in the running one."""

Say = Callable[[str], None]
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """``key``: where making and reading interviews is not open to everybody."""

    base: str
    key: str | None
    remove: bool


async def demonstrate(order: Order, say: Say, bar: Bar = NO_BAR) -> None:
    """Raises LoadError."""
    told = story()
    async with place_at(order.base, order.key) as place:
        company = Company(place, told.opening)
        known = await company.opening()
        if order.remove:
            await _remove(company, known, say)
            return
        if known is not None:
            raise LoadError("it is there already; `viva demo --remove` takes it away")
        say("résumés are uploaded and read …")
        every = people()
        ways = await company.invite(await company.open(), list(every.values()))
        interviews = {
            key: Interview(key, who, *way)
            for (key, who), way in zip(every.items(), ways, strict=True)
        }
        wire = f"{place.wire}/v1/realtime"
        live = interviews.pop(told.live)
        running = asyncio.create_task(live.hold(wire, SLOW_S, _silent, None))
        try:
            await _others(company, told, interviews, wire, say, bar)
            say(f"there: {place.base}/interviewer")
            say(f"{live.who.name} is in the interview now, until it is over or you press Ctrl-C")
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        say("all interviews are over; `viva demo --remove` takes them away")


@dataclass(frozen=True, slots=True)
class Interview:
    key: str
    who: Person
    interview_id: str
    token: str

    async def hold(
        self, wire: str, takes_s: tuple[float, float], told: Told, breaks: Break | None
    ) -> None:
        """``told`` hears how many topics were reached."""
        breaks_at = None if breaks is None else (breaks.turn, breaks.seconds)
        await Candidate(self.who, STAGES, takes_s, told, breaks_at).hold(wire, self.token)


async def _others(
    company: Company,
    told: Story,
    interviews: dict[str, Interview],
    wire: str,
    say: Say,
    bar: Bar,
) -> None:
    """At the same time, each to its end; then people rate and decide."""
    reached = dict.fromkeys(interviews, 0)

    def topic_of(key: str) -> Told:
        def topic(number: int) -> None:
            reached[key] = number
            part = sum(reached.values()) / (len(STAGES) * len(reached))
            if bar.visible:
                bar.show(part, "of the interviews")
            else:
                say(f"interviews: {part:.0%}")

        return topic

    holding = [
        one.hold(wire, QUICK_S, topic_of(key), told.breaks if told.breaks.who == key else None)
        for key, one in interviews.items()
    ]
    await asyncio.gather(*holding)
    say("reports are written, people rate and decide …")
    for key, decided in told.decided.items():
        await company.rate(interviews[key].interview_id, decided)
    one = interviews[told.disputes.who]
    await company.dispute(one.interview_id, one.token, told.disputes.said)


async def _remove(company: Company, opening_id: str | None, say: Say) -> None:
    if opening_id is None:
        raise LoadError("there is no demonstration here")
    say(f"gone: the opening, and all that was kept of {await company.close(opening_id)} people")


def _silent(_number: int) -> None:
    pass
