"""What holds of turn-taking whatever happens, and that a recorded log replays to the same."""

from __future__ import annotations

from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.clock import Clock
from server.core.events import VoiceFrame
from server.core.floor import Holder
from server.core.turn.decisions import (
    AnswerEnded,
    Closed,
    Decision,
    Interjected,
    Opened,
    Sign,
)
from server.core.turn.patience import Patience
from server.core.turn.turn import Turn
from server.core.understanding import Reading
from server.realtime.ears import Ears
from server.realtime.segment import FRAME_MS

READINGS: list[Reading | None] = [None, "complete", "unsure", "trailing", "thinking"]


class Heard(msgspec.Struct, tag=True, frozen=True):
    """A stretch of frames with one probability."""

    probability: float
    frames: int


class Read(msgspec.Struct, tag=True, frozen=True):
    reading: str | None


class Scored(msgspec.Struct, tag=True, frozen=True):
    probability: float


class Passed(msgspec.Struct, tag=True, frozen=True):
    """The floor is passed: speak, listen or think."""

    floor: str


Entry = Heard | Read | Scored | Passed

ENTRIES = st.one_of(
    st.builds(Heard, st.sampled_from([0.02, 0.3, 0.45, 0.7, 0.97]), st.integers(1, 90)),
    st.builds(Read, st.sampled_from(READINGS)),
    st.builds(Scored, st.floats(0, 1)),
    st.builds(Passed, st.sampled_from(["speak", "listen", "think"])),
)
LOGS = st.lists(ENTRIES, min_size=1, max_size=40)


class Driver:
    """A turn fed from a log, entry by entry; each decision with the audio clock beside it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.turn = Turn(Patience(), self.clock, Ears())
        self.floor: Holder = "speaking"
        self.turn.speak(marks=True)
        self.decisions: list[tuple[int, Decision]] = []
        self._listen()

    def play(self, log: list[Entry]) -> list[tuple[int, Decision]]:
        for entry in log:
            self._enter(entry)
        return self.decisions

    def _enter(self, entry: Entry) -> None:
        self.clock.now_ms = self.turn.audio_ms
        match entry:
            case Heard():
                for _ in range(entry.frames):
                    end_ms = self.clock.now_ms = self.turn.audio_ms + FRAME_MS
                    frame = VoiceFrame(end_ms, entry.probability)
                    self._note(self.turn.frame(frame, self.floor))
                    self._note(self.turn.tick(self.floor))
            case Read():
                self.turn.read(msgspec.convert(entry.reading, Reading | None))
            case Scored():
                wanted = self.turn.wants_score() if self.floor == "listening" else None
                self.turn.scored(wanted or 1, entry.probability)
            case Passed("speak"):
                self.floor = "speaking"
                self.turn.speak(marks=True)
            case Passed("listen") if self.floor == "speaking":
                self._listen()
            case Passed("think") if self.floor == "listening":
                self._think()
            case _:
                pass

    def _listen(self) -> None:
        before, self.floor = self.floor, "listening"
        self._note(self.turn.listen(before))

    def _think(self) -> None:
        self.floor = "thinking"
        self.turn.think(decoding=False)

    def _note(self, decisions: list[Decision]) -> None:
        """What the session does at once, and no more."""
        for decision in decisions:
            self.decisions.append((self.turn.audio_ms, decision))
            match decision:
                case AnswerEnded():
                    self._think()
                case Sign.ANSWER_RESUMED:
                    self.floor = "listening"
                case Sign.BARGED_IN | Sign.QUESTION_DONE:
                    self._listen()
                case _:
                    pass


@settings(max_examples=150, deadline=None)
@given(LOGS)
def test_a_recorded_log_replays_to_the_same_decisions(log: list[Entry]) -> None:
    recorded = msgspec.json.encode(log)
    replayed = msgspec.json.decode(recorded, type=list[Entry])
    assert Driver().play(log) == Driver().play(replayed)


@settings(max_examples=150, deadline=None)
@given(LOGS, LOGS)
def test_no_decision_uses_the_future(log: list[Entry], future: list[Entry]) -> None:
    past = Driver().play(log)
    assert Driver().play([*log, *future])[: len(past)] == past


@settings(max_examples=150, deadline=None)
@given(LOGS)
def test_every_stop_has_a_start_and_no_audio_is_in_two_segments(log: list[Entry]) -> None:
    opened: Opened | None = None
    end_ms = 0
    for at_ms, decision in Driver().play(log):
        match decision:
            case Opened():
                assert decision.start_ms >= end_ms
                assert decision.start_ms <= decision.onset_ms <= at_ms
                opened = decision
            case Closed():
                assert opened is not None
                assert opened.segment == decision.segment
                assert opened.start_ms <= decision.start_ms <= decision.speech_end_ms
                assert decision.speech_end_ms <= decision.end_ms <= at_ms
                end_ms, opened = decision.end_ms, None
            case _:
                pass


@settings(max_examples=150, deadline=None)
@given(LOGS)
def test_speech_that_was_cut_for_its_length_has_no_gap(log: list[Entry]) -> None:
    for (closed_at, closed), (opened_at, opened) in pairwise(Driver().play(log)):
        if closed_at == opened_at and isinstance(closed, Closed) and isinstance(opened, Opened):
            assert opened.start_ms == closed.end_ms


@settings(max_examples=150, deadline=None)
@given(LOGS)
def test_a_voice_that_is_held_is_released_or_given_up(log: list[Entry]) -> None:
    """Never two holds of one voice, never a release without a hold."""
    driver = Driver()
    held = False
    for entry in log:
        before = len(driver.decisions)
        if isinstance(entry, Passed) and entry.floor == "speak":
            held = False
        driver.play([entry])
        for _, decision in driver.decisions[before:]:
            match decision:
                case Sign.HELD:
                    assert not held
                    held = True
                case Sign.RELEASED | Interjected():
                    assert held
                    held = isinstance(decision, Interjected)
                case Sign.BARGED_IN | Sign.QUESTION_DONE:
                    held = False
                case _:
                    pass
        if driver.floor != "speaking":
            held = False
        assert driver.turn.held(driver.floor) == held


@settings(max_examples=150, deadline=None)
@given(LOGS)
def test_nobody_is_cut_off_while_speaking_and_going_on_reopens(log: list[Entry]) -> None:
    speaking = False
    for _, decision in Driver().play(log):
        match decision:
            case Opened():
                speaking = True
            case Closed():
                speaking = False
            case AnswerEnded():
                assert not speaking
            case Sign.ANSWER_RESUMED:
                assert not speaking  # the opening follows it
            case _:
                pass


@given(st.integers(0, 29_900 // FRAME_MS))
def test_a_candidate_who_thinks_aloud_has_thirty_seconds(frames: int) -> None:
    driver = Driver()
    driver.play(
        [Heard(0.95, 40), Heard(0.01, 12), Read("thinking"), Heard(0.01, max(frames - 12, 1))]
    )
    assert not [one for _, one in driver.decisions if isinstance(one, AnswerEnded)]


def test_a_clients_pace_is_relative_to_the_interviews_own() -> None:
    turn = Turn(Patience(pace=1.5), Clock(), Ears())
    turn.read("complete")
    own_ms = turn.needed_ms
    turn.set_pace(0.5)
    assert turn.needed_ms < own_ms
    turn.set_pace(1.0)
    assert turn.needed_ms == own_ms
