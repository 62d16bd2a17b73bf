"""docs/security.md names what is there; and what is logged of who comes in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from server.store.scope import LOCAL
from tests.live import Viva
from tests.web.house import company
from tests.web.test_accounts import EMAIL, GOOD, OTHER, client, joined, sign_in

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| (V[\d. V]+) \| ([a-z ]+) \| (.+) \|$", TEXT, re.MULTILINE)
NAMED = re.findall(r"`([\w./-]+)::(\w*)`", TEXT)
OF_CHAPTERS = (27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7)
"""Requirements of levels 1 and 2 in ASVS 5.0.0."""
STATES = {"held", "in part", "fails", "does not apply"}


def test_every_requirement_is_told_once() -> None:
    told = [one for ids, _, _ in ROWS for one in ids.split()]
    assert len(told) == len(set(told)) == sum(OF_CHAPTERS)
    chapters = Counter(int(one[1:].split(".")[0]) for one in told)
    assert tuple(chapters[n] for n in range(1, 18)) == OF_CHAPTERS
    assert {state for _, state, _ in ROWS} <= STATES


def test_the_sum_is_that_of_the_table() -> None:
    counts = Counter[str]()
    for ids, state, _ in ROWS:
        counts[state] += len(ids.split())
    said = re.search(r"(\d+) held, (\d+) in part, (\d+) fails, (\d+) do not apply", TEXT)
    assert said is not None
    order = ("held", "in part", "fails", "does not apply")
    assert [int(one) for one in said.groups()] == [counts[state] for state in order]


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_what_is_named_is_there(path: str, name: str) -> None:
    text = (ROOT / path).read_text()
    if name:
        made = rf"(def|class|function) {name}\b|^\s*(const )?{name}\b.*=|^{name}:"
        assert re.search(made, text, re.MULTILINE)


pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def browser(viva: Viva) -> AsyncIterator[httpx.AsyncClient]:
    async with client(viva) as opened:
        yield opened


async def test_who_signs_in_and_who_is_denied_stands_in_the_log(
    viva: Viva,
    browser: httpx.AsyncClient,
    pool: asyncpg.Pool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await joined(browser, pool)
    await sign_in(browser, OTHER)
    await sign_in(browser, GOOD)
    house = await company(pool, "Acme", LOCAL)
    await viva.http.get("/v1/members", headers=house.headers["viewer"])
    said = "".join(capsys.readouterr())
    assert re.search(r"signed in\s.*way=link", said)
    assert re.search(r"signed in\s.*way=password", said)
    assert re.search(r"denied\s.*code=wrong_credentials", said)
    denied = next(line for line in said.splitlines() if "code=not_allowed" in line)
    assert f"user {house.users['viewer']}" in denied
    for secret in (EMAIL, "Kim", GOOD, OTHER):
        assert secret not in said
