"""What was said or typed to a question that is over: its answer is mended, and all else goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.core.events import Effect, Input, Revision, Tell, Word, facts, inputs
from server.core.events.answer import TYPED, Answer, heard_in
from server.core.state import BESIDE, Memory
from server.doubt import LOST

SURE, BETTER = 0.9, 0.02
"""From where on words are not doubted, and by how much a second hearing has to be surer."""
WHOLE_MS = 60_000
"""The longest answer that is heard once more."""
LEAST_WORDS = 0.6
"""What leaves out more than the rest is no better, however sure it is."""
INTERRUPTED = "interrupted"
PREROLL_MS, TAIL_MS = 320, 192
"""What belongs to a segment before its onset and after its last speech."""


@dataclass(frozen=True, slots=True)
class AnswerReheard:
    """An answer that was given, heard once more as a whole; ``sure`` as in ``SegmentHeard``.
    ``bounds``: where in the audio it was, in ms, when that was asked for."""

    turn: int
    text: str
    words: tuple[Word, ...]
    engine: str
    sure: float | None
    bounds: tuple[int, int]


@dataclass(frozen=True, slots=True)
class SoundGone:
    """Sound that was to become words is not there any more."""

    turn: int
    segment: int
    reason: str


@dataclass(frozen=True, slots=True)
class VoiceIsMine:
    """The candidate says that the quieter voice of this turn is theirs."""

    turn: int


@dataclass(frozen=True, slots=True)
class Confirm:
    """What was typed under this id was taken before, in this turn."""

    turn: int
    item: str


Late = AnswerReheard | SoundGone | VoiceIsMine
Happening = Input | Late
Doing = Effect | Confirm


class Mending:
    """``memory`` is the session's, or that of an interview that nobody drives any more;
    ``identity`` is its ``Interview.identity``."""

    def __init__(self, memory: Memory, identity: Callable[[str], str]) -> None:
        self._memory = memory
        self._identity = identity

    def take(self, event: Happening) -> list[Doing] | None:
        """What is told of it; None: it is of what goes on now, and the session's."""
        match event:
            case AnswerReheard():
                return [*self.reheard(event)]
            case VoiceIsMine():
                return [*self.claimed(event.turn)]
            case SoundGone():
                pending = self.waits(event.turn, event.segment)
                return [] if pending is None else [*self.given_up(pending, event.reason)]
            case inputs.SegmentTranscribed():
                return [*self.words(event)] or None
            case inputs.AnswerTyped():
                return self._typed(event)
            case _:
                return None

    def waits(self, turn: int, segment: int) -> facts.SegmentPending | None:
        """The sound, where it is not words yet."""
        pending = self._memory.state.pending
        same = (one for one in pending if (one.turn, one.segment) == (turn, segment))
        return next(same, None)

    def interrupted(self, audio_ms: int) -> list[Tell]:
        """What was being said when the one who listened went down waits for its words, too; its
        sound is kept up to ``audio_ms``."""
        state, told = self._memory.state, list[Tell]()
        ends = [one.end_ms for one in state.answer.segments]
        for segment, (began_ms, ended_ms) in sorted(state.begun.items()):
            start_ms = max([0, began_ms - PREROLL_MS, *(end for end in ends if end <= began_ms)])
            end_ms = audio_ms if ended_ms is None else min(ended_ms + TAIL_MS, audio_ms)
            pending = facts.SegmentPending(
                state.turn,
                segment,
                start_ms,
                max(start_ms, end_ms),
                state.language,
                INTERRUPTED,
            )
            told.append(self._memory.tell(pending))
            ends.append(pending.end_ms)
        return told

    def words(self, event: inputs.SegmentTranscribed) -> list[Tell]:
        """They came for sound that was waiting; nothing where none was."""
        pending = self.waits(event.turn, event.segment)
        if pending is None:
            return []
        bounds, background = (pending.start_ms, pending.end_ms), pending.background
        heard = heard_in(event, bounds, background=background)
        return [self._memory.tell(heard), *self._mend(event.turn, "late")]

    def worth_rehearing(self, turn: int) -> tuple[int, int] | None:
        """Where in the audio an answer is that may read better when it is heard as a whole: it was
        cut at pauses, and is not sure. None where it is not worth it."""
        past = self._memory.state.past.get(turn)
        if past is None or past.given is None or past.given.text != past.answer.text:
            return None
        answer = past.answer
        if answer.kept or any(one.unclear == "foreign" for one in answer.heard):
            return None
        if answer.pending or not answer.heard or answer.background:
            return None  # as a whole another's words would be in it
        start_ms, end_ms = answer.heard[0].start_ms, answer.heard[-1].end_ms
        worth = is_worth_rehearing(len(answer.heard), how_sure(answer), end_ms - start_ms)
        return (start_ms, end_ms) if worth else None

    def reheard(self, event: AnswerReheard) -> list[Tell]:
        """The better one stands: that of which the words are likelier, on the mean. An answer that
        was taken up again meanwhile is longer than what was heard."""
        if self.worth_rehearing(event.turn) != event.bounds:
            return []
        past = self._memory.state.past[event.turn]
        assert past.given is not None
        if not reads_better((event.text, event.sure), (past.given.text, how_sure(past.answer))):
            return []
        revised = facts.AnswerRevised(
            event.turn, past.given.answer_id, event.text.strip(), event.words, event.engine, "whole"
        )
        return [self._memory.tell(revised)]

    def given_up(self, pending: facts.SegmentPending, reason: str) -> list[Tell]:
        """No words will come any more."""
        nothing = inputs.SegmentTranscribed(pending.turn, pending.segment, "", (), "none", 0)
        bounds, background = (pending.start_ms, pending.end_ms), pending.background
        heard = heard_in(nothing, bounds, reason, background=background)
        return [self._memory.tell(heard), *self._mend(pending.turn, "late")]

    def claimed(self, turn: int) -> list[Tell]:
        """The quieter voice of this turn was the candidate's: nothing where there was none."""
        state = self._memory.state
        past = state.past.get(turn)
        answer = state.answer if past is None and turn == state.turn else past and past.answer
        if not answer or not answer.background:
            return []
        return [self._memory.tell(facts.VoiceClaimed(turn)), *self._mend(turn, "claimed")]

    def _typed(self, event: inputs.AnswerTyped) -> list[Doing] | None:
        """To a question that is over it goes behind what is known of its answer; one that was not
        answered is now. What was taken before is not taken again."""
        state = self._memory.state
        if event.item is not None and (taken := state.typed.get(event.item)) is not None:
            return [Confirm(taken, event.item)]
        turn = self._belongs_to(event)
        if turn == state.turn or not event.text.strip():
            return None
        past, at_ms = state.past[turn], state.audio_ms
        segment = past.answer.last_segment + 1
        heard = facts.SegmentHeard(turn, segment, at_ms, at_ms, event.text.strip(), (), TYPED)
        told = [self._memory.tell(heard)]
        if event.item is not None:
            told.insert(0, self._memory.tell(facts.TypingTaken(turn, event.item)))
        return [*told, *self._mend(turn, "typed", heard)]

    def _belongs_to(self, event: inputs.AnswerTyped) -> int:
        """The turn it answers: the running one too where that only comes back to the question."""
        state = self._memory.state
        since = [one for one in state.asked if one.turn > (event.turn or state.turn)]
        if event.turn not in state.past or all(one.kind in BESIDE for one in since):
            return state.turn
        return event.turn if event.turn is not None else state.turn

    def _mend(
        self, turn: int, reason: Revision, typed: facts.SegmentHeard | None = None
    ) -> list[Tell]:
        past = self._memory.state.past.get(turn)
        if past is None:
            return []  # the answer is still running
        if (given := past.given) is not None:
            text, words = past.answer.text, past.answer.words
            if typed is not None and given.text != past.answer.without(typed.segment).text:
                text, words = f"{given.text} {typed.text}".strip(), given.words
            engine, clear = past.answer.engine, past.answer.clear_of(text)
            revised = facts.AnswerRevised(turn, given.answer_id, text, words, engine, reason, clear)
            same = (text, words) == (given.text, given.words)
            return [] if same else [self._memory.tell(revised)]
        if not past.answer.text or (past.no_answer and typed is None):
            return []
        language, answer_id = self._memory.state.language, self._identity(f"answer:{turn}")
        late = past.answer.given(turn, past.question_id, answer_id, language, language)
        return [self._memory.tell(late)]


def how_sure(answer: Answer) -> float | None:
    """How likely its words are what was said, on the mean; None where no engine tells of all of
    them, or some were typed."""
    told = [(one.sure, len(one.text.split())) for one in answer.heard if one.text]
    if not told or any(sure is None for sure, _ in told):
        return None
    return sum((sure or 0.0) * words for sure, words in told) / sum(n for _, n in told)


def is_worth_rehearing(segments: int, sure: float | None, length_ms: int) -> bool:
    return segments > 1 and sure is not None and sure < SURE and length_ms <= WHOLE_MS


def reads_better(whole: tuple[str, float | None], parts: tuple[str, float | None]) -> bool:
    """Of what was heard twice, text and how sure: whether the whole stands."""
    fewest = len(parts[0].split()) * LEAST_WORDS
    sure, before = whole[1], 1.0 if parts[1] is None else parts[1]
    if sure is None or sure < LOST or len(whole[0].split()) < fewest:
        return False
    return sure > before + BETTER
