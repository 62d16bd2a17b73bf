"""Who follows one interview: what they are given beside its facts, and what the candidate is told
of them."""

from __future__ import annotations

from uuid import UUID

from server.realtime import wire
from server.realtime.candidate import Candidate
from server.realtime.monitor import Monitor
from server.store.watching import Company

CANDIDATE, INTERVIEWER, LEADER = b"\x01", b"\x02", b"\x03"
"""Whose voice a frame of sound is: PCM16 mono 16 kHz of the candidate, 24 kHz of the interviewer
and of a person who leads."""


class Audience:
    """Of the interview that the conductor drives. Nothing here waits."""

    def __init__(self, monitor: Monitor, interview_id: UUID, candidate: Candidate) -> None:
        self._monitor = monitor
        self._interview_id = interview_id
        self._candidate = candidate
        self._told = Company()

    def stored(self) -> None:
        """There are new facts."""
        self._monitor.stored(self._interview_id)

    def caption(self, turn: int, segment: int, text: str, tentative: str) -> None:
        """``captions.Shown`` of the segment; a fact replaces it."""
        self._words(wire.PartialTold(turn, segment, text, tentative))

    def led_caption(
        self, turn: int, step_id: str, text: str, tentative: str, *, over: bool = False
    ) -> None:
        """The same of a person who leads; the step of this id takes its place. ``over``: it was no
        words."""
        self._words(wire.LedPartialTold(turn, step_id, text, tentative, over))

    def _words(self, told: wire.PartialTold | wire.LedPartialTold) -> None:
        if self._monitor.followed and self._monitor.company(self._interview_id).people:
            self._monitor.pass_on(self._interview_id, wire.encode(told))

    def heard(self, pcm: bytes) -> None:
        if self._monitor.followed:
            self._sound(CANDIDATE, pcm)

    def said(self, pcm: bytes) -> None:
        self._sound(INTERVIEWER, pcm)

    def led(self, pcm: bytes) -> None:
        self._sound(LEADER, pcm)

    def kept(self, step_id: str, at: int) -> None:
        """What whoever leads said before this sample is stored as words, or was none."""
        self._monitor.pass_on(self._interview_id, wire.encode(wire.VoiceKept(step_id, at)))

    def _sound(self, whose: bytes, pcm: bytes) -> None:
        if self._monitor.followed and self._monitor.company(self._interview_id).listening:
            self._monitor.pass_on(self._interview_id, whose + pcm)

    def look(self, *, again: bool = False) -> None:
        """The candidate is told who follows, where that has changed; ``again``: on a new line."""
        company = self._monitor.company(self._interview_id)
        if company != self._told or again:
            self._told = company
            self._candidate.company(*company)
