"""One-time codes of an authenticator app (TOTP, RFC 6238)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

import pyotp
import segno

ISSUER: Final = "viva"
QUIET: Final = 4
"""Modules of white around a QR code, without which cameras do not find it."""
AROUND: Final = 1
"""Steps of 30 s that a phone's clock may be off."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code: ``path`` of an SVG, dark where it is filled, in a square of ``size``."""

    size: int
    path: str


def offered(account: str) -> tuple[str, str]:
    """A new secret, and the address by which an app takes it over."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def picture(uri: str) -> Picture:
    """What an app's camera takes the secret over from."""
    rows = segno.make(uri, error="m", micro=False).matrix_iter(border=QUIET)
    drawn, size = [], 0
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = sum(1 for _ in run)
            if dark:
                drawn.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
        size = x
    return Picture(size, "".join(drawn))


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
