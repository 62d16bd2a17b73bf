"""The server's measurements, in the text format of Prometheus."""

from __future__ import annotations

from litestar import Response, get
from prometheus_client import CONTENT_TYPE_LATEST

from server import metrics
from server.web.guards import Allowed


@get(
    "/metrics",
    tags=["health"],
    media_type=CONTENT_TYPE_LATEST,
    sync_to_thread=False,
    guards=[Allowed("measure", "read the server's figures")],
)
def exposition() -> Response[bytes]:
    return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)
