"""A spoken interview whose recogniser is a server, over TCP, with the real weights behind it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.engines.transcriber import transcriber
from tests.live import Viva, browser, free_port, running
from tests.resumes import ENGLISH_RESUME
from tests.speech import recording, silence

pytestmark = pytest.mark.engine


async def test_an_answer_is_heard_by_a_server_and_the_next_by_this_machine_when_it_fails(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.readiness.KEEP_S", -1.0)
    async with (
        transcriber(free_port()) as there,
        running(
            database_url, redis_url, stt_url=there.url, stt="auto", stt_timeout_ms=60_000
        ) as viva,
    ):
        place = there.url.removeprefix("http://")
        async with asyncio.timeout(60):
            while (used := await recogniser(viva))["name"] != f"whisper at {place}":
                await asyncio.sleep(0.1)
        assert used["why"] == f"an OpenAI-compatible server at {place}"
        assert (await readiness(viva))["ok"]
        ticket = await viva.interview(ENGLISH_RESUME)
        async with browser(ticket) as candidate:
            await candidate.hear_question(1)
            await candidate.say(recording("two_cities.wav", 6.0) + silence(5.0), speed=4)
            heard = await candidate.event(HEARD, 60.0)
            assert "best of times" in heard["transcript"].lower()
            await candidate.hear_question(2)
            (first,) = (await viva.show(ticket["interview_id"]))["answers"]
            assert first["engine"] == f"whisper at {place}"
            there.mood = "500"  # a second hearing of the first answer may be by this machine
            await candidate.say(recording("two_cities.wav", 6.0) + silence(5.0), speed=4)
            await candidate.event("viva.question", 60.0, turn=3)
            ready = await readiness(viva)
            assert not ready["ok"]
            assert ready["detail"].endswith(
                "failed (HTTP 500); whisper base int8 cpu hears meanwhile"
            )
        second = (await viva.show(ticket["interview_id"]))["answers"][1]
        assert second["engine"] == "whisper base int8 cpu"
        assert "best of times" in second["text"].lower()
        assert {form.fields["language"][0] for form in there.asked} == {"en"}


HEARD = "conversation.item.input_audio_transcription.completed"


async def recogniser(viva: Viva) -> dict[str, Any]:
    engines: list[dict[str, Any]] = (await viva.http.get("/engines")).json()
    return next(one for one in engines if one["role"] == "stt")


async def readiness(viva: Viva) -> dict[str, Any]:
    parts: list[dict[str, Any]] = (await viva.http.get("/health/ready")).json()["parts"]
    return next(one for one in parts if one["name"] == "stt")
