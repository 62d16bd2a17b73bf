"""Passwords: hashed with Argon2id, in threads, and refused where they are easily guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from zxcvbn import zxcvbn

SHORTEST: Final = 12
LONGEST: Final = 200
JUDGED: Final = 64
"""Characters that are judged: the judge takes ever longer for more, and so many are enough."""
OURS: Final = "viva"
HARD_ENOUGH: Final = 3
"""Of 4: more than 10^8 guesses, also for who knows the common ones and the person's name."""

# One lane: what is hashed here must not take all cores from the interviews that are going on.
_hasher: Final = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_threads: Final = ThreadPoolExecutor(2, thread_name_prefix="passwords")


class TooEasy(Exception):
    """The password is too short, too long, or too easily guessed."""


async def hashed(password: str, about: Sequence[str]) -> str:
    """``about``: what a guesser would try first, such as name and address. Raises TooEasy."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise TooEasy
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _judged_and_hashed, password, (*about, OURS))


async def fits(password: str, kept: str | None) -> bool:
    """It takes as long where there is no password to fit, so that nobody learns who has one."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _fits, password[:LONGEST], kept)


def _judged_and_hashed(password: str, about: tuple[str, ...]) -> str:
    if zxcvbn(password[:JUDGED], user_inputs=list(about), max_length=JUDGED)["score"] < HARD_ENOUGH:
        raise TooEasy
    return _hasher.hash(password)


def _fits(password: str, kept: str | None) -> bool:
    try:
        _hasher.verify(kept or _nobodys(), password)
    except VerifyMismatchError:
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
