"""One-time codes: in their time, once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import segno

from server.identity import codes

NOW = datetime(2026, 11, 29, 12, 0, 10, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = timedelta(seconds=30)


def code_at(instant: datetime) -> str:
    return pyotp.TOTP(SECRET).at(instant)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_about_now_is_taken(steps: int) -> None:
    code = code_at(NOW + steps * STEP)
    assert codes.step(SECRET, f"{code[:3]} {code[3:]}", NOW, None) is not None


@pytest.mark.parametrize("code", ["", "abc", "000000000", "١٢٣٤٥٦", code_at(NOW - 3 * STEP)])
def test_another_is_not(code: str) -> None:
    assert codes.step(SECRET, code, NOW, None) is None


def test_none_counts_twice_nor_after_a_later_one() -> None:
    taken = codes.step(SECRET, code_at(NOW), NOW, None)
    assert taken is not None
    assert codes.step(SECRET, code_at(NOW), NOW, taken) is None
    assert codes.step(SECRET, code_at(NOW - STEP), NOW, taken) is None
    later = codes.step(SECRET, code_at(NOW + STEP), NOW + STEP, taken)
    assert later == taken + 1


def test_what_is_offered_works_in_an_app() -> None:
    secret, uri = codes.offered("kim@example.org")
    assert secret != codes.offered("kim@example.org")[0]
    app = pyotp.parse_uri(uri)
    assert isinstance(app, pyotp.TOTP)
    assert codes.step(secret, app.at(NOW), NOW, None) is not None


def test_a_camera_finds_the_picture() -> None:
    _, uri = codes.offered("kim@example.org")
    picture = codes.picture(uri)
    dark = {
        (int(x) + n, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", picture.path)
        for n in range(int(width))
    }
    rows = [list(row) for row in segno.make(uri, error="m", micro=False).matrix]
    size = len(rows)
    assert picture.size == size + 2 * codes.QUIET
    assert dark == {
        (x + codes.QUIET, y + codes.QUIET)
        for y, row in enumerate(rows)
        for x, module in enumerate(row)
        if module
    }
