"""What a variable may be, in words, and values that are looked up on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from server.environment import may_be, secret
from server.settings import Settings


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("port", "a number from 1 to 65535"),
        ("llm_seed", "a number from 0 to 2147483647"),
        ("stt_device", "auto, cuda, cpu"),
        ("stt", "auto, transcription-server, whisper, whisper-base"),
        ("redis_url", "`redis://…`, `rediss://…`, `unix://…`"),
        ("stt_model", ""),
    ],
)
def test_a_field_tells_what_its_value_may_be(name: str, words: str) -> None:
    assert may_be(Settings.model_fields[name]) == words


def test_a_program_may_be_named_by_its_path_or_found_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "vllm"
    program.write_text("#!/bin/sh")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    for given in ("vllm", str(program)):
        assert Settings.from_env({"VIVA_VLLM": given}).vllm == str(program)


def test_the_home_folder_may_be_abbreviated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert Settings.from_env({"VIVA_DATA": "~/viva"}).data == Path("/home/me/viva")


def test_a_secret_is_given_to_whoever_asks_for_it() -> None:
    assert secret(SecretStr("k")) == "k"
    assert secret(None) is None
