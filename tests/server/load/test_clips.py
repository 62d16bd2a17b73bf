"""A folder of recordings with what is said in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.load.clips import LoadError, clips
from tests.browser.conftest import write_wav
from tests.speech import READINGS


def test_a_text_is_beside_its_recording_or_in_a_table(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav", "c.wav"):
        write_wav(tmp_path / name, bytes(32_000))
    (tmp_path / "a.txt").write_text("one two", "utf-8")
    (tmp_path / "all.csv").write_text("file,transcript\na.wav,other\nb.wav,three\n", "utf-8")
    found = clips(tmp_path)
    assert [(one.name, one.text) for one in found] == [
        ("a.wav", "one two"), ("b.wav", "three"), ("c.wav", None),
    ]  # fmt: skip
    assert found[0].seconds >= 1.0


def test_our_readings_are_such_a_folder() -> None:
    assert [bool(one.text) for one in clips(READINGS)] == [True] * 3


def test_a_folder_without_any_or_with_a_broken_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no WAV file"):
        clips(tmp_path)
    (tmp_path / "bad.wav").write_bytes(b"RIFF")
    with pytest.raises(LoadError, match=r"bad\.wav"):
        clips(tmp_path)
