"""Which language was spoken, and which questions are the same."""

from __future__ import annotations

from itertools import combinations

import pytest

from server.core.events import Language
from server.language.pack import shipped
from server.language.sameness import same
from server.language.tongue import spoken


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        ("I led the migration of our billing service last year.", "ko", "en"),
        ("저는 작년에 결제 서비스 이전을 이끌었습니다.", "en", "ko"),
        (
            "저는 Istio service mesh를 deploy하고 canary release를 했습니다.",
            "ko",
            "ko",
        ),
        ("Kubernetes, Istio, Terraform, Prometheus, Grafana, Argo CD.", "ko", "ko"),
        ("Yes.", "ko", "ko"),
        ("네.", "en", "en"),
        ("We used a 도구 that my team built for the tests of it.", "en", "en"),
        ("", "ko", "ko"),
        ("혹시 영어로 대답해도 될까요?", "ko", "ko"),
        ("Sorry, can we speak Korean?", "en", "en"),
    ],
)
def test_the_language_follows_whole_answers(said: str, before: Language, after: Language) -> None:
    assert spoken(said, before, ("ko", "en")) == after
    assert spoken(said, before, (before,)) == before


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Why did you choose Kafka over RabbitMQ?", "What made you choose Kafka over RabbitMQ?", 1),
        ("Tell me about a dispute with a colleague.", "Describe a dispute with a colleague.", 1),
        ("Kafka를 선택하신 이유를 말씀해 주시겠어요?", "왜 Kafka를 선택하셨나요?", 1),
        ("어려웠던 문제를 어떻게 해결하셨나요?",
         "어려웠던 문제를 해결하신 과정을 설명해 주시겠어요?", 1),
        ("Why did you choose Kafka?", "How did you choose Kafka?", 0),
        ("How did you know that Payments worked?", "How did you know that Billing worked?", 0),
        ("왜 Kafka를 선택하셨나요?", "어떻게 Kafka를 배포하셨나요?", 0),
        ("", "Why?", 0),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_the_same(one: str, other: str, alike: int) -> None:
    assert same(one, other) is same(other, one) is bool(alike)
    assert same(one, one)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_two_core_questions_of_a_family_are_the_same(language: Language) -> None:
    pack = shipped().of(language)
    for family in pack.families:
        texts = [one.text for stage in pack.stages for one in pack.questions(family, stage)]
        assert [pair for pair in combinations(texts, 2) if same(*pair)] == []
