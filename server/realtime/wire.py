"""Every message on the wires, typed; nothing else knows JSON.

To and from candidates the OpenAI Realtime (GA) vocabulary, and the ``viva.*`` events of connections
that asked for them; to interviewers the facts.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec

from server.core.events import Control, Fact, Unclear, Word

AUDIO_HEADER = struct.Struct("<II")
"""Turn, and offset in samples from the start of its voice, before each binary voice frame."""

Turn = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=86_400_000)]
Coding = Literal["pcm16", "opus"]
Identity = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class WireError(Exception):
    """A message that cannot be taken; ``code`` is stable, the text says what to send instead."""

    def __init__(
        self, code: str, message: str, event_id: str | None = None, param: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.event_id = event_id
        self.param = param


# From the client.


class ClientEvent(msgspec.Struct, tag_field="type"):
    event_id: str | None = None


class SessionUpdate(ClientEvent, tag="session.update"):
    session: dict[str, Any] = {}


class AppendAudio(ClientEvent, tag="input_audio_buffer.append"):
    audio: str = ""

    def decoded(self) -> bytes:
        """The audio in the format of the session. Raises WireError."""
        try:
            return base64.b64decode(self.audio, validate=True)
        except (binascii.Error, ValueError) as error:
            message = "audio must be base64"
            raise WireError("invalid_audio", message, self.event_id, "audio") from error


class CommitAudio(ClientEvent, tag="input_audio_buffer.commit"):
    pass


class ClearAudio(ClientEvent, tag="input_audio_buffer.clear"):
    pass


class Content(msgspec.Struct):
    type: str
    text: Annotated[str, msgspec.Meta(max_length=20_000)] | None = None


class Item(msgspec.Struct):
    type: str = "message"
    role: str | None = "user"
    id: Identity | None = None
    content: list[Content] | None = None

    def text(self, *kinds: str) -> str:
        """The text of these kinds of content, without control characters: the database takes
        no NUL."""
        parts = [part.text or "" for part in self.content or [] if part.type in kinds]
        return CONTROL.sub(" ", " ".join(parts)).strip()


class CreateItem(ClientEvent, tag="conversation.item.create"):
    """``turn``, on viva.v1 only: the question that is answered."""

    item: Item = msgspec.field(default_factory=Item)
    turn: Turn | None = None


class RetrieveItem(ClientEvent, tag="conversation.item.retrieve", kw_only=True):
    item_id: Identity


class TruncateItem(ClientEvent, tag="conversation.item.truncate", kw_only=True):
    item_id: Identity
    content_index: Annotated[int, msgspec.Meta(ge=0, le=0)] = 0
    audio_end_ms: Milliseconds


class DeleteItem(ClientEvent, tag="conversation.item.delete", kw_only=True):
    item_id: Identity


class Wanted(msgspec.Struct):
    metadata: dict[str, str] | None = None


class CreateResponse(ClientEvent, tag="response.create"):
    response: Wanted | None = None


class CancelResponse(ClientEvent, tag="response.cancel"):
    response_id: str | None = None


class PlayedMark(ClientEvent, tag="viva.played"):
    turn: Turn = 0
    played_ms: Milliseconds = 0
    complete: bool = False


class UseControl(ClientEvent, tag="viva.control", kw_only=True):
    control: Control


class ChooseAudio(ClientEvent, tag="viva.audio"):
    up: Coding = "pcm16"
    down: Coding = "pcm16"


class Ping(ClientEvent, tag="viva.ping"):
    """Is anybody there? A page cannot see the pings of the WebSocket itself."""


class EndInterview(ClientEvent, tag="viva.end"):
    pass


Incoming = (
    SessionUpdate
    | AppendAudio
    | CommitAudio
    | ClearAudio
    | CreateItem
    | RetrieveItem
    | TruncateItem
    | DeleteItem
    | CreateResponse
    | CancelResponse
    | PlayedMark
    | UseControl
    | ChooseAudio
    | Ping
    | EndInterview
)

_decoder = msgspec.json.Decoder(Incoming)


def decode(text: str) -> Incoming:
    """One client event. Raises WireError with what is wrong with it."""
    try:
        event: Incoming = _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise WireError("invalid_event", f"this event cannot be understood: {error}") from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WireError("invalid_json", "a text message must be one JSON object") from error
    return event


# From the server.


def _event_id() -> str:
    return f"event_{token_hex(8)}"


class ServerEvent(msgspec.Struct, tag_field="type", kw_only=True):
    event_id: str = msgspec.field(default_factory=_event_id)


class Sound(str):
    """An encoded event that carries voice: it can be dropped when the voice must stop."""

    __slots__ = ()


class Unpacked(bytes):
    """A voice frame whose PCM becomes Opus when it is sent, or is never sent."""

    __slots__ = ()


class SessionCreated(ServerEvent, tag="session.created"):
    session: dict[str, Any]


class SessionUpdated(ServerEvent, tag="session.updated"):
    session: dict[str, Any]


class SpeechStartedEvent(ServerEvent, tag="input_audio_buffer.speech_started"):
    item_id: str
    audio_start_ms: int


class SpeechStoppedEvent(ServerEvent, tag="input_audio_buffer.speech_stopped"):
    item_id: str
    audio_end_ms: int


class Committed(ServerEvent, tag="input_audio_buffer.committed"):
    item_id: str
    previous_item_id: str | None


class Cleared(ServerEvent, tag="input_audio_buffer.cleared"):
    pass


class ItemAdded(ServerEvent, tag="conversation.item.added"):
    item: dict[str, Any]
    previous_item_id: str | None = None


class ItemDone(ServerEvent, tag="conversation.item.done"):
    item: dict[str, Any]
    previous_item_id: str | None = None


class ItemRetrieved(ServerEvent, tag="conversation.item.retrieved"):
    item: dict[str, Any]


class ItemTruncated(ServerEvent, tag="conversation.item.truncated"):
    item_id: str
    content_index: int
    audio_end_ms: int


class ItemDeleted(ServerEvent, tag="conversation.item.deleted"):
    item_id: str


class TranscriptionDelta(ServerEvent, tag="conversation.item.input_audio_transcription.delta"):
    item_id: str
    content_index: int
    delta: str


class TranscriptionFailed(ServerEvent, tag="conversation.item.input_audio_transcription.failed"):
    item_id: str
    content_index: int
    error: dict[str, str]


class TranscriptionCompleted(
    ServerEvent, tag="conversation.item.input_audio_transcription.completed"
):
    item_id: str
    content_index: int
    transcript: str
    usage: dict[str, Any]


class ResponseCreated(ServerEvent, tag="response.created"):
    response: dict[str, Any]


class ResponseDone(ServerEvent, tag="response.done"):
    response: dict[str, Any]


class OutputItemAdded(ServerEvent, tag="response.output_item.added"):
    response_id: str
    output_index: int
    item: dict[str, Any]


class OutputItemDone(ServerEvent, tag="response.output_item.done"):
    response_id: str
    output_index: int
    item: dict[str, Any]


class _Part(ServerEvent, kw_only=True):
    response_id: str
    item_id: str
    output_index: int = 0
    content_index: int = 0


class PartAdded(_Part, tag="response.content_part.added"):
    part: dict[str, Any]


class PartDone(_Part, tag="response.content_part.done"):
    part: dict[str, Any]


class AudioDelta(_Part, tag="response.output_audio.delta"):
    delta: str


class AudioDone(_Part, tag="response.output_audio.done"):
    pass


class TranscriptDelta(_Part, tag="response.output_audio_transcript.delta"):
    delta: str


class TranscriptDone(_Part, tag="response.output_audio_transcript.done"):
    transcript: str


class ErrorBody(msgspec.Struct):
    type: str
    code: str
    message: str
    event_id: str | None = None
    param: str | None = None


class ErrorEvent(ServerEvent, tag="error"):
    error: ErrorBody


# Ours, only on connections that asked.


class VivaSession(ServerEvent, tag="viva.session"):
    interview_id: str
    target_role: str
    language: str
    engines: list[dict[str, Any]]
    turn: int
    audio_ms: int
    heard_ms: int


class VivaFloor(ServerEvent, tag="viva.floor"):
    turn: int
    floor: str
    at_ms: int


class VivaQuestion(ServerEvent, tag="viva.question"):
    turn: int
    question_id: str
    text: str
    source: str
    kind: str
    model: str | None
    reason: str | None


class VivaTakenBack(ServerEvent, tag="viva.question_taken_back"):
    """The question of ``turn`` was not asked: the answer of turn ``reopened`` goes on."""

    turn: int
    reopened: int


class VivaCaption(ServerEvent, tag="viva.caption"):
    """``words``, ``unclear``: as in ``SegmentHeard``."""

    turn: int
    segment: int
    text: str
    error: str | None
    pending: bool = False
    words: Sequence[Word] = ()
    unclear: Unclear | None = None


class VivaAnswer(ServerEvent, tag="viva.answer"):
    turn: int
    text: str
    reason: str
    words: Sequence[Word]


class VivaTyped(ServerEvent, tag="viva.typed"):
    turn: int
    item_id: str


class VivaStored(ServerEvent, tag="viva.stored"):
    audio_ms: int


class VivaNoAudio(ServerEvent, tag="viva.no_audio"):
    """``missed``: no sound comes; else it comes again."""

    turn: int
    missed: bool


class VivaPartial(ServerEvent, tag="viva.partial"):
    turn: int
    segment: int
    text: str


class VivaControl(ServerEvent, tag="viva.control"):
    turn: int
    control: str
    by: str


class VivaAudio(ServerEvent, tag="viva.audio"):
    up: str
    down: str


class VivaPong(ServerEvent, tag="viva.pong"):
    pass


class VivaVoiceDone(ServerEvent, tag="viva.voice_done"):
    turn: int
    duration_ms: int


class VivaHold(ServerEvent, tag="viva.hold"):
    turn: int


class VivaRelease(ServerEvent, tag="viva.release"):
    turn: int


class VivaHush(ServerEvent, tag="viva.hush"):
    turn: int


class VivaEnded(ServerEvent, tag="viva.ended"):
    reason: str


def error_event(error: WireError) -> ErrorEvent:
    body = ErrorBody("invalid_request_error", error.code, str(error), error.event_id, error.param)
    return ErrorEvent(error=body)


# To interviewers.


F = TypeVar("F", bound=Fact)


class FactTold(msgspec.Struct, Generic[F], tag="fact", tag_field="type"):
    """``seq`` counts the interview's facts from 1; ``kind`` says which of them ``data`` is."""

    seq: int
    kind: str
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]
    data: F


_encoder = msgspec.json.Encoder()


def encode(event: ServerEvent | FactTold[Fact]) -> str:
    return _encoder.encode(event).decode()
