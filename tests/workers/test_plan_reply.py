"""A plan that no schema bound is read whatever its form."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.plan import STAGES
from workers.plan_reply import pairs

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
ITEMS = [
    {"stage": "experience", "question": "What did you build?"},
    {"stage": "knowledge", "question": "How does it scale?"},
]
NAMES = {"경험": "experience"}
PLAN = [("experience", "What did you build?"), ("knowledge", "How does it scale?")]


@pytest.mark.parametrize(
    "reply",
    [
        json.dumps(ITEMS),
        json.dumps(ITEMS, indent=2),
        "```json\n" + json.dumps(ITEMS) + "\n```",
        "Here are the questions:\n" + "\n".join(map(json.dumps, ITEMS)) + "\nGood luck!",
        json.dumps({"questions": ITEMS}),
        "<think>[{}]</think>" + json.dumps(ITEMS),
        json.dumps(ITEMS)[:-1] + ', {"stage": "motivation", "question": "Why did',
        json.dumps([{"stage": "Experience", "text": ITEMS[0]["question"]}, ITEMS[1]]),
        json.dumps([{"stage": "경험", "question": ITEMS[0]["question"]}, ITEMS[1]]),
        json.dumps([*ITEMS, ITEMS[0]]),
        "{broken} " + json.dumps(ITEMS),
    ],
)
def test_a_plan_is_read_in_whatever_form_it_comes(reply: str) -> None:
    assert pairs(reply, 4, NAMES) == PLAN


@pytest.mark.parametrize(
    "reply", ["", "I cannot do that.", "[1, 2]", "[" * 50_000, '{"a":' * 9_000]
)
def test_what_is_no_plan_gives_none(reply: str) -> None:
    assert pairs(reply, 4, NAMES) == []


def test_no_more_is_read_than_was_asked_for() -> None:
    assert pairs(json.dumps(ITEMS), 1, NAMES) == PLAN[:1]


def test_an_unknown_stage_becomes_a_known_one() -> None:
    reply = json.dumps([{"stage": "chitchat", "question": "How so?"}])
    assert pairs(reply, 1, NAMES) == [("experience", "How so?")]


@given(st.text(max_size=300) | JSON.map(json.dumps), st.integers(-1, 5))
def test_any_reply_is_read(reply: str, count: int) -> None:
    plan = pairs(reply, count, NAMES)
    assert len(plan) <= max(count, 0)
    assert all(stage in STAGES and question for stage, question in plan)
