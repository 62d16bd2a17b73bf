"""Whisper with a tiny model that follows a script: words, times, context, and what is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from server.core.events import Language
from server.engines import belief, whisper
from server.engines.whisper import WhisperRecognizer, cuda_usable
from server.ports import EngineError, Transcript
from tests.engines.whisper_fixture import Script, make, make_bilingual

KOREAN = "저는 결제 서비스를 개발했습니다."
ENGLISH = "I built the payment service."
Samples = NDArray[np.int16]


@pytest.fixture
def speech(two_cities: Samples) -> bytes:
    return two_cities[16_000:80_000].tobytes()


async def heard(
    folder: Path, pcm: bytes, language: Language = "ko", context: str = ""
) -> Transcript:
    recognizer = WhisperRecognizer(folder, "cpu")
    try:
        return await recognizer.transcribe(pcm, language, context)
    finally:
        await recognizer.close()


@pytest.mark.parametrize(("script", "language"), [(KOREAN, "ko"), (ENGLISH, "en")])
async def test_both_languages_come_with_the_times_of_their_words(
    tmp_path: Path, speech: bytes, script: str, language: Language
) -> None:
    found = await heard(make(tmp_path / "tiny", script), speech, language)
    assert found.text == script
    assert [word.text for word in found.words] == script.split()
    times = [time for word in found.words for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= 4_000
    assert found.engine == "whisper tiny int8 cpu"


async def test_more_than_one_window_is_heard_to_its_end(
    tmp_path: Path, two_cities: Samples
) -> None:
    found = await heard(make(tmp_path / "tiny", ENGLISH), two_cities.tobytes(), "en")
    # The script is the same in each of the two windows, and each has it at its own time.
    assert found.text == f"{ENGLISH} {ENGLISH}"
    assert [word.text for word in found.words] == 2 * ENGLISH.split()
    times = [word.start_ms for word in found.words]
    assert times == sorted(times)
    assert times[5] >= 15_000
    assert found.words[-1].end_ms <= len(two_cities) / 16


async def test_the_words_before_are_given_to_the_model(
    tmp_path: Path, speech: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizer = WhisperRecognizer(make(tmp_path / "tiny", KOREAN), "cpu")
    await recognizer.load()
    prompts = []
    original = WhisperModel.get_prompt

    def recorded(self: Any, tokenizer: object, previous: list[int], **rest: object) -> object:
        prompts.append(self.hf_tokenizer.decode(previous))
        return original(self, tokenizer, previous, **rest)

    monkeypatch.setattr(WhisperModel, "get_prompt", recorded)
    await recognizer.transcribe(speech, "ko", "앞 " * 300 + "카프카를 도입했고")
    await recognizer.transcribe(speech, "ko")
    await recognizer.close()
    assert prompts[0].endswith("카프카를 도입했고")
    assert "앞" in prompts[0]
    assert len(prompts[0]) <= belief.CONTEXT + 1
    assert prompts[1] == ""


async def test_silence_is_not_even_decoded(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", KOREAN)
    noise = np.random.default_rng(1).normal(0, 40, 32_000).astype(np.int16)
    for pcm in (b"", bytes(1_000), bytes(64_000), noise.tobytes()):
        found = await heard(folder, pcm)
        assert (found.text, found.words) == ("", ())


@pytest.mark.parametrize(
    ("silent", "sure", "believed"),
    [(False, 30.0, True), (True, 30.0, True), (True, 4.0, False)],
)
async def test_no_speech_counts_only_with_doubtful_words(
    tmp_path: Path, speech: bytes, silent: bool, sure: float, believed: bool
) -> None:
    found = await heard(make(tmp_path / "tiny", KOREAN, silent=silent, sure=sure), speech)
    assert (found.text == KOREAN) == believed
    assert bool(found.text) == believed


async def test_a_loop_is_stopped_and_not_believed(tmp_path: Path, speech: bytes) -> None:
    found = await heard(make(tmp_path / "tiny", "저는 결제", loop=True), speech)
    assert found.text in {"", "저는 결제"}


@pytest.mark.parametrize(
    ("script", "language"),
    [
        ("시청해 주셔서 감사합니다.", "ko"),
        ("Thanks for watching!", "en"),
        ("MBC 뉴스 김성현입니다.", "ko"),
    ],
)
async def test_the_end_of_a_video_is_no_answer(
    tmp_path: Path, speech: bytes, script: str, language: Language
) -> None:
    assert not (await heard(make(tmp_path / "tiny", script), speech, language)).text


async def test_the_loop_runs_on_and_a_given_up_call_is_gone(
    tmp_path: Path, two_cities: Samples, speech: bytes
) -> None:
    recognizer = WhisperRecognizer(make(tmp_path / "tiny", KOREAN), "cpu")
    await recognizer.load()
    task = asyncio.create_task(recognizer.transcribe(two_cities.tobytes(), "ko"))
    await asyncio.sleep(0.02)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await recognizer.transcribe(speech, "ko")).text == KOREAN
    await recognizer.close()
    await recognizer.close()
    with pytest.raises(EngineError, match="closed"):
        await recognizer.transcribe(speech, "ko")


async def test_a_broken_model_is_told_when_it_is_loaded(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", KOREAN)
    (folder / "model.bin").write_bytes(b"not a model")
    recognizer = WhisperRecognizer(folder, "cpu")
    with pytest.raises(EngineError, match="whisper tiny cannot be loaded"):
        await recognizer.load()
    await recognizer.close()


async def test_an_english_model_refuses_korean(tmp_path: Path, speech: bytes) -> None:
    recognizer = WhisperRecognizer(make(tmp_path / "small.en", ENGLISH), "cpu")
    assert recognizer.covers("en")
    assert not recognizer.covers("ko")
    with pytest.raises(EngineError, match="English only"):
        await recognizer.transcribe(speech, "ko")
    await recognizer.close()


async def test_the_device_is_chosen_and_said(tmp_path: Path, speech: bytes) -> None:
    usable, why = cuda_usable()
    recognizer = WhisperRecognizer(make(tmp_path / "tiny", KOREAN))
    assert (await recognizer.transcribe(speech, "ko")).text == KOREAN
    assert recognizer.why.endswith(why) or not recognizer.why.startswith("on the GPU")
    assert recognizer.name == f"whisper tiny {'float16 cuda' if usable else 'int8 cpu'}"
    await recognizer.close()


async def test_a_gpu_that_fails_with_the_model_leaves_the_cpu(
    tmp_path: Path, speech: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    if cuda_usable()[0]:
        pytest.skip("this GPU works")
    monkeypatch.setattr(whisper, "cuda_usable", lambda: (True, "1 NVIDIA GPU"))
    recognizer = WhisperRecognizer(make(tmp_path / "tiny", KOREAN), "cuda")
    assert (await recognizer.transcribe(speech, "ko")).text == KOREAN
    assert recognizer.name.endswith("int8 cpu")
    assert "the GPU failed with this model" in recognizer.why
    await recognizer.close()


@pytest.mark.parametrize(
    ("cores", "found"), [(1, (1, 1)), (2, (2, 1)), (4, (4, 1)), (8, (4, 2)), (64, (4, 2))]
)
def test_a_cpu_hears_several_at_once_and_no_core_is_given_twice(
    cores: int, found: tuple[int, int]
) -> None:
    assert whisper.beside_each_other(cores) == found


async def test_calls_beside_each_other_hear_each_their_own(
    tmp_path: Path, speech: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    folder = make_bilingual(tmp_path / "two", Script(KOREAN), Script(ENGLISH))
    recognizer = WhisperRecognizer(folder, "cpu", "two")
    await recognizer.load()
    asked = [
        recognizer.transcribe(speech, ("ko", "en")[at % 2], session=f"{at}") for at in range(12)
    ]
    found = await asyncio.gather(*asked)
    assert [one.text for one in found] == [KOREAN, ENGLISH] * 6
    await recognizer.close()
