"""What of a recogniser's words is believed, and the windows that it is given to hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from server.core.events import SoundsLike, Word
from server.engines import doubt, gate
from server.engines.utterance import Heard, Utterance
from server.engines.whisper_batch import Decoded, Window
from server.engines.windows import windows
from server.ports import CANDIDATE_RATE

SHORTEST = CANDIDATE_RATE // 10
LONGEST = CANDIDATE_RATE * 29
EARLIEST_CUT = CANDIDATE_RATE * 15
CONTEXT = 200
"""Characters of what was said just before; more would crowd out the answer's own tokens."""


def windows_of(utterance: Utterance, samples: gate.Samples) -> Iterator[tuple[int, Window]]:
    """Each with the sample it starts at; none where nobody can have spoken."""
    if len(samples) < SHORTEST or not gate.may_hold_speech(samples):
        return
    context, begun = _tail(utterance.context), utterance.begun
    for start, piece in windows(samples, LONGEST, EARLIEST_CUT):
        if len(piece) >= SHORTEST and gate.may_hold_speech(piece):
            timed = not utterance.partial
            yield start, Window(piece, utterance.language, context, timed, begun)
        context = begun = ""  # what the window before says is not known yet


def _tail(context: str) -> str:
    """The last words of the context, from a word's beginning."""
    tail = context.strip()[-CONTEXT:]
    return tail if len(context.strip()) <= CONTEXT else tail.partition(" ")[2]


def believed(parts: Sequence[tuple[int, Decoded]], samples: gate.Samples) -> Heard:
    """``parts``: what was made of its windows, each with the sample it starts at."""
    kept = [
        (start, part) for start, part in parts if part.plausible and not gate.is_credit(part.text)
    ]
    text = " ".join(" ".join(part.text for _, part in kept).split())
    if gate.is_credit(text) or gate.too_fast(text, samples):
        return Heard("")
    doubtful = len(kept) < len(parts) or any(part.doubtful for _, part in kept)
    words = tuple(word for start, part in kept for word in _doubted(part, start))
    sure, sounds_like = doubt.of_segment(words), _language(parts)
    said = gate.without_loops(gate.without_notes(text))
    if said != text:
        # The times would belong to words that are gone.
        return Heard(said, doubtful=True, sure=sure, sounds_like=sounds_like)
    return Heard(text, words, doubtful, sure, sounds_like)


def _doubted(part: Decoded, start: int) -> Iterator[Word]:
    """``start``: the sample at which the window starts."""
    ms = round(start * 1000 / CANDIDATE_RATE)
    for word in part.words:
        probability = 1.0 if word.sure is None else word.sure
        sure = doubt.of_word(probability, part.log_probability, part.language)
        yield replace(word.after(ms), sure=round(sure, 3))


def _language(parts: Sequence[tuple[int, Decoded]]) -> SoundsLike | None:
    """Of the window that it can best be told of."""
    told = [part.sounds_like for _, part in parts if part.sounds_like is not None]
    return max(told, key=lambda one: one.probability, default=None)
