"""What the candidate is told and given to hear, on whichever connection is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.core.events import Fact, Hold, Hush, Release, Say
from server.core.session import Session
from server.realtime.client_voice import ClientVoice
from server.realtime.line import Line
from server.realtime.loudspeaker import Loudspeaker
from server.realtime.progress import Progress

ELSEWHERE = 4001, "this interview was opened on another connection"

MOVED = 1012, "this server restarts; connect again at once"


class Candidate:
    """At most one line is theirs; while there is none they are told nothing."""

    def __init__(self, loudspeaker: Loudspeaker, voice: ClientVoice | None = None) -> None:
        """``voice``: what is known of the one that their client may have of its own."""
        self._loudspeaker = loudspeaker
        self._voice = voice or ClientVoice(lambda _: None)
        self._line: Line | None = None

    @property
    def there(self) -> bool:
        return self._line is not None

    @property
    def alive(self) -> bool:
        """There, and heard of a moment ago."""
        return self._line is not None and self._line.alive

    @property
    def marks(self) -> bool:
        """Whether their client reports what it has played."""
        return self._line is not None and self._line.dialect.marks

    @property
    def speaks(self) -> bool:
        """Whether their client says the questions by itself."""
        return self._line is not None and self._line.dialect.speaks

    def take(
        self, line: Line, greeting: Mapping[str, Any], turn: int, facts: Sequence[Fact]
    ) -> None:
        """They are on this line now; an older one is told and closed."""
        self.close(*ELSEWHERE)
        self._line = line
        line.send(line.dialect.greeting(greeting, turn))
        line.send(line.dialect.recall(facts))

    def leave(self, line: Line) -> bool:
        """Whether it was theirs."""
        if self._line is not line:
            return False
        self._line = None
        self._voice.hush()
        return True

    def close(self, code: int, reason: str) -> None:
        if self._line is not None:
            self._line.close(code, reason)

    def told(self, facts: Sequence[Fact]) -> None:
        """They are stored."""
        if self._line is not None:
            for fact in facts:
                self._line.send(self._line.dialect.fact(fact))

    def stored(self, stored_ms: int) -> None:
        """So is their sound, up to here on the audio clock."""
        if self._line is not None:
            self._line.send(self._line.dialect.stored(stored_ms))

    def company(self, people: int, listening: int) -> None:
        """So many follow the interview, and so many of them hear its sound."""
        if self._line is not None:
            self._line.send(self._line.dialect.company(people, listening))

    def progress(self, progress: Progress) -> None:
        """How far the interview has come."""
        if self._line is not None:
            self._line.send(self._line.dialect.progress(progress))

    def typing_taken(self, turn: int, item: str) -> None:
        if self._line is not None:
            self._line.send(self._line.dialect.typing_taken(turn, item))

    def pass_on(self, effect: Hush | Hold | Release) -> None:
        if self._line is None:
            return
        dialect = self._line.dialect
        match effect:
            case Hush():
                self._line.drop_voice()
                self._loudspeaker.hush()
                self._voice.hush()
                self._line.send(dialect.hush(effect.turn))
            case Hold():
                self._loudspeaker.hold()
                self._voice.hold(held=True)
                if not dialect.marks:
                    self._line.drop_voice()  # it is sent again
                self._line.send(dialect.hold(effect.turn, effect.at_ms))
            case Release():
                self._loudspeaker.release()
                self._voice.hold(held=False)
                self._line.send(dialect.release(effect.turn))

    def caption(self, turn: int, segment: int, text: str, tentative: str) -> None:
        """``captions.Shown`` of the segment; ``SegmentHeard`` is what counts."""
        if self._line is not None:
            self._line.send(self._line.dialect.partial(turn, segment, text, tentative))

    def speak(self, effect: Say, rate: float) -> None:
        """Their client says it."""
        if self._line is not None:
            said = effect.turn, effect.text, effect.language
            self._line.send(self._line.dialect.speak(*said, rate))

    def voice(self, turn: int, offset: int, pcm: bytes) -> None:
        """PCM16 mono 24 kHz, to be heard behind ``offset`` samples of the same turn."""
        if self._line is not None:
            self._loudspeaker.say(turn, offset, pcm)
            self._line.send(self._line.dialect.voice(turn, offset, pcm))

    def voice_done(self, turn: int, samples: int) -> None:
        if self._line is not None:
            self._loudspeaker.said(turn)
            self._line.send(self._line.dialect.voice_done(turn, samples))

    # A person leads.

    def led(self, turn: int, offset: int, pcm: bytes, *, begins: bool) -> None:
        """What they say, PCM16 mono 24 kHz, behind ``offset`` samples of this turn. ``begins``: an
        utterance does."""
        if self._line is not None:
            self._loudspeaker.say(turn, 0 if begins else 1, pcm)
            self._line.send(self._line.dialect.led(turn, offset, pcm, begins=begins))

    def led_so_far(self, turn: int) -> None:
        """An utterance is over."""
        self._loudspeaker.said(turn)

    def led_caption(
        self, turn: int, step_id: str, text: str, tentative: str, *, over: bool = False
    ) -> None:
        """``captions.Shown`` of what is being said; the step of this id takes its place. ``over``:
        it was no words."""
        if self._line is not None:
            told = turn, step_id, text, tentative
            self._line.send(self._line.dialect.led_partial(*told, over=over))

    def led_done(self, turn: int, text: str) -> None:
        """Nothing is being said, and these were the words."""
        if self._line is not None:
            self._line.send(self._line.dialect.led_done(turn, text))


def greeting(
    session: Session, engines: Sequence[Mapping[str, Any]], fed_ms: int, stored_ms: int
) -> Mapping[str, Any]:
    """What a connection is told first. ``fed_ms``: where on the audio clock the next audio goes;
    ``stored_ms``: up to where sound was kept when the interview was taken up."""
    interview, state = session.interview, session.state
    heard_ms = max(state.understood_ms, stored_ms) if state.floor == "nobody" else fed_ms
    return {
        "interview_id": interview.interview_id,
        "target_role": interview.target_role,
        "language": interview.language,
        "engines": engines,
        "audio_ms": fed_ms,
        "heard_ms": heard_ms,
    }
