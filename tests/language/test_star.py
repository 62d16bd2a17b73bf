"""What is read of an answer and of a question, on groups that nothing was fitted on.

The floors stand a little below what is measured; a failure prints the counts.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bench.train_star import Told, digest, held_out_told, told
from server.core.understanding import STAR, Star
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language import asked
from server.language.asked import AskedModel
from server.language.star import WEIGHTS

SAMPLE = Path(__file__).parent / "utterances.jsonl"
UNDERSTANDING = OfflineUnderstanding(Encoder())


@cache
def read() -> tuple[tuple[Told, tuple[Star, ...]], ...]:
    return tuple(
        (one, UNDERSTANDING.read(one.row.question, one.row.utterance).star or ())
        for one in (*held_out_told(), *sample())
    )


def sample() -> Iterator[Told]:
    for line in SAMPLE.read_text("utf-8").splitlines():
        one = json.loads(line)
        if one["intent"] == "answer":
            yield Told.of("sample", one["language"], one["question"], one["utterance"], one["star"])


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("aspect", "least"),
    [("situation", 0.65), ("action", 0.75), ("result", 0.5), ("decision", 0.4)],
)
def test_what_an_answer_has_of_a_story_is_read(language: str, aspect: Star, least: float) -> None:
    mine = [(one, star) for one, star in read() if one.row.language == language]
    there = [aspect in one.star for one, _ in mine if not _unlabelled(one, aspect)]
    seen = [aspect in star for one, star in mine if not _unlabelled(one, aspect)]
    right = sum(a and b for a, b in zip(there, seen, strict=True))
    assert sum(there) >= 10
    assert 2 * right / (sum(there) + sum(seen)) >= least, (right, sum(there), sum(seen))


def _unlabelled(one: Told, aspect: Star) -> bool:
    """The sample does not say whether there is a reason."""
    return aspect == "decision" and one.row.group == "sample"


QUESTIONS = {
    "Describe a moment when you had to improvise.": "story",
    "How do you usually store the samples?": "practice",
    "What would you do if the lift got stuck with you inside?": "case",
    "What makes a good foreman, in your opinion?": "view",
    "갑자기 정전이 된다면 무엇부터 하시겠어요?": "case",
    "가장 기억에 남는 손님 이야기를 들려주세요.": "story",
    "시약은 보통 어떻게 보관하시나요?": "practice",
    "좋은 반장은 어떤 사람이라고 생각하세요?": "view",
}


def test_what_a_question_asks_for_is_read() -> None:
    wrong = {
        question: found
        for question, asks in QUESTIONS.items()
        if (found := UNDERSTANDING.read(question, "I see.").asks) != asks
    }
    assert len(wrong) <= 1, wrong


def test_the_weights_know_what_they_were_fitted_on_and_every_label() -> None:
    with np.load(WEIGHTS) as stored:
        assert str(stored["data"]) == digest()
        assert len(stored["bias"]) == len(STAR)
    assert AskedModel.load(asked.WEIGHTS).grams.shape[1] == 12


def test_labels_are_known_and_groups_of_both_languages_are_kept_for_judging() -> None:
    every = told()
    assert len(every) >= 1_200
    assert {name for one in every for name in one.star} == set(STAR)
    assert _languages(held_out_told()) == _languages(every) == {"ko", "en"}


def _languages(some: Sequence[Told]) -> set[str]:
    return {one.row.language for one in some}
