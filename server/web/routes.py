"""Which addresses there are: ``/v1``, and those from before it."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, get_args, get_origin, get_type_hints

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from server.web import (
    accounts,
    audit,
    board,
    calls,
    client_secrets,
    comparison,
    declarations,
    disputes,
    health,
    interviews,
    invitations,
    invited,
    members,
    openings,
    organisation,
    privacy,
    provider,
    receipts,
    reports,
    resumes,
    searching,
    shares,
    signing_in,
    steps,
    templates,
    webhooks,
    wordings,
)
from server.web.metrics import exposition
from server.web.paging import Page, Window, window
from server.web.rehearsal import rehearsal
from server.web.voice import realtime

FOR_GOOD = "/interviews/realtime"
"""The one address from before ``/v1`` that is not deprecated."""


def routes(max_resume_bytes: int) -> list[Any]:
    """Everything but the pages."""
    nouns = [
        resumes.router(max_resume_bytes),
        interviews.router,
        templates.router,
        Router("/", route_handlers=[health.engines]),
    ]
    paged = {"window": Provide(window, sync_to_thread=False)}
    v1 = Router(
        "/v1",
        route_handlers=[
            *nouns,
            interviews.own,
            board.router,
            searching.router,
            reports.router,
            shares.router,
            steps.router,
            accounts.router,
            signing_in.router,
            provider.router,
            organisation.router,
            members.router,
            audit.router,
            webhooks.router,
            openings.router,
            comparison.router,
            wordings.router,
            invitations.router,
            invited.router(max_resume_bytes),
            disputes.router,
            privacy.router,
            privacy.guests,
            receipts.router,
            declarations.router,
            client_secrets.router,
            calls.router,
            realtime,
            rehearsal,
        ],
        dependencies=paged,
    )
    return [v1, _before_v1(nouns), health.told, health.live, health.ready, exposition]


@functools.cache
def methods(app: Litestar) -> dict[str, set[str]]:
    """By path what it may be asked, by whichever of its routes."""
    found: dict[str, set[str]] = defaultdict(set)
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            found[route.path_format].update(route.methods)
    return found


def _before_v1(nouns: list[Router]) -> Router:
    """The same handlers where they were before, deprecated; their lists are whole, as they were."""
    whole = Provide(Window.whole, sync_to_thread=False)
    router = Router("/", route_handlers=nouns, dependencies={"window": whole})
    for route in router.routes:
        for handler in getattr(route, "route_handlers", ()):
            handler.deprecated = route.path != FOR_GOOD
            if _lists(handler):
                handler(_whole(handler))
    return router


def _lists(handler: HTTPRouteHandler) -> bool:
    own = handler.fn.__module__.startswith(__package__)  # Litestar adds its own for OPTIONS
    return own and get_origin(get_type_hints(handler.fn)["return"]) is Page


def _whole(handler: HTTPRouteHandler) -> Callable[..., Awaitable[list[Any]]]:
    """The handler's function, answering with the items themselves."""
    listing: Callable[..., Awaitable[Page[Any]]] = handler.fn

    @functools.wraps(listing)
    async def items(**given: Any) -> list[Any]:
        return (await listing(**given)).items

    hints = get_type_hints(listing, include_extras=True)
    (item,) = get_args(hints["return"])
    items.__annotations__ = {**hints, "return": list[item]}  # type: ignore[valid-type]
    return items
