"""A topic becomes the plan's question, a model's or the pack's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import pytest

from server.language.pack import shipped
from server.ports import EngineError, Message
from server.store import interviews
from server.web.topic import Asking, Wordings, asking
from tests.realtime.stage import Author, an_interview, planned

ASKS = "How do you share the nights among you?"


@dataclass
class Words(Author):
    """Writes ``says``, or nothing."""

    says: str | None = ASKS

    async def write_json(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object],
        *,
        session: str = "",
        max_tokens: int | None = None,
    ) -> dict[str, Any]:
        if self.says is None:
            raise EngineError("away")
        return {"question": self.says}


async def speakable(text: str) -> bool:
    return "married" not in text


@pytest.mark.parametrize(
    ("writer", "said"),
    [
        (Words(), Asking(ASKS, "author 1")),
        (Words(says="Are you married?"), None),
        (Words(says=""), None),
        (Words(says=None), None),
        (None, None),
    ],
)
async def test_in_the_words_of_a_model_that_may_be_said_else_of_the_pack(
    pool: asyncpg.Pool, writer: Words | None, said: Asking | None
) -> None:
    stored = await an_interview(pool)
    of = Wordings(pool, shipped().of("en"), writer, speakable)
    found = await asking(of, stored, "on-call")
    if said is not None:
        assert found == said
    else:
        assert found.model is None
        assert "on-call" in found.text


async def test_a_competency_of_the_plan_is_asked_for_by_its_own_question(
    pool: asyncpg.Pool,
) -> None:
    stored = await an_interview(pool, [])
    plan = [replace(planned(1, "How do you keep data correct?"), competency="Data quality")]
    await interviews.add_plan(pool, stored.id, plan)
    of = Wordings(pool, shipped().of("en"), Words(), speakable)
    assert await asking(of, stored, "data quality, please") == Asking(plan[0].text)


def test_the_packs_words_take_turns() -> None:
    for pack in shipped().by_language.values():
        assert len({pack.fill(one, topic="SQL") for one in pack.speech.person.topic}) >= 3
