"""Every snippet of docs/api.md does what it says there."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.live import running
from tests.resumes import ENGLISH_RESUME, resume_pdf

PAGE: Final = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
SHELL: Final = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
TALK: Final = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
KEY: Final = "interviewers-only"
ANSWERS: Final = [
    "I have led the reviews of our data pipelines for three years.",
    "I rewrote the nightly job that loads our orders, and it takes ten minutes now.",
]


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("jq")), reason="docs/api.md needs curl and jq"
)
async def test_the_snippets_hold_an_interview(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    (talk,) = TALK
    (tmp_path / "talk.py").write_text(talk)
    (tmp_path / "resume.pdf").write_bytes(resume_pdf(ENGLISH_RESUME))
    (tmp_path / "answers.txt").write_text("".join(f"{one}\n" for one in ANSWERS))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    async with running(database_url, redis_url, interviewer_key=KEY) as viva:
        known = {**os.environ, "PATH": path, "VIVA": viva.base, "KEY": KEY}
        for snippet in SHELL:
            run = await asyncio.create_subprocess_exec(
                "sh", "-eu", "-c", snippet, cwd=tmp_path, env=known,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            async with asyncio.timeout(300):
                told, _ = await run.communicate()
            assert run.returncode == 0, told.decode()
    said = (tmp_path / "said.txt").read_text().splitlines()
    assert said == ANSWERS
    assert len((tmp_path / "ended.txt").read_text().split()) == 1
    assert (tmp_path / "secret.txt").read_text().startswith("ek_")
    links = (tmp_path / "links.txt").read_text().split()
    assert len(links) == 2
    assert all(link.startswith("http") for link in links)
