"""When the floor passes: one function per state, one deadline for every state.

Silence is counted in the candidate's audio, so a stalled network never counts as silence;
everything else waits on the caller's clock. Who has the floor is in
the interview's state and comes in as ``floor``."""

from __future__ import annotations

from dataclasses import replace

from server.core.clock import Clock
from server.core.events import VoiceFrame
from server.core.floor import Holder
from server.core.habit import Habit
from server.core.turn.decisions import AnswerEnded, Closed, Decision, Opened, Sign
from server.core.turn.ears import Ears
from server.core.turn.ending import Evidence, silence_needed
from server.core.turn.interruption import Interruption
from server.core.turn.patience import Patience
from server.core.understanding import Reading


class Turn:
    """The sounds and the waiting of one interview, as nobody but its audio clock can tell them."""

    def __init__(self, patience: Patience, clock: Clock, ears: Ears) -> None:
        self.patience = patience
        self.clock = clock
        self._own_pace = patience.pace
        self.habit = Habit()
        """The candidate's own pauses so far, kept up to date by whoever learns of them."""

        self.yields = 0
        """How often the candidate was yielded to, likewise."""

        self.spoken = False
        self.ears = ears
        self._interruption = Interruption(patience.tolerance, marks=False)
        self._speech_end_ms = 0
        self._reading: Reading | None = None
        self._score: float | None = None
        self._score_wanted = False
        self._last_segment = 0
        self._granted_ms = 0
        self.needed_ms = 0
        """The silence that would end the answer, by what is known of it now."""

        self.deadline_ms: int | None = None
        """The instant, on the caller's clock, at which ``tick`` wants to be called."""

        self._after_hold_ms = 0
        self.held_ms = 0
        """How long the voice of the question was held before it went on."""

        self._held_at_ms = 0
        self._spoken_since_ms = self._unbroken_ms = 0
        self._wondered = True
        self._reminded = False
        self._rest = False
        self._marks = False
        self.led = False
        """A person leads: no silence ends what the candidate says."""

    @property
    def audio_ms(self) -> int:
        return self.ears.now_ms

    @property
    def talk_since_ms(self) -> int:
        """When, on the audio clock, the talk over the question began."""
        sounds = self._interruption.sounds
        return sounds[0][0].onset_ms if sounds else self.ears.spoke_from_ms

    @property
    def silence_ms(self) -> int:
        """Audio since the last speech of the answer."""
        return self.audio_ms - self._speech_end_ms

    @property
    def promised_more(self) -> bool:
        """The words of the answer did, however long the silence after them was."""
        return self._reading in ("trailing", "thinking")

    @property
    def waited_a_moment(self) -> bool:
        return self.silence_ms >= self.patience.ending.thinking_ms

    @property
    def untouched(self) -> bool:
        """Nothing has been said yet, and no moment was asked for to think."""
        return not self.spoken and self.ears.open_segment is None and not self._granted_ms

    def held(self, floor: Holder) -> bool:
        """Whether the voice is silenced because somebody may be talking over it."""
        return floor == "speaking" and self._interruption.held

    def held_for(self) -> int:
        """How long the voice of the question has been held in all, up to now."""
        going_on = self.clock.now_ms - self._held_at_ms if self._interruption.held else 0
        return self.held_ms + going_on

    def start_audio_at(self, audio_ms: int) -> None:
        """After a restart the audio clock goes on where the stored facts end."""
        self.ears.now_ms = audio_ms

    def set_pace(self, pace: float) -> None:
        """Relative to the interview's own, which 1 brings back."""
        self.patience = replace(self.patience, pace=self._own_pace * pace)
        self._weigh()

    # What is known of the answer so far.

    def read(self, reading: Reading | None) -> None:
        """How the decoded words end; None while some are missing."""
        self._reading = reading
        self._weigh()

    def scored(self, segment: int, probability: float) -> None:
        """The turn model's word on the end of a segment; of an earlier one it counts no more."""
        if segment == self._last_segment:
            self._score = probability
            self._weigh()

    def wants_score(self) -> int | None:
        """While the candidate has the floor, the segment whose end the turn model should judge:
        asked once, when there is silence to tell it from. A wish for a moment has settled it."""
        if not self._score_wanted or not self.spoken or self._reading == "thinking":
            return None
        if self.ears.open_segment is not None or self.silence_ms < self.patience.score_ms:
            return None
        self._score_wanted = False
        return self._last_segment

    def grant(self) -> None:
        """The candidate asked for a moment: this pause may be long."""
        self._granted_ms = self.silence_ms + self.patience.moment_ms
        self.stay()
        self._weigh()

    def _evidence(self) -> Evidence:
        return Evidence(self._reading, self._score, self.habit, self.yields)

    def _weigh(self) -> None:
        needed = silence_needed(self._evidence(), self.patience.ending, self.patience.pace)
        self.needed_ms = max(needed, self._granted_ms)

    # Passing the floor.

    def speak(self, *, marks: bool, interruptible: bool = True, may_yield: bool = False) -> None:
        """``may_yield``: what is said in its beginning may go on with the answer before it."""
        self._marks = marks
        self.held_ms = 0
        self._interruption = Interruption(
            self.patience.tolerance,
            marks=marks,
            deaf=not interruptible,
            early_until_ms=self.audio_ms + self.patience.yield_ms if may_yield else 0,
        )
        self.deadline_ms = self.clock.now_ms + self.patience.voice_ms

    def voiced(self, remaining_ms: int) -> None:
        """While it speaks: all of the voice has been sent, ``remaining_ms`` of it cannot have been
        heard yet."""
        slack = self.patience.playback_slack_ms if self._marks else 0
        if self._interruption.held:
            self._after_hold_ms = self._held_at_ms + remaining_ms + slack
        else:
            self.deadline_ms = self.clock.now_ms + remaining_ms + slack

    def deafen(self) -> None:
        """The voice is heard to its end, whatever is said over it."""
        self._interruption.deafen()

    def release(self) -> None:
        """The sound over the question was nothing: its voice goes on."""
        self._interruption.release()
        self._go_on_speaking()

    def _go_on_speaking(self) -> None:
        self.held_ms += self.clock.now_ms - self._held_at_ms
        self.deadline_ms = self._after_hold_ms + self.clock.now_ms - self._held_at_ms

    def listen(self, before: Holder, *, again: bool = False, rest: bool = False) -> list[Decision]:
        """The floor passes to the candidate; ``before``: from whom. ``again``: the question was
        repeated. ``rest``: the candidate has a break. Speech that is already running counts."""
        sounds = self._interruption.sounds if before == "speaking" else []
        self._reminded, self._rest = again, rest
        self._spoken_since_ms = self._unbroken_ms = self.audio_ms
        self._wondered = False
        self.ears.begin()
        self._forget()
        self.spoken = self.ears.open_segment is not None or bool(sounds)
        return self._said_already(sounds, 1)

    def go_on(self, *, next_segment: int) -> list[Decision]:
        """What is said over the question belongs to the answer before it, of which segments before
        ``next_segment`` were heard."""
        self.spoken = True
        self._granted_ms = 0
        return self._said_already(self._interruption.sounds, next_segment)

    def _said_already(self, sounds: list[tuple[Opened, Closed]], first: int) -> list[Decision]:
        decisions: list[Decision] = []
        for number, (opened, closed) in enumerate(sounds, start=first):
            decisions.append(replace(opened, segment=number))
            decisions.append(replace(closed, segment=number))
            self._heard(replace(closed, segment=number))
        self.ears.restart(first + len(sounds))
        self.stay()
        since = self.ears.open_since_ms
        if self.ears.open_segment is not None and since is not None:
            decisions.append(Opened(first + len(sounds), since, since))
        return decisions

    def resume(self, *, next_segment: int) -> None:
        """Listen on to an answer of which segments before ``next_segment`` were heard."""
        self._forget()
        self.spoken = True
        self._last_segment = next_segment - 1
        self.ears.restart(next_segment)
        self._speech_end_ms = self.audio_ms
        self.stay()

    def think(self, *, decoding: bool) -> None:
        wait = self.patience.decode_ms if decoding else self.patience.compose_ms
        self.deadline_ms = self.clock.now_ms + wait

    def pause(self, floor: Holder) -> list[Decision]:
        """The candidate is away: nothing is waited for, what was being said is closed."""
        cut = self.ears.close()
        self.deadline_ms = None
        return [*cut] if floor in ("listening", "thinking") else []

    def stop(self) -> None:
        self.deadline_ms = None

    def _forget(self) -> None:
        self._reading = None
        self._score = None
        self._score_wanted = False
        self._last_segment = self._granted_ms = 0
        self._weigh()

    # What happens while somebody has it.

    def frame(self, frame: VoiceFrame, floor: Holder) -> list[Decision]:
        """One VAD frame."""
        edges = self.ears.hear(frame, apart=floor == "listening")
        if floor == "listening":
            return self._while_listening(edges, frame)
        if floor == "speaking":
            return self._while_speaking(edges)
        if floor == "thinking":
            return self._while_thinking(edges)
        return []

    def commit(self, floor: Holder) -> list[Decision]:
        """The candidate says that the answer is complete."""
        if floor != "listening":
            return []
        decisions = self._taken(self.ears.close())
        return [*decisions, AnswerEnded(said_so=True)] if self.spoken else decisions

    def tick(self, floor: Holder) -> list[Decision]:
        if self.deadline_ms is None or self.clock.now_ms < self.deadline_ms:
            return []
        if self.led and floor == "listening":
            self.stay()
            return []
        self.deadline_ms = None
        if self.held(floor):
            if self._interruption.means_it(self.ears.talked_ms):
                return [Sign.BARGED_IN]  # its words are late
            self.release()
            return [Sign.RELEASED]
        match floor:
            case "speaking":
                return [Sign.QUESTION_DONE]
            case "thinking":
                return [Sign.WORK_LATE]
            case "listening":
                return (
                    self.commit(floor)
                    if self.spoken
                    else [Sign.GIVEN_UP if self._reminded else Sign.NOBODY_SPOKE]
                )
            case "nobody":
                return []

    def _while_speaking(self, edges: list[Opened | Closed]) -> list[Decision]:
        decisions: list[Decision] = []
        for decision in self._interruption.feed(edges, self.ears.talked_ms):
            if decision is Sign.HELD:
                self._held_at_ms = self.clock.now_ms
                self._after_hold_ms = self.deadline_ms or self.clock.now_ms
                self.deadline_ms = self.clock.now_ms + self.patience.held_ms
            elif decision is Sign.RELEASED:
                self._go_on_speaking()
            decisions.append(decision)
        return decisions

    def _while_listening(self, edges: list[Opened | Closed], frame: VoiceFrame) -> list[Decision]:
        decisions = self._taken(edges) if edges else []
        if edges and isinstance(edges[0], Opened):
            self._unbroken_ms = frame.end_ms  # one that was too long is closed first
        if self.led:
            return decisions
        if not decisions and self._wonders(frame.end_ms):
            self._wondered = True
            return [Sign.STILL_TALKING]
        if not self.spoken or self.ears.open_segment is not None or decisions:
            return decisions
        if frame.end_ms - self._speech_end_ms >= self.needed_ms:
            decisions.append(AnswerEnded())
        return decisions

    def _wonders(self, audio_ms: int) -> bool:
        """Once a turn: at a pause, where there is any."""
        if self._wondered or not self.spoken:
            return False
        if self.ears.far_ms >= self.patience.far_ms:
            return True
        if self.ears.open_segment is not None:
            return audio_ms - self._unbroken_ms >= self.patience.unbroken_ms
        return audio_ms - self._spoken_since_ms >= self.patience.long_ms

    def _while_thinking(self, edges: list[Opened | Closed]) -> list[Decision]:
        if not any(isinstance(edge, Opened) for edge in edges):
            return []
        return [Sign.ANSWER_RESUMED, *self._taken(edges)]

    def _taken(self, edges: list[Opened | Closed]) -> list[Decision]:
        for edge in edges:
            if isinstance(edge, Closed):
                self._heard(edge)
            else:
                self._granted_ms = 0
            if not self.spoken:
                self._spoken_since_ms = self.audio_ms
            self.spoken = True
            self.stay()
        return [*edges]

    def _heard(self, closed: Closed) -> None:
        """A segment is over: nothing is known of its words and its sound yet."""
        self._speech_end_ms = closed.speech_end_ms
        self._last_segment = closed.segment
        self._reading = None
        self._score = None
        self._score_wanted = True
        self._weigh()

    def stay(self) -> None:
        """The candidate is waited for; silence counts from their last speech."""
        patient = self.spoken or self._reminded
        wait = self.patience.give_up_ms if patient else self.patience.first_word_ms
        if self._rest and not self.spoken:
            wait = self.patience.rest_ms
        self.deadline_ms = self.clock.now_ms + wait
