"""``viva load`` against a real server, which hears what is said."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from server.load.clips import LoadError
from server.load.command import Order, load, speak
from tests.browser.conftest import write_wav
from tests.live import free_port, running
from tests.speech import recording

pytestmark = pytest.mark.engine

TEXT = "It was the best of times, it was the worst of times."


def order(base: str, audio: Path) -> Order:
    return Order(base, None, audio, None, 1, 0.01, (), most_errors=0.15, most_missing=5)


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    write_wav(tmp_path / "answer.wav", recording("two_cities.wav", 4.0))
    (tmp_path / "answer.txt").write_text(TEXT, "utf-8")
    return tmp_path


async def test_what_is_said_is_heard_and_stored_once(
    database_url: str, redis_url: str, audio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two at once; what the other said is not what is written beside the recording."""
    wrong = audio / "wrong"
    wrong.mkdir()
    shutil.copy(audio / "answer.wav", wrong)
    (wrong / "answer.txt").write_text("Nobody has ever told you any of this.", "utf-8")
    async with running(database_url, redis_url) as viva:
        well = order(viva.base, audio)
        otherwise = speak(replace(well, audio=wrong), as_json=True)
        statuses = await asyncio.gather(speak(well), otherwise)
        assert tuple(statuses) == (0, 1)
    lines = capsys.readouterr().out.splitlines()
    (data,) = [json.loads(line) for line in lines if line.startswith("{")]
    told = "\n".join(line for line in lines if not line.startswith("{"))
    assert "1 interviews, 1 clips" in told
    assert "1 answers; 0 lost, doubled or left open" in told
    assert "FAILED" not in told
    assert (data["interviews"], data["clips"], data["lost_doubled_or_open"]) == (1, 1, 0)
    assert data["words"]["letter_errors"] > 0.15
    (why,) = data["failures"]
    assert why.endswith("of the letters are wrong")


def test_a_server_that_is_not_there_is_said_to_be(audio: Path) -> None:
    with pytest.raises(LoadError, match="does not answer"):
        load(order(f"http://127.0.0.1:{free_port()}", audio))
