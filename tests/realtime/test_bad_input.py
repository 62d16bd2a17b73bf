"""Connections that send too much, too fast, for too long, or read nothing."""

from __future__ import annotations

import base64
import json
import random
from contextlib import suppress
from time import monotonic
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.live import ON_ONE_SERVER, Viva, browser, watcher
from tests.resumes import ENGLISH_RESUME
from tests.speech import recording, silence
from tests.stock import stock

pytestmark = ON_ONE_SERVER

MINUTE = 48_000 * 60


async def test_minutes_of_silence_are_waited_through(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with stock(ticket) as client:
        await client.hear(1)
        for minute_half in range(6):
            for _ in range(30):
                await client.append(bytes(48_000))
            # A commit is answered when all before it has been judged: nothing was said.
            await client.send("input_audio_buffer.commit")
            await client.event("error", after=minute_half)
        await client.say(recording("two_cities.wav", 5.0) + silence(4.0), speed=2)
        heard = await client.event("conversation.item.input_audio_transcription.completed")
        assert "best of times" in heard["transcript"].lower()
        started = await client.event("input_audio_buffer.speech_started")
        assert started["audio_start_ms"] > 179_000
        codes = {event["error"]["code"] for event in client.of("error")}
        assert codes == {"input_audio_buffer_commit_empty"}


async def test_more_audio_than_can_wait_is_refused_once_and_then_taken_again(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with stock(ticket) as client:
        await client.hear(1)
        await client.append(bytes(MINUTE + 48_000), event_id="big")
        refused = await client.event("error")
        assert refused["error"]["code"] == "audio_too_fast"
        assert refused["error"]["event_id"] == "big"
        await client.append(bytes(MINUTE + 48_000))
        await client.append(bytes(4_800))
        await client.say(recording("two_cities.wav", 5.0) + silence(4.0), speed=2)
        heard = await client.event("conversation.item.input_audio_transcription.completed")
        assert "best of times" in heard["transcript"].lower()
        assert len(client.of("error")) == 1


async def test_frames_on_our_own_wire_have_a_size(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate:
        await candidate.socket.send(bytes(40_000))
        assert (await candidate.event("error"))["error"]["code"] == "frame_too_large"
        await candidate.hear_question(1)


async def test_a_client_that_reads_nothing_is_dropped_and_disturbs_nobody(viva: Viva) -> None:
    deaf_ticket = await viva.interview(ENGLISH_RESUME)
    headers = {"Authorization": f"Bearer {deaf_ticket['token']}"}
    ticket = await viva.interview(ENGLISH_RESUME)
    socket = await connect(
        deaf_ticket["websocket_url"], additional_headers=headers, ping_interval=None
    )
    socket.transport.pause_reading()
    with suppress(ConnectionClosed):
        await _ask_for_much(socket)
    began = monotonic()
    async with stock(ticket) as client:
        await client.hear(1)
        await client.type("I built the nightly export pipeline in Airflow myself.")
        await client.question(2)
    assert monotonic() - began < 30, "on a busy machine it takes ten"
    async with watcher(viva, deaf_ticket["interview_id"]) as watching:
        await watching.event("fact", kind="candidate_disconnected")
    socket.transport.abort()


async def _ask_for_much(socket: Any) -> None:
    # Random, so that no compression makes it fit into the buffers on its way.
    text = base64.b64encode(random.Random(1).randbytes(15_000)).decode()
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "system", "id": "long", "content": content}
    await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
    for _ in range(3_000):
        await socket.send('{"type": "conversation.item.retrieve", "item_id": "long"}')


async def test_events_in_no_sensible_order_are_answered_one_by_one(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with stock(ticket) as client:
        nothing = {"item_id": "item_question_1"}
        await client.send("conversation.item.retrieve", **nothing)
        await client.send("conversation.item.truncate", **nothing, audio_end_ms=5)
        await client.send("input_audio_buffer.commit")
        await client.send("response.cancel")
        await client.send("input_audio_buffer.clear")
        await client.send("conversation.item.delete", **nothing)
        await client.event("error", after=4)
        codes = [event["error"]["code"] for event in client.of("error")]
        assert codes == [
            "item_retrieve_invalid_item_id",
            "item_truncate_invalid_item_id",
            "input_audio_buffer_commit_empty",
            "response_cancel_not_active",
            "item_delete_invalid_item_id",
        ]
        await client.hear(1)
        await client.type("x" * 20_001)
        await client.event("error", after=5)
        await client.type("I built the nightly export pipeline in Airflow myself.")
        await client.question(2)


async def test_a_frame_of_no_sensible_size_closes_the_connection_only(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    headers = {"Authorization": f"Bearer {ticket['token']}"}
    async with connect(ticket["websocket_url"], additional_headers=headers) as socket:
        huge = base64.b64encode(bytes(20_000_000)).decode()
        with suppress(ConnectionClosed):
            await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": huge}))
        await socket.wait_closed()
        assert socket.close_code in (1006, 1009)
    async with stock(ticket) as client:
        await client.question(1)
