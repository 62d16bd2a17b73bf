"""Which recogniser is chosen when a model is on disk, out of reach or broken."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from server.engines import choice, hub, hub_whisper, registry, whisper_base
from server.engines.choice import EngineInUse, RecognizerChoice, choose
from server.engines.lanes import MOST_AT_ONCE
from server.engines.registry import EngineSettings
from server.ports import Busy, EngineError, Unheard
from server.settings import Settings
from tests.engines.openai_server import Call, OpenAIServer, failure, models, raw
from tests.engines.whisper_fixture import make
from tests.live import kept_recogniser

TRANSCRIPTIONS = "/v1/audio/transcriptions"
SCRIPT = "저는 결제 서비스를 개발했습니다."


@pytest.fixture(autouse=True)
def an_empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(choice, "RETIRE_SECONDS", 0.0)


def chosen(wanted: str, model: str | None, queue: int = 64) -> RecognizerChoice:
    data = kept_recogniser()
    return RecognizerChoice(
        EngineSettings(data=data, stt=wanted, stt_model=model, stt_device="cpu", stt_queue=queue)
    )


async def test_a_model_on_disk_takes_over_from_the_base(tmp_path: Path) -> None:
    made = chosen("auto", str(make(tmp_path / "tiny", SCRIPT)))
    assert not made.in_use().settled
    assert set(made.in_use().languages) == {"ko", "en"}
    await made.settle()
    assert made.in_use() == EngineInUse(
        role="stt",
        name="whisper tiny int8 cpu",
        why="its model is on disk; on the CPU: the CPU was asked for",
        languages=("en", "ko"),
        settled=True,
    )
    await made.close()
    with pytest.raises(EngineError, match="closed"):
        await made.current.transcribe(bytes(64_000), "ko")


async def test_what_either_of_them_did_is_told_to_the_same_watchers(
    tmp_path: Path, two_cities: NDArray[np.int16]
) -> None:
    made = chosen("auto", str(make(tmp_path / "tiny", SCRIPT)))
    told: list[str] = []
    made.watchers.append(lambda batch: told.append(batch.engine))
    await made.current.transcribe(two_cities[:32_000].tobytes(), "en")
    await made.settle()
    await made.current.transcribe(two_cities[:32_000].tobytes(), "ko")
    assert told == ["whisper base int8 cpu", "whisper tiny int8 cpu"]
    await made.close()


@pytest.mark.parametrize("queue", [1, 3])
async def test_the_queue_is_as_long_as_it_was_set(
    tmp_path: Path, two_cities: NDArray[np.int16], queue: int
) -> None:
    made = chosen("auto", str(make(tmp_path / "tiny", SCRIPT)), queue)
    await made.settle()
    pcm = two_cities[:32_000].tobytes()
    asked = [made.current.transcribe(pcm, "ko", session=str(at)) for at in range(16)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    busy = sum(isinstance(one, Busy) for one in found)
    # The first may be in hand, or over, before the last has come.
    assert 16 - queue - 2 * MOST_AT_ONCE <= busy <= 16 - queue
    await made.close()


@pytest.mark.parametrize("wanted", ["auto", "whisper"])
async def test_without_model_and_hub_the_base_stays_and_the_reason_is_told(
    wanted: str,
) -> None:
    made = chosen(wanted, "small")
    await made.settle()
    found = made.in_use()
    assert (found.name, found.settled) == ("whisper base int8 cpu", True)
    assert set(found.languages) == {"ko", "en"}
    assert "whisper small is not on disk" in found.why
    assert "HF_HUB_OFFLINE is set" in found.why
    assert (await made.current.transcribe(bytes(64_000), "en")).text == ""
    await made.close()


async def test_the_base_is_what_serves_and_can_be_asked_for() -> None:
    for wanted, why in (("whisper-base", "it was asked for"), ("auto", "names no larger model")):
        made = chosen(wanted, None)
        await made.settle()
        used = made.in_use()
        assert (used.name, used.settled) == ("whisper base int8 cpu", True)
        assert why in used.why
        await made.close()


async def test_without_the_weights_nothing_is_covered_and_the_hub_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(whisper_base, "weights", lambda: None)
    monkeypatch.setattr(hub_whisper, "weights", lambda: None)
    made = chosen("auto", None)
    await made.settle()
    assert made.in_use().languages == ()
    assert "installed without" in made.why
    assert "whisper base is not on disk and the model hub cannot be reached" in made.why
    with pytest.raises(Unheard):
        await made.current.transcribe(bytes(64_000), "ko")
    await made.close()


async def test_a_folder_that_lacks_a_file_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", SCRIPT)
    (folder / "tokenizer.json").unlink()
    made = chosen("whisper", str(folder))
    await made.settle()
    assert "lacks one of model.bin, tokenizer.json" in made.why
    assert made.settled
    await made.close()


async def test_a_model_that_does_not_load_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", SCRIPT)
    (folder / "model.bin").write_bytes(b"damaged")
    made = chosen("auto", str(folder))
    await made.settle()
    assert "whisper tiny cannot be loaded" in made.why
    assert made.current.covers("en")
    await made.close()


async def test_a_download_that_fails_is_told_and_the_base_serves_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with OpenAIServer() as server:
        asked = asyncio.Event()

        async def slow_refusal(call: Call) -> None:
            asked.set()
            await asyncio.sleep(0.3)
            await call.reply({"error": "gone"}, "404 Not Found")

        server.handlers["/"] = raw("text/plain", b"")
        server.handlers["/api/models/Systran/faster-whisper-small/revision/main"] = slow_refusal
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        made = chosen("auto", "small")
        settling = asyncio.create_task(made.settle())
        await asyncio.wait_for(asked.wait(), 20)
        assert "being downloaded" in made.why
        assert not made.settled
        assert (await made.current.transcribe(bytes(64_000), "en")).text == ""
        await asyncio.wait_for(settling, 20)
    assert "could not be downloaded" in made.why
    await made.close()


async def test_settling_can_be_given_up_in_the_middle_of_a_download(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with OpenAIServer() as server:
        asked = asyncio.Event()

        async def never(call: Call) -> None:
            asked.set()
            await asyncio.sleep(60)

        server.handlers["/"] = raw("text/plain", b"")
        server.handlers["/api/models/Systran/faster-whisper-small/revision/main"] = never
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        made = chosen("auto", "small")
        settling = asyncio.create_task(made.settle())
        await asyncio.wait_for(asked.wait(), 20)
        settling.cancel()
        started = time.perf_counter()
        with pytest.raises(asyncio.CancelledError):
            await settling
        assert time.perf_counter() - started < 30
    await made.close()


async def test_the_hub_is_asked_within_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(call: Call) -> None:
        await asyncio.sleep(60)

    async with OpenAIServer() as server:
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        assert (await hub.reachable())[0]
        server.handlers["/"] = failure("503 Service Unavailable")
        assert await hub.reachable() == (False, "it answered HTTP 503")
        server.handlers["/"] = never
        started = time.perf_counter()
        assert await hub.reachable(2.0) == (False, "no answer in 2 s")
        assert time.perf_counter() - started < 30
    assert not (await hub.reachable())[0]


def test_a_model_in_the_hubs_cache_is_found_only_whole(tmp_path: Path) -> None:
    repository = tmp_path / "hub" / "models--Systran--faster-whisper-small"
    revision = "0123456789abcdef0123456789abcdef01234567"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(revision)
    make(repository / "snapshots" / revision, SCRIPT)
    code = "from server.engines.hub import model_on_disk; print(model_on_disk('small'))"
    found = [_printed(code)]
    (repository / "snapshots" / revision / "tokenizer.json").unlink()
    found.append(_printed(code))
    assert found == [str(repository / "snapshots" / revision), "None"]


def _printed(code: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    return run.stdout.strip()


def test_what_is_no_model_is_not_on_disk() -> None:
    assert hub.model_on_disk("no-such-size") is None
    assert hub.model_on_disk("Systran/faster-whisper-small") is None


# One on a server, and the one of this machine.


def at(url: str, wanted: str = "auto") -> RecognizerChoice:
    settings = EngineSettings(
        data=kept_recogniser(), stt=wanted, stt_url=url, stt_model="turbo", stt_timeout_ms=30_000
    )
    return RecognizerChoice(settings)


async def say(call: Call) -> None:
    await call.reply({"text": "I moved it."})


@pytest.mark.parametrize("wanted", ["auto", "transcription-server"])
async def test_a_server_hears_and_this_machine_when_it_fails(
    wanted: str, two_cities: NDArray[np.int16]
) -> None:
    pcm = two_cities[: 16_000 * 2].tobytes()
    async with OpenAIServer() as server:
        server.handlers |= {"/v1/models": models("turbo"), TRANSCRIPTIONS: say}
        made, place = at(server.url, wanted), server.url.removeprefix("http://")
        told: list[str] = []
        made.watchers.append(lambda batch: told.append(batch.engine))
        await made.settle()
        assert made.remote
        assert made.in_use() == EngineInUse(
            "stt", f"turbo at {place}", f"an OpenAI-compatible server at {place}", ("en", "ko"),
            settled=True,
        )  # fmt: skip
        assert await made.check() == (True, f"turbo at {place}")
        heard = await made.current.transcribe(pcm, "en")
        assert (heard.text, heard.engine) == ("I moved it.", f"turbo at {place}")
        server.handlers[TRANSCRIPTIONS] = failure("401 Unauthorized")
        heard = await made.current.transcribe(pcm, "en", session="a")
        assert "the best" in heard.text
        captions = made.current.captions(pcm, "en")  # type: ignore[attr-defined]
        assert "best" in [text async for text in captions][-1]
        why = "wants another API key (HTTP 401): set VIVA_STT_API_KEY; whisper base int8 cpu hears"
        assert why in made.in_use().why
        assert not made.in_use().settled
        assert made.in_use().languages == ("en", "ko")
        ok, told_of_it = await made.check()
        assert (ok, why in told_of_it) == (False, True)
        server.handlers[TRANSCRIPTIONS] = say
        assert (await made.current.transcribe(pcm, "en")).text == "I moved it."
        assert made.in_use().settled
        assert f"turbo at {place}" in told
        assert "whisper base int8 cpu" in told
    await made.close()


async def test_without_weights_of_our_own_what_a_server_cannot_hear_is_unheard(
    monkeypatch: pytest.MonkeyPatch, two_cities: NDArray[np.int16]
) -> None:
    monkeypatch.setattr(whisper_base, "weights", lambda: None)
    made = at("http://127.0.0.1:9")
    await made.settle()
    assert made.in_use().languages == ()
    assert made.in_use().why.endswith("cannot be reached; what is said waits for it")
    with pytest.raises(Unheard, match="cannot be reached"):
        await made.current.transcribe(two_cities[:32_000].tobytes(), "ko")
    await made.close()


async def test_a_server_that_is_asked_for_and_not_set_is_told() -> None:
    made = RecognizerChoice(EngineSettings(data=kept_recogniser(), stt="transcription-server"))
    await made.settle()
    assert "no transcription server is configured (VIVA_STT_URL)" in made.why
    assert not made.remote
    await made.close()


# Roles with one engine at a time.


async def test_a_server_that_is_set_is_used_and_its_trouble_told() -> None:
    async with OpenAIServer() as server:
        url = server.url
        used = choose("tts", Settings(tts_url=url, tts_model="parler"))
        assert used.in_use().name == "parler"
        assert used.in_use().why == f"an OpenAI-compatible server at {url}"
        assert await used.check() == (True, f"parler at {url.removeprefix('http://')}")
    ok, why = await used.check()
    assert not ok
    assert why.endswith("cannot be reached; espeak-ng speaks meanwhile")
    await used.engine.close()


def test_without_one_the_next_engine_is_used_and_the_reason_told() -> None:
    assert choose("tts", Settings()).in_use() == EngineInUse(
        role="tts",
        name="espeak-ng",
        why="no speech server is configured (VIVA_TTS_URL)",
        languages=("en", "ko"),
        settled=True,
    )
    bank = choose("llm", Settings())
    assert (bank.engine, bank.in_use().name) == (None, "question bank")
    assert not bank.remote


def test_the_last_engine_of_a_role_is_used_whatever_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "_packaged", lambda *_: None)
    used = choose("tts", Settings()).in_use()
    assert used.name == "espeak-ng"
    assert used.why.endswith("it is not here; set VIVA_TTS_URL for a voice")
