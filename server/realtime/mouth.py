"""What a person says who leads an interview: cut into utterances, which the candidate hears while
they are spoken."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import soxr

from server.core.events import VoiceFrame
from server.core.turn.decisions import Closed
from server.ports import CANDIDATE_RATE, VOICE_RATE
from server.realtime.audience import Audience
from server.realtime.candidate import Candidate
from server.realtime.hearing import Hearing, TooFast
from server.realtime.segment import Segmenter, Sensitivity
from server.realtime.tape import SAMPLE_BYTES, Tape

SAMPLES_PER_MS = CANDIDATE_RATE // 1_000
SENSITIVITY = Sensitivity(preroll_ms=192, pause_ms=384)
"""What is kept from before speech was sure is what the candidate hears it late by."""


class Utterance(NamedTuple):
    """``at``: its first sample since its speaker took over. PCM16 mono 16 kHz."""

    at: int
    pcm: bytes


class Mouth:
    """``on_utterance`` gets each when it is over. ``turn``: in which they lead; all that they say
    in it is one voice to the candidate's client, and each utterance one to the loudspeaker, whose
    sound is taken out of what the candidate's microphone hears."""

    def __init__(
        self,
        hearing: Hearing,
        candidate: Candidate,
        audience: Audience,
        turn: int,
        on_utterance: Callable[[Utterance], None],
    ) -> None:
        self._candidate = candidate
        self._audience = audience
        self._turn = turn
        self._on_utterance = on_utterance
        self._tape = Tape(0)
        self._ear = hearing.open(self._judged, 0, self._tape.add)
        self._segmenter = Segmenter(SENSITIVITY)
        self._filter: soxr.ResampleStream | None = None
        """While an utterance goes to the candidate."""
        self._sent_ms = self._late_ms = 0
        """Up to where it was sent, and up to where what is heard is late."""
        self._samples = 0
        self._ahead = 0
        """How many samples were spoken, and not heard, before those that are."""

    def say(self, at: int, pcm: bytes, *, late: bool) -> None:
        """``at`` and ``late`` as in `Spoken`. What is more than anybody can say is dropped."""
        try:
            self._ear.feed(pcm)
        except TooFast:
            return
        fed_ms = self._ear.fed_ms
        self._ahead = at + len(pcm) // SAMPLE_BYTES - fed_ms * SAMPLES_PER_MS
        if late:
            self._late_ms = fed_ms

    def begin(self, turn: int) -> None:
        """Another voice is heard, or was: what comes now is a new one to the client."""
        self._turn, self._samples = turn, 0

    @property
    def speaking(self) -> bool:
        return self._segmenter.speaking

    @property
    def open_at(self) -> int:
        """All that was said before this sample is utterances, or nothing."""
        since_ms = self._segmenter.open_since_ms
        return self._ahead + (self._ear.fed_ms if since_ms is None else since_ms) * SAMPLES_PER_MS

    def close(self) -> None:
        for edge in self._segmenter.close():
            if isinstance(edge, Closed):
                self._over(edge)
        self._ear.close()

    def _judged(self, end_ms: int, probability: float, _loud_db: float) -> None:
        for edge in self._segmenter.feed(VoiceFrame(end_ms, probability)):
            if isinstance(edge, Closed):
                self._over(edge)
        since_ms = self._segmenter.open_since_ms
        if self._segmenter.speaking and since_ms is not None and end_ms > self._late_ms:
            if self._filter is None:
                self._sent_ms = max(since_ms, self._late_ms)
            self._send(end_ms)
        elif since_ms is None:
            self._tape.forget(end_ms - SENSITIVITY.preroll_ms - SENSITIVITY.onset_ms)

    def _send(self, end_ms: int) -> None:
        begins = self._filter is None
        if self._filter is None:
            self._filter = soxr.ResampleStream(CANDIDATE_RATE, VOICE_RATE, 1, dtype="int16")
        pcm = self._tape.cut(self._sent_ms, end_ms)
        self._sent_ms = end_ms
        self._pass_on(self._filter.resample_chunk(np.frombuffer(pcm, "<i2")).tobytes(), begins)

    def _pass_on(self, pcm: bytes, begins: bool) -> None:
        self._candidate.led(self._turn, self._samples, pcm, begins=begins)
        self._audience.led(pcm)
        self._samples += len(pcm) // SAMPLE_BYTES

    def _over(self, closed: Closed) -> None:
        if self._filter is not None:
            rest = self._filter.resample_chunk(np.zeros(0, np.int16), last=True)
            self._filter = None
            self._pass_on(rest.tobytes(), begins=False)
            self._candidate.led_so_far(self._turn)
        at = self._ahead + closed.start_ms * SAMPLES_PER_MS
        self._on_utterance(Utterance(at, self._tape.cut(closed.start_ms, closed.end_ms)))
