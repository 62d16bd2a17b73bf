"""Particles by the sound before them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.korean import Particle, fill, particle


@pytest.mark.parametrize(
    ("word", "object_particle", "direction"),
    [
        ("보안", "을", "으로"),
        ("서버", "를", "로"),
        ("서울", "을", "로"),
        ("개발자", "를", "로"),
        ("SQL", "을", "로"),
        ("PM", "을", "으로"),
        ("QA", "를", "로"),
        ("AWS", "를", "로"),
        ("Engineer", "를", "로"),
        ("Python", "을", "으로"),
        ("React", "를", "로"),
        ("Git", "을", "으로"),
        ("Slack", "을", "으로"),
        ("Docker", "를", "로"),
        ("Oracle", "을", "로"),
        ("Java 17", "을", "로"),
        ("Vue 3", "을", "으로"),
        ("시스템(사내)", "를", "로"),
        ("", "를", "로"),
    ],
)
def test_the_particle_follows_the_sound(word: str, object_particle: str, direction: str) -> None:
    assert particle(word, "을") == object_particle
    assert particle(word, "으로") == direction


def test_slots_take_their_particle_also_behind_a_quotation_mark() -> None:
    assert fill("‘{a}’[을] {b}[이]", a="결제 서버", b="로그") == "‘결제 서버’를 로그가"
    assert fill("“{a}”[이라고]", a="도입") == "“도입”이라고"
    assert fill("“{a}”[이라고]", a="줄였습니다") == "“줄였습니다”라고"


@given(st.text(), st.sampled_from(("은", "을", "이", "과", "으로", "이라고")))
def test_any_value_is_filled_in_as_it_is(value: str, wanted: Particle) -> None:
    assert fill("{a}[" + wanted + "] {a}", a=value) == value + particle(value, wanted) + " " + value
