"""What our own pages send: binary audio, and a few events, OpenAI's and ours."""

from __future__ import annotations

from server.core.events import AnswerCommitted, AnswerTyped, ControlUsed, EndRequested, Played
from server.realtime import wire
from server.realtime.reception import Reception

MAX_AUDIO_BYTES = 32 * 1024


class VivaReception(Reception):
    def hear_binary(self, audio: bytes) -> None:
        if len(audio) > MAX_AUDIO_BYTES:
            message = f"an audio frame has at most {MAX_AUDIO_BYTES} bytes"
            raise wire.WireError("frame_too_large", message)
        self.hear(audio)

    async def obey(self, event: wire.Incoming) -> None:
        match event:
            case wire.AppendAudio():
                self.hear(event.decoded())
            case wire.CommitAudio():
                await self.interview.caught_up()
                self.interview.take(AnswerCommitted())
            case wire.ClearAudio():
                self.interview.unhear()
                self.answer(wire.Cleared())
            case wire.CreateItem():
                text = event.item.text("input_text")
                if not text or event.item.role != "user":
                    message = "only user messages with input_text are taken"
                    raise wire.WireError("empty_item", message, param="item")
                self.interview.take(AnswerTyped(text))
            case _:
                self._obey_ours(event)

    def _obey_ours(self, event: wire.Incoming) -> None:
        match event:
            case wire.PlayedMark():
                self.interview.take(Played(event.turn, event.played_ms, event.complete))
            case wire.UseControl():
                self.interview.take(ControlUsed(event.control, "button"))
            case wire.EndInterview():
                self.interview.take(EndRequested("candidate"))
            case _:
                message = "this event belongs to the realtime subprotocol, not to viva.v1"
                raise wire.WireError("not_on_this_connection", message, param="type")
