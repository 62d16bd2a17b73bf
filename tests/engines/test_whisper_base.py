"""The real weights: Korean and English are heard, doubt tells something, memory stays flat."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.eval_stt import Score, score
from bench.readings import readings
from server.core.events.answer import Answer
from server.engines.utterance import Utterance
from server.engines.whisper import WhisperSpeech
from server.engines.whisper_base import NAME, WhisperBase, weights
from server.realtime.captions import Captions, Partial, Talk
from server.realtime.tape import BYTES_PER_MS
from tests.live import kept_recogniser
from tests.speech import ENGLISH_READINGS, READINGS, clip, reading, spoken

MIB = 1024 * 1024


@pytest.fixture
async def base() -> AsyncIterator[WhisperBase]:
    made = WhisperBase(kept_recogniser(), 64)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("folder_of", "left_out", "most"),
    [(READINGS, "reading2.wav", 0.08), (ENGLISH_READINGS, "reading1.wav", 0.06)],
)
def test_readings_are_heard_with_few_errors(folder_of: Path, left_out: str, most: float) -> None:
    folder = weights()
    assert folder is not None
    speech, total = WhisperSpeech(folder, "cpu", NAME), Score()
    speech.load()
    for one in readings(folder_of):
        if one.name != left_out:
            score(speech, one, total)
    speech.free()
    assert total.units > 150
    assert total.share <= most
    sure = [one.sure for one in total.believed]
    assert abs(np.mean(sure) - np.mean([one.right for one in total.believed])) < 0.15


async def test_english_is_heard_and_each_word_has_its_time_and_its_doubt(
    base: WhisperBase, beckett: NDArray[np.int16]
) -> None:
    found = await base.transcribe(beckett.tobytes(), "en")
    assert "no matter" in found.text.lower()
    assert found.sounds_like is not None
    assert found.sounds_like.language == "en"
    assert all(0 <= (word.sure or 0) <= 1 for word in found.words)
    assert found.words[0].end_ms < found.words[-1].start_ms


async def test_korean_in_an_english_interview_is_written_in_korean(base: WhisperBase) -> None:
    found = await base.transcribe(reading("reading3.wav", 9.4), "en")
    assert found.sounds_like is not None
    assert found.sounds_like.language == "ko"
    assert "데이터" in found.text


async def test_what_is_no_human_speech_is_doubted(base: WhisperBase) -> None:
    pcm = await spoken("저는 보안 관제를 삼 년 동안 담당했습니다", "ko")
    clear = await base.transcribe(reading("reading3.wav", 9.4), "ko")
    found = await base.transcribe(pcm, "ko")
    assert (found.sure or 0.0) < (clear.sure or 0.0)


def test_a_caption_of_a_long_segment_hears_its_end_and_says_the_same() -> None:
    folder = weights()
    assert folder is not None
    speech = WhisperSpeech(folder, "cpu", NAME)
    speech.load()
    for language, spoken_in in (("en", ENGLISH_READINGS), ("ko", READINGS)):
        pcm = clip(spoken_in / "reading3.wav", 14.0)
        (whole,) = speech.hear([Utterance(pcm, language, partial=True)])
        heard_s, said = _captioned(speech, pcm, language)
        assert heard_s <= 9
        alike = SequenceMatcher(None, whole.text.casefold(), said.casefold()).ratio()
        assert alike > 0.9, (whole.text, said)
    speech.free()


def _captioned(speech: WhisperSpeech, pcm: bytes, language: str) -> tuple[float, str]:
    """Four of them: how much the last one heard, and what it says from the beginning."""
    captions, talk = Captions(), Talk(1, 1, 0, 0, False, Answer())
    heard_s, said = 0.0, ""
    for now_ms in range(3_500, 14_001, 3_500):
        wanted = captions.due(talk, now_ms, language)
        assert wanted is not None
        sound = pcm[wanted.start_ms * BYTES_PER_MS : wanted.end_ms * BYTES_PER_MS]
        about = Utterance(sound, language, wanted.context, partial=True, begun=wanted.begun)
        (found,) = speech.hear([about])
        heard_s, said = len(sound) / BYTES_PER_MS / 1_000, wanted.whole(found.text)
        words = tuple(word.after(wanted.start_ms) for word in found.words)
        captions.came(Partial(1, 1, now_ms, said, words=words), awaited=True)
    return heard_s, said


async def test_memory_stays_flat_over_many_calls(base: WhisperBase) -> None:
    pcm = reading("reading3.wav", 4.0)
    await base.load()
    statm = Path(f"/proc/{base.pid}/statm")

    def resident() -> float:
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB

    async def call(times: int) -> float:
        for at in range(times):
            length = 32_000 + 16_000 * (at % 6)  # bytes; 1 to 3.5 s
            await base.transcribe(pcm[:length], "ko")
        return resident()

    before = await call(6)
    assert await call(18) - before < 12
