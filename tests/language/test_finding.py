"""Forms of words that are the same word to whoever looks for it, and those that are not."""

from __future__ import annotations

import pytest

from server.language.finding import pieces, query, stem


def found(words: str, text: str) -> bool:
    asked, own = query(words), set(pieces(text))
    return any(own.issuperset(need) for need in asked.needs()) and asked.found(text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("데이터 파이프라인", "데이터파이프라인을 맡았습니다."),
        ("데이터파이프라인은", "데이터 파이프라인 운영이요."),
        ("배포했던", "배포하면서 배웠습니다."),
        ("줄였습니다", "시간을 줄이는 일이었어요."),
        ("중복을 제거", "중복 제거했습니다"),
        ("Kafka를", "카프카, 그러니까 KAFKA로 보냈습니다."),
        ("removing duplicates", "We remove a duplicate."),
        ("roll-back", "The rollback took an hour."),
        ("time out", "It ran into a timeout."),
        ("timeouts", "It would time out."),
        ("ｋａｆｋａ", "Kafka"),
    ],
)
def test_forms_of_the_same(words: str, text: str) -> None:
    assert found(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("배포", "테스트를 했습니다."),
        ("데이터 유실", "데이터를 옮겼습니다."),
        ("cat", "We use concatenation."),
        ("removing duplicates", "We removed the door."),
        ("", "anything"),
        ("?!", "anything?!"),
    ],
)
def test_what_is_not_there_is_not_found(words: str, text: str) -> None:
    assert not found(words, text)


def test_stems() -> None:
    assert {stem(one) for one in ("plan", "plans", "planned", "planning")} == {"plan"}
    assert {stem(one) for one in ("query", "queries")} == {"query"}
    assert stem("process") == stem("processes")
    assert stem("k8s") == "k8s"


def test_pieces_are_integers_of_the_database() -> None:
    assert all(-(2**31) <= one < 2**31 for one in pieces("배포를 두 번 했고 deployed twice"))
