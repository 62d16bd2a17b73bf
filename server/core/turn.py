"""Who has the floor: one function per state, one deadline for every state.

Silence is counted in the candidate's audio, so a stalled network never counts as silence;
everything else waits on the clock that the caller passes in as ``now_ms``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from server.core.completeness import Reading
from server.core.events import Floor, VoiceFrame
from server.core.segment import Closed, Opened, Segmenter, Sensitivity


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the interviewer waits, in ms. The defaults are for interviews."""

    complete_ms: int = 1_500
    unsure_ms: int = 2_500
    trailing_ms: int = 4_500
    thinking_ms: int = 30_000
    undecoded_ms: int = 4_500
    first_word_ms: int = 45_000
    give_up_ms: int = 300_000
    decode_ms: int = 20_000
    compose_ms: int = 4_500
    voice_ms: int = 15_000
    playback_slack_ms: int = 3_000
    barge_in_ms: int = 500
    sensitivity: Sensitivity = field(default_factory=Sensitivity)

    def silence_ms(self, reading: Reading | None) -> int:
        """Silence that ends an answer; ``None``: its last words are not decoded yet."""
        if reading is None:
            return self.undecoded_ms
        return {
            "complete": self.complete_ms,
            "unsure": self.unsure_ms,
            "trailing": self.trailing_ms,
            "thinking": self.thinking_ms,
        }[reading]


# Decisions: what the floor's state means for the interview.


@dataclass(frozen=True, slots=True)
class BargedIn:
    """The candidate talks over the question and means it."""


@dataclass(frozen=True, slots=True)
class AnswerEnded:
    """The candidate has given up the floor; ``speech_end_ms`` on the audio clock."""

    speech_end_ms: int


@dataclass(frozen=True, slots=True)
class AnswerResumed:
    """The candidate goes on although the answer seemed over: work on it is void."""


@dataclass(frozen=True, slots=True)
class NobodySpoke:
    """The candidate has said nothing for a long time; ``final``: for a very long time."""

    final: bool


@dataclass(frozen=True, slots=True)
class QuestionDone:
    """The question has been heard, as far as it will be."""


@dataclass(frozen=True, slots=True)
class WorkLate:
    """The decoding or composing that the interview waits for has not come in time."""


Decision = (
    Opened | Closed | BargedIn | AnswerEnded | AnswerResumed | NobodySpoke | QuestionDone | WorkLate
)


class Turn:
    """The floor of one interview. ``floor`` is None before the first question."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.floor: Floor | None = None
        self.spoken = False
        self._segmenter = Segmenter(patience.sensitivity)
        self._speech_end_ms = 0
        self._deadline_ms: int | None = None
        self._reminded = False
        self._marks = False

    @property
    def audio_ms(self) -> int:
        return self._segmenter.now_ms

    @property
    def open_since_ms(self) -> int | None:
        return self._segmenter.open_since_ms

    def deadline(self) -> int | None:
        """The instant, on the caller's clock, at which ``tick`` wants to be called."""
        return self._deadline_ms

    def start_audio_at(self, audio_ms: int) -> None:
        """After a restart the audio clock goes on where the stored facts end."""
        self._segmenter.now_ms = audio_ms

    # Passing the floor.

    def speak(self, now_ms: int, *, marks: bool) -> None:
        self.floor = "speaking"
        self._marks = marks
        self._deadline_ms = now_ms + self.patience.voice_ms

    def voiced(self, now_ms: int, remaining_ms: int) -> None:
        """All of the voice has been sent; ``remaining_ms`` of it cannot have been heard yet."""
        if self.floor == "speaking":
            slack = self.patience.playback_slack_ms if self._marks else 0
            self._deadline_ms = now_ms + remaining_ms + slack

    def listen(self, now_ms: int, *, again: bool = False) -> list[Decision]:
        """``again``: the question was repeated. Speech that is already running counts."""
        self.floor = "listening"
        self._reminded = again
        self._segmenter.restart(1)
        since = self._segmenter.open_since_ms
        self.spoken = self._segmenter.speaking
        self._stay(now_ms)
        return [Opened(1, since, since)] if self.spoken and since is not None else []

    def resume(self, now_ms: int, *, next_segment: int) -> None:
        """Listen on to an answer of which segments before ``next_segment`` were heard."""
        self.floor = "listening"
        self.spoken = True
        self._segmenter.restart(next_segment)
        self._speech_end_ms = self.audio_ms
        self._stay(now_ms)

    def think(self, now_ms: int, *, decoding: bool) -> None:
        self.floor = "thinking"
        wait = self.patience.decode_ms if decoding else self.patience.compose_ms
        self._deadline_ms = now_ms + wait

    def pause(self) -> list[Decision]:
        """The candidate is away: nothing is waited for, what was being said is closed."""
        cut = self._segmenter.close()
        if self.floor == "thinking":
            self.floor = "listening"
        self._deadline_ms = None
        return [*cut] if self.floor == "listening" else []

    def stop(self) -> None:
        self.floor = None
        self._deadline_ms = None

    # What happens while somebody has it.

    def frame(self, frame: VoiceFrame, now_ms: int, reading: Reading | None) -> list[Decision]:
        """One VAD frame; ``reading`` is how the decoded words end, None while some are missing."""
        edges = self._segmenter.feed(frame)
        if self.floor == "speaking":
            return self._while_speaking()
        if self.floor == "listening":
            return self._while_listening(edges, frame, now_ms, reading)
        if self.floor == "thinking":
            return self._while_thinking(edges, now_ms)
        return []

    def commit(self, now_ms: int) -> list[Decision]:
        """The candidate says that the answer is complete."""
        if self.floor != "listening":
            return []
        decisions: list[Decision] = []
        for edge in self._segmenter.close():
            decisions += self._edge(edge, now_ms)
        return [*decisions, AnswerEnded(self._speech_end_ms)] if self.spoken else decisions

    def tick(self, now_ms: int) -> list[Decision]:
        if self._deadline_ms is None or now_ms < self._deadline_ms:
            return []
        self._deadline_ms = None
        if self.floor == "speaking":
            return [QuestionDone()]
        if self.floor == "thinking":
            return [WorkLate()]
        if self.floor != "listening":
            return []
        if self.spoken:
            return self.commit(now_ms)
        return [NobodySpoke(final=self._reminded)]

    def _while_speaking(self) -> list[Decision]:
        return [BargedIn()] if self._segmenter.talked_ms >= self.patience.barge_in_ms else []

    def _while_listening(
        self, edges: list[Opened | Closed], frame: VoiceFrame, now_ms: int, reading: Reading | None
    ) -> list[Decision]:
        decisions: list[Decision] = []
        for edge in edges:
            decisions += self._edge(edge, now_ms)
        if not self.spoken or self._segmenter.speaking or decisions:
            return decisions
        if frame.end_ms - self._speech_end_ms >= self.patience.silence_ms(reading):
            decisions.append(AnswerEnded(self._speech_end_ms))
        return decisions

    def _while_thinking(self, edges: list[Opened | Closed], now_ms: int) -> list[Decision]:
        if not any(isinstance(edge, Opened) for edge in edges):
            return []
        self.floor = "listening"
        self._stay(now_ms)
        return [AnswerResumed(), *edges]

    def _edge(self, edge: Opened | Closed, now_ms: int) -> list[Decision]:
        if isinstance(edge, Closed):
            self._speech_end_ms = edge.speech_end_ms
        self.spoken = True
        self._stay(now_ms)
        return [edge]

    def _stay(self, now_ms: int) -> None:
        patient = self.spoken or self._reminded
        wait = self.patience.give_up_ms if patient else self.patience.first_word_ms
        self._deadline_ms = now_ms + wait
