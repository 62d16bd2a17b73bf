"""What OpenAPI says of every route besides its own: refusals by guards, and of any request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Components,
    OpenAPIFormat,
    OpenAPIHeader,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Schema,
    SecurityScheme,
)
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.status_codes import HTTP_204_NO_CONTENT

from server.web.guards import Guard
from server.web.once import once
from server.web.paging import window
from server.web.principal import COOKIE, SAFE
from server.web.problems import (
    CROSS_ORIGIN,
    INTERNAL_ERROR,
    INVALID_CURSOR,
    INVALID_REQUEST,
    KEY_IN_USE,
    KEY_REUSED,
    NOT_FOUND,
    NOT_OUR_PAGE,
    QUOTA_REACHED,
    REQUEST_TIMEOUT,
    TOO_LARGE,
    TOO_MANY_CONNECTIONS,
    WRONG_HOST,
    Kind,
    documented,
)
from server.web.problems_accounts import ADDRESS_MANY

OF_ANY = (
    CROSS_ORIGIN,
    INVALID_REQUEST,
    REQUEST_TIMEOUT,
    TOO_MANY_CONNECTIONS,
    WRONG_HOST,
    INTERNAL_ERROR,
)
OF_DEPENDENCIES = {window: (INVALID_CURSOR,), once: (KEY_IN_USE, KEY_REUSED)}
COUNTED = frozenset({ADDRESS_MANY, QUOTA_REACHED})
"""Whoever is counted so is told what is left with every answer."""
NOTHING = ResponseSpec(None, generate_examples=False, description="It is done.")
SCHEMES = Components(
    security_schemes={
        "interviewer": SecurityScheme(
            "http", scheme="bearer", description="The key of this installation."
        ),
        "session": SecurityScheme(
            "apiKey",
            name=COOKIE,
            security_scheme_in="cookie",
            description="Of who signed in; what changes something takes X-CSRF-Token besides.",
        ),
        "key": SecurityScheme("http", scheme="bearer", description="An API key with the scope."),
        "candidate": SecurityScheme(
            "http",
            scheme="bearer",
            description="The token that the interview was created with, or that of the invitation.",
        ),
        "client_secret": SecurityScheme(
            "http", scheme="bearer", description="What POST /v1/realtime/client_secrets answers."
        ),
        "share": SecurityScheme(
            "http", scheme="bearer", description="What stands behind the # of a shared link."
        ),
        "invitation": SecurityScheme(
            "http", scheme="bearer", description="What stands behind the # of an invitation's link."
        ),
    }
)


AFTER = OpenAPIHeader(
    Schema(type=OpenAPIType.INTEGER, minimum=0), description="Seconds; then it may be tried again."
)
POLICY = OpenAPIHeader(
    Schema(type=OpenAPIType.STRING), description='What may be asked for: `"uploads";q=60;w=3600`.'
)
LEFT = OpenAPIHeader(
    Schema(type=OpenAPIType.STRING),
    description='What is left of it, and until when: `"uploads";r=12;t=900`.',
)
ALLOWANCES = {"RateLimit-Policy": POLICY, "RateLimit": LEFT}
BINARY = ("image/", "audio/", "application/zip")
LATER = ("429", "503")


OLD = frozenset({"resumes", "interviews", "templates", "engines"})
"""How addresses begin that are from before ``/v1``."""
BYTES = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)


def operation_id(handler: HTTPRouteHandler, _: object, path: list[Any]) -> str:
    """By which generated clients name it: its noun and what is done with it."""
    noun = (handler.resolve_tags() or ["viva"])[0]
    before = "before_v1_" if path[0] in OLD else ""
    return f"{before}{noun}_{handler.handler_name}"


@dataclass
class Told(Operation):
    """With the headers of what is to be tried again later; what is no text is bytes."""

    def __post_init__(self) -> None:
        for status, response in (self.responses or {}).items():
            if not isinstance(response, OpenAPIResponse):
                continue
            for kind, content in (response.content or {}).items():
                if kind.startswith(BINARY):
                    content.schema = BYTES
            if status in LATER:
                response.headers = {**(response.headers or {}), "Retry-After": AFTER}
            if status == "429":
                response.headers = {**(response.headers or {}), **ALLOWANCES}


@dataclass
class Bounded(Told):
    """Of what is counted: what is left is told also where it is done."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for status, response in (self.responses or {}).items():
            if status.startswith("2") and isinstance(response, OpenAPIResponse):
                response.headers = {**(response.headers or {}), **ALLOWANCES}


class Documented(ReceiveRoutePlugin):
    """Handlers name their own refusals as ``refuses=``; the rest is found here."""

    def receive_route(self, route: BaseRoute) -> None:
        if not isinstance(route, HTTPRoute):
            return
        for handler in route.route_handlers:
            if handler.resolve_include_in_schema():
                specs = documented(_refusals(route, handler))
                if handler.status_code == HTTP_204_NO_CONTENT:
                    specs[HTTP_204_NO_CONTENT] = NOTHING
                handler.responses = {**specs, **(handler.responses or {})}
                schemes = [scheme for guard in _guards(handler) for scheme in guard.schemes]
                counted = COUNTED.intersection(handler.opt.get("refuses", ()))
                handler.operation_class = Bounded if counted else Told
                handler.security = [{scheme: []} for scheme in schemes]


def _refusals(route: HTTPRoute, handler: HTTPRouteHandler) -> set[Kind]:
    used = handler.parsed_fn_signature.parameters
    kinds = {*OF_ANY, *handler.opt.get("refuses", ())}
    kinds.update(kind for guard in _guards(handler) for kind in guard.refusals)
    if not SAFE.issuperset(handler.http_methods):
        kinds.add(NOT_OUR_PAGE)
    for name, provided in handler.resolve_dependencies().items():
        if name in used:
            kinds.update(OF_DEPENDENCIES.get(provided.dependency, ()))
    if route.path_parameters:
        kinds.add(NOT_FOUND)
    if handler.parsed_data_field:
        kinds.add(TOO_LARGE)
    return kinds


def _guards(handler: HTTPRouteHandler) -> list[Guard]:
    guards = [guard for layer in handler.ownership_layers for guard in layer.guards or ()]
    return [guard for guard in guards if isinstance(guard, Guard)]
