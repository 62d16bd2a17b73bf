"""The clients that are made of the OpenAPI document do what it says, and their types fit.

``make test-clients`` makes them and runs this; VIVA_CLIENTS is the folder they are in.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from tests.live import Viva, running
from tests.resumes import ENGLISH_RESUME, resume_pdf

HERE: Final = Path(__file__).parent
INSTALLED: Final = Path(os.environ.get("VIVA_CLIENTS", "/nonexistent"))
MADE: Final = INSTALLED / "made"
TOOLS: Final = INSTALLED / "generators"
PYTHON: Final = TOOLS / "venv/bin/python"
NODE: Final = INSTALLED / "node"
KEY: Final = "interviewers-only"
READ: Final = "Data Engineer created resume_not_found"

pytestmark = pytest.mark.skipif(
    not (MADE / "openapi.json").exists(), reason="no clients are made: make test-clients"
)


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url, interviewer_key=KEY) as system:
        yield system


@pytest.fixture
def pdf(tmp_path: Path) -> str:
    place = tmp_path / "resume.pdf"
    place.write_bytes(resume_pdf(ENGLISH_RESUME))
    return str(place)


async def test_from_a_resume_to_nothing_of_it_in_python(viva: Viva, pdf: str) -> None:
    known = {**os.environ, "PYTHONPATH": str(MADE / "python"), "MYPYPATH": str(MADE / "python")}
    flow = str(HERE / "generated.py")
    types = ["-m", "mypy", "--strict", "--follow-imports=silent", "--cache-dir", str(TOOLS), flow]
    assert "Success" in await said([str(PYTHON), *types], known)
    assert READ in await said([str(PYTHON), flow, viva.base, KEY, pdf], known)


@pytest.mark.skipif(not NODE.exists(), reason="Node's are left out")
async def test_from_a_resume_to_nothing_of_it_in_typescript(viva: Viva, pdf: str) -> None:
    shutil.copytree(MADE / "typescript", TOOLS / "node_modules" / "viva-client", dirs_exist_ok=True)
    flow = str(shutil.copy(HERE / "generated.mjs", TOOLS))
    node = str(NODE.resolve())
    compiler = str(TOOLS / "node_modules/typescript/bin/tsc")
    strict = ["--strict", "--noEmit", "--allowJs", "--checkJs", "--skipLibCheck", "--types", "node"]
    modern = ["--target", "es2023", "--module", "nodenext"]
    await said([node, compiler, *strict, *modern, flow], dict(os.environ), TOOLS)
    assert READ in await said([node, flow, viva.base, KEY, pdf], dict(os.environ))


async def said(command: list[str], known: dict[str, str], where: Path = HERE) -> str:
    """What it prints, once it has succeeded."""
    process = await asyncio.create_subprocess_exec(
        *command, env=known, cwd=where,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(300):
        told, _ = await process.communicate()
    text = told.decode()
    assert process.returncode == 0, text
    return text
