"""What a stock OpenAI Realtime client sends, in terms of the interview."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.core.events import AnswerCommitted, AnswerTyped, Input, PaceSet, Played
from server.realtime import wire
from server.realtime.conversation import message
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.reception import Interview, Reception
from server.realtime.terms import FIXED, AudioFormat
from server.realtime.uplink import NoUplink, PcmUplink

MAX_ITEMS = 500


class RealtimeReception(Reception):
    def __init__(self, line: Line, dialect: RealtimeDialect, interview: Interview) -> None:
        super().__init__(line, interview, PcmUplink(dialect.terms.hears))
        self._hears: AudioFormat | None = dialect.terms.hears
        self._dialect = dialect

    def hear_binary(self, audio: bytes) -> None:
        text = "send audio as input_audio_buffer.append on this connection"
        raise wire.WireError("binary_not_expected", text)

    async def obey(self, event: wire.Incoming) -> None:
        match event:
            case wire.AppendAudio():
                self.hear(event.decoded())
            case wire.SessionUpdate():
                self._update(event)
            case wire.CommitAudio():
                await self._commit()
            case wire.ClearAudio():
                self.interview.unhear()
                self.answer(wire.Cleared())
            case wire.CreateResponse():
                await self._respond(event)
            case wire.CancelResponse():
                self._cancel()
            case _:
                self._obey_items(event)

    def _obey_items(self, event: wire.Incoming) -> None:
        match event:
            case wire.CreateItem():
                self._create(event.item)
            case wire.RetrieveItem():
                self.answer(wire.ItemRetrieved(item=self._item(event.item_id, "retrieve")))
            case wire.TruncateItem():
                self._truncate(event)
            case wire.DeleteItem():
                self._item(event.item_id, "delete")
                self._dialect.conversation.delete(event.item_id)
                self.answer(wire.ItemDeleted(item_id=event.item_id))
            case _:
                text = "this event is for connections with the subprotocol viva.v1"
                raise wire.WireError("not_on_this_connection", text, param="type")

    def leave(self) -> None:
        """The next connection begins with the interview's own patience."""
        if self._dialect.terms.pace != 1.0:
            self.interview.take(PaceSet(1.0))

    # The session.

    def _update(self, event: wire.SessionUpdate) -> None:
        terms = self._dialect.terms
        pace = terms.pace
        for refusal in terms.update(event.session):
            refusal.event_id = event.event_id
            self.answer(wire.error_event(refusal))
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

    def _create(self, item: wire.Item) -> None:
        """The text of a user answers the question that was heard; anything else is kept as part
        of the conversation, which has no influence on the interview."""
        conversation = self._dialect.conversation
        known = conversation.get(item.id) if item.id is not None else None
        if known is not None:
            previous = conversation.before(known["id"])
            self.answer(wire.ItemAdded(item=known, previous_item_id=previous))
            self.answer(wire.ItemDone(item=known, previous_item_id=previous))
            return
        kind = "output_text" if item.role == "assistant" else "input_text"
        text = item.text(kind, "text")
        if item.type != "message" or item.role not in ("user", "assistant", "system") or not text:
            text = "only messages with text are taken"
            raise wire.WireError("unsupported_item", text, param="item")
        if len(conversation) >= MAX_ITEMS:
            text = f"a conversation has at most {MAX_ITEMS} items"
            raise wire.WireError("too_many_items", text, param="item")
        item_id = item.id or conversation.name("item_message")
        kept = message(item_id, item.role, "completed", [{"type": kind, "text": text}])
        self._tell(self._dialect.announce(kept))
        if item.role == "user" and self._dialect.heard:
            self._dialect.typed = item_id
            self._hand_in(AnswerTyped(text, item.id))

    # The voice.

    async def _respond(self, event: wire.CreateResponse) -> None:
        """The interviewer speaks when it is its turn: asking for a response ends an answer."""
        dialect = self._dialect
        if dialect.responding or dialect.floor == "speaking":
            text = "the interviewer is asking a question"
            raise wire.WireError(FIXED, text)
        if dialect.floor == "listening" and not dialect.handed_in:
            await self.interview.caught_up()
            if not dialect.spoken:
                text = "the question has been asked; the interviewer waits for the answer"
                raise wire.WireError(FIXED, text)
            self._hand_in(AnswerCommitted())
        dialect.asking.metadata = event.response.metadata if event.response else None

    def _cancel(self) -> None:
        cancelled = self._dialect.asking.cancel()
        if cancelled is None:
            text = "Cancellation failed: no response is being spoken"
            raise wire.WireError("response_cancel_not_active", text)
        turn, heard_ms, frames = cancelled
        self.line.drop_voice()
        self.line.send(frames)
        self._played(turn, heard_ms)

    def _truncate(self, event: wire.TruncateItem) -> None:
        """The client played this much of the question, and no more of it will be played, unless it
        is only held."""
        self._item(event.item_id, "truncate")
        asking = self._dialect.asking
        turn = asking.turn_of(event.item_id)
        played_ms = asking.played(event.item_id, event.audio_end_ms)
        if turn is not None and self._dialect.responding:
            self._cancel()
        elif turn is not None and not asking.held:
            self._played(turn, played_ms)
        self.answer(
            wire.ItemTruncated(
                item_id=event.item_id, content_index=0, audio_end_ms=event.audio_end_ms
            )
        )

    def _played(self, turn: int, played_ms: int) -> None:
        self._dialect.heard = True
        self.interview.take(Played(turn, played_ms, complete=True))

    def _item(self, item_id: str, to: str) -> dict[str, Any]:
        conversation = self._dialect.conversation
        item = conversation.get(item_id) or conversation.taken_back.get(item_id)
        if item is None:
            text = "the conversation has no item of this id"
            raise wire.WireError(f"item_{to}_invalid_item_id", text, param="item_id")
        return item

    def _tell(self, events: Iterable[wire.ServerEvent]) -> None:
        self.line.send([wire.encode(event) for event in events])
