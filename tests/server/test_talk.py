"""``viva talk`` against a real server: a résumé and WAV files in, an interview out."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from server import cli
from server.store import api_keys
from tests.browser.conftest import write_wav
from tests.live import Viva, free_port
from tests.resumes import ENGLISH_RESUME, resume_pdf
from tests.speech import recording

pytestmark = pytest.mark.engine


async def test_a_resume_and_a_recording_hold_an_interview(viva: Viva, tmp_path: Path) -> None:
    resume = tmp_path / "resume.pdf"
    resume.write_bytes(resume_pdf(ENGLISH_RESUME))
    wav = write_wav(tmp_path / "answer.wav", recording("two_cities.wav", 5.0))
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.cli", "talk", "--url", viva.base,
        "--resume", str(resume), "--wav", str(wav),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert program.stdout is not None
    try:
        async with asyncio.timeout(60):
            lines = [(await program.stdout.readline()).decode().rstrip() for _ in range(4)]
    finally:
        program.terminate()
        await program.communicate()
    assert lines[0].startswith("# Data Engineer (en), interview ")
    assert lines[1].startswith("> Hello, Jane Miller.")
    assert "best of times" in lines[2]
    assert lines[3].startswith("> ")
    shown = await viva.show(lines[0].rsplit(" ", 1)[1])
    assert [f"  {answer['text']}" for answer in shown["answers"]] == [lines[2]]


async def test_a_token_that_opens_nothing_is_said_to(viva: Viva, tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "answer.wav", bytes(3_200))
    code, said = await _talk("--url", viva.base, "--token", "wrong", "--wav", str(wav))
    assert code == 1
    assert "this token opens no interview" in said


async def test_a_file_that_is_no_resume_is_refused_in_the_servers_words(
    viva: Viva, tmp_path: Path
) -> None:
    wav = write_wav(tmp_path / "answer.wav", bytes(3_200))
    code, said = await _talk("--url", viva.base, "--resume", str(wav), "--wav", str(wav))
    assert code == 1
    assert "PDF" in said


async def test_where_somebody_has_an_account_it_takes_a_key(
    viva: Viva, pool: asyncpg.Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pool.execute("INSERT INTO users (name, role, joined_at) VALUES ('x', 'admin', now())")
    _, key = await api_keys.add(pool, "talk", ["see", "prepare"], timedelta(days=1), None)
    wav = write_wav(tmp_path / "answer.wav", bytes(3_200))
    asked = "--url", viva.base, "--resume", str(wav), "--wav", str(wav)
    code, said = await _talk(*asked)
    assert (code, "Sign in" in said) == (1, True)
    monkeypatch.setenv("VIVA_INTERVIEWER_KEY", key)
    code, said = await _talk(*asked)
    assert (code, "PDF" in said) == (1, True)


async def _talk(*arguments: str) -> tuple[int | None, str]:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.cli", "talk", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(30):
        _, complaints = await program.communicate()
    return program.returncode, complaints.decode()


def test_what_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wav = str(write_wav(tmp_path / "answer.wav", bytes(3_200)))
    nobody = f"http://127.0.0.1:{free_port()}"
    assert cli.main(["talk", "--url", nobody, "--resume", wav, "--wav", wav]) == 1
    assert nobody in capsys.readouterr().err
    assert cli.main(["talk", "--token", "x", "--wav", str(tmp_path / "none.wav")]) == 1
    assert "none.wav" in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli.main(["talk", "--token", "x", "--mic"]) == 1
    assert "arecord" in capsys.readouterr().err
