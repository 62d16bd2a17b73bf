"""Keys are kept for us only, several at a time, the newest first."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from server.store.keys import FILE, Key, Keys, kept_keys, read_keys

OLD, NEW = bytes(32), b"k" * 32


def test_a_folder_keeps_its_key_for_us_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    keys = kept_keys(folder)
    assert kept_keys(folder) == keys
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    written = (folder / FILE).read_text()
    (folder / FILE).write_text(f"{base64.b64encode(NEW).decode()}\n{written}\n")
    assert kept_keys(folder).newest == Key(NEW)
    assert kept_keys(folder).secrets[1:] == keys.secrets


def test_several_are_told_apart_by_names_that_say_nothing() -> None:
    text = ",".join(base64.b64encode(one).decode() for one in (NEW, OLD))
    keys = read_keys(f" {text}\n")
    assert keys.secrets == (NEW, OLD)
    assert len({one.name for one in keys}) == 2
    assert all(one.name not in one.secret for one in keys)


def test_a_purpose_has_keys_of_its_own() -> None:
    keys = Keys((NEW, OLD))
    assert len({*keys, *keys.of("one"), *keys.of("other")}) == 6
    assert keys.of("one") == keys.of("one")


@pytest.mark.parametrize("text", ["", "short", "A" * 43, "!" * 44, "A" * 43 + "=,short"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="openssl rand"):
        read_keys(text)
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(())
