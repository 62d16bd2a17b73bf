"""Where an utterance is cut."""

from hypothesis import given
from hypothesis import strategies as st

from server.language.clauses import clauses


def test_sentences_are_parts() -> None:
    assert clauses("We cut the waste in half. Could you repeat the rest?") == [
        "We cut the waste in half.",
        "Could you repeat the rest?",
    ]
    assert clauses("네, 제가 했습니다. 질문을 다시 말씀해 주세요.") == [
        "네, 제가 했습니다.",
        "질문을 다시 말씀해 주세요.",
    ]


def test_speech_without_punctuation_is_cut_at_its_joints() -> None:
    assert clauses("we moved it all in one night and can i get some water now") == [
        "we moved it all in one night",
        "and can i get some water now",
    ]
    assert clauses("재고는 제가 맡아서 정리했고요 잠깐 물 좀 마시고 올게요") == [
        "재고는 제가 맡아서",
        "정리했고요 잠깐 물 좀 마시고 올게요",
    ]


def test_a_long_run_without_joints_is_cut() -> None:
    parts = clauses(" ".join(["word"] * 50))
    assert [len(part.split()) for part in parts] == [16, 16, 16, 2] or len(parts) >= 3


@given(st.text(max_size=300))
def test_no_word_is_lost(text: str) -> None:
    kept = "".join("".join(clauses(text)).split())
    without = "".join(text.split())
    assert [c for c in kept if c.isalnum()] == [c for c in without if c.isalnum()]
