"""All that is held on a person as one ZIP archive, written while it is sent."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import asyncpg
import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from server.document.kinds import SUFFIXES, kind_of
from server.realtime.sound import Sound
from server.store import export, interviews
from server.store.bundle import Sent
from server.store.export import Held
from server.store.interviews import StoredInterview
from server.store.sealing import Sealed
from server.web.problems import INTERVIEW_NOT_FOUND, RESUME_NOT_FOUND, Problem
from server.web.services import Services

ZIP: Final = "application/zip"
HEADERS: Final = {
    "content-disposition": 'attachment; filename="viva-export.zip"',
    "cache-control": "private, no-store",
}
README: Final = """\
data.json    all that is held on the person; docs/privacy.md of viva says what each part is
resume.*     the resume as it was given
pages/       its pages as pictures
sound/       answers that were recorded, one file each: interview, then turn; the candidate's own
             voice as the microphone heard it, nothing synthetic
missing.txt  what could not be read
"""


@get("/export", media_type=ZIP, refuses=[INTERVIEW_NOT_FOUND])
async def export_own(
    interview: NamedDependency[StoredInterview], services: NamedDependency[Services]
) -> Stream:
    """For the candidate: all that is held on them, as a ZIP archive of JSON, files and sound."""
    resume_id = await interviews.resume_of(services.pool, interview.id)
    held = resume_id and await export.held(services.pool, resume_id, own=True)
    if not resume_id or not held:
        raise Problem(INTERVIEW_NOT_FOUND)
    return _sent(services, resume_id, held)


@get("/{resume_id:uuid}/export", media_type=ZIP, refuses=[RESUME_NOT_FOUND])
async def export_person(resume_id: FromPath[UUID], services: NamedDependency[Services]) -> Stream:
    """All that is held on a person, as a ZIP archive of JSON, files and sound."""
    held = await export.held(services.pool, resume_id, own=False)
    if held is None:
        raise Problem(RESUME_NOT_FOUND)
    return _sent(services, resume_id, held)


def _sent(services: Services, resume_id: UUID, held: Held) -> Stream:
    parts = archive(services.pool, services.recording.sound, resume_id, held)
    return Stream(parts, media_type=ZIP, headers=dict(HEADERS))


async def archive(
    pool: asyncpg.Pool, sound: Sound, resume_id: UUID, held: Held
) -> AsyncIterator[bytes]:
    """One file after another; no more than one of them is in memory. What cannot be read, because
    its time passed meanwhile or its key is gone, is named in ``missing.txt``."""
    sent, missing = Sent(), []
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("README.txt", README)
        written.writestr("data.json", msgspec.json.format(msgspec.json.encode(held.data)))
        yield sent.taken()
        async for name, content in _files(pool, sound, resume_id, held):
            if content is None:
                missing.append(name)
                continue
            written.writestr(name, content, zipfile.ZIP_STORED)
            yield sent.taken()
        if missing:
            written.writestr("missing.txt", "\n".join(missing) + "\n")
    yield sent.taken()


async def _files(
    pool: asyncpg.Pool, sound: Sound, resume_id: UUID, held: Held
) -> AsyncIterator[tuple[str, bytes | None]]:
    file = await export.file(pool, resume_id)
    kind = kind_of(file or b"")
    yield f"resume.{SUFFIXES[kind] if kind else 'pdf'}", file
    for page in held.pages:
        yield f"pages/{page}.webp", await export.picture(pool, resume_id, page)
    for interview_id, answer_id, turn in held.recorded:
        try:
            heard = await sound.file(interview_id, answer_id)
        except Sealed:
            heard = None
        yield f"sound/{interview_id}/{turn}.ogg", heard


OWN = [export_own]
EXPORT = [export_person]
