"""Recordings over HTTP: the candidate's consent, an answer's sound for interviewers, deletion."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import groupby
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from server.core.events import Language
from server.store import audit, interviews, notices, recordings
from server.store.holds import OnHold
from server.store.interviews import StoredInterview
from server.store.retention import Spans
from server.web.guards import INTERVIEW_HERE, Allowed, OwnCandidateOnly, own_interview
from server.web.paging import Page, Window
from server.web.problems import (
    INTERVIEW_ENDED,
    NOT_RECORDED,
    ON_HOLD,
    OUT_OF_RANGE,
    RECORDING_OFF,
    Problem,
)
from server.web.services import Services

OGG: Final = "audio/ogg"
Turn = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
RANGE: Final = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")


class NoticeRead(msgspec.Struct):
    """The text that the candidate read."""

    version: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    language: Language


class ConsentOrder(msgspec.Struct):
    """``recording``: whether the candidate agrees that their answers are recorded. ``notice``: what
    they read before it, where that was viva's."""

    recording: bool
    notice: NoticeRead | None = None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What a candidate is to be told of what is kept, in paragraphs by language; ``shown``: the
    version they were told last."""

    version: str
    text: dict[str, list[str]]
    shown: str | None


@dataclass(frozen=True, slots=True)
class ConsentView:
    """``offered``: whether this server records at all; ``recording``: the candidate agrees;
    ``person_asked_at``: since when they would rather speak with a person."""

    offered: bool
    recording: bool
    given_at: datetime | None
    keep_days: int
    notice: NoticeView
    person_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartView:
    """Unbroken sound: ``start_ms`` on the session's audio clock stands at ``offset_ms`` of the
    file."""

    start_ms: int
    offset_ms: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class RecordingView:
    """``answer_id`` is null until the answer is given; ``lost_ms``: sound that was not kept;
    ``loudness``: a byte for each 60 ms of the file, in Base64, null where it is not known."""

    turn: int
    answer_id: UUID | None
    duration_ms: int = 0
    lost_ms: int = 0
    parts: list[PartView] = field(default_factory=list)
    loudness: str | None = None


@dataclass(frozen=True, slots=True)
class Deleted:
    answers: int


@get("/consent")
async def show_consent(
    interview: NamedDependency[StoredInterview], services: NamedDependency[Services]
) -> ConsentView:
    consent = await recordings.consent(services.pool, interview.id)
    return await _consent_view(interview, consent, services)


@post("/consent", status_code=HTTP_200_OK, refuses=[INTERVIEW_ENDED, ON_HOLD, RECORDING_OFF])
async def set_consent(
    interview: NamedDependency[StoredInterview],
    data: JSONBody[ConsentOrder],
    services: NamedDependency[Services],
) -> ConsentView:
    """What the candidate read of what is kept, and whether they agree to the recording. Taking that
    back deletes what there is."""
    recording, read = services.recording, data.notice
    spans = await recording.spans()
    if read is None:
        told = recording.told(None, interview.language, spans)
    else:
        told = recording.told(read.version, read.language, spans)
    if data.recording and not recording.offered:
        raise Problem(RECORDING_OFF)
    if data.recording and interview.status == "ended":
        raise Problem(INTERVIEW_ENDED)
    if read is not None:
        await recording.show(interview.id, told)
    if data.recording:
        consent = await recording.agree(interview.id, told)
    else:
        try:
            consent = await recording.withdraw(interview.id, told)
        except OnHold as error:
            raise Problem(ON_HOLD) from error
    return await _consent_view(interview, consent, services)


@get("/recordings")
async def list_recordings(
    interview_id: FromPath[UUID],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[RecordingView]:
    """Which answers can be heard, where in them a word is, and how loud they are."""
    after = window.after(Turn)
    rows = await recordings.chunks(
        services.pool, interview_id, -1 if after is None else after, window.fetch
    )
    loud = await services.recording.sound.loudness(interview_id, rows)
    turns = [
        _recording(list(chunks), loud.get(turn))
        for turn, chunks in groupby(rows, lambda row: row["turn"])
    ]
    return window.page(turns, lambda recording: recording.turn)


@get(
    "/answers/{answer_id:uuid}/recording",
    media_type=OGG,
    refuses=[NOT_RECORDED, OUT_OF_RANGE],
)
async def play(
    interview_id: FromPath[UUID],
    answer_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Response[bytes]:
    """The answer as one Ogg/Opus file, or a range of its bytes."""
    sound = await services.recording.sound.file(interview_id, answer_id)
    if sound is None:
        raise Problem(NOT_RECORDED)
    await audit.seen(services.pool, "recording.heard", f"interview {interview_id}")
    return _ranged(sound, request.headers)


@delete("/recordings", status_code=HTTP_200_OK, refuses=[ON_HOLD])
async def delete_recordings(
    interview_id: FromPath[UUID], services: NamedDependency[Services]
) -> Deleted:
    """Delete all that was recorded of an interview so far."""
    try:
        return Deleted(await services.recording.delete(interview_id))
    except OnHold as error:
        raise Problem(ON_HOLD) from error


async def _consent_view(
    interview: StoredInterview, consent: recordings.Consent, services: Services
) -> ConsentView:
    recording = services.recording
    agreed = consent.given_at is not None
    told = await notices.of_interview(services.pool, interview.id)
    shown = next((one.version for one in reversed(told) if one.kind == "shown"), None)
    spans = await recording.spans()
    return ConsentView(
        recording.offered,
        agreed,
        consent.given_at,
        spans.media_days,
        _notice(services, shown, spans),
        await interviews.person_asked_at(services.pool, interview.id),
    )


def _notice(services: Services, shown: str | None, spans: Spans) -> NoticeView:
    """As it reads today."""
    version, text = "", {}
    for language, pack in services.packs.by_language.items():
        notice = pack.notice
        told = services.recording.told(notice.version, language, spans)
        version = notice.version
        text[language] = notice.paragraphs(
            told.who,
            told.unwritten_days,
            told.recording_days,
            spans.media_days,
            spans.record_days,
        )
    return NoticeView(version, text, shown)


def _recording(chunks: list[dict[str, Any]], loudness: bytes | None) -> RecordingView:
    """The chunks of one turn, those that follow one another as one part."""
    return RecordingView(
        chunks[0]["turn"],
        chunks[0]["answer_id"],
        sum(chunk["duration_ms"] for chunk in chunks),
        sum(chunk["lost_ms"] for chunk in chunks),
        list(_parts(chunks)),
        None if loudness is None else b64encode(loudness).decode(),
    )


def _parts(chunks: Iterable[dict[str, Any]]) -> Iterable[PartView]:
    part: PartView | None = None
    offset_ms = 0
    for chunk in chunks:
        start_ms, duration_ms = chunk["start_ms"], chunk["duration_ms"]
        before_ms, offset_ms = offset_ms, offset_ms + duration_ms
        if part is not None and part.start_ms + part.duration_ms == start_ms:
            part = PartView(part.start_ms, part.offset_ms, part.duration_ms + duration_ms)
            continue
        if part is not None:
            yield part
        part = PartView(start_ms, before_ms, duration_ms)
    if part is not None:
        yield part


def _ranged(sound: bytes, asked: Mapping[str, str]) -> Response[bytes]:
    """All of it, too, for who has a part of it as it was before: it grows while the interview
    runs (RFC 9110, section 13.1.5)."""
    etag = f'"{blake2b(sound, digest_size=16).hexdigest()}"'
    headers = {"accept-ranges": "bytes", "cache-control": "private, no-store", "etag": etag}
    same = asked.get("if-range", etag) == etag
    match = RANGE.fullmatch(asked.get("range", "")) if same else None
    if match is None or match.groups() == ("", ""):
        return Response(sound, media_type=OGG, headers=headers)
    size, (first, last) = len(sound), match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or start > end:
        headers["content-range"] = f"bytes */{size}"
        raise Problem(OUT_OF_RANGE, headers=headers, size=size)
    headers["content-range"] = f"bytes {start}-{end}/{size}"
    return Response(sound[start : end + 1], status_code=206, media_type=OGG, headers=headers)


ROUTERS = [
    Router(
        "/{interview_id:uuid}",
        route_handlers=[show_consent, set_consent],
        guards=[OwnCandidateOnly()],
        dependencies={"interview": Provide(own_interview)},
    ),
    Router(
        "/{interview_id:uuid}",
        route_handlers=[list_recordings, play],
        guards=[Allowed("listen", "hear recordings"), INTERVIEW_HERE],
    ),
    Router(
        "/{interview_id:uuid}",
        route_handlers=[delete_recordings],
        guards=[Allowed("delete", "delete recordings"), INTERVIEW_HERE],
    ),
]
