"""The items of a conversation, in the order in which a client was told of them."""

from __future__ import annotations

from server.realtime.conversation import Conversation, message


def item(name: str) -> dict[str, object]:
    return message(name, "user", "completed", [])


def test_an_item_knows_the_one_before_it() -> None:
    conversation = Conversation()
    assert conversation.add(item("a")) is None
    assert conversation.add(item("b")) == "a"
    assert (conversation.before("b"), conversation.before("a")) == ("a", None)
    assert (conversation.last, len(conversation)) == ("b", 2)


def test_a_name_is_given_once() -> None:
    conversation = Conversation()
    names = [conversation.name("item_answer_1") for _ in range(3)]
    assert names == ["item_answer_1", "item_answer_1_2", "item_answer_1_3"]
    assert conversation.name("item_answer_2") == "item_answer_2"


def test_what_is_deleted_is_gone_and_the_one_before_is_the_last() -> None:
    conversation = Conversation()
    for name in "abc":
        conversation.add(item(name))
    assert conversation.delete("c")
    assert not conversation.delete("c")
    assert conversation.last == "b"
    assert conversation.get("c") is None
    assert conversation.delete("a")
    assert conversation.before("b") is None
    assert conversation.delete("b")
    assert conversation.last is None
