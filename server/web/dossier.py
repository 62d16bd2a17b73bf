"""One interview, as it leaves the house: as JSON, and as an archive that nobody changes unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from server.evidence.dossier import Dossier
from server.store import dossier
from server.store.bundle import Writer
from server.store.sealing import Sealed
from server.web.archive import ZIP
from server.web.principal import principal_of
from server.web.problems import INTERVIEW_NOT_FOUND, Problem
from server.web.services import Services

README: Final = "dossier.readme"
WHOLE: Final = ("interview", "plan", "answers", "facts", "consent", "used", "prompts")
"""Files of their own, by the names they have in the JSON."""
TOGETHER: Final = {
    "report": ("reports", "runs", "statements"),
    "scorecards": ("scorecards", "withheld"),
    "decisions": ("decisions",),
    "log": ("log",),
}


@get("/dossier", refuses=[INTERVIEW_NOT_FOUND])
async def show_dossier(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Dossier:
    """All that a decision about it can rest on: plan, answers, facts, consent, reports with every
    reading, scorecards, decisions, and what the log says of it."""
    return await _gathered(services, request, interview_id, "json")


@get("/dossier/archive", media_type=ZIP, refuses=[INTERVIEW_NOT_FOUND])
async def download_dossier(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
    sound: Annotated[
        bool, QueryParameter(description="With the sound of the answers that was kept.")
    ] = False,
) -> Stream:
    """The same as a signed ZIP archive, which `viva verify` checks without this server."""
    gathered = await _gathered(services, request, interview_id, "archive")
    recorded = await dossier.recorded(services.pool, interview_id) if sound else ()
    headers = {
        "content-disposition": f'attachment; filename="viva-interview-{interview_id}.zip"',
        "cache-control": "private, no-store",
    }
    return Stream(_written(services, gathered, recorded), media_type=ZIP, headers=headers)


async def _gathered(
    services: Services, request: Request[Any, Any, Any], interview_id: UUID, form: str
) -> Dossier:
    principal = principal_of(request)
    prompts = {
        language: msgspec.to_builtins(pack.prompts)
        for language, pack in services.packs.by_language.items()
    }
    rater = principal.name if "rate" in principal.rights else None
    found = await dossier.gather(services.pool, interview_id, prompts, rater=rater, form=form)
    if found is None:
        raise Problem(INTERVIEW_NOT_FOUND)
    return found


async def _written(
    services: Services, gathered: Dossier, recorded: Sequence[tuple[UUID, int]]
) -> AsyncIterator[bytes]:
    """No more than one answer's sound is in memory. Sound that cannot be opened, because its time
    passed meanwhile or its key is gone, is named in ``missing.txt``."""
    writer, missing = Writer(services.signer), []
    yield writer.add("README.txt", _readme(services).encode())
    said = msgspec.structs.asdict(gathered)
    for name in WHOLE:
        yield writer.add(f"{name}.json", _json(said[name]))
    for file, parts in TOGETHER.items():
        told = said[file] if parts == (file,) else {part: said[part] for part in parts}
        yield writer.add(f"{file}.json", _json(told))
    for answer_id, turn in recorded:
        try:
            heard = await services.recording.sound.file(gathered.interview.id, answer_id)
        except Sealed:
            heard = None
        if heard is None:
            missing.append(f"sound/{turn}.ogg")
        else:
            yield writer.add(f"sound/{turn}.ogg", heard)
    if missing:
        yield writer.add("missing.txt", ("\n".join(missing) + "\n").encode())
    yield writer.close(
        {
            "format": gathered.format,
            "interview": str(gathered.interview.id),
            "organisation": gathered.organisation,
            "organisation_id": str(gathered.organisation_id),
            "at": gathered.made_at.isoformat(timespec="seconds"),
            "viva": gathered.viva,
        }
    )


def _readme(services: Services) -> str:
    """How the archive is checked, in every language."""
    return (
        "\n\n".join(str(pack.pages[README]) for pack in services.packs.by_language.values()) + "\n"
    )


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value)) + b"\n"


HANDLERS: Final = [show_dossier, download_dossier]
