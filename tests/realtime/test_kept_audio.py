"""A client that keeps what was said goes on where a connection broke off or a server died."""

from __future__ import annotations

from tests.live import ON_ONE_SERVER, Viva, browser, running
from tests.resumes import ENGLISH_RESUME
from tests.speech import recording, silence

pytestmark = ON_ONE_SERVER

PER_MS = 32
CUT_MS = 2_600
"""In the middle of a word."""
ANSWER = recording("two_cities.wav", 9.0)


async def begin(viva: Viva) -> tuple[dict[str, str], int]:
    """The first words of the answer, until the connection breaks. The ticket, and where on the
    audio clock the answer began."""
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate:
        began = (await candidate.event("viva.session"))["audio_ms"]
        await candidate.hear_question(1)
        await candidate.say(ANSWER[: CUT_MS * PER_MS], speed=3)
        await candidate.event("input_audio_buffer.speech_started")
        candidate.socket.transport.abort()
    return ticket, began


async def go_on(ticket: dict[str, str], began: int) -> tuple[str, list[str]]:
    """Send what the server has not understood; the answer, and the floors until then."""
    address = f"{ticket['websocket_url']}?kept_ms=2000"
    async with browser({**ticket, "websocket_url": address}) as candidate:
        session = await candidate.event("viva.session")
        assert session["heard_ms"] <= session["audio_ms"] <= began + CUT_MS
        await candidate.event("viva.floor")
        missing = ANSWER[(session["heard_ms"] - began) * PER_MS :]
        await candidate.say(missing + silence(4.0), speed=8)
        given = await candidate.event("conversation.item.input_audio_transcription.completed")
        floors = [e["floor"] for e in candidate.events if e["type"] == "viva.floor"]
        waits = any(e.get("pending") for e in candidate.events)
        if waits and "best of time" not in given["transcript"].lower():
            given = {"transcript": (await candidate.event("viva.answer"))["text"]}
        return str(given["transcript"]).lower(), floors


async def test_the_answer_goes_on_after_the_connection_broke(viva: Viva) -> None:
    ticket, began = await begin(viva)
    answer, floors = await go_on(ticket, began)
    asked = (await viva.show(ticket["interview_id"]))["questions"]
    assert "best of time" in answer
    assert "worst of times" in answer
    assert floors[0] == "listening"
    assert "repeat" not in [question["kind"] for question in asked]


async def test_the_answer_goes_on_after_the_server_died(database_url: str, redis_url: str) -> None:
    async with running(database_url, redis_url) as before:
        ticket, began = await begin(before)
    async with running(database_url, redis_url) as after:
        ticket["websocket_url"] = after.base.replace("http", "ws") + "/v1/realtime"
        answer, floors = await go_on(ticket, began)
    assert "best of time" in answer
    assert "worst of times" in answer
    assert floors[0] == "listening"


async def test_a_question_is_said_again_to_one_who_kept_nothing(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate:
        await candidate.hear_question(1)
    for told in ("", "?kept_ms=", "?kept_ms=-1", "?kept_ms=x", "?kept_ms=²"):
        address = ticket["websocket_url"] + told
        async with browser({**ticket, "websocket_url": address}) as candidate:
            assert (await candidate.event("viva.floor"))["floor"] == "speaking", told
            await candidate.hear_question(1)
