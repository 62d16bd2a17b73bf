"""Whether one more interview may begin here; what runs is never asked."""

from __future__ import annotations

from typing import Final

import structlog

from server import metrics
from server.fullness import RETRY_S
from server.realtime import wire
from server.realtime.registry import Registry
from server.store.interviews import StoredInterview
from server.web.problems import SERVER_FULL, Problem
from server.web.services import Services

FULL: Final = 4503, f"this server is full; try again in {RETRY_S} s"
"""How a connection is closed that was to begin an interview."""

log = structlog.get_logger()


def admit(services: Services) -> None:
    """Raises Problem where this server has enough to do."""
    if _full(services):
        raise Problem(SERVER_FULL, headers={"retry-after": str(RETRY_S)}, seconds=RETRY_S)


def admits(services: Services, interview: StoredInterview) -> bool:
    """Whether its candidate may come in: whoever comes back always may."""
    return _begun(services.registry, interview) or not _full(services)


def told() -> wire.ErrorEvent:
    """What a client of OpenAI's reads before it is closed."""
    said = SERVER_FULL.detail.format(seconds=RETRY_S)
    return wire.ErrorEvent(error=wire.ErrorBody("server_error", SERVER_FULL.code, said, None, None))


def _begun(registry: Registry, interview: StoredInterview) -> bool:
    return interview.status != "created" or interview.id in registry.driven()


def _full(services: Services) -> bool:
    cause = services.load.full()
    if cause:
        metrics.interview_refused(cause)
        log.warning("an interview was refused", cause=cause, measured=services.load.measured())
    return bool(cause)
