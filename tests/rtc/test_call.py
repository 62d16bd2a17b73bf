"""Interviews over WebRTC, from a browser's end of them."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json

import pytest

from server.background import end
from server.rtc.call import Call
from server.rtc.opus import FRAME_BYTES
from server.switchboard import Offer
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME
from tests.rtc.conftest import Holder
from tests.rtc.peer import Peer, peer
from tests.speech import recording, silence

pytestmark = pytest.mark.engine

LONGEST_S = 300
SPEECH = recording("two_cities.wav")[: 2 * 16_000 * 9] + silence(1.0)


async def answers(caller: Peer) -> None:
    """Whatever is asked, when it has been heard out, until the call ends."""
    for number in itertools.count(1):
        while len(_told(caller, "stopped")) < number:
            await asyncio.sleep(0.05)
        caller.microphone.say(SPEECH)


def _told(caller: Peer, what: str) -> list[str]:
    """Of which responses this was told of the voice."""
    kind = f"output_audio_buffer.{what}"
    return [event["response_id"] for event in caller.events if event["type"] == kind]


async def test_a_short_interview_from_the_offer_to_the_last_word(viva: Viva, calls: Holder) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with peer() as caller:
        answer = await caller.call(viva.http, ticket["token"])
        assert answer.status_code == 201, answer.text
        assert answer.headers["content-type"].startswith("application/sdp")
        assert answer.headers["location"].startswith("/v1/realtime/calls/rtc_")
        created = await caller.event("session.created")
        assert created["session"]["model"] == "gpt-realtime"
        answering = asyncio.create_task(answers(caller))
        try:
            await asyncio.wait_for(caller.closed.wait(), LONGEST_S)
        finally:
            await end(answering)
        began, stopped = _told(caller, "started"), _told(caller, "stopped")
        assert sorted(began) == sorted([*stopped, *_told(caller, "cleared")])
        assert stopped
        assert "response.output_audio.delta" not in caller.kinds, "sound comes by the track"
        assert "error" not in caller.kinds
        assert caller.heard_s > 3.0
    shown = await viva.show(ticket["interview_id"])
    assert (shown["status"], shown["end_reason"]) == ("ended", "complete")
    given = [one["text"].lower() for one in shown["answers"]]
    assert any("best of times" in text for text in given), given


async def test_who_talks_over_the_question_hears_no_more_of_it(viva: Viva, calls: Holder) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with peer() as caller:
        assert (await caller.call(viva.http, ticket["token"])).status_code == 201
        began = await caller.event("output_audio_buffer.started")
        await asyncio.sleep(1.5)
        caller.microphone.say(SPEECH)
        cleared = await caller.event("output_audio_buffer.cleared", 20)
        assert cleared["response_id"] == began["response_id"]
        cut = await caller.event("conversation.item.truncated")
        assert 1_200 < cut["audio_end_ms"] < 6_000
        before = caller.heard_s
        await asyncio.sleep(1.0)
        assert caller.heard_s - before < 0.5, "what was on its way, and no more"


async def test_a_client_may_stop_the_voice_and_may_not_send_sound_by_events(
    viva: Viva, calls: Holder
) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with peer() as caller:
        await caller.call(viva.http, ticket["token"])
        began = await caller.event("output_audio_buffer.started")
        ulaw = {"type": "audio/pcmu"}
        session = {"type": "realtime", "audio": {"input": {"format": ulaw}, "output": {}}}
        caller.send(type="session.update", session=session)
        updated = await caller.event("session.updated")
        assert updated["session"]["audio"]["input"]["format"]["type"] == "audio/pcm"
        caller.send(type="input_audio_buffer.append", audio="AAAA")
        refused = await caller.event("error")
        assert refused["error"]["code"] == "not_on_this_connection"
        caller.send(type="response.cancel")
        caller.send(type="output_audio_buffer.clear")
        cleared = await caller.event("output_audio_buffer.cleared")
        assert cleared["response_id"] == began["response_id"]
        await caller.event("response.done")


async def test_after_coming_back_the_rest_of_a_voice_is_not_waited_for() -> None:
    """The server had died in the middle of it: then it is said anew."""
    call = Call(Offer("rtc_a_1", "v=0", "ek_x", "viva", "reply"), "ws://127.0.0.1:1")

    def hear(kind: str, **more: str) -> None:
        call._hear(json.dumps({"type": kind, **more}))

    def said(response_id: str) -> None:
        delta = base64.b64encode(bytes(FRAME_BYTES)).decode()
        place = {"response_id": response_id, "item_id": f"item_{response_id}"}
        hear("response.output_audio.delta", **place, delta=delta)

    hear("session.created")
    said("first")
    assert call._playout.frame() is not None
    assert call._playout.frame() is None
    hear("session.created")
    said("second")
    assert call._playout.frame() is not None
    told = [json.loads(one) for one in call._kept]
    assert [(one["type"], one.get("response_id")) for one in told] == [
        ("session.created", None),
        ("output_audio_buffer.started", "first"),
        ("output_audio_buffer.cleared", "first"),
        ("output_audio_buffer.started", "second"),
    ]
    await call.close()
