"""Recordings with transcripts, and how much of them was heard: words or letters, numbers alike."""

from __future__ import annotations

import csv
import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from server.core.events import Language
from server.language.pack import shipped
from server.ports import CANDIDATE_RATE

Samples = NDArray[np.int16]

ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ENGLISH = {
    **{word: number for number, word in enumerate(ONES)},
    **{word: 10 * number for number, word in enumerate(TENS, start=2)},
    "oh": 0,
}
SHORT = {"mr": "mister", "mrs": "missis", "dr": "doctor", "ok": "okay"}
SHORTENED = (
    ("won't", "will not"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("n't", " not"),
    ("'re", " are"),
    ("'ll", " will"),
    ("'ve", " have"),
    ("'m", " am"),
    ("'d", " would"),
)
HESITATIONS = {"hmm", "mm", "mhm", "mmm", "uh", "um"}
"""As Whisper's own measurements leave them out."""

SINO = dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True))
NATIVE = dict(
    zip("123456789", ["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"], strict=True)
)
SLASH = {"en": "slash", "ko": "슬래시"}
NAMES = {
    "amazon": "아마존",
    "docker": "도커",
    "github": "깃허브",
    "google": "구글",
    "java": "자바",
    "kafka": "카프카",
    "kubernetes": "쿠버네티스",
    "linux": "리눅스",
    "microsoft": "마이크로소프트",
    "python": "파이썬",
    "redis": "레디스",
    "samsung": "삼성",
    "spring": "스프링",
    "windows": "윈도우",
}
"""Said in Korean, a name may be written either way."""

NOTE = re.compile(r"\([^)]*\)")
COUNTED = re.compile(r"([1-9])(?=(?:개|명|가지|번|시간|살|대|군데)(?![0-9]))")


@dataclass(frozen=True)
class Reading:
    """PCM16 mono 16 kHz. ``transcript`` is empty where nothing is said."""

    name: str
    language: Language
    transcript: str
    samples: Samples

    @property
    def seconds(self) -> float:
        return len(self.samples) / CANDIDATE_RATE


def readings(folder: Path) -> Iterator[Reading]:
    """Every row of every table (``file``, ``language``, ``transcript``) in the folder and below;
    of the languages of interviews, and without one."""
    for table in sorted(folder.rglob("*.csv")):
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                known = row["language"] in shipped().by_language
                language = row["language"] if known else "en"
                if row["language"] in (language, "-"):
                    samples = recording(table.parent / row["file"])
                    yield Reading(row["file"], language, row["transcript"], samples)


def recording(path: Path) -> Samples:
    """The first channel of a WAV file of 16 bits, at 16 kHz."""
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        samples = samples.reshape(-1, file.getnchannels())[:, 0]
        rate = file.getframerate()
    return np.ascontiguousarray(soxr.resample(samples, rate, CANDIDATE_RATE), np.int16)


def read_aloud(reading: Reading) -> Iterator[str]:
    """The ways to say what is written: some read a slash out."""
    yield reading.transcript
    if "/" in reading.transcript:
        yield reading.transcript.replace("/", f" {SLASH[reading.language]} ")


def units(text: str, language: Language) -> list[str]:
    """What errors are counted in: words in English, letters in Korean, as they are spoken."""
    if language == "ko":
        return list("".join(words(text, language)))
    return words(text, language)


def words(text: str, language: Language) -> list[str]:
    """Without punctuation and capitals; digits as they are read out, each by itself."""
    text = re.sub(r"(?<=[0-9]),(?=[0-9])", "", NOTE.sub(" ", text.casefold()))
    if language == "ko":
        text = COUNTED.sub(lambda found: NATIVE[found[1]], text)
        text = re.sub(r"[0-9]", lambda found: SINO[found[0]], text)
        text = re.sub(r"[a-z]+", lambda found: NAMES.get(found[0], found[0]), text)
        return re.sub(r"[^\w\s]|_", " ", text).split()
    text = text.replace("’", "'")
    for short, whole in SHORTENED:
        text = text.replace(short, whole)
    spoken = re.sub(r"[^\w\s']|_", " ", text).split()
    return _digits([word for word in spoken if word not in HESITATIONS])


def _digits(spoken: Sequence[str]) -> list[str]:
    read: list[str] = []
    for before, word in pairwise(["", *spoken]):
        if word.isdigit():
            read += word
        elif before in TENS and word in ONES[1:10]:
            read[-1] = str(ENGLISH[word])
        elif word in ENGLISH:
            read += str(ENGLISH[word])
        else:
            read.append(SHORT.get(word, word))
    return read
