"""What waits for one connection: in order, with a bound, and without voice that is out of date."""

from __future__ import annotations

import asyncio

from server.realtime.line import ALIVE_S, BACKLOG_BYTES, Line
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.terms import Terms
from server.realtime.viva_dialect import VivaDialect
from server.realtime.wire import Sound


async def everything(line: Line) -> list[str | bytes]:
    frames = []
    while (frame := await line.next_frame()) is not None:
        frames.append(frame)
    return frames


async def test_what_waits_is_sent_before_the_line_closes() -> None:
    line = Line(VivaDialect())
    line.send(["one", b"two"])
    line.close(1000, "over")
    line.send(["too late"])
    line.close(1012, "again")
    assert await everything(line) == ["one", b"two"]
    assert (line.close_code, line.close_reason) == (1000, "over")


async def test_who_waits_is_woken_by_a_frame_and_by_the_end() -> None:
    line = Line(VivaDialect())
    reading = asyncio.create_task(everything(line))
    await asyncio.sleep(0)
    line.send(["one"])
    await asyncio.sleep(0)
    line.close(1000, "")
    assert await reading == ["one"]
    await line.closed()


async def test_voice_that_was_not_sent_is_forgotten_and_nothing_else() -> None:
    line = Line(VivaDialect())
    line.send(["question", b"voice", Sound("coded voice"), "floor"])
    line.drop_voice()
    line.close(1000, "")
    assert await everything(line) == ["question", "floor"]


async def test_a_client_that_reads_nothing_is_given_up() -> None:
    line = Line(VivaDialect())
    for _ in range(BACKLOG_BYTES // 65_536):
        line.send([bytes(65_536)])
    codes = [line.close_code]
    line.send(["one more"])
    assert [*codes, line.close_code] == [None, 1013]
    assert await everything(line) == []


async def test_a_line_of_ours_is_alive_for_as_long_as_it_is_heard_of() -> None:
    line, stock = Line(VivaDialect()), Line(RealtimeDialect(Terms("viva")))
    assert line.alive
    line._heard_at -= ALIVE_S + 1
    stock._heard_at -= ALIVE_S + 1
    assert (line.alive, stock.alive) == (False, True)
    line.heard()
    assert line.alive


async def test_what_was_read_makes_room() -> None:
    line = Line(VivaDialect())
    for _ in range(3 * BACKLOG_BYTES // 65_536):
        line.send([bytes(65_536)])
        await line.next_frame()
    assert line.close_code is None
