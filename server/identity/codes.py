"""One-time codes of an authenticator app (TOTP, RFC 6238)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pyotp

ISSUER: Final = "viva"
AROUND: Final = 1
"""Steps of 30 s that a phone's clock may be off."""


def offered(account: str) -> tuple[str, str]:
    """A new secret, and the address by which an app takes it over."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def step(secret: str, code: str, now: datetime, after: int | None) -> int | None:
    """The step that the code is of, None where it fits none later than ``after``: a code that was
    seen over a shoulder counts no second time."""
    totp = pyotp.TOTP(secret)
    this = totp.timecode(now)
    digits = "".join(code.split())
    if not digits.isascii() or not digits.isdigit():
        return None
    for one in range(this - AROUND, this + AROUND + 1):
        if (after is None or one > after) and pyotp.utils.strings_equal(
            digits, totp.generate_otp(one)
        ):
            return one
    return None
