"""Migrations and pages are found from a checkout and from an installed wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from server.assets import share

ROOT = Path(__file__).resolve().parents[2]


def test_a_checkout_uses_its_own_folders() -> None:
    assert share("migrations") == ROOT / "migrations"
    assert share("static") == ROOT / "static"


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="pictures is missing from this installation"):
        share("pictures")


def test_a_wheel_brings_both_along(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("viva-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    ask = "from server.assets import share; print(share('migrations')); print(share('static'))"
    answer = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path / "installed",
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=True,
    )
    folders = [Path(line) for line in answer.stdout.split()]
    assert folders == [
        tmp_path / "installed/server/share" / one for one in ("migrations", "static")
    ]
    assert (folders[0] / "0001_interviews.sql").read_text() == (
        ROOT / "migrations/0001_interviews.sql"
    ).read_text()
    assert (folders[1] / "index.html").exists()
