"""The server's measurements, in the text format of Prometheus."""

from __future__ import annotations

from litestar import Response, get
from litestar.datastructures import State
from prometheus_client import CONTENT_TYPE_LATEST

from server.siblings import Siblings
from server.web.guards import Allowed


@get(
    "/metrics",
    tags=["health"],
    media_type=CONTENT_TYPE_LATEST,
    guards=[Allowed("measure", "read the server's figures")],
)
async def exposition(state: State) -> Response[bytes]:
    siblings: Siblings = state.siblings
    return Response(await siblings.exposition(), media_type=CONTENT_TYPE_LATEST)
