"""What became of what was said: read from what is stored, and held against what was told. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from server.load.alignment import alignment, distance, words
from server.load.clips import Clip


@dataclass(frozen=True, slots=True)
class Held:
    """An interview that is over. ``given``: the clips that were said, and the share of each;
    ``captions`` and ``transcripts``: what its candidate was told; ``facts`` and ``answers`` (by
    turn): what is stored."""

    interview_id: str
    given: Sequence[tuple[Clip, float]]
    captions: Mapping[tuple[int, int], str]
    transcripts: Mapping[int, str]
    facts: Sequence[Mapping[str, Any]]
    answers: Mapping[int, str]
    end: str | None


@dataclass
class Verdict:
    """Over all interviews. ``faults``: what was lost, doubled or left open, in words without any
    of those that were said. ``missing``: words for which nothing at all was written;
    ``in_a_row``: most of them."""

    interviews: int = 0
    clips: int = 0
    seconds: float = 0.0
    said: int = 0
    wrong: int = 0
    letters: int = 0
    wrong_letters: int = 0
    missing: int = 0
    in_a_row: int = 0
    captions: int = 0
    answers: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def word_errors(self) -> float:
        return self.wrong / self.said if self.said else 0.0

    @property
    def letter_errors(self) -> float:
        return self.wrong_letters / self.letters if self.letters else 0.0

    def add(self, held: Held) -> None:
        self.interviews += 1
        self.clips += len(held.given)
        self.seconds += sum(clip.seconds * share for clip, share in held.given)
        self.captions += len(held.captions)
        self.answers += len(held.answers)
        self.faults += [f"interview {held.interview_id}: {one}" for one in faults(held)]
        if all(clip.text is not None for clip, _ in held.given):
            self._hear(held)

    def _hear(self, held: Held) -> None:
        said = [word for clip, share in held.given for word in _begun(clip, share)]
        heard = words(" ".join(text for _, text in sorted(held.answers.items())))
        found = alignment(said, heard)
        self.said += len(said)
        self.wrong += found.errors
        self.missing += sum(found.missing)
        rows = [sum(group) for gone, group in groupby(found.missing) if gone]
        self.in_a_row = max(self.in_a_row, *rows, 0)
        self.letters += len("".join(said))
        self.wrong_letters += distance("".join(said), "".join(heard))


def _begun(clip: Clip, share: float) -> list[str]:
    """Of a clip that was broken off, about the words that were said."""
    all_of_it = words(clip.text or "")
    return all_of_it[: round(len(all_of_it) * share)]


def faults(held: Held) -> list[str]:
    """What the server said it has is stored, once, and nothing waits any more."""
    found = []
    numbers = [fact["seq"] for fact in held.facts]
    if numbers != list(range(1, len(numbers) + 1)):
        found.append("its facts are not numbered one after another")
    stored = Counter(
        (fact["data"]["turn"], fact["data"]["segment"], fact["data"]["text"])
        for fact in held.facts
        if fact["kind"] == "segment_heard"
    )
    for (turn, segment), text in held.captions.items():
        if (count := stored[turn, segment, text]) != 1:
            found.append(f"the caption {turn}.{segment} is stored {count} times")
    read = _read(held.facts)
    for turn, text in held.transcripts.items():
        if text not in read.get(turn, ()):
            found.append(f"the answer to question {turn} is not stored as it was shown")
    for turn, texts in read.items():
        if held.answers.get(turn) != texts[-1]:
            found.append(f"the answer to question {turn} does not read as its last fact says")
    if waiting := pending(held.facts):
        found.append(f"{len(waiting)} segments are no words yet")
    if held.end is None:
        found.append("it did not end")
    return found


def _read(facts: Sequence[Mapping[str, Any]]) -> Mapping[int, Sequence[str]]:
    """How each answer read, from the first to the last: words may come late."""
    found: dict[int, list[str]] = {}
    for fact in facts:
        if fact["kind"] in {"answer_given", "answer_revised"}:
            found.setdefault(fact["data"]["turn"], []).append(fact["data"]["text"])
    return found


def pending(facts: Sequence[Mapping[str, Any]]) -> set[tuple[int, int]]:
    """Turn and segment of sound that is kept and is no words yet."""
    open_ones: set[tuple[int, int]] = set()
    for fact in facts:
        data = fact["data"]
        if fact["kind"] == "segment_pending":
            open_ones.add((data["turn"], data["segment"]))
        elif fact["kind"] == "segment_heard":
            open_ones.discard((data["turn"], data["segment"]))
    return open_ones
