"""Finding what was said. What is looked for stands in the body: addresses are written into logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from server.language.finding import query
from server.store import audit, searching
from server.store.searching import MOST, Hit
from server.web.guards import Allowed
from server.web.services import Services


class SearchOrder(msgspec.Struct):
    """``opening_id`` null: of all openings."""

    words: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    opening_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """``more``: there are more than are told."""

    hits: list[Hit]
    more: bool


@post("/transcripts/search", status_code=HTTP_200_OK)
async def search(data: JSONBody[SearchOrder], services: NamedDependency[Services]) -> Found:
    """Sentences of interviews that are over in which all of the words stand, in whatever form."""
    hits = await searching.find(services.pool, query(data.words), data.opening_id)
    await audit.seen(services.pool, "transcripts.searched", "transcripts")
    return Found(hits, len(hits) == MOST)


router = Router(
    "/", route_handlers=[search], guards=[Allowed("see", "see interviews")], tags=["interviews"]
)
