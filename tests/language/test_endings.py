"""What the end of an answer promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.events import Language
from server.core.understanding import Reading
from server.language.endings import ENDINGS


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("저는 결제 서비스를 개발했습니다", "ko", "complete"),
        ("네, 그 부분은 제가 맡았어요.", "ko", "complete"),
        ("왜 그랬는지 아십니까?", "ko", "complete"),
        ("트래픽이 많았으니까", "ko", "trailing"),
        ("캐시를 붙였는데", "ko", "trailing"),
        ("제가 맡은 일은 그리고", "ko", "trailing"),
        ("결제 서비스 담당", "ko", "unsure"),
        ("We moved the service to Kafka.", "en", "complete"),
        ("We moved the service to Kafka and", "en", "trailing"),
        ("I led the, um", "en", "trailing"),
        ("a small team in Seoul", "en", "unsure"),
        ("", "en", "unsure"),
    ],
)
def test_reading(text: str, language: Language, expected: Reading) -> None:
    assert ENDINGS[language](text) == expected


@given(st.text(max_size=300), st.sampled_from(["ko", "en"]))
def test_every_text_has_a_reading(text: str, language: Language) -> None:
    assert ENDINGS[language](text) in ("complete", "unsure", "trailing")
