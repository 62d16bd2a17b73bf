"""Recordings over HTTP: the candidate's consent, an answer's sound for interviewers, deletion."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from server.engines.ogg import GRANULES_PER_MS
from server.store import interviews, recordings
from server.web.errors import Problem
from server.web.keys import bearer, require_interviewer
from server.web.services import Services

OGG: Final = "audio/ogg"
RANGE: Final = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")


class ConsentOrder(msgspec.Struct):
    """``recording``: whether the candidate agrees that their answers are recorded."""

    recording: bool


@dataclass(frozen=True, slots=True)
class ConsentView:
    """``offered``: whether this server records at all; ``recording``: the candidate agrees."""

    offered: bool
    recording: bool
    given_at: datetime | None
    keep_days: int


@dataclass(frozen=True, slots=True)
class PartView:
    """Unbroken sound: ``start_ms`` on the session's audio clock stands at ``offset_ms`` of the
    file."""

    start_ms: int
    offset_ms: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class RecordingView:
    """``answer_id`` is null until the answer is given; ``lost_ms``: sound that was not kept."""

    turn: int
    answer_id: UUID | None
    duration_ms: int = 0
    lost_ms: int = 0
    parts: list[PartView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Deleted:
    answers: int


@get("/{interview_id:uuid}/consent")
async def show_consent(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> ConsentView:
    await _require_candidate(interview_id, request, services)
    return _consent_view(await recordings.consent(services.pool, interview_id), services)


@post("/{interview_id:uuid}/consent", status_code=HTTP_200_OK)
async def set_consent(
    interview_id: FromPath[UUID],
    data: JSONBody[ConsentOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> ConsentView:
    """The candidate agrees to the recording, or takes that back, which deletes what there is."""
    ended = await _require_candidate(interview_id, request, services)
    if not data.recording:
        return _consent_view(await services.recording.withdraw(interview_id), services)
    if not services.recording.offered:
        raise Problem(409, "recording_off", "This server records nothing; no consent is needed.")
    if ended:
        raise Problem(409, "interview_ended", "This interview has ended; nothing is recorded now.")
    return _consent_view(await services.recording.agree(interview_id), services)


@get("/{interview_id:uuid}/recordings")
async def list_recordings(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> list[RecordingView]:
    """With the interviewers' key: which answers can be heard, and where in them a word is."""
    require_interviewer(request, services.interviewer_key, "hear recordings")
    rows = await recordings.chunks(services.pool, interview_id)
    return [_recording(list(chunks)) for _, chunks in groupby(rows, lambda row: row["turn"])]


@get("/{interview_id:uuid}/answers/{answer_id:uuid}/recording", media_type=OGG)
async def play(
    interview_id: FromPath[UUID],
    answer_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Response[bytes]:
    """With the interviewers' key: the answer as one Ogg/Opus file, or a range of its bytes."""
    require_interviewer(request, services.interviewer_key, "hear recordings")
    sound = await recordings.sound(services.pool, interview_id, answer_id)
    if sound is None:
        raise Problem(404, "not_recorded", "There is no recording of this answer.")
    return _ranged(sound, request.headers.get("range", ""))


@delete("/{interview_id:uuid}/recordings", status_code=HTTP_200_OK)
async def delete_recordings(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Deleted:
    """With the interviewers' key: delete all that was recorded of an interview so far."""
    require_interviewer(request, services.interviewer_key, "delete recordings")
    return Deleted(await services.recording.delete(interview_id))


async def _require_candidate(
    interview_id: UUID, request: Request[Any, Any, Any], services: Services
) -> bool:
    """Whether the interview has ended. Raises Problem where the token is not this interview's."""
    interview = await interviews.get_by_token(services.pool, bearer(request))
    if interview is None or interview.id != interview_id:
        raise Problem(
            403, "candidate_only", "Only the candidate decides this: send the interview's token."
        )
    return interview.status == "ended"


def _consent_view(consent: recordings.Consent, services: Services) -> ConsentView:
    recording = services.recording
    agreed = consent.given_at is not None
    return ConsentView(recording.offered, agreed, consent.given_at, recording.keep_days)


def _recording(chunks: list[dict[str, Any]]) -> RecordingView:
    """The chunks of one turn, those that follow one another as one part."""
    return RecordingView(
        chunks[0]["turn"],
        chunks[0]["answer_id"],
        chunks[-1]["granule"] // GRANULES_PER_MS,
        sum(chunk["lost_ms"] for chunk in chunks),
        list(_parts(chunks)),
    )


def _parts(chunks: Iterable[dict[str, Any]]) -> Iterable[PartView]:
    part: PartView | None = None
    for chunk in chunks:
        start_ms, duration_ms = chunk["start_ms"], chunk["duration_ms"]
        if part is not None and part.start_ms + part.duration_ms == start_ms:
            part = PartView(part.start_ms, part.offset_ms, part.duration_ms + duration_ms)
            continue
        if part is not None:
            yield part
        part = PartView(start_ms, chunk["granule"] // GRANULES_PER_MS - duration_ms, duration_ms)
    if part is not None:
        yield part


def _ranged(sound: bytes, wanted: str) -> Response[bytes]:
    headers = {"accept-ranges": "bytes", "cache-control": "private, no-store"}
    match = RANGE.fullmatch(wanted)
    if match is None or match.groups() == ("", ""):
        return Response(sound, media_type=OGG, headers=headers)
    size, (first, last) = len(sound), match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or start > end:
        headers["content-range"] = f"bytes */{size}"
        return Response(b"", status_code=416, media_type=OGG, headers=headers)
    headers["content-range"] = f"bytes {start}-{end}/{size}"
    return Response(sound[start : end + 1], status_code=206, media_type=OGG, headers=headers)


HANDLERS = [show_consent, set_consent, list_recordings, play, delete_recordings]
