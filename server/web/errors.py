"""What becomes of an exception: always the same problem details."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from asyncpg.exceptions import CharacterNotInRepertoireError, UntranslatableCharacterError
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from server.web.problems import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    NOT_FOUND,
    NOT_THIS_WAY,
    PROBLEM_JSON,
    TOO_LARGE,
    Problem,
    ProblemDetails,
    details,
)

DENIED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
Answer = Response[ProblemDetails]

log = structlog.get_logger()


def _answer(body: ProblemDetails, headers: Mapping[str, str] | None = None) -> Answer:
    return Response(body, status_code=body.status, media_type=PROBLEM_JSON, headers=headers)


def _on_problem(request: Request[Any, Any, Any], problem: Problem) -> Answer:
    if problem.details.status in DENIED:
        who = getattr(request.scope.get("user"), "name", "stranger")
        path, method = request.url.path, request.method
        log.info("denied", code=problem.details.code, who=who, method=method, path=path)
    return _answer(problem.details, problem.headers)


def _on_http(_: Request[Any, Any, Any], error: HTTPException) -> Answer:
    status = error.status_code
    for kind in (TOO_LARGE, NOT_FOUND, NOT_THIS_WAY):
        if status == kind.status:
            body = details(status, kind.code, kind.detail)
            return _answer(body, error.headers)
    if status == HTTPStatus.BAD_REQUEST:
        return _answer(details(status, INVALID_REQUEST.code, _what_is_invalid(error)))
    code = HTTPStatus(status).phrase.lower().replace(" ", "_")
    return _answer(details(status, code, error.detail))


def _what_is_invalid(error: HTTPException) -> str:
    """The fields that are wrong and how, without what was sent in them."""
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        fields = [
            f"{field.get('key') or 'the body'}: {field.get('message', 'invalid')}"
            for field in error.extra
            if isinstance(field, dict)
        ]
        if fields:
            return "; ".join(fields)
    return INVALID_REQUEST.detail


def _on_anything(request: Request[Any, Any, Any], error: Exception) -> Answer:
    log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
    kind = INTERNAL_ERROR
    return _answer(details(kind.status, kind.code, kind.detail))


def _on_unreadable(request: Request[Any, Any, Any], error: Exception) -> Answer:
    """A body that parses and yet cannot be held: nested too deep, NUL in a text, wrong UTF-8."""
    log.warning("request unreadable", method=request.method, why=type(error).__name__)
    kind = INVALID_REQUEST
    return _answer(details(kind.status, kind.code, kind.detail))


HANDLERS: ExceptionHandlersMap = {
    Problem: _on_problem,
    HTTPException: _on_http,
    RecursionError: _on_unreadable,
    UnicodeError: _on_unreadable,
    CharacterNotInRepertoireError: _on_unreadable,
    UntranslatableCharacterError: _on_unreadable,
    Exception: _on_anything,
}
