"""Notes and bookmarks on the second of an interview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.store import audit, notes
from server.store.notes import Note
from server.store.pool import Connection
from server.web.author import Reason, author_of
from server.web.once import Once
from server.web.paging import Page, Window
from server.web.principal import principal_of
from server.web.problems import Problem
from server.web.problems_reports import NOTE_EMPTY, NOTE_NOT_YOURS
from server.web.services import Services

# OpenAPI would not be told of a least number of 0 where null may stand too; of one above -1 it is.
Millisecond = Annotated[int, msgspec.Meta(gt=-1, le=2**40)]


class NoteOrder(msgspec.Struct):
    """``at_ms`` on the session's audio clock, null: of the whole; ``text`` empty: a bookmark."""

    at_ms: Millisecond | None = None
    text: Reason = ""


@dataclass(frozen=True, slots=True)
class NoteView:
    """``text`` empty: a bookmark. ``name``: of the person, where they have an account; ``own``: the
    caller's."""

    id: UUID
    name: str | None
    own: bool
    at_ms: int | None
    text: str
    made_at: datetime


@get("/notes")
async def list_notes(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[NoteView]:
    """In the order in which they were made."""
    found = await notes.of_interview(services.pool, interview_id, window.after(UUID), window.fetch)
    author = principal_of(request).name
    return window.page([_view(note, author) for note in found], lambda note: note.id)


@post("/notes", refuses=[NOTE_EMPTY])
async def add_note(
    interview_id: FromPath[UUID],
    data: JSONBody[NoteOrder],
    request: Request[Any, Any, Any],
    once: NamedDependency[Once],
) -> NoteView:
    """On a second of the interview, or of the whole."""
    text = data.text.strip()
    if not text and data.at_ms is None:
        raise Problem(NOTE_EMPTY)
    author = author_of(request)

    async def make(connection: Connection) -> NoteView:
        made = await notes.add(connection, interview_id, author, data.at_ms, text)
        await audit.add(connection, "note.made", f"interview {interview_id}")
        found = await notes.of_interview(connection, interview_id)
        return next(_view(one, author.name) for one in found if one.id == made)

    return await once(data, NoteView, make, lambda _: interview_id)


@delete("/notes/{note_id:uuid}", refuses=[NOTE_NOT_YOURS])
async def remove_note(
    interview_id: FromPath[UUID],
    note_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> None:
    """One of the caller's own."""
    try:
        await notes.remove(services.pool, interview_id, note_id, principal_of(request).name)
    except notes.SomebodyElses as error:
        raise Problem(NOTE_NOT_YOURS) from error


def _view(note: Note, author: str) -> NoteView:
    own = note.author == author
    return NoteView(note.id, note.name, own, note.at_ms, note.text, note.made_at)


READ = [list_notes]
MADE = [add_note, remove_note]
