"""Passwords: which are taken, and that nothing but the right one fits."""

from __future__ import annotations

import pytest

from server.identity import passwords
from server.identity.passwords import TooEasy

GOOD = "plum tractor vivid harbour"


async def test_only_the_right_one_fits() -> None:
    kept = await passwords.hashed(GOOD, ["kim@example.org", "Kim"])
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert await passwords.fits(GOOD, kept)
    assert not await passwords.fits(f"{GOOD} ", kept)
    assert not await passwords.fits(GOOD, None)
    assert not await passwords.fits("nobody has this password", None)


@pytest.mark.parametrize(
    "easy",
    [
        "short9!", "password12345", "aaaaaaaaaaaaaaaaaaaa", "qwertyuiop12",
        "kim@example.org", "minjikim@example.org1", "x" * 201, "a" * 200,
    ],
)  # fmt: skip
async def test_what_is_easily_guessed_is_refused(easy: str) -> None:
    with pytest.raises(TooEasy):
        await passwords.hashed(easy, ["minjikim@example.org", "kim@example.org", "Kim Minji"])


async def test_any_characters_will_do() -> None:
    korean = "자전거 호수 번개 창문 열두시"
    assert await passwords.fits(korean, await passwords.hashed(korean, []))
