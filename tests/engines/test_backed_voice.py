"""Two voices, of which one may hang: nobody hears a silence, and the better one comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from server.clock import now
from server.core.events import Language
from server.engines.backed_voice import PAUSE, SILENCE_S, BackedVoice
from server.engines.espeak import EspeakVoice
from server.engines.speech import SpeechServerVoice
from server.ports import VOICE_RATE, EngineError
from tests.clock import ClockLoop
from tests.engines.openai_server import Call, OpenAIServer, models

SECOND = bytes([7, 0]) * VOICE_RATE
OTHER = bytes([9, 0]) * VOICE_RATE


class Speaker:
    """``script``: for each call what it does: waits so many seconds, says a piece, or fails."""

    def __init__(self, name: str, *script: list[float | bytes | str]) -> None:
        self.name = name
        self.script = list(script)
        self.said: list[str] = []
        self.closed = 0

    async def speak(
        self, text: str, language: Language, rate: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        self.said.append(text)
        steps = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        try:
            for step in steps:
                if isinstance(step, str):
                    raise EngineError(step)
                if isinstance(step, bytes):
                    yield step
                else:
                    await asyncio.sleep(step)
        finally:
            self.closed += 1

    async def check(self) -> tuple[bool, str]:
        return True, "it answers"

    async def close(self) -> None:
        pass


async def heard(voice: BackedVoice, text: str = "Hello") -> list[bytes]:
    return [pcm async for pcm in voice.speak(text, "en")]


async def test_a_voice_that_speaks_is_alone(clock: ClockLoop) -> None:
    ours = Speaker("ours", [OTHER])
    voice = BackedVoice(Speaker("theirs", [1.0, SECOND, SECOND]), ours)
    assert await heard(voice) == [SECOND, SECOND]
    assert ours.said == []
    assert await voice.check() == (True, "it answers")


@pytest.mark.parametrize("fault", [60.0, "it is down"])
async def test_of_one_that_hangs_or_fails_one_question_waits_and_no_other(
    fault: float | str, clock: ClockLoop
) -> None:
    theirs, ours = Speaker("theirs", [fault, SECOND]), Speaker("ours", [OTHER])
    voice, began = BackedVoice(theirs, ours), now()
    assert await heard(voice, "First") == [OTHER]
    assert now() - began <= SILENCE_S + 0.1
    assert theirs.closed == 1, "what hangs is let go of"
    for _ in range(20):
        began = now()
        assert await heard(voice, "Next") == [OTHER]
        assert now() == began
        await asyncio.sleep(10.0)
    assert 3 <= len(theirs.said) <= 8, "it is tried more and more seldom"
    ok, why = await voice.check()
    assert not ok
    assert why.endswith("; ours speaks meanwhile")
    await voice.close()


async def test_a_voice_that_breaks_off_is_said_anew_by_the_other(clock: ClockLoop) -> None:
    theirs = Speaker("theirs", [SECOND, 30.0])
    voice, began = BackedVoice(theirs, Speaker("ours", [OTHER])), now()
    assert await heard(voice) == [SECOND, PAUSE, OTHER]
    assert now() - began == pytest.approx(1.0 + SILENCE_S), "a second of it was still to be heard"


async def test_pieces_that_are_ahead_of_the_listener_may_wait(clock: ClockLoop) -> None:
    theirs = Speaker("theirs", [SECOND * 5, 6.0, SECOND])
    assert await heard(BackedVoice(theirs, Speaker("ours", [OTHER]))) == [SECOND * 5, SECOND]


async def test_it_comes_back_by_itself_and_nobody_waits_for_it(clock: ClockLoop) -> None:
    theirs = Speaker("theirs", ["down"], [0.2, SECOND], [SECOND])
    voice = BackedVoice(theirs, Speaker("ours", [OTHER]))
    assert await heard(voice) == [OTHER]
    await asyncio.sleep(6.0)
    assert await heard(voice) == [OTHER], "tried beside it"
    await asyncio.sleep(1.0)
    assert await heard(voice) == [SECOND]
    assert await voice.check() == (True, "it answers")


async def test_where_neither_speaks_the_error_is_told(clock: ClockLoop) -> None:
    voice = BackedVoice(Speaker("theirs", ["down"]), Speaker("ours", ["gone too"]))
    with pytest.raises(EngineError, match="gone too"):
        await heard(voice)


@pytest.mark.engine
async def test_a_speech_server_that_hangs_costs_two_seconds_and_espeak_says_the_question() -> None:
    async with OpenAIServer() as server:

        async def hang(call: Call) -> None:
            await asyncio.sleep(60)

        server.handlers["/v1/audio/speech"] = hang
        server.handlers["/v1/models"] = models("tts-1")
        espeak = EspeakVoice()
        voice = BackedVoice(SpeechServerVoice(server.url, "tts-1", otherwise="ryan"), espeak)
        await espeak.start()
        began = now()
        pieces = voice.speak("What was your own part in it?", "en")
        first = await anext(pieces)
        assert first
        assert now() - began < 2 * SILENCE_S
        whole = first + b"".join([pcm async for pcm in pieces])
        assert len(whole) > VOICE_RATE, "half a second of speech at least"
        ok, why = await voice.check()
        assert not ok
        assert why == "tts-1 stopped speaking; espeak-ng speaks meanwhile"
        await voice.close()
