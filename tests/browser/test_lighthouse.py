"""Lighthouse over the candidate's page and the rehearsal, as on a phone.
``make test-pages`` installs it and runs this."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser.conftest import QUIET, chromium_path
from tests.live import Viva, running

INSTALLED = Path(os.environ.get("VIVA_PAGES", "/nonexistent"))
NODE = INSTALLED / "node"
SCRIPT = INSTALLED / "node_modules/lighthouse/cli/index.js"
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100}

pytestmark = pytest.mark.skipif(not SCRIPT.exists(), reason="no Lighthouse: make test-pages")


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url, worker=False) as system:
        yield system


@pytest.mark.parametrize("path", ["/", "/rehearsal"])
async def test_the_candidates_page_scores(viva: Viva, tmp_path: Path, path: str) -> None:
    browser = chromium_path()
    if browser is None:
        pytest.skip("NO CHROMIUM: install it (Debian: apt-get install chromium)")
    told = tmp_path / "told.json"
    asked = (
        f"{viva.base}{path}", "--quiet", "--output=json", f"--output-path={told}",
        f"--only-categories={','.join(LEAST)}", f"--chrome-flags=--headless=new {' '.join(QUIET)}",
    )  # fmt: skip
    run = await asyncio.create_subprocess_exec(
        str(NODE), str(SCRIPT), *asked, env=os.environ | {"CHROME_PATH": browser}
    )
    assert await run.wait() == 0
    report = json.loads(told.read_text("utf-8"))
    scores = {name: round(one["score"] * 100) for name, one in report["categories"].items()}
    below = {name: score for name, score in scores.items() if score < LEAST[name]}
    missed = [name for name, one in report["audits"].items() if one["score"] not in (None, 1)]
    assert not below, (scores, missed)
