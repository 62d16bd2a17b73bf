"""Every error that a handler can answer stands in OpenAPI, with one schema."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from pydantic import SecretStr

from server.app import create_app
from server.settings import Settings
from server.web import problems, problems_accounts, problems_reports
from server.web.guards import Allowed
from server.web.problems import PROBLEM_JSON, Kind

MODULES = (problems, problems_accounts, problems_reports)
KINDS = [value for one in MODULES for value in vars(one).values() if isinstance(value, Kind)]
APP = create_app(
    Settings(
        port=1,
        data=Path("x"),
        database_url=SecretStr("postgresql://x"),
        redis_url=SecretStr("redis://x"),
    )
)
SCHEMA: dict[str, Any] = APP.openapi_schema.to_schema()
OPERATIONS = {
    (method.upper(), path): operation
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
}
PAGES = ("protocol", "interviews", "accounts", "privacy", "openings", "reports", "webhooks")
SINCE = {
    "/board",
    "/realtime/client_secrets",
    "/realtime/calls",
    "/realtime/calls/{call_id}/hangup",
    "/transcripts/search",
    "/interviews/{interview_id}/dossier",
    "/interviews/{interview_id}/dossier/archive",
    "/interviews/{interview_id}/report",
    "/interviews/{interview_id}/scorecards",
    "/interviews/{interview_id}/scorecard",
    "/interviews/{interview_id}/scorecard/opened",
    "/interviews/{interview_id}/scorecard/submission",
    "/interviews/{interview_id}/decision",
    "/interviews/{interview_id}/notes",
    "/interviews/{interview_id}/notes/{note_id}",
    "/interviews/{interview_id}/corrections",
    "/interviews/{interview_id}/release",
    "/interviews/{interview_id}/letter",
    "/interviews/{interview_id}/letter/sending",
    "/interviews/{interview_id}/outcome",
    "/interviews/{interview_id}/disputes",
    "/interviews/{interview_id}/review",
    "/interviews/{interview_id}/steps",
    "/interviews/{interview_id}/answers",
    "/interviews/{interview_id}/person",
    "/interviews/{interview_id}/outline",
    "/interviews/{interview_id}/language",
    "/openings/{opening_id}/results",
    "/shared",
    "/interviews/{interview_id}/shares",
    "/interviews/{interview_id}/shares/{share_id}",
    "/interviews/{interview_id}/declaration",
    "/impact",
    "/openings/{opening_id}/impact",
    "/webhooks",
    "/webhooks/{webhook_id}",
    "/webhooks/{webhook_id}/secret",
    "/webhooks/{webhook_id}/test",
    "/webhooks/{webhook_id}/deliveries",
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/again",
    "/session",
    "/session/ways",
    "/session/provider",
    "/session/provider/begin",
    "/password/forgotten",
    "/organisation/mail-test",
    "/organisation/deletion",
    "/mails/{mail_id}",
    "/sessions",
    "/sessions/{session_id}/end",
    "/links/read",
    "/links/follow",
    "/password",
    "/codes",
    "/organisation",
    "/members",
    "/members/{member_id}",
    "/members/{member_id}/link",
    "/members/{member_id}/sessions",
    "/members/{member_id}/codes",
    "/keys",
    "/keys/{key_id}",
    "/audit",
    "/openings",
    "/openings/{opening_id}",
    "/openings/{opening_id}/closed",
    "/openings/{opening_id}/comparison",
    "/openings/{opening_id}/invitations",
    "/openings/{opening_id}/invitations/{invitation_id}",
    "/openings/{opening_id}/invitations/{invitation_id}/link",
    "/invitation",
    "/invitation/resume",
    "/invitation/disputes",
    "/resumes/{resume_id}/disputes",
    "/invitation/adjustments",
    "/invitation/date",
    "/invitation/person",
    "/invitation/interview",
    "/resumes/{resume_id}/holds",
    "/holds/{hold_id}",
    "/receipts",
    "/resumes/{resume_id}/export",
    "/interviews/{interview_id}/export",
    "/interviews/{interview_id}/consent/receipt",
    "/receipts/verify",
    "/receipts/keys",
    "/wordings/{language}",
    "/wordings/{language}/file",
    "/wordings/{language}/versions",
    "/wordings/{language}/versions/{version_id}/again",
}
"""What came after ``/v1`` and is found under it only."""

MANAGED = {
    "/v1/organisation",
    "/v1/organisation/mail-test",
    "/v1/organisation/deletion",
    "/v1/mails/{mail_id}",
    "/v1/members",
    "/v1/members/{member_id}",
    "/v1/members/{member_id}/link",
    "/v1/members/{member_id}/sessions",
    "/v1/members/{member_id}/codes",
    "/v1/keys",
    "/v1/keys/{key_id}",
    "/v1/audit",
    "/v1/impact",
    "/v1/openings/{opening_id}/impact",
    "/v1/webhooks",
    "/v1/webhooks/{webhook_id}",
    "/v1/webhooks/{webhook_id}/secret",
    "/v1/webhooks/{webhook_id}/test",
    "/v1/webhooks/{webhook_id}/deliveries",
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/again",
}

HANDLERS = sorted(
    (
        (method, route.path_format, handler)
        for route in APP.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
        if handler.resolve_include_in_schema() and method != "OPTIONS"
    ),
    key=lambda one: one[:2],
)


def reached(function: FunctionType, seen: set[object]) -> Iterator[Kind]:
    """The kinds of problem that a function of the web's names, or one that it calls does."""
    if function in seen:
        return
    seen.add(function)
    for name in names(function.__code__):
        found = function.__globals__.get(name)
        if isinstance(found, Kind):
            yield found
        elif getattr(found, "__module__", "").startswith("server.web."):
            parts = vars(found).values() if isinstance(found, type) else [found]
            for part in parts:
                if isinstance(part, FunctionType):
                    yield from reached(part, seen)


def names(code: CodeType) -> set[str]:
    nested = [const for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*(names(inner) for inner in nested))


def refusals(handler: HTTPRouteHandler) -> set[tuple[int, str]]:
    seen: set[object] = set()
    own = inspect.unwrap(handler.fn)
    used = [
        provided.dependency
        for name, provided in handler.resolve_dependencies().items()
        if name in handler.parsed_fn_signature.parameters
    ]
    called = [own, *used, *(type(guard).__call__ for guard in handler.resolve_guards())]
    found = [kind for one in called if isinstance(one, FunctionType) for kind in reached(one, seen)]
    for guard in handler.resolve_guards():
        found += guard.refusals  # type: ignore[attr-defined]
    return {(kind.status, code) for kind in found for code in (kind.code, *kind.other_codes)}


def codes(operation: dict[str, Any]) -> set[tuple[int, str]]:
    """What OpenAPI says."""
    found: set[tuple[int, str]] = set()
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get(PROBLEM_JSON)
        for example in content["examples"].values() if content else ():
            found.add((int(status), example["value"]["code"]))
    return found


@pytest.mark.parametrize(
    ("method", "path", "handler"), HANDLERS, ids=[f"{m} {p}" for m, p, _ in HANDLERS]
)
def test_what_a_handler_can_answer_is_documented(
    method: str, path: str, handler: HTTPRouteHandler
) -> None:
    said = codes(OPERATIONS[method, path])
    can = refusals(handler)
    if path.startswith("/v1"):
        assert can <= said
    else:
        assert can - {(422, "invalid_cursor")} <= said  # lists are whole there
    declared = {(kind.status, kind.code) for kind in handler.opt.get("refuses", ())}
    assert declared <= can, "it can never answer this"


def test_the_walk_finds_what_is_hidden_in_calls() -> None:
    (create,) = [h for m, p, h in HANDLERS if (m, p) == ("POST", "/v1/interviews/realtime")]
    assert {
        (404, "template_not_found"),
        (409, "resume_not_ready"),
        (409, "idempotency_key_in_use"),
        (422, "needs_ocr"),
        (422, "idempotency_key_reused"),
    } <= refusals(create)


@pytest.mark.parametrize(("operation"), OPERATIONS.values(), ids=map(" ".join, OPERATIONS))
def test_every_error_has_the_one_schema(operation: dict[str, Any]) -> None:
    errors = {s: r for s, r in operation["responses"].items() if s >= "400" and s != "503"}
    assert {"403", "421", "500"} <= set(errors)
    for response in errors.values():
        assert set(response["content"]) == {PROBLEM_JSON}
        schema = response["content"][PROBLEM_JSON]["schema"]
        assert schema == {"$ref": "#/components/schemas/ProblemDetails"}
        assert response["content"][PROBLEM_JSON]["examples"]


def test_whoever_makes_a_client_of_it_finds_a_name_for_everything() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name)] == []
    assert len(set(names)) == len(names)
    titles = [schema.get("title", name) for name, schema in SCHEMA["components"]["schemas"].items()]
    assert len(set(titles)) == len(titles)


def test_a_number_that_has_a_greatest_has_a_least() -> None:
    bounded = 0
    parts: list[Any] = [SCHEMA]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            bounded += "maximum" in part
            assert "maximum" not in part or part.keys() & {"minimum", "exclusiveMinimum"}, part
        parts += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    assert bounded > 20


def test_the_schema_is_that_of_problem_details() -> None:
    schema = SCHEMA["components"]["schemas"]["ProblemDetails"]
    assert set(schema["required"]) == {"type", "title", "status", "detail", "code"}


SHORT = {
    "/v1/engines",
    "/v1/interviews/{interview_id}/answers",
    "/v1/interviews/{interview_id}/notes",
    "/v1/interviews/{interview_id}/recordings",
    "/v1/interviews/{interview_id}/shares",
    "/v1/resumes/{resume_id}/corrections",
    "/v1/resumes/{resume_id}/disputes",
    "/v1/resumes/{resume_id}/holds",
    "/v1/resumes/{resume_id}/pages",
    "/v1/sessions",
    "/v1/templates",
    "/v1/wordings/{language}/versions",
}
"""Lists of what belongs to one thing or person, or of few: they are read whole."""


def test_every_list_but_the_short_ones_can_be_narrowed() -> None:
    lists = {
        path: {one["name"] for one in operation["parameters"] if one["in"] == "query"}
        for (method, path), operation in OPERATIONS.items()
        if method == "GET" and path.startswith("/v1/")
        and "cursor" in {one["name"] for one in operation.get("parameters", ())}
    }  # fmt: skip
    assert {path for path, asked in lists.items() if asked == {"cursor", "limit"}} == SHORT
    assert len(lists) > len(SHORT) + 8


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=map(" ".join, OPERATIONS))
def test_what_is_to_be_tried_again_says_when(operation: dict[str, Any]) -> None:
    assert "429" in operation["responses"]
    for status, response in operation["responses"].items():
        assert ("Retry-After" in response.get("headers", {})) == (status in {"429", "503"})


def test_whoever_is_counted_is_told_what_is_left() -> None:
    told = {
        (method, path)
        for (method, path), operation in OPERATIONS.items()
        for status, response in operation["responses"].items()
        if status.startswith("2") and "RateLimit" in response.get("headers", {})
    }
    assert {one for one in told if one[1].startswith("/v1/")} == {
        ("POST", "/v1/resumes"),
        ("POST", "/v1/interviews/realtime"),
        ("POST", "/v1/invitation/resume"),
        ("POST", "/v1/invitation/interview"),
    }


def test_every_list_is_paged() -> None:
    lists = {path for method, path, handler in HANDLERS if "window" in signature(handler)}
    assert {path for path in lists if path.startswith("/v1")} == {
        "/v1/resumes",
        "/v1/resumes/{resume_id}/pages",
        "/v1/resumes/{resume_id}/corrections",
        "/v1/resumes/{resume_id}/disputes",
        "/v1/interviews",
        "/v1/interviews/{interview_id}/answers",
        "/v1/interviews/{interview_id}/notes",
        "/v1/interviews/{interview_id}/recordings",
        "/v1/templates",
        "/v1/engines",
        "/v1/sessions",
        "/v1/members",
        "/v1/keys",
        "/v1/audit",
        "/v1/webhooks",
        "/v1/webhooks/{webhook_id}/deliveries",
        "/v1/interviews/{interview_id}/shares",
        "/v1/openings",
        "/v1/openings/{opening_id}/invitations",
        "/v1/resumes/{resume_id}/holds",
        "/v1/receipts",
        "/v1/wordings/{language}/versions",
        "/v1/board",
    }
    for path, methods in SCHEMA["paths"].items():
        if path.startswith("/v1") and "get" in methods:
            schema = methods["get"]["responses"]["200"]["content"]
            assert schema.get("application/json", {}).get("schema", {}).get("type") != "array"


def test_whatever_creates_something_does_it_once_for_each_key() -> None:
    creating = {path for method, path, h in HANDLERS if (method, h.status_code) == ("POST", 201)}
    once = {path for method, path, handler in HANDLERS if "once" in signature(handler)}
    # An offer is answered once: in it and in its answer are keys of one connection.
    assert creating - once == {"/v1/realtime/calls"}
    assert {path for path in once - creating if path.startswith("/v1")} == {
        "/v1/interviews/{interview_id}/steps",
        "/v1/resumes",
        "/v1/webhooks/{webhook_id}/test",
    }


def signature(handler: HTTPRouteHandler) -> set[str]:
    return set(handler.parsed_fn_signature.parameters)


def test_what_was_there_before_v1_is_deprecated_but_for_one() -> None:
    versioned = {path.removeprefix("/v1") for path in SCHEMA["paths"] if path.startswith("/v1/")}
    before = versioned & set(SCHEMA["paths"])
    assert versioned - before == SINCE
    for path in before:
        for method, operation in SCHEMA["paths"][path].items():
            now = SCHEMA["paths"][f"/v1{path}"][method]
            assert operation.get("deprecated", False) == (path != "/interviews/realtime")
            assert not now.get("deprecated", False)
            assert operation.get("security") == now.get("security")
    unversioned = {path for path in SCHEMA["paths"] if not path.startswith("/v1/")} - before
    assert unversioned == {"/health", "/health/live", "/health/ready", "/metrics"}


def test_who_may_call_is_said_of_every_guarded_route() -> None:
    guarded = {
        (method, path): operation["security"]
        for (method, path), operation in OPERATIONS.items()
        if path.startswith("/v1") and operation.get("security")
    }
    assert {path for (_, path), said in guarded.items() if said == [{"candidate": []}]} == {
        "/v1/interviews/{interview_id}/answers",
        "/v1/interviews/{interview_id}/outcome",
        "/v1/interviews/{interview_id}/disputes",
        "/v1/interviews/{interview_id}/review",
        "/v1/interviews/{interview_id}/consent",
        "/v1/interviews/{interview_id}/person",
        "/v1/interviews/{interview_id}/outline",
        "/v1/interviews/{interview_id}/language",
        "/v1/interviews/{interview_id}/declaration",
        "/v1/interviews/{interview_id}/export",
        "/v1/interviews/{interview_id}/consent/receipt",
        "/v1/interviews/{interview_id}",
    }
    of_members = {path for (_, path), said in guarded.items() if said == [{"session": []}]}
    assert of_members - MANAGED == {
        "/v1/session",
        "/v1/sessions",
        "/v1/sessions/{session_id}/end",
        "/v1/password",
        "/v1/codes",
    }
    assert {path for (_, path), said in guarded.items() if said == [{"invitation": []}]} == {
        "/v1/invitation",
        "/v1/invitation/resume",
        "/v1/invitation/disputes",
        "/v1/invitation/adjustments",
        "/v1/invitation/date",
        "/v1/invitation/person",
        "/v1/invitation/interview",
    }
    rights: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for method, path, handler in HANDLERS:
        for guard in handler.resolve_guards():
            if isinstance(guard, Allowed) and path.startswith("/v1"):
                rights[guard.right].add((method, path))
                keys = {"manage": ("session",), "rate": ("interviewer", "session")}
                who = keys.get(guard.right, ("interviewer", "session", "key"))
                assert guarded[method, path] == [{one: []} for one in who]
    assert rights.pop("see") | rights.pop("prepare") == {
        ("GET", "/v1/resumes"),
        ("POST", "/v1/resumes"),
        ("GET", "/v1/resumes/{resume_id}"),
        ("GET", "/v1/resumes/{resume_id}/pages"),
        ("GET", "/v1/resumes/{resume_id}/pages/{page}"),
        ("GET", "/v1/resumes/{resume_id}/corrections"),
        ("GET", "/v1/resumes/{resume_id}/disputes"),
        ("POST", "/v1/interviews/realtime"),
        ("GET", "/v1/interviews"),
        ("GET", "/v1/interviews/{interview_id}"),
        ("GET", "/v1/interviews/{interview_id}/report"),
        ("GET", "/v1/interviews/{interview_id}/scorecards"),
        ("GET", "/v1/interviews/{interview_id}/notes"),
        ("GET", "/v1/interviews/{interview_id}/release"),
        ("GET", "/v1/openings"),
        ("GET", "/v1/board"),
        ("POST", "/v1/transcripts/search"),
        ("GET", "/v1/openings/{opening_id}"),
        ("GET", "/v1/openings/{opening_id}/comparison"),
        ("GET", "/v1/openings/{opening_id}/invitations"),
    }
    assert {path for _, path in rights.pop("manage")} == MANAGED
    assert rights.pop("rate") == {
        ("POST", "/v1/interviews/{interview_id}/report"),
        ("PUT", "/v1/interviews/{interview_id}/scorecard"),
        ("POST", "/v1/interviews/{interview_id}/scorecard/opened"),
        ("POST", "/v1/interviews/{interview_id}/scorecard/submission"),
        ("POST", "/v1/interviews/{interview_id}/decision"),
        ("POST", "/v1/interviews/{interview_id}/corrections"),
        ("PUT", "/v1/interviews/{interview_id}/letter"),
        ("POST", "/v1/interviews/{interview_id}/letter/sending"),
        ("POST", "/v1/interviews/{interview_id}/notes"),
        ("DELETE", "/v1/interviews/{interview_id}/notes/{note_id}"),
    }
    assert set.union(*rights.values()) == {
        ("PATCH", "/v1/resumes/{resume_id}"),
        ("GET", "/v1/interviews/{interview_id}/recordings"),
        ("PUT", "/v1/interviews/{interview_id}/release"),
        ("DELETE", "/v1/interviews/{interview_id}/recordings"),
        ("DELETE", "/v1/resumes/{resume_id}"),
        ("GET", "/v1/resumes/{resume_id}/holds"),
        ("POST", "/v1/resumes/{resume_id}/holds"),
        ("DELETE", "/v1/holds/{hold_id}"),
        ("GET", "/v1/receipts"),
        ("GET", "/v1/resumes/{resume_id}/export"),
        ("GET", "/v1/interviews/{interview_id}/dossier"),
        ("GET", "/v1/interviews/{interview_id}/dossier/archive"),
        ("GET", "/v1/openings/{opening_id}/results"),
        ("GET", "/v1/interviews/{interview_id}/shares"),
        ("POST", "/v1/interviews/{interview_id}/shares"),
        ("DELETE", "/v1/interviews/{interview_id}/shares/{share_id}"),
        ("GET", "/v1/interviews/{interview_id}/answers/{answer_id}/recording"),
        ("GET", "/v1/templates"),
        ("POST", "/v1/templates"),
        ("GET", "/v1/templates/{template_id}"),
        ("PUT", "/v1/templates/{template_id}"),
        ("DELETE", "/v1/templates/{template_id}"),
        ("POST", "/v1/templates/{template_id}/default"),
        ("POST", "/v1/openings"),
        ("PUT", "/v1/openings/{opening_id}"),
        ("DELETE", "/v1/openings/{opening_id}"),
        ("POST", "/v1/openings/{opening_id}/closed"),
        ("POST", "/v1/openings/{opening_id}/invitations"),
        ("PATCH", "/v1/openings/{opening_id}/invitations/{invitation_id}"),
        ("DELETE", "/v1/openings/{opening_id}/invitations/{invitation_id}"),
        ("POST", "/v1/openings/{opening_id}/invitations/{invitation_id}/link"),
        ("POST", "/v1/interviews/{interview_id}/steps"),
        ("GET", "/v1/wordings/{language}"),
        ("PATCH", "/v1/wordings/{language}"),
        ("GET", "/v1/wordings/{language}/file"),
        ("PUT", "/v1/wordings/{language}/file"),
        ("GET", "/v1/wordings/{language}/versions"),
        ("POST", "/v1/wordings/{language}/versions/{version_id}/again"),
    }
    schemes = SCHEMA["components"]["securitySchemes"]
    assert {name: scheme.get("scheme", scheme["type"]) for name, scheme in schemes.items()} == {
        "interviewer": "bearer",
        "session": "apiKey",
        "key": "bearer",
        "candidate": "bearer",
        "invitation": "bearer",
        "share": "bearer",
        "client_secret": "bearer",
    }


def test_the_pages_of_documentation_tell_of_every_route() -> None:
    docs = Path(__file__).parents[2] / "docs"
    page = "".join((docs / f"{one}.md").read_text() for one in PAGES)
    told = set(re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^ `?]+)", page))
    named = {(m, re.sub(r"{(resume|interview|template)_id}", "{id}", p)) for m, p in OPERATIONS}
    routes = {(m, p) for m, p in named if p.startswith(("/v1/", "/health"))}
    assert routes - told == set()
    assert {(m, p) for m, p in told if p.startswith("/v1/")} - routes == set()


@pytest.mark.parametrize("kind", KINDS, ids=[kind.code for kind in KINDS])
def test_every_refusal_says_what_to_do_under_a_plain_code(kind: Kind) -> None:
    assert re.fullmatch(r"[a-z_]+", kind.code)
    assert 400 <= kind.status < 600
    filled = kind.detail.format_map(defaultdict(str))
    assert filled[:1].isupper() or not filled
