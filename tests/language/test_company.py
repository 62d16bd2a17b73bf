"""What a template tells of the company is told to who asks for it, and to nobody else."""

from __future__ import annotations

import pytest

from server.core.dialogue.meaning import Meaning
from server.core.events import CompanyFact
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.state import Memory
from server.core.understanding import COMPANY
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.pack import shipped

UNDERSTANDING = OfflineUnderstanding(Encoder())
FACTS = (
    CompanyFact("remote, 재택", {"en": "Two days from home.", "ko": "주 이틀은 집에서 일합니다."}),
    CompanyFact("team, 인원", {"en": "The team has nine people.", "ko": "팀은 아홉 명입니다."}),
    CompanyFact("salary, 연봉", {"en": "It is forty thousand a year.", "ko": "사천만 원입니다."}),
    CompanyFact("parking, 주차", {"en": "Behind the building.", "ko": "건물 뒤에 있습니다."}),
)
"""Two of them do not say in their text what they are about."""
ASKED = {
    "en": (
        ("Is it possible to stay home on some days?", 0),
        ("How big is the crew?", 1),
        ("What's the rate an hour?", 2),
        ("Is there somewhere I can leave the car?", 3),
        ("How many classes are there in each year?", None),
        ("Do graduates rotate between departments?", None),
        ("Is there a canteen?", None),
        ("Why did the last person leave?", None),
        ("Can I bring my dog?", None),
    ),
    "ko": (
        ("집에서 일할 수 있나요?", 0),
        ("보안팀이 몇 명이에요?", 1),
        ("돈은 얼마나 주시나요?", 2),
        ("주차 되나요?", 3),
        ("한 학년에 몇 반이에요?", None),
        ("구내식당 있어요?", None),
        ("전임자는 왜 나가셨어요?", None),
        ("환기는 잘 돼 있습니꺼?", None),
        ("강아지 데려가도 돼요?", None),
    ),
}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_fact_is_found_by_what_it_is_about_and_what_nobody_told_is_not(language: str) -> None:
    interview = Interview("1", "nurse", language, packs=shipped(), rules=Rules(company=FACTS))
    meaning = Meaning(Memory(language), interview)
    samples = meaning._compared()  # what an Understand effect carries
    found = [UNDERSTANDING.compare(question, samples) for question, _ in ASKED[language]]
    wanted = [None if at is None else f"{COMPANY}{at}" for _, at in ASKED[language]]
    wrong = [
        (question, got)
        for (question, _), got, right in zip(ASKED[language], found, wanted, strict=True)
        if got != right
    ]
    assert len(wrong) <= 1, wrong


def test_a_topic_is_known_by_whole_words_where_a_language_parts_them() -> None:
    business = CompanyFact("business", {"en": "We make pumps."})
    interview = Interview("1", "nurse", "en", packs=shipped(), rules=Rules(company=(business,)))
    samples = Meaning(Memory("en"), interview)._compared()
    assert "Is there parking?" not in samples[f"{COMPANY}0"]
