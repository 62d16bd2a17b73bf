"""Numbers and names by their form, in either language, as spoken and as written."""

import pytest

from server.language.invented import invented
from server.language.numerals import numbers, sound


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("twenty-five beds and 3,500 euros", {25, 3_500}),
        ("one point two million last year", {1_200_000}),
        ("two hundred and forty thousand", {240_000}),
        ("사십 퍼센트, 이천 건, 80만원", {40, 2_000, 80, 800_000}),
        ("스물두 곳에 여든 명", {22, 80}),
        ("천천히 만나서 이만 줄이고 만약 그렇다면", set()),
    ],
)
def test_numbers_are_read(text: str, found: set[float]) -> None:
    assert {round(number, 6) for number in numbers(text)} == found


@pytest.mark.parametrize(
    ("latin", "hangul"), [("Kafka", "카프카"), ("Redis", "레디스"), ("Spring", "스프링")]
)
def test_a_name_sounds_alike_in_either_alphabet(latin: str, hangul: str) -> None:
    assert sound(latin) == sound(hangul)


@pytest.mark.parametrize(
    ("text", "language", "said", "made_up"),
    [
        ("How did you get from sixty to ninety per cent?", "en", "from 60 percent to 90", False),
        ("What made it fall by forty percent?", "en", "from ten days to six", False),
        ("What did you do in the first ten minutes?", "en", "I was paged", False),
        ("What did the NDA cover?", "en", "a non disclosure agreement", False),
        ("Why Kubernetes?", "en", "we ran cubernetes at home", False),
        ("What did Kafka change on Monday?", "en", "we had a queue", True),
        ("How did you reach 90 percent?", "en", "it got better", True),
    ],
)
def test_what_follows_from_what_was_said_is_not_made_up(
    text: str, language: str, said: str, made_up: bool
) -> None:
    assert invented(text, [said], latin=language == "en") is made_up
