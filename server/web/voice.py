"""The candidate's connection: bytes and events in, one line of events and voice out."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any, Final

import structlog
from litestar import WebSocket, websocket
from litestar.di import NamedDependency, Provide
from litestar.exceptions import WebSocketDisconnect

from server.core.events import PaceSet
from server.identity.principal import SecretBearer
from server.realtime import wire
from server.realtime.candidate import MOVED
from server.realtime.conductor import Conductor
from server.realtime.downlink import OpusDownlink
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.openai_reception import RealtimeReception
from server.realtime.reception import Reception
from server.realtime.registry import Gone, Leaving
from server.realtime.terms import Terms
from server.realtime.viva_dialect import VivaDialect
from server.realtime.viva_reception import VivaReception
from server.store import client_secrets
from server.store.interviews import StoredInterview
from server.web.admission import FULL, admits
from server.web.admission import told as full
from server.web.duplex import either
from server.web.guards import OpenInterviewOnly, own_interview
from server.web.principal import principal_of
from server.web.services import Services
from server.web.sites import site_of
from server.web.sockets import AT_ONCE, gone, handed_over

VIVA = "viva.v1"
REALTIME = "realtime"
BETA = "openai-beta.realtime-v1"
NOT_SPOKEN = 4400
USED: Final = 4401, "this client secret was used; make another"
MODEL_CHARS = 64
KEPT_DIGITS = 8
GOODBYE_S = 5.0
"""How long a connection that is to be closed may take to read what was sent before."""

log = structlog.get_logger()


@websocket(
    "/realtime",
    guards=[OpenInterviewOnly((VIVA, REALTIME), secrets=True)],
    dependencies={"interview": Provide(own_interview)},
)
async def realtime(
    socket: WebSocket[Any, Any, Any],
    interview: NamedDependency[StoredInterview],
    services: NamedDependency[Services],
) -> None:
    viva = VIVA in socket.scope.get("subprotocols", [])
    if not viva and (unspoken := _not_spoken(socket)) is not None:
        await socket.send_data(wire.encode(wire.error_event(unspoken)), mode="text")
        await socket.close(NOT_SPOKEN, str(unspoken))
        return
    dialect = _viva(socket) if viva else RealtimeDialect(_terms(socket))
    line = Line(dialect)
    if not admits(services, interview):
        if not viva:
            await socket.send_data(wire.encode(full()), mode="text")
        await socket.close(*FULL)
        return
    if not await _entered(socket, services):
        await socket.close(*USED)
        return
    try:
        kept_ms = _kept_ms(socket) if viva else 0
        left = partial(gone, socket)
        conductor = await services.registry.attach(interview, line, kept_ms, left)
    except Leaving:
        await socket.close(*MOVED)
        return
    except Gone:
        log.info("a connection was given up before it began", interview_id=str(interview.id))
        return
    reception = _reception(dialect, line, conductor)
    try:
        with handed_over(socket, reception.take_sound, conductor.soon, reception.slowed):
            await either(_send(socket, line), _receive(socket, reception))
    except Exception:
        log.exception("connection broke off", interview_id=str(interview.id))
        raise
    finally:
        reception.leave()
        conductor.detach(line)


def _reception(
    dialect: VivaDialect | RealtimeDialect, line: Line, conductor: Conductor
) -> Reception:
    if isinstance(dialect, RealtimeDialect):
        if dialect.terms.pace != 1.0:
            conductor.take(PaceSet(dialect.terms.pace))
        return RealtimeReception(line, dialect, conductor)
    return VivaReception(line, dialect, conductor)


def _terms(socket: WebSocket[Any, Any, Any]) -> Terms:
    """With what was chosen when the client secret was made."""
    terms, principal = Terms(_model(socket)), principal_of(socket)
    if isinstance(principal, SecretBearer):
        for _ in terms.update(principal.secret.session):
            log.warning("of a client secret not all holds", secret=str(principal.secret.id))
    return terms


async def _entered(socket: WebSocket[Any, Any, Any], services: Services) -> bool:
    """A client secret counts once, but for a call's own, and no more where another connection came
    by it meanwhile."""
    principal = principal_of(socket)
    if not isinstance(principal, SecretBearer) or principal.secret.call_id is not None:
        return True
    return await client_secrets.use(services.pool, principal.secret.id, site_of(socket))


def _viva(socket: WebSocket[Any, Any, Any]) -> VivaDialect:
    """A page may have a better voice than this machine."""
    return VivaDialect(speaks=socket.query_params.get("voice") == "client")


def _not_spoken(socket: WebSocket[Any, Any, Any]) -> wire.WireError | None:
    """What a client would speak that nobody here understands; its first event would be an error,
    and so would every other."""
    if BETA in socket.scope.get("subprotocols", []) or "realtime=v1" in socket.headers.get(
        "openai-beta", ""
    ):
        text = (
            "the beta dialect is not spoken here: connect without OpenAI-Beta and use the GA events"
        )
        return wire.WireError("beta_api_shape_disabled", text)
    if socket.query_params.get("intent") == "transcription":
        text = "only interviews are held here: connect without intent=transcription"
        return wire.WireError("invalid_value", text, param="intent")
    return None


def _model(socket: WebSocket[Any, Any, Any]) -> str:
    """What the client believes to speak with; it hears the same name back."""
    return str(socket.query_params.get("model", "viva"))[:MODEL_CHARS]


def _kept_ms(socket: WebSocket[Any, Any, Any]) -> int:
    """How much the candidate said while there was no connection, which will now be sent."""
    told = str(socket.query_params.get("kept_ms", ""))
    return int(told) if told.isascii() and told.isdigit() and len(told) < KEPT_DIGITS else 0


async def _send(socket: WebSocket[Any, Any, Any], line: Line) -> None:
    """Until the line is closed; a client that does not read is not waited for any longer then."""
    sending = asyncio.create_task(_send_frames(socket, line))
    closing = asyncio.create_task(line.closed())
    try:
        await asyncio.wait({sending, closing}, return_when=asyncio.FIRST_COMPLETED)
        async with asyncio.timeout(GOODBYE_S):
            await sending
            await socket.close(line.close_code or 1000, line.close_reason)
    except TimeoutError:
        log.info("a connection that does not read was dropped")
    finally:
        sending.cancel()
        closing.cancel()
        await asyncio.gather(sending, closing, return_exceptions=True)


async def _send_frames(socket: WebSocket[Any, Any, Any], line: Line) -> None:
    opus = OpusDownlink()
    while (frame := await line.next_frame()) is not None:
        if isinstance(frame, wire.Unpacked):
            for packed in opus.pack(frame):
                await socket.send_data(packed, mode="binary")
        else:
            await socket.send_data(frame, mode="text" if isinstance(frame, str) else "binary")


async def _receive(socket: WebSocket[Any, Any, Any], reception: Reception) -> None:
    taken = 0
    try:
        while (message := await socket.receive())["type"] == "websocket.receive":
            # A server may leave out the one of the two that is not there.
            await reception.take(message.get("bytes"), message.get("text"))
            taken += 1
            if taken % AT_ONCE == 0:  # neither wait has to let anybody else in
                await asyncio.sleep(0)
    except WebSocketDisconnect:
        pass
    await reception.done()
