"""The candidate's connection: bytes and events in, one line of events and voice out."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect

from server.core.events import AnswerCommitted, AnswerTyped, ControlUsed, EndRequested, Played
from server.ports import CANDIDATE_RATE, VOICE_RATE
from server.realtime import wire
from server.realtime.conductor import Conductor
from server.realtime.hearing import TooFast
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect, session_object
from server.realtime.uplink import Uplink
from server.realtime.viva_dialect import VivaDialect
from server.store import interviews
from server.web.duplex import either
from server.web.services import Services

VIVA = "viva.v1"
REALTIME = "realtime"
KEY_PREFIX = "openai-insecure-api-key."
BEARER = "bearer "

log = structlog.get_logger()


@websocket("/v1/realtime")
async def realtime(socket: WebSocket[Any, Any, Any], services: NamedDependency[Services]) -> None:
    offered = socket.scope.get("subprotocols", [])
    viva = VIVA in offered
    chosen = VIVA if viva else REALTIME if REALTIME in offered else None
    await socket.accept(subprotocols=chosen)
    interview = await interviews.get_by_token(services.pool, _token(socket, offered))
    if interview is None:
        await socket.close(4401, "this token opens no interview; create one and use its token")
        return
    if interview.status == "ended":
        await socket.close(4409, "this interview has ended")
        return
    line = Line(VivaDialect() if viva else RealtimeDialect())
    conductor = await services.registry.attach(interview, line)
    uplink = Uplink(CANDIDATE_RATE if viva else VOICE_RATE)
    try:
        await either(_send(socket, line), Reception(socket, line, conductor, uplink).run())
    except Exception:
        log.exception("connection broke off", interview_id=str(interview.id))
        raise
    finally:
        conductor.detach(line)


def _token(socket: WebSocket[Any, Any, Any], offered: list[str]) -> str:
    header = socket.headers.get("authorization", "")
    if header.lower().startswith(BEARER):
        return header[len(BEARER) :].strip()
    return next((p[len(KEY_PREFIX) :] for p in offered if p.startswith(KEY_PREFIX)), "")


async def _send(socket: WebSocket[Any, Any, Any], line: Line) -> None:
    while (frame := await line.next_frame()) is not None:
        await socket.send_data(frame, mode="text" if isinstance(frame, str) else "binary")
    await socket.close(line.close_code or 1000, line.close_reason)


class Reception:
    """Reads one connection. Whatever is wrong with a message gets an ``error`` event."""

    def __init__(
        self, socket: WebSocket[Any, Any, Any], line: Line, conductor: Conductor, uplink: Uplink
    ) -> None:
        self._socket = socket
        self._line = line
        self._conductor = conductor
        self._uplink = uplink
        self._viva = line.dialect.marks

    async def run(self) -> None:
        try:
            while (message := await self._socket.receive())["type"] == "websocket.receive":
                # A server may leave out the one of the two that is not there.
                self._take(message.get("bytes"), message.get("text"))
        except WebSocketDisconnect:
            pass

    def _take(self, audio: bytes | None, text: str | None) -> None:
        try:
            if audio is not None:
                self._hear_binary(audio)
            elif text is not None:
                self._obey(wire.decode(text))
        except wire.WireError as error:
            self._answer(wire.error_event(error.code, str(error), error.event_id))
        except TooFast:
            message = "audio comes faster than it is spoken; send it in real time"
            self._answer(wire.error_event("audio_too_fast", message))

    def _answer(self, event: wire.ServerEvent) -> None:
        self._line.send([wire.encode(event)])

    def _hear_binary(self, audio: bytes) -> None:
        if not self._viva:
            raise wire.WireError(
                "binary_not_expected", "send audio as input_audio_buffer.append on this connection"
            )
        self._hear(audio, None)

    def _hear(self, audio: bytes, event_id: str | None) -> None:
        if len(audio) % 2:
            raise wire.WireError("odd_audio", "PCM16 has two bytes a sample", event_id)
        self._conductor.hear(self._uplink.to_candidate_rate(audio))

    def _obey(self, event: wire.Incoming) -> None:
        match event:
            case wire.AppendAudio():
                self._hear(event.pcm(), event.event_id)
            case wire.CommitAudio():
                self._conductor.take(AnswerCommitted())
            case wire.CreateItem():
                text = event.item.typed_text()
                if not text:
                    message = "only user messages with input_text are taken"
                    raise wire.WireError("empty_item", message, event.event_id)
                self._conductor.take(AnswerTyped(text))
            case wire.SessionUpdate():
                session = session_object({"interview_id": str(self._conductor.interview_id)})
                self._answer(wire.SessionUpdated(session=session))
            case wire.ClearAudio():
                self._answer(wire.Cleared())
            case wire.CreateResponse() | wire.CancelResponse():
                message = "the interviewer decides when it speaks"
                raise wire.WireError("not_yours_to_ask", message, event.event_id)
            case _:
                self._obey_ours(event)

    def _obey_ours(self, event: wire.PlayedMark | wire.UseControl | wire.EndInterview) -> None:
        match event:
            case wire.PlayedMark():
                self._conductor.take(Played(event.turn, event.played_ms, event.complete))
            case wire.UseControl():
                self._conductor.take(ControlUsed(event.control, "button"))
            case wire.EndInterview():
                self._conductor.take(EndRequested("candidate"))
