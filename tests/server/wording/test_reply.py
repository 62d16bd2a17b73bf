"""A reply is read while it comes, however it is cut into pieces; what is none is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.events import Reply
from server.core.understanding import ACTS
from server.wording.reply import KEYS, LONGEST, MOVES, SCHEMA, Incoming, Unreadable, written

PROBE = Reply("answer", "probe", "무엇을 “먼저” 바꾸셨나요?", "가이드 각도를 {바꿨더니}", "\\ or /")
TEXT = st.text(max_size=60).map(str.strip)
REPLIES = st.builds(
    Reply,
    st.sampled_from(ACTS),
    st.sampled_from(MOVES),
    TEXT,
    st.none() | TEXT.filter(bool),
    st.none() | TEXT.filter(bool),
    st.sampled_from(("over", "goes_on", "wants_time")),
)


def heard(text: str, size: int = 1_000_000) -> Reply:
    incoming = Incoming()
    for at in range(0, len(text), size):
        if (reply := incoming.hear(text[at : at + size])) is not None:
            return reply
    return incoming.rest()


@given(REPLIES, st.integers(1, 50), st.booleans(), st.sampled_from([None, 1]))
def test_what_is_written_is_read_whatever_the_pieces(
    reply: Reply, size: int, escaped: bool, indent: int | None
) -> None:
    text = json.dumps(json.loads(written(reply)), ensure_ascii=escaped, indent=indent)
    assert heard(text, size) == reply


def test_it_is_there_before_the_object_is_closed() -> None:
    text = written(PROBE)
    incoming = Incoming()
    came = [incoming.hear(letter) for letter in text]
    assert came.index(PROBE) == len(text) - 2, "with the last quotation mark, before the brace"


def test_words_that_come_before_the_rest_wait_for_it() -> None:
    first = {"say": PROBE.say, **json.loads(written(PROBE))}
    incoming = Incoming()
    text = json.dumps(first)
    assert incoming.hear(text[: text.index('"floor"')]) is None
    assert incoming.hear(text[text.index('"floor"') :]) == PROBE


def test_the_schema_has_the_evidence_before_the_words_and_bounds_all_of_them() -> None:
    assert list(KEYS) == ["floor", "act", "move", "evidence", "line", "say"]
    assert SCHEMA["required"] == list(KEYS)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert '"maxLength"' in json.dumps(KEYS["say"])


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize(
    "before", ["```json\n", "```", "\n ", "Sure! Here is the JSON:\n```json\n", "JSON: "]
)
def test_what_stands_before_and_after_the_object_is_not_read(before: str, size: int) -> None:
    assert heard(f"{before}{written(PROBE)}\n```\nIs there anything else?", size) == PROBE


def test_what_comes_after_other_text_counts_only_at_the_end() -> None:
    """The text may be thoughts, which the end of the reply tells."""
    incoming = Incoming()
    assert incoming.hear(f"I would say {written(PROBE)}") is None
    assert incoming.rest() == PROBE


def test_case_and_missing_keys_that_need_not_be_there_are_borne() -> None:
    said = '{"act": "Answer", "move": "Next", "say": ""}'
    assert heard(said) == Reply("answer", "next")
    assert heard('{"act":"answer","move":"next","evidence":"","line":"","say":""}') == Reply(
        "answer", "next"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What broke first?",
        "{}",
        "[1, 2]",
        "null",
        '{"say": "What broke first?"}',
        '{"act": "answer", "say": "What broke first?"}',
        '{"act": "chat", "move": "probe", "say": "Why?"}',
        '{"act": "answer", "move": "insult", "say": "Why?"}',
        '{"act": "answer", "move": "probe", "floor": "mine", "say": "Why?"}',
        '{"act": "answer", "move": "probe", "say": ["Why?"]}',
        '{"act": "answer", "move": "probe", "say": {"a": "Why?"}}',
        '{"act": "answer", "move": "probe", "say": 7}',
        '{"act": 1, "move": "probe", "say": "Why?"}',
        '{"thoughts": "weak", "act": "answer", "move": "probe", "say": "Wh',
        '{"act": "answer", "move": "probe", "say": "\\ud8',
        '{"act": "answer", "move": "probe", "say": "\\q"}',
        '{"note": {"act": "answer", "move": "probe", "say": "Why?"}}',
        written(PROBE)[:-20],
        "{" * 3_000,
        '{"' * 1_500,
        " " * 3_900 + "x",
    ],
)
def test_what_is_no_such_object_is_refused(text: str) -> None:
    for size in (1, 7, 10_000):
        with pytest.raises(Unreadable) as refused:
            heard(text, size)
        assert "weak" not in str(refused.value)


def test_a_model_that_does_not_end_is_not_listened_to() -> None:
    with pytest.raises(Unreadable, match="did not end"):
        heard('{"floor": "over", "say": "' + "and so on " * LONGEST, 7)


@given(st.text(alphabet='{}[]":,\\ \nabcdefloorctmvy', max_size=200))
def test_nothing_else_is_raised_whatever_comes(text: str) -> None:
    try:
        reply = heard(text, 3)
    except Unreadable:
        return
    assert reply.act in ACTS
