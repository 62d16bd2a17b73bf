"""What a stock OpenAI Realtime client sends, in terms of the interview."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from typing import Any

import structlog

from server.core.events import AnswerCommitted, AnswerTyped, Input, PaceSet, Played
from server.realtime import wire
from server.realtime.conversation import ROOT, message
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.reception import Interview, Reception
from server.realtime.terms import AudioFormat
from server.realtime.uplink import NoUplink, PcmUplink

MAX_ITEMS = 500
SPEAKING = "conversation_already_has_active_response"
TEXT = {"user": "input_text", "system": "input_text", "assistant": "output_text"}
SAID = {"input_audio": "input_audio", "audio": "output_audio", "output_audio": "output_audio"}
"""How a part that was spoken is called, by what clients call it."""

log = structlog.get_logger()


class RealtimeReception(Reception):
    def __init__(self, line: Line, dialect: RealtimeDialect, interview: Interview) -> None:
        super().__init__(line, interview, PcmUplink(dialect.terms.hears))
        self._hears: AudioFormat | None = dialect.terms.hears
        self._dialect = dialect

    def hear_binary(self, audio: bytes) -> None:
        text = "send audio as input_audio_buffer.append on this connection"
        raise wire.WireError("binary_not_expected", text)

    def obey(self, event: wire.Incoming) -> Coroutine[Any, Any, None] | None:
        match event:
            case wire.AppendAudio():
                self.hear(event.decoded())
            case wire.SessionUpdate():
                self._update(event)
            case wire.CommitAudio():
                return self._commit()
            case wire.ClearAudio():
                self.interview.unhear()
                self.answer(wire.Cleared())
            case wire.CreateResponse():
                return self._respond(event)
            case wire.CancelResponse():
                self._cancel()
            case _:
                self._obey_items(event)
        return None

    def _obey_items(self, event: wire.Incoming) -> None:
        match event:
            case wire.CreateItem():
                self._create(event.item, event.previous_item_id)
            case wire.RetrieveItem():
                self.answer(wire.ItemRetrieved(item=self._item(event.item_id, "retrieve")))
            case wire.TruncateItem():
                self._truncate(event)
            case wire.DeleteItem():
                self._delete(event.item_id)
            case _:
                text = "this event is for connections with the subprotocol viva.v1"
                raise wire.WireError("not_on_this_connection", text, param="type")

    def leave(self) -> None:
        """The next connection begins with the interview's own patience."""
        super().leave()
        if self._dialect.terms.pace != 1.0:
            self.interview.take(PaceSet(1.0))

    # The session.

    def _update(self, event: wire.SessionUpdate) -> None:
        terms = self._dialect.terms
        pace = terms.pace
        for mistake in terms.update(event.session):
            mistake.event_id = event.event_id
            self.answer(wire.error_event(mistake))
        if terms.unheeded:
            interview_id = terms.interview_id
            log.info("settings without effect", interview_id=interview_id, fields=terms.unheeded)
        hears = terms.hears if terms.understood else None
        if self._hears != hears:
            self._hears = hears
            self.uplink = NoUplink() if hears is None else PcmUplink(hears)
        if terms.pace != pace:
            self.interview.take(PaceSet(terms.pace))
        self.answer(wire.SessionUpdated(session=terms.session()))

    # The answer.

    async def _commit(self) -> None:
        await self.interview.caught_up()
        if self._dialect.floor != "listening" or not self._dialect.spoken:
            text = "nothing has been said that could be committed"
            raise wire.WireError("input_audio_buffer_commit_empty", text)
        self._hand_in(AnswerCommitted())

    def _hand_in(self, answer: Input) -> None:
        self._dialect.handed_in = True
        self.interview.take(answer)

    def _create(self, item: wire.Item, after: str | None) -> None:
        """The text of a user answers the question that was heard; anything else is kept as part
        of the conversation, which has no influence on the interview."""
        conversation = self._dialect.conversation
        known = conversation.get(item.id) if item.id is not None else None
        if known is not None:
            previous = conversation.before(known["id"])
            self.answer(wire.ItemAdded(item=known, previous_item_id=previous))
            self.answer(wire.ItemDone(item=known, previous_item_id=previous))
            return
        content = _kept(item)
        if after not in (None, ROOT) and conversation.get(str(after)) is None:
            text = "the conversation has no item of this id to put it behind"
            code = "item_create_invalid_previous_item_id"
            raise wire.WireError(code, text, param="previous_item_id")
        if len(conversation) >= MAX_ITEMS:
            text = f"a conversation has at most {MAX_ITEMS} items"
            raise wire.WireError("too_many_items", text, param="item")
        item_id = item.id or conversation.name("item_message")
        kept = message(item_id, str(item.role), "completed", content)
        self._tell(self._dialect.announce(kept, after))
        text = " ".join(part.get("text", "") for part in content)
        if item.role == "user" and text and self._dialect.heard:
            self._dialect.typed = item_id
            self._hand_in(AnswerTyped(text, item.id))

    def _delete(self, item_id: str) -> None:
        """An item that is not whole yet stays until it is."""
        if self._item(item_id, "delete")["status"] == "in_progress":
            text = "this item is being spoken; cancel its response first"
            raise wire.WireError("item_delete_invalid_item_id", text, param="item_id")
        self._dialect.conversation.delete(item_id)
        self.answer(wire.ItemDeleted(item_id=item_id))

    # The voice.

    async def _respond(self, event: wire.CreateResponse) -> None:
        """The interviewer speaks when it is its turn: asking for a response ends an answer. Every
        client asks for one when it starts; the first question is what it gets. While an answer is
        waited for, the next question is."""
        dialect = self._dialect
        if (dialect.responding or dialect.floor == "speaking") and dialect.heard:
            raise wire.WireError(SPEAKING, "the interviewer is asking a question")
        if dialect.floor == "listening" and not dialect.handed_in:
            await self.interview.caught_up()
            if dialect.spoken:
                self._hand_in(AnswerCommitted())
            else:
                log.info("a response waits for an answer", interview_id=dialect.terms.interview_id)
        if not dialect.responding:
            dialect.asking.metadata = event.response.metadata if event.response else None

    def _cancel(self) -> None:
        cancelled = self._dialect.asking.cancel()
        if cancelled is None:
            text = "Cancellation failed: no response is being spoken"
            raise wire.WireError("response_cancel_not_active", text)
        turn, frames = cancelled
        self.line.drop_voice()
        self.line.send(frames)
        self._stopped(turn)

    def _truncate(self, event: wire.TruncateItem) -> None:
        """The client played this much of the question, and no more of it will be played, unless it
        is only held."""
        item, asking = self._item(event.item_id, "truncate"), self._dialect.asking
        if item["role"] != "assistant" or not asking.was_spoken(event.item_id):
            text = "only what the interviewer has said aloud can be truncated"
            raise wire.WireError("invalid_value", text, param="item_id")
        turn = asking.turn_of(event.item_id)
        end_ms = asking.cut(event.item_id, event.audio_end_ms)
        if turn is not None and self._dialect.responding:
            self._cancel()
        elif turn is not None and not asking.held:
            self._stopped(turn)
        words = asking.words(event.item_id)
        if words != item["content"][0]["transcript"]:
            item["content"] = [{"type": "output_audio", "transcript": words}]
            item["status"] = "incomplete"
        self.answer(wire.ItemTruncated(item_id=event.item_id, content_index=0, audio_end_ms=end_ms))

    def _stopped(self, turn: int) -> None:
        """No more of it is played. What was not heard was not heard, whatever was sent."""
        self._dialect.heard = True
        heard_ms, whole = self._dialect.asking.heard()
        self.interview.take(Played(turn, heard_ms, complete=whole, stopped=True))

    def _item(self, item_id: str, to: str) -> dict[str, Any]:
        conversation = self._dialect.conversation
        item = conversation.get(item_id) or conversation.taken_back.get(item_id)
        if item is None:
            text = "the conversation has no item of this id"
            raise wire.WireError(f"item_{to}_invalid_item_id", text, param="item_id")
        return item

    def _tell(self, events: Iterable[wire.ServerEvent]) -> None:
        self.line.send([wire.encode(event) for event in events])


def _kept(item: wire.Item) -> list[dict[str, Any]]:
    """The content of a message, all of it. Raises WireError where a part would be lost."""
    role = item.role if item.type == "message" else None
    parts = item.content or []
    if role not in TEXT or not any(part.words for part in parts):
        text = "only messages with text, or with the transcript of what was said, are taken"
        raise wire.WireError("unsupported_item", text, param="item")
    content: list[dict[str, Any]] = []
    for number, part in enumerate(parts):
        if part.type in (TEXT[role], "text"):
            content.append({"type": TEXT[role], "text": part.words})
        elif part.type in SAID and part.transcript is not None:
            content.append({"type": SAID[part.type], "transcript": part.words})
        else:
            text = "this part of the message would be lost: send text, or sound as audio"
            raise wire.WireError("unsupported_item", text, param=f"item.content[{number}]")
    if len({part["type"] for part in content}) > 1:
        text = "a message is typed or said, not both: send two"
        raise wire.WireError("unsupported_item", text, param="item.content")
    return content
