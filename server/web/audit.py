"""The log of who saw, changed, exported and deleted, for those who manage the organisation."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from server.store import audit
from server.store.audit import Entry, Wanted
from server.web.guards import Allowed
from server.web.paging import Page, Since, Window, instant
from server.web.services import Services

Number = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Word = Annotated[
    str | None, QueryParameter(max_length=200, description="As it stands in the entries, whole.")
]


@get("/audit")
async def show_audit(
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    action: Word = None,
    subject: Word = None,
    actor: Word = None,
    since: Since = None,
) -> Page[Entry]:
    """The newest first. `viva audit verify` says whether it is whole."""
    wanted = Wanted(action, subject, actor, instant(since))
    found = await audit.newest(services.pool, window.after(Number), window.fetch, wanted)
    return window.page(found, lambda entry: entry.n)


router = Router(
    "/",
    route_handlers=[show_audit],
    guards=[Allowed("manage", "read the log")],
    tags=["organisation"],
)
