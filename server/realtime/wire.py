"""Every message on the wires, typed, with those of `client_events`, `watch_events` and
`rehearsal_events`; nothing else knows JSON.

To and from candidates the OpenAI Realtime (GA) vocabulary, and the ``viva.*`` events of connections
that asked for them; to interviewers the facts.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from secrets import token_hex
from typing import Any

import msgspec

from server.core.events import Fact, Unclear, Word
from server.realtime.client_events import *
from server.realtime.client_events import WireError
from server.realtime.rehearsal_events import *
from server.realtime.rehearsal_events import Rehearsed
from server.realtime.watch_events import *
from server.realtime.watch_events import FactTold, Watched

AUDIO_HEADER = struct.Struct("<II")
"""Turn, and offset in samples from the start of its voice, before each binary voice frame."""

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
    """``synthetic_voice``: what is heard of the interviewer was made by a machine."""

    interview_id: str
    target_role: str
    language: str
    engines: list[dict[str, Any]]
    turn: int
    audio_ms: int
    heard_ms: int
    synthetic_voice: bool = True


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
    """``words``, ``unclear``, ``background``: as in ``SegmentHeard``."""

    turn: int
    segment: int
    text: str
    error: str | None
    pending: bool = False
    words: Sequence[Word] = ()
    unclear: Unclear | None = None
    background: bool = False


class VivaMine(ServerEvent, tag="viva.mine"):
    """The quieter voice in the answer of ``turn`` is the candidate's, who said so."""

    turn: int


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
    """``text``: more words of the segment that is being spoken, to be appended. ``tentative``: what
    may come after them, in place of what was tentative before. ``viva.caption`` replaces both."""

    turn: int
    segment: int
    text: str
    tentative: str = ""


class VivaControl(ServerEvent, tag="viva.control"):
    turn: int
    control: str
    by: str


class VivaPerson(ServerEvent, tag="viva.person"):
    """A person stepped in; ``text`` is for the candidate to read."""

    turn: int
    step_id: str
    step: str
    text: str
    about: int | None
    minutes: float


class VivaPersonPartial(ServerEvent, tag="viva.person_partial"):
    """As ``viva.partial``, of what a person says who leads; ``viva.person`` of this ``step_id``
    replaces both. ``over``: it was no words, and none will come."""

    turn: int
    step_id: str
    text: str
    tentative: str = ""
    over: bool = False


class VivaCompany(ServerEvent, tag="viva.company"):
    """How many people follow the interview just now, and how many of them hear its sound."""

    people: int
    listening: int


class VivaProgress(ServerEvent, tag="viva.progress"):
    """As in ``progress.Progress``."""

    topic: int
    topics: int
    left_ms: int


class VivaAudio(ServerEvent, tag="viva.audio"):
    up: str
    down: str


class VivaPong(ServerEvent, tag="viva.pong"):
    pass


class VivaSpeak(ServerEvent, tag="viva.speak"):
    """Say this: the client has a voice of its own. ``rate``: 1 is the voice's usual one."""

    turn: int
    text: str
    language: str
    rate: float


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


_encoder = msgspec.json.Encoder()


def encode(event: ServerEvent | FactTold[Fact] | Watched | Rehearsed) -> str:
    return _encoder.encode(event).decode()
