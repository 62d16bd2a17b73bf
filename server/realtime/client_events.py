"""What candidates send, typed; a message that is none of it is refused."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated, Any, Literal

import msgspec

from server.core.events import Control

Turn = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=86_400_000)]
Coding = Literal["pcm16", "opus"]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
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
    text: Text | None = None
    transcript: Text | None = None

    @property
    def words(self) -> str:
        """Its text or transcript, without control characters: the database takes no NUL."""
        return CONTROL.sub(" ", self.text or self.transcript or "").strip()


class Item(msgspec.Struct):
    type: str = "message"
    role: str | None = "user"
    id: Identity | None = None
    content: list[Content] | None = None

    def text(self, *kinds: str) -> str:
        """The words of these kinds of content."""
        return " ".join(part.words for part in self.content or [] if part.type in kinds).strip()


class CreateItem(ClientEvent, tag="conversation.item.create"):
    """``previous_item_id``: behind which item, or ``root``; at the end if it is not said. ``turn``,
    on viva.v1 only: the question that is answered."""

    item: Item = msgspec.field(default_factory=Item)
    previous_item_id: str | None = None
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


class ClaimVoice(ClientEvent, tag="viva.mine"):
    """The quieter voice in the answer of this turn is the candidate's."""

    turn: Turn = 0


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
    | ClaimVoice
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
