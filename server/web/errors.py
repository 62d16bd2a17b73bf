"""Errors as RFC 9457 problem details: what is wrong, what to do, and a stable code."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

PROBLEM_JSON = "application/problem+json"

log = structlog.get_logger()


class Problem(Exception):
    """Refuse a request; ``detail`` is for the person who made it."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail


def problem_body(status: int, code: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"urn:viva:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }


def _response(status: int, code: str, detail: str) -> Response[dict[str, Any]]:
    return Response(problem_body(status, code, detail), status_code=status, media_type=PROBLEM_JSON)


def _on_problem(_: Request[Any, Any, Any], error: Problem) -> Response[dict[str, Any]]:
    return _response(error.status, error.code, error.detail)


def _on_http(_: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    status = error.status_code
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _response(status, "too_large", "The request is larger than this server accepts.")
    if status == HTTPStatus.NOT_FOUND:
        return _response(status, "not_found", "There is nothing at this address.")
    if status == HTTPStatus.BAD_REQUEST:
        return _response(status, "invalid_request", _what_is_invalid(error))
    code = HTTPStatus(status).phrase.lower().replace(" ", "_")
    return _response(status, code, error.detail)


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
    return "The request cannot be understood; see /schema/openapi.json for what is expected."


def _on_anything(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
    return _response(500, "internal_error", "Something broke on our side; try again.")


HANDLERS: ExceptionHandlersMap = {
    Problem: _on_problem,
    HTTPException: _on_http,
    Exception: _on_anything,
}
