"""What our own pages send: binary audio, and a few events, OpenAI's and ours."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from server.core.events import (
    AnswerCommitted,
    AnswerTyped,
    ControlUsed,
    EndRequested,
    Played,
)
from server.ports import CANDIDATE_RATE
from server.realtime import wire
from server.realtime.line import Line
from server.realtime.mending import VoiceIsMine
from server.realtime.reception import Interview, Reception
from server.realtime.terms import AudioFormat
from server.realtime.uplink import OpusUplink, PcmUplink
from server.realtime.viva_dialect import VivaDialect

MAX_AUDIO_BYTES = 32 * 1024
PCM = AudioFormat("audio/pcm", CANDIDATE_RATE)


class VivaReception(Reception):
    def __init__(self, line: Line, dialect: VivaDialect, interview: Interview) -> None:
        super().__init__(line, interview, PcmUplink(PCM))
        self._dialect = dialect

    def hear_binary(self, audio: bytes) -> None:
        if len(audio) > MAX_AUDIO_BYTES:
            message = f"an audio frame has at most {MAX_AUDIO_BYTES} bytes"
            raise wire.WireError("frame_too_large", message)
        self.hear(audio)

    def obey(self, event: wire.Incoming) -> Coroutine[Any, Any, None] | None:
        match event:
            case wire.AppendAudio():
                self.hear(event.decoded())
            case wire.CommitAudio():
                return self._commit()
            case wire.EndInterview():
                return self._end()
            case wire.ClearAudio():
                self.interview.unhear()
                self.answer(wire.Cleared())
            case wire.CreateItem():
                text = event.item.text("input_text")
                if not text or event.item.role != "user":
                    message = "only user messages with input_text are taken"
                    raise wire.WireError("empty_item", message, param="item")
                self.interview.take(AnswerTyped(text, event.item.id, event.turn))
            case _:
                self._obey_ours(event)
        return None

    async def _commit(self) -> None:
        await self.interview.caught_up()
        self.interview.take(AnswerCommitted())

    async def _end(self) -> None:
        await self.interview.judged()
        self.interview.take(EndRequested("candidate"))

    def _obey_ours(self, event: wire.Incoming) -> None:
        match event:
            case wire.PlayedMark():
                self.interview.take(Played(event.turn, event.played_ms, event.complete))
            case wire.UseControl():
                self.interview.take(ControlUsed(event.control, "button"))
            case wire.ClaimVoice():
                self.interview.take(VoiceIsMine(event.turn))
            case wire.Ping():
                self.answer(wire.VivaPong())
            case wire.ChooseAudio():
                self._choose(event)
            case _:
                message = "this event belongs to the realtime subprotocol, not to viva.v1"
                raise wire.WireError("not_on_this_connection", message, param="type")

    def _choose(self, event: wire.ChooseAudio) -> None:
        """Binary frames after the event, and after its answer, are coded so."""
        self.uplink = OpusUplink() if event.up == "opus" else PcmUplink(PCM)
        self._dialect.coding = event.down
        self.answer(wire.VivaAudio(up=event.up, down=event.down))
