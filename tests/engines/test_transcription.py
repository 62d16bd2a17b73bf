"""The recogniser on a server: over TCP, with the real weights behind it, and with every fault."""

from __future__ import annotations

import asyncio
import io
import time
import wave
from collections.abc import AsyncIterator
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.recogniser_load import speech_like
from server.engines import transcription
from server.engines.lanes import Batch
from server.engines.transcription import TranscriptionServer
from server.ports import Busy, Late, Superseded, Unheard
from tests.engines.openai_server import Call, Handler, OpenAIServer, failure, models, raw
from tests.engines.transcriber import Transcriber, transcriber
from tests.live import free_port
from tests.speech import reading

PATH = "/v1/audio/transcriptions"
DELTA = b'data: {"type": "transcript.text.delta", "delta": "I moved"}\n\n'
SECOND = speech_like(1.0, 1)


@pytest.fixture
async def real() -> AsyncIterator[Transcriber]:
    async with transcriber(free_port()) as running:
        yield running


@pytest.fixture
async def fake() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        running.handlers["/v1/models"] = models("whisper")
        yield running


@pytest.fixture
async def server(fake: OpenAIServer) -> AsyncIterator[TranscriptionServer]:
    made = TranscriptionServer(fake.url, "whisper", "key-3", timeout_s=60)
    yield made
    await made.close()


def says(text: str = "I moved it.", **more: object) -> Handler:
    async def handle(call: Call) -> None:
        await call.reply({"text": text, **more})

    return handle


async def never(call: Call) -> None:
    await asyncio.sleep(60)


async def hung_up(call: Call) -> None:
    call.writer.close()


async def hung_up_in_the_middle(call: Call) -> None:
    await call.begin("application/json")
    await call.send(b'{"text": "I mov')


async def trickles(call: Call) -> None:
    """Something comes all the time, and never all of it."""
    await call.begin("application/json")
    while True:
        await call.send(b" ")
        await asyncio.sleep(0.02)


# With the real weights.


async def test_korean_and_english_are_heard_with_times_and_doubt(
    real: Transcriber, beckett: NDArray[np.int16]
) -> None:
    made = TranscriptionServer(real.url, timeout_s=60)
    english = await made.transcribe(beckett[:96_000].tobytes(), "en", "He read aloud.", session="a")
    korean = await made.transcribe(reading("reading3.wav", 5.0), "ko", session="b")
    await made.close()
    assert "no matter" in english.text.lower()
    assert "데이터" in korean.text
    assert english.engine == f"whisper at {real.url.removeprefix('http://')}"
    assert [word.text.lower().strip(".,") for word in english.words[:2]] == ["ever", "tried"]
    assert english.words[0].end_ms <= english.words[-1].start_ms <= 6_000
    assert all(0 < (word.sure or 0) <= 1 for word in english.words)
    assert 0.5 < (english.sure or 0) <= 1
    sent = real.asked[-2]
    assert sent.fields["language"] == ["en"]
    assert sent.fields["prompt"] == ["He read aloud."]
    assert sent.fields["model"] == ["whisper"]
    assert sent.fields["response_format"] == ["verbose_json"]
    assert sent.fields["timestamp_granularities[]"] == ["word", "segment"]
    with wave.open(io.BytesIO(sent.sound), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert file.readframes(file.getnframes()) == beckett[:96_000].tobytes()


async def test_a_caption_comes_in_pieces_in_either_style(
    real: Transcriber, beckett: NDArray[np.int16], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcription, "CAPTION_S", 60.0)
    made = TranscriptionServer(real.url, timeout_s=60)
    pcm = beckett[: 16_000 * 3].tobytes()
    for style in ("openai", "vllm"):
        real.style = style
        told = [text async for text in made.captions(pcm, "en", session="a")]
        assert len(told) > 3
        assert all(later.startswith(so_far) for so_far, later in pairwise(told[:-1]))
        assert "tried" in told[-1].lower()
    await made.close()
    assert real.asked[-1].fields["stream"] == ["true"]
    assert real.asked[-1].fields["response_format"] == ["json"]


async def test_connections_are_kept_and_few_requests_are_under_way_at_once(
    real: Transcriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcription, "AT_ONCE", 2)
    monkeypatch.setattr(Transcriber, "_hear", lambda *_: {"text": "yes", "words": []})
    made = TranscriptionServer(real.url, "whisper", limit=3)
    real.delay_s = 0.1
    asked = [made.transcribe(SECOND, "en", session=str(at)) for at in range(7)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, Busy) for one in found) == 2
    assert real.most_at_once == 2
    for _ in range(3):
        assert (await made.transcribe(SECOND, "en")).text == "yes"
    await made.close()
    assert len(real.callers) <= 2


async def test_what_is_longer_than_the_model_hears_goes_in_windows(
    server: TranscriptionServer, fake: OpenAIServer
) -> None:
    word = {"word": "on", "start": 0.0, "end": 0.5}
    fake.handlers[PATH] = says("on", words=[word])
    found = await server.transcribe(SECOND * 40, "en", "before that")
    first, second = (call.body for call in fake.calls)
    assert found.text == "on on"
    assert found.words[1].start_ms == (len(first["file"][0]) - 44) // 32
    assert len(first["file"][0]) + len(second["file"][0]) == 2 * 44 + 40 * len(SECOND)
    assert (first["prompt"], "prompt" in second) == ([b"before that"], False)


# What it does not know.


async def test_a_server_that_knows_less_is_asked_for_less_from_then_on(
    server: TranscriptionServer, fake: OpenAIServer
) -> None:
    async def plain(call: Call) -> None:
        if call.body["response_format"] == [b"verbose_json"] or "include[]" in call.body:
            await failure("400 Bad Request")(call)
        else:
            await call.reply({"text": "I moved it."})

    fake.handlers[PATH] = plain
    for _ in range(2):
        found = await server.transcribe(SECOND, "en")
        assert (found.text, found.words, found.sure) == ("I moved it.", (), None)
    assert len(fake.calls) == 4


async def test_doubt_comes_of_what_the_server_says(
    server: TranscriptionServer, fake: OpenAIServer
) -> None:
    async def logprobs(call: Call) -> None:
        if call.body["response_format"] == [b"verbose_json"]:
            await failure("400 Bad Request")(call)
        else:
            said = {"sure": -0.05, "unsure": -1.0}[call.body["prompt"][0].decode()]
            await call.reply({"text": "I moved it.", "logprobs": [{"logprob": said}]})

    fake.handlers[PATH] = logprobs
    sure = [(await server.transcribe(SECOND, "en", how)).sure or 0 for how in ("sure", "unsure")]
    assert sure[0] > 0.9
    assert sure[1] < 0.5


async def test_what_is_no_speech_or_looks_invented_is_not_believed(
    server: TranscriptionServer, fake: OpenAIServer
) -> None:
    silent = {"text": "you", "avg_logprob": -1.4, "no_speech_prob": 0.9}
    fake.handlers[PATH] = says("you", segments=[silent])
    assert (await server.transcribe(SECOND, "en")).text == ""
    fake.handlers[PATH] = says("Thanks for watching!")
    assert (await server.transcribe(SECOND, "en")).text == ""
    assert (await server.transcribe(bytes(32_000), "en")).text == ""
    assert len(fake.calls) == 2  # for silence nobody is asked


async def test_captions_of_a_server_that_does_not_stream_come_whole(
    server: TranscriptionServer, fake: OpenAIServer
) -> None:
    fake.handlers[PATH] = says()
    assert [text async for text in server.captions(SECOND, "en")][-1] == "I moved it."

    async def refuses(call: Call) -> None:
        await (failure("400 Bad Request") if "stream" in call.body else says())(call)

    fake.handlers[PATH] = refuses
    with pytest.raises(Unheard):
        [text async for text in server.captions(SECOND, "en")]
    assert [text async for text in server.captions(SECOND, "en")] == ["I moved it."]


@pytest.mark.parametrize(
    "told",
    [b'data: {"error": {"message": "boom"}}\n\n', b"data: {{{\n\n", b"data: 3\n\n"],
    ids=["an error", "garbage", "no event"],
)
async def test_a_stream_that_goes_wrong_is_a_failure_and_what_came_before_it_was_told(
    server: TranscriptionServer, fake: OpenAIServer, told: bytes
) -> None:
    fake.handlers[PATH] = raw("text/event-stream", DELTA + told)
    captions = server.captions(SECOND, "en")
    assert await anext(captions) == "I moved"
    with pytest.raises(Unheard):
        await anext(captions)
    fake.handlers[PATH] = raw("text/event-stream", DELTA + b"data: [DONE]\n\n")
    assert [text async for text in server.captions(SECOND, "en")][-1] == "I moved"


# What goes wrong.


@pytest.mark.parametrize(
    ("handler", "words", "calls"),
    [
        (failure("500 Internal Server Error"), "failed (HTTP 500)", 2),
        (failure("429 Too Many Requests"), "is too busy (HTTP 429)", 2),
        (failure("401 Unauthorized"), "wants another API key (HTTP 401): set VIVA_STT_API_KEY", 1),
        (failure("404 Not Found"), "(HTTP 404): see VIVA_STT_URL and VIVA_STT_MODEL", 1),
        (failure("413 Too Large"), "refused the request (HTTP 413)", 1),
        (raw("application/json", b"{{{"), "cannot be read", 2),
        (raw("application/json", b"[1]"), "sent something else than a transcript", 1),
        (raw("text/html", b"<h1>hello</h1>"), "sent something else than a transcript", 1),
        (hung_up, "cannot be reached", 2),
        (hung_up_in_the_middle, "", 2),
        (never, "had not written it down in time", 1),
        (trickles, "had not written it down in time", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_every_fault_is_a_failure_in_words_and_never_an_empty_text(
    fake: OpenAIServer, handler: Handler, words: str, calls: int
) -> None:
    fake.handlers[PATH] = handler
    hangs = handler in (never, trickles)
    server = TranscriptionServer(fake.url, "whisper", "key-3", timeout_s=1 if hangs else 60)
    began = time.perf_counter()
    with pytest.raises(Unheard) as failed:
        await server.transcribe(SECOND, "en")
    assert time.perf_counter() - began < 30
    assert words in str(failed.value)
    assert str(failed.value).startswith(f"the transcription server at {fake.url[7:]}")
    assert server.trouble == str(failed.value)
    assert (await server.check()) == (False, server.trouble)
    assert len(fake.calls) - 1 == calls  # one asked for its models
    fake.handlers[PATH] = says()
    assert (await server.transcribe(SECOND, "en")).text == "I moved it."
    assert server.trouble == ""
    await server.close()


async def test_one_that_hangs_costs_three_deadlines_and_then_nothing(fake: OpenAIServer) -> None:
    server = TranscriptionServer(fake.url, "whisper", "key-3", timeout_s=0.5)
    fake.handlers[PATH] = never
    for _ in range(3):
        with pytest.raises(Late):
            await server.transcribe(SECOND, "en")
    with pytest.raises(Unheard, match="left alone"):
        await server.transcribe(SECOND, "en")
    assert len(fake.calls) == 3
    await server.close()


async def test_nobody_there_is_not_asked_until_somebody_is(fake: OpenAIServer) -> None:
    port = free_port()
    made = TranscriptionServer(f"http://127.0.0.1:{port}", "whisper", timeout_s=0.5)
    await made.load()
    assert made.trouble.endswith("cannot be reached")
    with pytest.raises(Unheard, match="cannot be reached"):
        await made.transcribe(SECOND, "en")
    async with OpenAIServer(port) as there:
        there.handlers |= {"/v1/models": models("whisper"), PATH: says()}
        async with asyncio.timeout(10):
            while made.trouble:
                await asyncio.sleep(0.05)
        assert (await made.transcribe(SECOND, "en")).text == "I moved it."
    await made.close()


async def test_captions_leave_room_for_final_words(
    server: TranscriptionServer, fake: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slowly(call: Call) -> None:
        await asyncio.sleep(0.2)
        await call.reply({"text": "I moved it."})

    monkeypatch.setattr(transcription, "CAPTIONS_AT_ONCE", 2)
    fake.handlers[PATH] = slowly
    captions = [
        asyncio.create_task(server.transcribe(SECOND, "en", session=str(at), partial=True))
        for at in range(3)
    ]
    await asyncio.sleep(0)
    final = await server.transcribe(SECOND, "en", session="final")
    found = await asyncio.gather(*captions, return_exceptions=True)
    assert final.text == "I moved it."
    assert [isinstance(one, Superseded) for one in found] == [False, False, True]


async def test_a_caption_that_comes_late_is_given_up_and_says_nothing_of_the_server(
    server: TranscriptionServer, fake: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcription, "CAPTION_S", 0.1)
    fake.handlers[PATH] = never
    for _ in range(4):
        with pytest.raises(Late):
            await server.transcribe(SECOND, "en", partial=True)
    assert server.trouble == ""
    async with asyncio.timeout(20):
        await fake.calls[-1].aborted.wait()


async def test_every_request_is_measured(server: TranscriptionServer, fake: OpenAIServer) -> None:
    told: list[Batch] = []
    server.watchers.append(told.append)
    fake.handlers[PATH] = says()
    await server.transcribe(SECOND, "en")
    await server.transcribe(SECOND, "en", partial=True)
    assert [(one.finals, one.partials) for one in told] == [(1, 0), (0, 1)]
    assert server.waiting == (0, 0)
