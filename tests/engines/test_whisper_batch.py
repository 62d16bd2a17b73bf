"""Several sessions' speech in one call: each item keeps its language, context, times and fate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from server.core.events import Language
from server.engines import gate, whisper_batch
from server.engines.utterance import Heard, Utterance
from server.engines.whisper import WhisperRecognizer, WhisperSpeech
from server.engines.whisper_batch import BatchDecoder, Window
from tests.engines.whisper_fixture import Script, make, make_bilingual

KOREAN = "저는 결제 서비스를 개발했습니다."
ENGLISH = "I built the payment service."
Samples = NDArray[np.int16]
Opened = Callable[..., WhisperSpeech]


@pytest.fixture(autouse=True)
def languages_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of these tests hears English in everything."""
    monkeypatch.setattr(whisper_batch, "TELLING", 10**9)


@pytest.fixture
def opened() -> Iterator[Opened]:
    speeches: list[WhisperSpeech] = []

    def one(folder: Path, most: int = 8) -> WhisperSpeech:
        speeches.append(WhisperSpeech(folder, "cpu", most=most))
        speeches[-1].load()
        return speeches[-1]

    yield one
    for speech in speeches:
        speech.free()


@pytest.fixture
def say(two_cities: Samples) -> Callable[..., Utterance]:
    def utterance(
        language: Language, seconds: float = 4, context: str = "", *, partial: bool = False
    ) -> Utterance:
        pcm = two_cities[16_000 : 16_000 + int(16_000 * seconds)].tobytes()
        return Utterance(pcm, language, context, partial)

    return utterance


def calls_of(monkeypatch: pytest.MonkeyPatch) -> tuple[list[tuple[int, ...]], list[list[int]]]:
    """The shapes of what is encoded from now on, and the lengths of the prompts in each call."""
    encoded: list[tuple[int, ...]] = []
    prompts: list[list[int]] = []
    encode, generate = WhisperModel.encode, BatchDecoder._generate

    def encoding(self: Any, features: Any) -> Any:
        encoded.append(features.shape)
        return encode(self, features)

    def generating(self: Any, *arguments: Any) -> Any:
        prompts.append([len(prompt) for prompt in arguments[3]])
        return generate(self, *arguments)

    monkeypatch.setattr(WhisperModel, "encode", encoding)
    monkeypatch.setattr(BatchDecoder, "_generate", generating)
    return encoded, prompts


def test_a_batch_is_heard_as_each_of_it_alone(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    speech = opened(make_bilingual(tmp_path / "tiny", Script(KOREAN), Script(ENGLISH)))
    batch = [
        say("ko"),
        say("en", 2, "We met at the bank and then everything changed."),
        say("en", 7),
        say("ko", 5, "카프카를 도입했고"),
        say("ko", 3, "네."),
    ]
    alone = [speech.hear([utterance])[0] for utterance in batch]
    encoded, prompts = calls_of(monkeypatch)
    together = speech.hear(batch)
    assert [heard.text for heard in together] == [KOREAN, ENGLISH, ENGLISH, KOREAN, KOREAN]
    for one, same in zip(alone, together, strict=True):
        assert one.text == same.text
        assert not same.doubtful
        times = [time for word in one.words for time in (word.start_ms, word.end_ms)]
        others = [time for word in same.words for time in (word.start_ms, word.end_ms)]
        assert len(times) == len(others) == 2 * len(one.text.split())
        assert np.allclose(times, others, atol=40)
    assert encoded == [(5, 80, 1000)]
    assert all(len(set(lengths)) == 1 for lengths in prompts)
    assert sorted(len(lengths) for lengths in prompts) == [1, 1, 3]


def test_equal_contexts_are_kept_whole_and_one_alone_too(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    speech = opened(make(tmp_path / "tiny", KOREAN))
    _, prompts = calls_of(monkeypatch)
    speech.hear([say("ko", context="seven letters?")] * 2)
    speech.hear([say("ko", context="네.")])
    bare = 4  # start, language, task, no times; before them the mark of the context
    assert prompts == [[bare + 16] * 2, [bare + 1 + len(" 네.".encode())]]


def test_only_what_failed_is_tried_again_and_nothing_is_encoded_twice(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_bilingual(tmp_path / "tiny", Script(KOREAN), Script(ENGLISH, sure=6.0))
    speech = opened(folder)
    encoded, prompts = calls_of(monkeypatch)
    found = speech.hear([say("ko"), say("en", context="doubt"), say("ko")])
    assert encoded == [(3, 80, 1000)]
    assert prompts == [[4, 4, 4], [4]]
    assert [heard.text for heard in found[::2]] == [KOREAN, KOREAN]
    assert [heard.doubtful for heard in found] == [False, True, False]


def test_no_speech_in_one_item_is_not_the_others(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance]
) -> None:
    doubtful = Script(ENGLISH, sure=4.0)
    speech = opened(make_bilingual(tmp_path / "tiny", Script(KOREAN), doubtful, silent=True))
    silence = Utterance(bytes(64_000), "ko")
    found = speech.hear([say("en"), silence, say("ko"), Utterance(b"", "en")])
    assert [heard.text for heard in found] == ["", "", KOREAN, ""]
    assert found[0].doubtful


def test_a_loop_in_one_item_ends_at_its_own_limit(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance]
) -> None:
    folder = make_bilingual(tmp_path / "tiny", Script(KOREAN), Script("again and", loop=True))
    speech = opened(folder)
    assert speech._decoder is not None
    long, short = (
        Window(gate.samples_of(utterance.pcm), utterance.language)
        for utterance in (say("ko", 25), say("en", 1))
    )
    found = speech._decoder.decode([long, short])
    assert found[0].text == KOREAN
    assert len(found[1].tokens) == 24 + 16
    assert found[1].doubtful
    assert [heard.text for heard in speech.hear([say("ko", 25), say("en", 1)])] == [KOREAN, ""]


def test_a_fast_speaker_is_heard_to_the_end(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance]
) -> None:
    # 58 words of a token each: the library's own limit would be half of what it is given.
    script = " ".join(f"w{number}" for number in range(58))
    assert opened(make(tmp_path / "tiny", script)).hear([say("en", 6.5)])[0].text == script


def test_windows_of_one_go_together_with_another_session(
    tmp_path: Path,
    opened: Opened,
    say: Callable[..., Utterance],
    two_cities: Samples,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    speech = opened(make_bilingual(tmp_path / "tiny", Script(KOREAN), Script(ENGLISH)))
    encoded, _ = calls_of(monkeypatch)
    long = Utterance(np.concatenate((two_cities, two_cities)).tobytes(), "en")
    found = speech.hear([say("ko"), long])
    assert len(encoded) == 1
    windows = encoded[0][0] - 1
    assert found[0].text == KOREAN
    # Said four times and more it is the loop that it would be, and its times are gone.
    assert found[1].text == (ENGLISH if windows >= 4 else " ".join([ENGLISH] * windows))
    assert not found[1].words or len(found[1].words) == 5 * windows


def test_more_windows_than_the_device_takes_go_in_several_calls(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    speech = opened(make(tmp_path / "tiny", KOREAN), most=2)
    encoded, _ = calls_of(monkeypatch)
    assert [heard.text for heard in speech.hear([say("ko")] * 5)] == [KOREAN] * 5
    assert [shape[0] for shape in encoded] == [2, 2, 1]


def test_a_device_without_the_memory_is_given_less(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    speech = opened(make(tmp_path / "tiny", KOREAN), most=8)
    encode = WhisperModel.encode
    left: list[str] = []

    def narrow(self: Any, features: Any) -> Any:
        if left:
            raise RuntimeError(left.pop())
        if len(features) > 3:
            # Seen on an H200: the call after it fails as well.
            left.append("parallel_for failed: cudaErrorInvalidDevice: invalid device ordinal")
            raise RuntimeError("CUDA failed with error out of memory")
        return encode(self, features)

    monkeypatch.setattr(WhisperModel, "encode", narrow)
    assert [heard.text for heard in speech.hear([say("ko")] * 7)] == [KOREAN] * 7
    assert speech.most == 3
    left += ["broken"]
    with pytest.raises(RuntimeError, match="broken"):
        speech.hear([say("ko")])


def test_silence_behind_the_sound_is_what_the_extractor_makes_of_it(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    speech = opened(make(tmp_path / "tiny", KOREAN))
    given: list[Any] = []
    encode = WhisperModel.encode

    def encoding(self: Any, features: Any) -> Any:
        given.append(features)
        return encode(self, features)

    monkeypatch.setattr(WhisperModel, "encode", encoding)
    utterance = say("ko", 3)
    speech.hear([utterance])
    sound = np.zeros(10 * 16_000, np.float32)
    samples = gate.samples_of(utterance.pcm)
    sound[: len(samples)] = samples
    assert speech._decoder is not None
    whole = speech._decoder._model.feature_extractor(sound)[:, :-1]
    # To the last bit on most processors; others add up in another order for another length.
    assert np.allclose(given[0][0], whole, rtol=0, atol=1e-6)


def test_a_caption_has_no_times(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance]
) -> None:
    speech = opened(make(tmp_path / "tiny", KOREAN))
    found = speech.hear([say("ko", partial=True), say("ko")])
    assert found[0] == Heard(KOREAN)
    assert len(found[1].words) == 4


def test_a_long_caption_that_is_heard_alone_has_times(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance]
) -> None:
    speech = opened(make(tmp_path / "tiny", KOREAN))
    long = say("ko", 4.5, partial=True)
    assert [word.text for word in speech.hear([long])[0].words] == KOREAN.split()
    assert speech.hear([long, long])[0].words == ()


def test_one_alone_is_told_how_it_begins(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    speech = opened(make(tmp_path / "tiny", KOREAN))
    _, prompts = calls_of(monkeypatch)
    begun = KOREAN.rsplit(maxsplit=2)[0]
    plain, told = say("ko", partial=True), replace(say("ko", partial=True), begun=begun)
    found = speech.hear([plain]) + speech.hear([told]) + speech.hear([plain, told])
    assert found[1].text.startswith(f"{begun} ")
    assert found[0].text == found[2].text == found[3].text == KOREAN
    (first,), (second,), both = prompts
    assert second > first
    assert both == [first, first]


def test_windows_are_as_long_as_the_longest_sound_and_the_silence_behind_it(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    speech = opened(make_bilingual(tmp_path / "tiny", Script(KOREAN), Script(ENGLISH)))
    encoded, _ = calls_of(monkeypatch)
    assert speech.hear([say("ko", 2, partial=True)])[0].text == KOREAN
    assert speech.hear([say("ko", 4)])[0].text == KOREAN
    found = speech.hear([say("ko", 4), say("en", 8)])
    assert [heard.text for heard in found] == [KOREAN, ENGLISH]
    assert found[0].words[-1].end_ms <= 4_000
    assert speech.hear([say("en", 28)])[0].text == ENGLISH
    assert encoded == [(1, 80, 600), (1, 80, 1000), (2, 80, 1300), (1, 80, 3000)]


def test_a_decoder_in_a_loop_hears_the_whole_window_once(
    tmp_path: Path, opened: Opened, say: Callable[..., Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    looping = Script("again and", loop=True)
    speech = opened(make_bilingual(tmp_path / "tiny", Script(KOREAN), looping))
    encoded, _ = calls_of(monkeypatch)
    found = speech.hear([say("ko"), say("en", 6)])
    assert found[0].text == KOREAN
    assert encoded == [(2, 80, 1000), (1, 80, 3000)]


async def test_sessions_that_ask_at_once_share_a_call(
    tmp_path: Path, say: Callable[..., Utterance]
) -> None:
    folder = make_bilingual(tmp_path / "tiny", Script(KOREAN), Script(ENGLISH))
    recognizer = WhisperRecognizer(folder, "cpu", most=4)
    await recognizer.load()
    languages: list[Language] = ["ko", "en", "en", "ko", "ko", "en"]
    found = await asyncio.gather(
        *(
            recognizer.transcribe(say(language).pcm, language, session=str(at))
            for at, language in enumerate(languages)
        )
    )
    assert [one.text for one in found] == [
        KOREAN if language == "ko" else ENGLISH for language in languages
    ]
    assert (recognizer.stats.batches, recognizer.stats.largest_batch) == (2, 4)
    await recognizer.close()
