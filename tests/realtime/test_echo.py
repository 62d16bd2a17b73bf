"""The interviewer's own voice in the microphone: real voices, WebRTC's canceller, Silero's ears."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from server.core.events import Language
from server.engines.silero import SileroDetector
from server.engines.webrtc import WebrtcCanceller
from server.ports import CANDIDATE_RATE, VOICE_RATE
from server.realtime.echo import Echo
from tests.speech import recording, spoken

pytestmark = pytest.mark.engine

Samples = NDArray[np.float32]

QUESTIONS: dict[Language, str] = {
    "en": "Hello, and welcome. I will lead you through this conversation. To begin with, could you "
    "tell me what you did last year, and which part of it was yours?",
    "ko": "안녕하세요. 오늘 면접을 진행하겠습니다. 지난해에 맡으신 일 가운데 가장 어려웠던 것을 "
    "말씀해 주시겠어요?",
}
PACKET = CANDIDATE_RATE // 50
SPEECH = 0.5


def floats(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32_768)


def room(voice: Samples, level_db: float, delay_ms: int) -> Samples:
    """A small loudspeaker, a room that rings for 100 ms, and a microphone that hisses."""
    random = np.random.default_rng(7)
    ring = random.standard_normal(1_600) * np.exp(-np.arange(1_600) / 350)
    ring[0] = 3
    ring /= np.sqrt(np.square(ring).sum())
    loud = np.convolve(np.tanh(1.5 * voice) / 1.5, ring)[: len(voice)]
    late = np.concatenate([np.zeros(delay_ms * CANDIDATE_RATE // 1_000), loud])
    hiss = random.standard_normal(len(late)) * 10 ** (-65 / 20)
    return (late * 10 ** (level_db / 20) + hiss).astype(np.float32)


def heard(voice: Samples, microphone: Samples, echo: Echo, turn: int = 1) -> Samples:
    """What is left of the microphone while the voice, sent in a few large pieces, is played."""
    up = soxr.resample(voice, CANDIDATE_RATE, VOICE_RATE)
    pcm = (np.clip(up, -1, 1) * 32_767).astype("<i2").tobytes()
    for start in range(0, len(pcm), VOICE_RATE):
        echo.loudspeaker.say(turn, start // 2, pcm[start : start + VOICE_RATE])
    echo.loudspeaker.said(turn)
    sent = (np.clip(microphone, -1, 1) * 32_767).astype("<i2").tobytes()
    step = 2 * PACKET
    cleaned = [echo.clean(sent[at : at + step]) for at in range(0, len(sent), step)]
    cleaned.append(echo.flush())
    assert sum(map(len, cleaned)) == len(sent)
    return floats(b"".join(cleaned))


@dataclass
class Ears:
    detector: SileroDetector

    def speech(self, sound: Samples) -> NDArray[np.bool_]:
        row = self.detector.open()
        size = self.detector.window
        windows = sound[: len(sound) // size * size].reshape(-1, 1, size)
        judged = [self.detector.probabilities(window, [row])[0] for window in windows]
        self.detector.close(row)
        return np.array(judged) > SPEECH

    def longest_ms(self, sound: Samples) -> int:
        longest = run = 0
        for one in self.speech(sound):
            run = run + 1 if one else 0
            longest = max(longest, run)
        return longest * 32


@pytest.fixture(scope="module")
def ears() -> Ears:
    return Ears(SileroDetector())


@pytest.mark.parametrize(
    ("level_db", "delay_ms", "language"),
    [
        (-6, 50, "ko"), (-6, 250, "en"), (-6, 700, "ko"), (-6, 1_200, "en"),
        (-20, 50, "en"), (-20, 250, "ko"), (-20, 700, "en"), (-20, 1_200, "ko"),
        (-42, 50, "ko"), (-42, 250, "en"), (-42, 700, "ko"), (-42, 1_200, "en"),
    ],
)  # fmt: skip
async def test_the_voice_does_not_interrupt_itself(
    ears: Ears, level_db: int, delay_ms: int, language: Language
) -> None:
    voice = floats(await spoken(QUESTIONS[language], language))
    microphone = room(voice, level_db, delay_ms)
    assert ears.longest_ms(microphone) > 300  # it would
    echo = Echo(WebrtcCanceller)
    assert ears.longest_ms(heard(voice, microphone, echo)) < 300
    again = ears.longest_ms(heard(voice, microphone, echo, turn=2))
    assert again < 100  # the room is known now


@pytest.mark.parametrize(("level_db", "delay_ms"), [(-6, 120), (-20, 250), (-20, 1_200)])
async def test_who_talks_over_it_is_heard(ears: Ears, level_db: int, delay_ms: int) -> None:
    voice = floats(await spoken(QUESTIONS["en"]))
    echo = Echo(WebrtcCanceller)
    heard(voice, room(voice, level_db, delay_ms), echo)
    microphone = room(voice, level_db, delay_ms)
    at, words = 3 * CANDIDATE_RATE, floats(recording("beckett.wav", 4))
    words = words / np.abs(words).max() / 2
    microphone[at : at + len(words)] += words
    alone = np.concatenate([np.zeros(at, np.float32), words])
    theirs, left = ears.speech(alone), ears.speech(heard(voice, microphone, echo, turn=2))
    first = int(np.argmax(theirs))
    assert int(np.argmax(left[first - 2 :])) - 2 <= 400 // 32
    both = min(len(theirs), len(left))
    assert (left[:both] & theirs[:both]).sum() >= 0.7 * theirs[:both].sum()


async def test_who_is_far_louder_than_the_echo_is_left_as_they_are(ears: Ears) -> None:
    voice = floats(await spoken(QUESTIONS["en"]))
    echo = Echo(WebrtcCanceller)
    heard(voice, room(voice, -32, 250), echo)
    microphone = room(voice, -32, 250)
    at, words = 3 * CANDIDATE_RATE, floats(recording("beckett.wav", 4))
    words = words / np.abs(words).max() / 2
    microphone[at : at + len(words)] += words
    left = heard(voice, microphone, echo, turn=2)
    first = slice(at, at + CANDIDATE_RATE // 2)  # by then the voice is silent
    changed = np.abs(left[first] - microphone[first])[np.abs(microphone[first]) > 0.1]
    assert (changed < 1e-3).mean() > 0.95
    assert ears.longest_ms(left[:at]) < 100


@pytest.mark.parametrize("delay_ms", [250, 1_200])
async def test_a_loudspeaker_that_is_turned_up_is_soon_known_again(
    ears: Ears, delay_ms: int
) -> None:
    voice = floats(await spoken(QUESTIONS["ko"], "ko"))
    echo = Echo(WebrtcCanceller)
    heard(voice, room(voice, -32, delay_ms), echo)
    assert ears.longest_ms(heard(voice, room(voice, -14, delay_ms), echo, turn=2)) < 300
    assert ears.longest_ms(heard(voice, room(voice, -14, delay_ms), echo, turn=3)) < 100


async def test_what_is_said_after_the_voice_is_no_sign_of_how_late_it_is(ears: Ears) -> None:
    voice = floats(await spoken(QUESTIONS["en"]))
    echo = Echo(WebrtcCanceller)
    words = floats(recording("beckett.wav", 4)) / 2
    heard(voice, np.concatenate([room(voice, -20, 250), words]), echo)
    assert ears.longest_ms(heard(voice, room(voice, -20, 250), echo, turn=2)) < 100


async def test_with_earphones_nothing_is_taken_out(ears: Ears) -> None:
    voice = floats(await spoken(QUESTIONS["en"]))
    echo = Echo(WebrtcCanceller)
    silent = np.zeros(len(voice), np.float32)
    heard(voice, silent, echo)
    words = np.resize(floats(recording("beckett.wav")), len(voice)).astype(np.float32)
    assert np.abs(heard(voice, words, echo, turn=2) - words).max() < 1e-3


def test_without_a_canceller_what_is_heard_is_passed_on() -> None:
    echo = Echo(None)
    echo.loudspeaker.say(1, 0, bytes(VOICE_RATE))
    assert echo.clean(b"\x01\x02" * 123) == b"\x01\x02" * 123
    assert echo.flush() == b""
