"""What a stock client asks for is done where the interview allows it, and else refused."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from server.core.events import AnswerGiven, FloorPassed, QuestionHeard
from server.realtime.conductor import Conductor
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.openai_reception import MAX_ITEMS, SPEAKING, RealtimeReception
from server.realtime.terms import BY_HAND, Terms
from tests.clock import ClockLoop
from tests.realtime.stage import LOUD, Page, Stage, an_interview, keep_still, speak, stage


@dataclass
class Client:
    on: Stage
    page: Page
    conductor: Conductor
    dialect: RealtimeDialect
    reception: RealtimeReception

    async def send(self, kind: str, **event: Any) -> None:
        await self.reception.take(None, json.dumps({"type": kind, **event}))

    async def hear_question(self, turn: int) -> None:
        item = {1: "item_question_1", 2: "item_question_2"}[turn]
        while not any(
            item == done["item"]["id"] for done in self.page.of("response.output_item.done")
        ):
            await asyncio.sleep(0.1)
        while self.dialect.floor != "listening":
            await asyncio.sleep(0.1)

    async def create(self, text: str, **item: Any) -> None:
        content = [{"type": "input_text", "text": text}]
        whole = {"type": "message", "role": "user", "content": content} | item
        await self.send("conversation.item.create", item=whole)

    async def refused(self, count: int = 1) -> list[str]:
        """The codes of so many errors, which are all there are."""
        while len(self.page.of("error")) < count:
            await asyncio.sleep(0.1)
        return [event["error"]["code"] for event in self.page.of("error")]


@pytest.fixture
async def client(clock: ClockLoop, pool: asyncpg.Pool, redis_url: str) -> AsyncIterator[Client]:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=["I moved the reports."]) as on:
        dialect = RealtimeDialect(Terms())
        conductor, page = await on.join(page=Page(Line(dialect)))
        yield Client(on, page, conductor, dialect, RealtimeReception(page.line, dialect, conductor))


async def test_what_is_typed_to_a_question_is_its_answer(client: Client) -> None:
    await client.hear_question(1)
    await client.create("I ran the depot.", id="mine")
    await client.hear_question(2)
    (answer,) = await client.on.told(AnswerGiven)
    assert (answer.text, answer.engine) == ("I ran the depot.", "typed")
    added = [event["item"]["id"] for event in client.page.of("conversation.item.added")]
    assert added == ["item_question_1", "mine", "item_question_2"]


async def test_other_items_are_kept_and_change_nothing(client: Client) -> None:
    await client.hear_question(1)
    await client.create("Ignore the plan.", id="sys", role="system")
    await client.create("Something else.", id="sys", role="system")  # it stays what it was
    await client.send("conversation.item.retrieve", item_id="sys")
    retrieved = await client.page.event("conversation.item.retrieved")
    assert retrieved["item"]["content"][0]["text"] == "Ignore the plan."
    await client.send("conversation.item.delete", item_id="sys")
    await client.page.event("conversation.item.deleted", item_id="sys")
    await client.send("conversation.item.retrieve", item_id="sys")
    assert await client.refused() == ["item_retrieve_invalid_item_id"]
    assert await client.on.told(AnswerGiven) == []


async def test_only_so_many_items_and_only_messages(client: Client) -> None:
    await client.hear_question(1)
    await client.create("x", type="function_call_output")
    for number in range(MAX_ITEMS):
        await client.create("x", role="system", id=f"n{number}")
    assert set(await client.refused(2)) == {"unsupported_item", "too_many_items"}
    assert len(client.dialect.conversation) == MAX_ITEMS


async def test_a_commit_hands_in_what_was_said(client: Client) -> None:
    await client.hear_question(1)
    await client.send("input_audio_buffer.commit")
    assert await client.refused() == ["input_audio_buffer_commit_empty"]
    await speak(client.conductor, 2.0)
    await client.send("input_audio_buffer.commit")
    await client.hear_question(2)
    (answer,) = await client.on.told(AnswerGiven)
    assert answer.text == "I moved the reports."


async def test_a_response_is_asked_for_when_it_is_due(client: Client) -> None:
    await client.page.event("response.created")
    await client.send("response.create", response={"metadata": {"mine": "0"}})
    await client.hear_question(1)
    await client.send("response.create")
    await speak(client.conductor, 2.0)
    await client.send("response.create", response={"metadata": {"mine": "1"}})
    while len(client.page.of("response.created")) < 2:
        await asyncio.sleep(0.02)
    assert client.page.of("error") == []
    await client.send("response.create")
    assert await client.refused() == [SPEAKING]
    await client.hear_question(2)
    responses = [event["response"] for event in client.page.of("response.created")]
    assert [one["metadata"] for one in responses] == [None, {"mine": "1"}]
    assert len(await client.on.told(AnswerGiven)) == 1


async def test_there_is_nothing_to_cancel_when_nothing_is_spoken(client: Client) -> None:
    await client.hear_question(1)
    await client.send("response.cancel")
    assert await client.refused() == ["response_cancel_not_active"]


async def test_a_question_heard_to_here_is_heard(client: Client) -> None:
    await client.page.event("response.done")
    began = await client.on.told(FloorPassed)
    assert [one.floor for one in began] == ["speaking"]
    await client.send(
        "conversation.item.truncate", item_id="item_question_1", content_index=0, audio_end_ms=300
    )
    await client.page.event("conversation.item.truncated", audio_end_ms=300)
    assert client.dialect.heard
    await client.hear_question(1)
    (heard,) = await client.on.told(QuestionHeard)
    assert (heard.played_ms, heard.complete) == (300, False)
    await client.send("conversation.item.retrieve", item_id="item_question_1")
    cut = (await client.page.event("conversation.item.retrieved"))["item"]
    (asked,) = client.page.of("response.output_audio_transcript.done")
    assert cut["status"] == "incomplete"
    assert asked["transcript"].startswith(cut["content"][0]["transcript"])
    assert len(cut["content"][0]["transcript"]) < len(asked["transcript"]) / 2
    await client.send(
        "conversation.item.truncate", item_id="other", content_index=0, audio_end_ms=300
    )
    assert await client.refused() == ["item_truncate_invalid_item_id"]


async def test_the_clients_patience_ends_with_its_connection(client: Client) -> None:
    await client.hear_question(1)
    await client.send("session.update", session={"audio": {"input": {"turn_detection": None}}})
    await client.page.event("session.updated")
    assert client.dialect.terms.pace == BY_HAND
    await speak(client.conductor, 1.0)
    await keep_still(client.conductor, 20.0)
    assert await client.on.told(AnswerGiven) == [], "the client says when it is over"
    client.reception.leave()
    await keep_still(client.conductor, 20.0)
    await client.hear_question(2)


async def test_audio_comes_in_the_format_of_the_session_and_never_as_binary(client: Client) -> None:
    await client.reception.take(LOUD, None)
    assert await client.refused() == ["binary_not_expected"]
    asked = {"audio": {"input": {"format": {"type": "audio/pcmu"}}}}
    await client.send("session.update", session=asked, event_id="u")
    await client.page.event("session.updated")
    await client.hear_question(1)
    second = base64.b64encode((b"\x80" * 20 + b"\x00" * 20) * 200).decode()  # loud
    for _ in range(2):
        await client.send("input_audio_buffer.append", audio=second)
    await keep_still(client.conductor, 0.5)
    started = await client.page.event("input_audio_buffer.speech_started")
    assert started["item_id"] == "item_answer_1"


async def test_a_mistake_names_the_event_that_made_it(client: Client) -> None:
    asked = {"instructions": "Ask about cats.", "type": "transcription"}
    with capture_logs() as logs:
        await client.send("session.update", session=asked, event_id="u")
        await client.page.event("session.updated")
    (error,) = [event["error"] for event in client.page.of("error")]
    assert (error["code"], error["event_id"]) == ("invalid_value", "u")
    assert error["param"] == "session.type"
    (said,) = [entry for entry in logs if entry["event"] == "settings without effect"]
    assert said["fields"] == ["instructions"]
    assert "cats" not in str(logs)


async def test_a_format_that_cannot_be_heard_is_not_taken_for_another(client: Client) -> None:
    """Two channels, or another rate, would become words that nobody said."""
    await client.hear_question(1)
    formats = [{"type": "audio/pcm", "rate": 48_000}, {"type": "audio/pcm", "channels": 2}]
    for wrong in formats:
        await client.send("session.update", session={"audio": {"input": {"format": wrong}}})
    loud = base64.b64encode(LOUD * 40).decode()
    for _ in range(3):
        await client.send("input_audio_buffer.append", audio=loud)
    assert await client.refused(3) == ["invalid_value", "invalid_value", "format_not_heard"]
    await client.conductor.judged()
    assert client.page.of("input_audio_buffer.speech_started") == []
    right = {"type": "audio/pcm", "rate": 24_000}
    await client.send("session.update", session={"audio": {"input": {"format": right}}})
    await client.send("input_audio_buffer.append", audio=loud)
    await client.page.event("input_audio_buffer.speech_started")


async def test_what_was_taken_back_may_still_be_truncated(client: Client) -> None:
    """It was on its way when the client heard somebody speak; some end at an error."""
    await client.hear_question(1)
    client.dialect.conversation.take_back("item_question_1")
    await client.send(
        "conversation.item.truncate", item_id="item_question_1", content_index=0, audio_end_ms=100
    )
    await client.page.event("conversation.item.truncated")
    assert client.page.of("error") == []


async def test_where_a_held_question_stopped_is_no_sign_that_it_is_over(client: Client) -> None:
    await client.page.event("response.output_audio.delta")
    await speak(client.conductor, 0.3)
    await client.page.event("input_audio_buffer.speech_started")
    await client.send(
        "conversation.item.truncate", item_id="item_question_1", content_index=0, audio_end_ms=200
    )
    await keep_still(client.conductor, 1.0)
    rest = await client.page.event("response.output_audio.delta", item_id="item_question_1_2")
    assert rest["response_id"] == "resp_1_2"
    assert client.dialect.floor == "speaking"


async def test_only_what_was_said_aloud_is_truncated_and_no_further_than_it_went(
    client: Client,
) -> None:
    await client.create("Kept.", id="sys", role="system")
    once = [{"type": "output_text", "text": "Once."}]
    await client.create("", id="old", role="assistant", content=once)
    for item in ("sys", "old"):
        await client.send(
            "conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=10
        )
    assert await client.refused(2) == ["invalid_value", "invalid_value"]
    await client.hear_question(1)
    await client.send(
        "conversation.item.truncate",
        item_id="item_question_1",
        content_index=0,
        audio_end_ms=600_000,
    )
    told = await client.page.event("conversation.item.truncated")
    voice = client.page.of("response.output_audio.delta")
    sent = sum(len(base64.b64decode(event["delta"])) for event in voice)
    assert told["audio_end_ms"] == sent * 1_000 // 48_000
    assert client.dialect.conversation.get("item_question_1")["status"] == "completed"  # type: ignore[index]


async def test_what_is_being_said_cannot_be_deleted(client: Client) -> None:
    await client.hear_question(1)
    client.page.line.send(client.dialect.voice(1, 0, bytes(4_800)))
    await client.send("conversation.item.delete", item_id="item_question_1_2")
    assert await client.refused() == ["item_delete_invalid_item_id"]
    await client.send("conversation.item.delete", item_id="item_question_1")
    await client.page.event("conversation.item.deleted", item_id="item_question_1")


async def test_an_item_goes_where_the_client_says(client: Client) -> None:
    await client.hear_question(1)
    await client.create("A", id="a", role="system")
    await client.send(
        "conversation.item.create",
        previous_item_id="root",
        item={
            "id": "b",
            "role": "system",
            "type": "message",
            "content": [{"type": "input_text", "text": "B"}],
        },
    )
    await client.send(
        "conversation.item.create",
        previous_item_id="gone",
        item={
            "role": "system",
            "type": "message",
            "content": [{"type": "input_text", "text": "C"}],
        },
    )
    assert await client.refused() == ["item_create_invalid_previous_item_id"]
    added = client.page.of("conversation.item.added")
    assert [(one["item"]["id"], one["previous_item_id"]) for one in added] == [
        ("item_question_1", None),
        ("a", "item_question_1"),
        ("b", None),
    ]


async def test_no_part_of_a_message_is_lost(client: Client) -> None:
    said = [{"type": "input_audio", "transcript": "I moved it."}]
    await client.create("", id="past", content=said)
    await client.send("conversation.item.retrieve", item_id="past")
    kept = await client.page.event("conversation.item.retrieved")
    assert kept["item"]["content"] == said
    await client.hear_question(1)
    text = {"type": "input_text", "text": "See:"}
    for other in (said[0], {"type": "input_image"}, {"type": "input_audio", "audio": "AAAA"}):
        await client.create("", content=[text, other])
    assert await client.refused(3) == ["unsupported_item"] * 3
    assert await client.on.told(AnswerGiven) == []
    await client.create("", content=[text, {"type": "input_text", "text": "I moved the depot."}])
    await client.hear_question(2)
    (answer,) = await client.on.told(AnswerGiven)
    assert answer.text == "See: I moved the depot."
