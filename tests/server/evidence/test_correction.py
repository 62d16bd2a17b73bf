"""A line put right: the words around it stay, those of it get its times, and may be quoted."""

from __future__ import annotations

from server.core.events import Word
from server.core.events.answer import GAP
from server.evidence.correction import corrected
from server.evidence.sentences import words_of

TEXT = "At first we moved the cheque into the queue."
HEARD = [
    {"text": word, "start_ms": 1_000 + 400 * at, "end_ms": 1_400 + 400 * at, "sure": 0.5}
    for at, word in enumerate(TEXT.split())
]


def test_the_words_around_it_stay_and_those_of_it_get_its_times() -> None:
    reads = corrected(TEXT, HEARD, TEXT, 5, 5, "second  check")
    assert reads.text == "At first we moved the second check into the queue."
    assert reads.words[4] == Word("the", 2_600, 3_000, 0.5)
    assert reads.words[5:7] == (Word("second", 3_000, 3_218, 1.0), Word("check", 3_218, 3_400, 1.0))
    assert reads.words[7] == Word("into", 3_400, 3_800, 0.5)
    assert reads.clear is None
    again = [{"text": w.text, "start_ms": w.start_ms, "end_ms": w.end_ms} for w in reads.words]
    assert all(one.start_ms is not None for one in words_of(reads.text, again, reads.text))


def test_what_was_typed_has_no_times() -> None:
    reads = corrected(TEXT, [], TEXT, 0, 8, "All of it.")
    assert (reads.text, reads.words, reads.clear) == ("All of it.", (), None)


def test_what_a_person_made_out_may_be_quoted_and_the_rest_as_before() -> None:
    clear = f"{GAP} moved the {GAP} queue."
    reads = corrected(TEXT, HEARD, clear, 5, 5, "check")
    assert reads.clear == f"{GAP} moved the check {GAP} queue."
    whole = corrected(TEXT, HEARD, f"{GAP} moved the cheque into the queue.", 0, 2, "Then we")
    assert whole.clear is None
