"""Event logs of turns: what VAD, recogniser and turn model said and when, to be replayed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from bench.pause_set import TAIL_S, Samples, Speech, room_tone
from server.core.events import Language, VoiceFrame
from server.core.turn.decisions import Closed, Opened
from server.core.turn.patience import Patience
from server.engines.silero import SileroDetector
from server.engines.smart_turn import SmartTurn, model_file
from server.engines.utterance import Utterance
from server.engines.whisper import WhisperSpeech
from server.engines.whisper_base import NAME, weights
from server.ports import CANDIDATE_RATE
from server.realtime.segment import FRAME_MS, Segmenter, Sensitivity

PER_MS = CANDIDATE_RATE // 1_000
FRAME = FRAME_MS * PER_MS
SHORTEST_MS, LONGEST_MS = 300, 4_000
KEPT = 0.4
"""Share of pauses that stay as long as they were."""


class Pause(msgspec.Struct, frozen=True):
    """After a segment. ``resumes_ms`` is None at the true end; ``text``: all words so far.
    ``score``: the turn model's after half a second of it, None where it is shorter."""

    closed_ms: int
    speech_end_ms: int
    resumes_ms: int | None
    text: str
    score: float | None

    @property
    def length_ms(self) -> int:
        return 10**9 if self.resumes_ms is None else self.resumes_ms - self.speech_end_ms


class TurnLog(msgspec.Struct, frozen=True):
    """One turn: a VAD probability every 32 ms, and its pauses in order."""

    name: str
    speaker: str
    language: Language
    frames: list[float]
    pauses: list[Pause]


@dataclass(frozen=True)
class Stretch:
    """A segment in samples of a recording."""

    closed: Closed
    onset_ms: int


class Listener:
    """The engines that write a log; without a turn model its scores are None."""

    def __init__(self) -> None:
        path = model_file()
        self._turn_model = None if path is None else SmartTurn(path)
        folder = weights()
        assert folder is not None
        self._recogniser = WhisperSpeech(folder, "cpu", NAME)
        self._recogniser.load()

    def logs(self, speech: Speech, random: np.random.Generator) -> Iterator[TurnLog]:
        """One log of each sentence where a transcript tells sentences, else of the turn; each as
        it was spoken, and with its pauses stretched."""
        for one in self._sentences(speech):
            yield self._log(one, replace_tail(one, one.samples, random))
            stretched = self._stretched(one, random)
            if stretched is not None:
                longer = replace(one, name=f"{one.name} stretched")
                yield self._log(longer, replace_tail(longer, stretched, random))

    def _sentences(self, speech: Speech) -> list[Speech]:
        if speech.transcript is None or len(sentences(speech.transcript)) == 1:
            return [speech]
        segments, _ = segmented(speech.samples)
        parts: list[Speech] = []
        begin_ms, heard = 0, ""
        for number, segment in enumerate(segments):
            heard = f"{heard} {self._words(speech, segment)}".strip()
            last = number == len(segments) - 1
            said = said_so_far(speech.transcript, heard) if not last else speech.transcript
            if last or re.search(r"[.?!]$", said):
                end_ms = segment.closed.end_ms
                cut = speech.samples[begin_ms * PER_MS : end_ms * PER_MS]
                name = f"{speech.name} sentence {len(parts) + 1}"
                parts.append(replace(speech, name=name, samples=cut, transcript=None))
                begin_ms = end_ms
        return parts

    def _stretched(self, speech: Speech, random: np.random.Generator) -> Samples | None:
        """Some pauses made longer, up to four seconds; None where there is no pause."""
        segments, _ = segmented(speech.samples)
        if len(segments) < 2:
            return None
        parts: list[Samples] = []
        at = 0
        for segment, following in pairwise(segments):
            length_ms = following.onset_ms - segment.closed.speech_end_ms
            drawn_ms = np.exp(random.uniform(np.log(SHORTEST_MS), np.log(LONGEST_MS)))
            middle = (segment.closed.speech_end_ms + length_ms // 2) * PER_MS
            parts.append(speech.samples[at:middle])
            if random.random() > KEPT and drawn_ms > length_ms:
                parts.append(room_tone(speech.samples, (drawn_ms - length_ms) / 1_000, random))
            at = middle
        return np.concatenate([*parts, speech.samples[at:]])

    def _log(self, speech: Speech, samples: Samples) -> TurnLog:
        segments, frames = segmented(samples)
        text, pauses = "", []
        total_ms = sum(s.closed.speech_end_ms - s.onset_ms for s in segments)
        spoken_ms = 0
        for number, segment in enumerate(segments):
            spoken_ms += segment.closed.speech_end_ms - segment.onset_ms
            if self._recogniser.covers(speech.language):
                text = f"{text} {self._words(replace(speech, samples=samples), segment)}".strip()
            else:
                text = share_of(speech.transcript or "", spoken_ms / total_ms)
            following = segments[number + 1] if number + 1 < len(segments) else None
            closed_ms = -(-(segment.closed.speech_end_ms + Sensitivity().pause_ms) // 32) * 32
            end_ms = segment.closed.speech_end_ms
            resumes = None if following is None else following.onset_ms
            asked_ms = -(-(end_ms + Patience().score_ms) // 32) * 32
            lasts = resumes is None or resumes > asked_ms
            score = self._score(samples[: asked_ms * PER_MS]) if lasts else None
            if following is not None or speech.ends:
                pauses.append(Pause(closed_ms, end_ms, resumes, text, score))
        return TurnLog(speech.name, speech.speaker, speech.language, frames, pauses)

    def _words(self, speech: Speech, segment: Stretch) -> str:
        if not self._recogniser.covers(speech.language):
            return ""
        start, end = segment.closed.start_ms * PER_MS, segment.closed.end_ms * PER_MS
        pcm = (speech.samples[start:end] * 32_767).astype("<i2").tobytes()
        (heard,) = self._recogniser.hear([Utterance(pcm, speech.language, "")])
        return heard.text

    def _score(self, samples: Samples) -> float | None:
        if self._turn_model is None:
            return None
        return self._turn_model.probability((samples * 32_767).astype("<i2").tobytes())


def replace_tail(speech: Speech, samples: Samples, random: np.random.Generator) -> Samples:
    """Room tone after the last speech, however the recording was cut."""
    segments, _ = segmented(samples)
    end_ms = segments[-1].closed.speech_end_ms + 64 if segments else 0
    return np.concatenate([samples[: end_ms * PER_MS], room_tone(speech.samples, TAIL_S, random)])


def segmented(samples: Samples) -> tuple[list[Stretch], list[float]]:
    """The segments that an interview would cut, and the VAD's word on every frame."""
    detector, segmenter = SileroDetector(), Segmenter(Sensitivity(longest_ms=10**9))
    row = detector.open()
    frames: list[float] = []
    stretches: list[Stretch] = []
    onset_ms = 0
    edges: list[Opened | Closed] = []
    for number in range(len(samples) // FRAME):
        window = samples[None, number * FRAME : (number + 1) * FRAME]
        frames.append(round(float(detector.probabilities(window, [row])[0]), 3))
        edges += segmenter.feed(VoiceFrame((number + 1) * FRAME_MS, frames[-1]))
    for edge in [*edges, *segmenter.close()]:
        if isinstance(edge, Opened):
            onset_ms = edge.onset_ms
        else:
            stretches.append(Stretch(edge, onset_ms))
    return stretches, frames


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", text.strip()) if part]


def share_of(transcript: str, share: float) -> str:
    """The words that have been said after this share of the speech, where nobody hears them."""
    words = transcript.split()
    return " ".join(words[: round(len(words) * min(1.0, share))])


def said_so_far(transcript: str, heard: str) -> str:
    """The transcript up to the last word that was heard."""
    said = transcript.split()
    left = [bare(word) for word in heard.split()]
    blocks = difflib.SequenceMatcher(None, left, [bare(word) for word in said], autojunk=False)
    matched = [block for block in blocks.get_matching_blocks() if block.size]
    if not matched:
        return ""
    last = matched[-1]
    rest = len(left) - (last.a + last.size)
    return " ".join(said[: last.b + last.size + rest])


def bare(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


def write(logs: Iterable[TurnLog], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(msgspec.json.encode(log) + b"\n" for log in logs))


def read_logs(path: Path) -> list[TurnLog]:
    lines = path.read_bytes().splitlines()
    return [msgspec.json.decode(line, type=TurnLog) for line in lines]
