"""What a person says who leads an interview: cut into utterances, which the candidate hears while
they are spoken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import soxr

from server.core.events import VoiceFrame
from server.core.events.answer import Answer
from server.core.turn.decisions import Closed, Opened
from server.ports import CANDIDATE_RATE, VOICE_RATE
from server.realtime.audience import Audience
from server.realtime.candidate import Candidate
from server.realtime.captions import Talk
from server.realtime.hearing import Hearing
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
    sound is taken out of what the candidate's microphone hears. ``on_frame``: more of the sound is
    judged, up to this instant of what was heard of them."""

    def __init__(
        self,
        hearing: Hearing,
        candidate: Candidate,
        audience: Audience,
        turn: int,
        on_utterance: Callable[[Utterance], None],
        on_frame: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._candidate = candidate
        self._audience = audience
        self._turn = turn
        self._on_utterance = on_utterance
        self._on_frame = on_frame
        self._tape = Tape(0)
        self._ear = hearing.open(self._judged, 0, self._tape.add)
        self._segmenter = Segmenter(SENSITIVITY)
        self._filter: soxr.ResampleStream | None = None
        """While an utterance goes to the candidate."""
        self._began_at = 0
        """Of the open utterance the first sample."""
        self._sent_ms = self._late_ms = 0
        """Up to where it was sent, and up to where what is heard is late."""
        self._samples = 0
        self._ahead = 0
        """How many samples were spoken, and not heard, before those that are."""

    def say(self, at: int, pcm: bytes, *, late: bool) -> None:
        """``at`` and ``late`` as in `Spoken`. What is more than anybody can say is dropped."""
        if self._ear.flooded:
            return
        self._ear.feed(pcm)
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
    def began_at(self) -> int:
        """Which `Utterance.at` the open one will have."""
        return self._began_at

    @property
    def talk(self) -> Talk | None:
        """What is being said just now, on the clock of what was heard of them."""
        segment, since_ms = self._segmenter.open_segment, self._segmenter.open_since_ms
        if segment is None or since_ms is None:
            return None
        onset_ms, paused = self._segmenter.spoke_from_ms, self._segmenter.quiet_ms > 0
        return Talk(self._turn, segment, onset_ms, since_ms, paused, Answer())

    def cut(self, start_ms: int, end_ms: int) -> bytes:
        """PCM16 mono 16 kHz of what is being said."""
        return self._tape.cut(start_ms, end_ms)

    @property
    def open_at(self) -> int:
        """All that was said before this sample is utterances, or nothing."""
        if self._segmenter.speaking:
            return self._began_at
        since_ms = self._segmenter.open_since_ms
        return self._ahead + (self._ear.fed_ms if since_ms is None else since_ms) * SAMPLES_PER_MS

    def close(self) -> None:
        self._cut(self._segmenter.close())
        self._ear.close()

    def _judged(self, end_ms: int, probability: float, _loud_db: float) -> None:
        self._cut(self._segmenter.feed(VoiceFrame(end_ms, probability)))
        since_ms = self._segmenter.open_since_ms
        if self._segmenter.speaking and since_ms is not None and end_ms > self._late_ms:
            if self._filter is None:
                self._sent_ms = max(since_ms, self._late_ms)
            self._send(end_ms)
        elif since_ms is None:
            self._tape.forget(end_ms - SENSITIVITY.preroll_ms - SENSITIVITY.onset_ms)
        self._on_frame(end_ms)

    def _cut(self, edges: Sequence[Opened | Closed]) -> None:
        for edge in edges:
            if isinstance(edge, Closed):
                self._over(edge)
            else:
                self._began_at = self._ahead + edge.start_ms * SAMPLES_PER_MS

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
        pcm = self._tape.cut(closed.start_ms, closed.end_ms)
        self._on_utterance(Utterance(self._began_at, pcm))
