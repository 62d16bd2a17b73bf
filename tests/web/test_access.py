"""Every route and every socket, with everybody who can call and with what is another's."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any, Final

import asyncpg
import httpx
import msgspec
import pytest
from litestar.routes import HTTPRoute, WebSocketRoute
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from server.identity.principal import OF_ROLE, OPEN, SCOPES, Interviewer
from server.realtime import wire
from server.store.scope import LOCAL
from server.web import watch
from server.web.principal import COOKIE, CSRF_HEADER
from tests.live import TLS, Viva
from tests.web.house import ROLES, Company, company
from tests.web.test_problems import APP

KEY: Final = "interviewers-only"
JSON: Final = {
    "POST /v1/interviews/realtime": {"resume_id": "{resume_id}"},
    "POST /v1/resumes/{resume_id}/holds": {"reason": "x"},
    "PUT /v1/interviews/{interview_id}/person": {"wanted": True},
    "PUT /v1/interviews/{interview_id}/language": {"language": "en"},
    "PUT /v1/interviews/{interview_id}/declaration": {},
    "PUT /v1/interviews/{interview_id}/scorecard": {},
    "POST /v1/interviews/{interview_id}/scorecard/opened": {"statement_id": "{resume_id}"},
    "POST /v1/interviews/{interview_id}/decision": {"outcome": "open", "reason": "x"},
    "POST /v1/interviews/{interview_id}/notes": {"text": "x"},
    "POST /v1/interviews/{interview_id}/shares": {"name": "x"},
    "POST /v1/transcripts/search": {"words": "x"},
    "POST /v1/realtime/client_secrets": {"interview_id": "{interview_id}"},
    "PUT /v1/interviews/{interview_id}/release": {"released": True},
    "PUT /v1/interviews/{interview_id}/letter": {"text": "x"},
    "POST /v1/interviews/{interview_id}/letter/sending": {"text": "x"},
    "POST /v1/interviews/{interview_id}/disputes": {"turn": 1, "first": 0, "last": 0, "said": "x"},
    "POST /v1/interviews/{interview_id}/corrections": {
        "turn": 1,
        "first": 0,
        "last": 0,
        "said": "x",
    },
    "PUT /v1/interviews/{interview_id}/review": {},
    "PATCH /v1/members/{member_id}": {"name": "x"},
    "PATCH /v1/webhooks/{webhook_id}": {},
    "POST /v1/sessions/{session_id}/end": {"password": ""},
    "POST /v1/organisation/deletion": {"name": "not as it is written"},
    "POST /v1/interviews/{interview_id}/steps": {"step": "line", "text": "x"},
    "PATCH /v1/resumes/{resume_id}": {"field": "name", "value": "x", "by": "x"},
    "PUT /v1/openings/{opening_id}": {"title": "x"},
    "POST /v1/openings/{opening_id}/closed": {"closed": False},
    "POST /v1/openings/{opening_id}/invitations": {"people": [{"name": "x"}]},
    "PATCH /v1/openings/{opening_id}/invitations/{invitation_id}": {},
    "PATCH /v1/invitation": {"name": "x"},
    "POST /v1/invitation/disputes": {"field": "name", "words": "x"},
    "PUT /v1/invitation/adjustments": {},
    "PUT /v1/invitation/person": {"wanted": True},
    "PUT /v1/templates/{template_id}": {"name": "x", "stages": [{"name": "closing"}]},
    "PATCH /v1/wordings/{language}": {"texts": {}},
    "PUT /v1/wordings/{language}/file": {"toml": ""},
}
"""What is sent where nothing would be understood; the rest is answered 400 by whom it lets in."""

EVERYBODY: Final = "everybody"
KNOWN: Final = "whoever is known"
MEMBER: Final = "members"
CANDIDATE: Final = "the candidate"
GUEST: Final = "whoever came by an invitation"
COLLEAGUE: Final = "whoever came by a shared link"
CALLER: Final = "the candidate, or who has a client secret"
CONNECTS: Final = "the candidate, or whoever may prepare interviews"
BEFORE_V1: Final = {
    "GET /engines": EVERYBODY,
    "POST /resumes": "prepare",
    "GET /resumes": "see",
    "GET /resumes/{resume_id}": "see",
    "PATCH /resumes/{resume_id}": "correct",
    "GET /resumes/{resume_id}/pages": "see",
    "GET /resumes/{resume_id}/pages/{page}": "see",
    "GET /resumes/{resume_id}/corrections": "see",
    "POST /interviews/realtime": "prepare",
    "GET /interviews": "see",
    "GET /interviews/{interview_id}": "see",
    "GET /interviews/{interview_id}/consent": CANDIDATE,
    "POST /interviews/{interview_id}/consent": CANDIDATE,
    "GET /interviews/{interview_id}/recordings": "listen",
    "DELETE /interviews/{interview_id}/recordings": "delete",
    "GET /interviews/{interview_id}/answers/{answer_id}/recording": "listen",
    "GET /templates": "plan",
    "POST /templates": "plan",
    "GET /templates/{template_id}": "plan",
    "PUT /templates/{template_id}": "plan",
    "DELETE /templates/{template_id}": "plan",
    "POST /templates/{template_id}/default": "plan",
}
SINCE_V1: Final = {
    "GET /interviews/{interview_id}/answers": CANDIDATE,
    "PUT /interviews/{interview_id}/person": CANDIDATE,
    "GET /interviews/{interview_id}/outline": CANDIDATE,
    "PUT /interviews/{interview_id}/language": CANDIDATE,
    "GET /board": "see",
    "POST /realtime/client_secrets": CONNECTS,
    "POST /realtime/calls": CALLER,
    "POST /realtime/calls/{call_id}/hangup": CONNECTS,
    "POST /transcripts/search": "see",
    "GET /resumes/{resume_id}/disputes": "see",
    "POST /interviews/{interview_id}/steps": "step_in",
    "GET /resumes/{resume_id}/holds": "delete",
    "POST /resumes/{resume_id}/holds": "delete",
    "DELETE /resumes/{resume_id}": "delete",
    "DELETE /interviews/{interview_id}": CANDIDATE,
    "DELETE /holds/{hold_id}": "delete",
    "GET /interviews/{interview_id}/dossier": "delete",
    "GET /interviews/{interview_id}/dossier/archive": "delete",
    "GET /interviews/{interview_id}/shares": "delete",
    "POST /interviews/{interview_id}/shares": "delete",
    "DELETE /interviews/{interview_id}/shares/{share_id}": "delete",
    "GET /shared": COLLEAGUE,
    "GET /interviews/{interview_id}/declaration": CANDIDATE,
    "PUT /interviews/{interview_id}/declaration": CANDIDATE,
    "DELETE /interviews/{interview_id}/declaration": CANDIDATE,
    "GET /impact": "manage",
    "GET /openings/{opening_id}/impact": "manage",
    "GET /interviews/{interview_id}/report": "see",
    "POST /interviews/{interview_id}/report": "rate",
    "GET /interviews/{interview_id}/scorecards": "see",
    "PUT /interviews/{interview_id}/scorecard": "rate",
    "POST /interviews/{interview_id}/scorecard/opened": "rate",
    "POST /interviews/{interview_id}/scorecard/submission": "rate",
    "POST /interviews/{interview_id}/decision": "rate",
    "GET /interviews/{interview_id}/notes": "see",
    "POST /interviews/{interview_id}/notes": "rate",
    "DELETE /interviews/{interview_id}/notes/{note_id}": "rate",
    "POST /interviews/{interview_id}/corrections": "rate",
    "GET /interviews/{interview_id}/release": "see",
    "PUT /interviews/{interview_id}/release": "plan",
    "PUT /interviews/{interview_id}/letter": "rate",
    "POST /interviews/{interview_id}/letter/sending": "rate",
    "GET /interviews/{interview_id}/outcome": CANDIDATE,
    "POST /interviews/{interview_id}/disputes": CANDIDATE,
    "PUT /interviews/{interview_id}/review": CANDIDATE,
    "GET /receipts": "delete",
    "GET /resumes/{resume_id}/export": "delete",
    "GET /interviews/{interview_id}/export": CANDIDATE,
    "GET /interviews/{interview_id}/consent/receipt": CANDIDATE,
    "POST /receipts/verify": EVERYBODY,
    "GET /receipts/keys": EVERYBODY,
    "POST /session": EVERYBODY,
    "GET /session/ways": EVERYBODY,
    "POST /session/provider/begin": EVERYBODY,
    "POST /session/provider": EVERYBODY,
    "POST /password/forgotten": EVERYBODY,
    "POST /organisation/mail-test": "manage",
    "POST /organisation/deletion": "manage",
    "GET /mails/{mail_id}": "manage",
    "POST /links/read": EVERYBODY,
    "POST /links/follow": EVERYBODY,
    "GET /session": KNOWN,
    "POST /sessions/{session_id}/end": MEMBER,
    "GET /sessions": MEMBER,
    "PUT /password": MEMBER,
    "POST /codes": MEMBER,
    "PUT /codes": MEMBER,
    "GET /organisation": "manage",
    "PATCH /organisation": "manage",
    "GET /members": "manage",
    "POST /members": "manage",
    "PATCH /members/{member_id}": "manage",
    "POST /members/{member_id}/link": "manage",
    "DELETE /members/{member_id}/sessions": "manage",
    "GET /audit": "manage",
    "GET /webhooks": "manage",
    "POST /webhooks": "manage",
    "PATCH /webhooks/{webhook_id}": "manage",
    "DELETE /webhooks/{webhook_id}": "manage",
    "POST /webhooks/{webhook_id}/secret": "manage",
    "POST /webhooks/{webhook_id}/test": "manage",
    "GET /webhooks/{webhook_id}/deliveries": "manage",
    "POST /webhooks/{webhook_id}/deliveries/{delivery_id}/again": "manage",
    "GET /keys": "manage",
    "POST /keys": "manage",
    "DELETE /keys/{key_id}": "manage",
    "DELETE /members/{member_id}/codes": "manage",
    "DELETE /members/{member_id}": "manage",
    "DELETE /session": MEMBER,
    "GET /openings": "see",
    "POST /openings": "plan",
    "GET /openings/{opening_id}": "see",
    "PUT /openings/{opening_id}": "plan",
    "DELETE /openings/{opening_id}": "plan",
    "POST /openings/{opening_id}/closed": "plan",
    "GET /openings/{opening_id}/results": "delete",
    "GET /openings/{opening_id}/comparison": "see",
    "GET /openings/{opening_id}/invitations": "see",
    "POST /openings/{opening_id}/invitations": "plan",
    "PATCH /openings/{opening_id}/invitations/{invitation_id}": "plan",
    "DELETE /openings/{opening_id}/invitations/{invitation_id}": "plan",
    "POST /openings/{opening_id}/invitations/{invitation_id}/link": "plan",
    "GET /wordings/{language}": "plan",
    "PATCH /wordings/{language}": "plan",
    "GET /wordings/{language}/file": "plan",
    "PUT /wordings/{language}/file": "plan",
    "GET /wordings/{language}/versions": "plan",
    "POST /wordings/{language}/versions/{version_id}/again": "plan",
    "GET /invitation": GUEST,
    "PATCH /invitation": GUEST,
    "POST /invitation/resume": GUEST,
    "POST /invitation/disputes": GUEST,
    "PUT /invitation/adjustments": GUEST,
    "PUT /invitation/date": GUEST,
    "PUT /invitation/person": GUEST,
    "DELETE /invitation": GUEST,
    "POST /invitation/interview": GUEST,
}
REST: Final = {
    "GET /": EVERYBODY,
    "GET /interviewer": EVERYBODY,
    "GET /interviewer/templates": EVERYBODY,
    "GET /interviewer/members": EVERYBODY,
    "GET /interviewer/wording": EVERYBODY,
    "GET /interviewer/openings": EVERYBODY,
    "GET /interviewer/openings/{opening_id}/comparison": EVERYBODY,
    "GET /interviewer/interviews/{interview_id}": EVERYBODY,
    "GET /interviewer/interviews/{interview_id}/print": EVERYBODY,
    "GET /invitation": EVERYBODY,
    "GET /shared": EVERYBODY,
    "GET /rehearsal": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "GET /texts/{name}": EVERYBODY,
    "GET /loaded/{name}": EVERYBODY,
    "GET /static/{file_path}": EVERYBODY,
    "HEAD /static/{file_path}": EVERYBODY,
    "GET /schema": EVERYBODY,
    "GET /schema/openapi.json": EVERYBODY,
    "GET /schema/{path}": EVERYBODY,
    "GET /health": EVERYBODY,
    "GET /health/live": EVERYBODY,
    "GET /health/ready": EVERYBODY,
    "GET /metrics": "measure",
}
ROUTES: Final[dict[str, str]] = {
    **BEFORE_V1,
    **{f"{one.replace(' ', ' /v1', 1)}": who for one, who in (BEFORE_V1 | SINCE_V1).items()},
    **REST,
}
"""Who may use each: everybody, the candidate of the interview, or whoever has this right."""

OWN_SOCKETS: Final = ("/v1/realtime", "/v1/rehearsal")
"""For the candidate alone."""
SOCKETS: Final = {
    *OWN_SOCKETS,
    "/v1/interviews/{interview_id}/watch",
    "/interviews/{interview_id}/watch",
}
RIGHTS: Final[dict[str, frozenset[str]]] = {
    **{role: frozenset(OF_ROLE[role]) for role in ROLES},
    "every key": frozenset(SCOPES),
    "key to see": frozenset({"see"}),
    "candidate": frozenset(),
    "client secret": frozenset(),
    "guest": frozenset(),
    "colleague": frozenset(),
}


pytestmark = pytest.mark.viva(worker=False, interviewer_key=KEY)


@pytest.fixture
async def here(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Hereby", LOCAL)


@pytest.fixture
async def there(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Thereby")


def test_no_route_is_unknown() -> None:
    http: set[str] = set()
    sockets: set[str] = set()
    for route in APP.routes:
        path = route.path_format
        if isinstance(route, HTTPRoute):
            http |= {f"{method} {path}" for method in route.methods if method != "OPTIONS"}
        elif isinstance(route, WebSocketRoute):
            sockets.add(path)
        else:
            pytest.fail(f"{path} is neither HTTP nor a WebSocket")
    assert http == set(ROUTES)
    assert sockets == SOCKETS


async def asked(viva: Viva, route: str, ids: dict[str, str], headers: dict[str, str]) -> Any:
    method, path = route.split(" ", 1)
    body = JSON.get(route if "/v1" in route else route.replace(" ", " /v1", 1))
    sent = None if body is None else json.loads(_filled(json.dumps(body), ids))
    url = _filled(path, {"name": "x", "file_path": "x", "path": "x", **ids})
    if "/schema" not in url:
        return await viva.http.request(method, url, json=sent, headers=headers)
    async with httpx.AsyncClient(base_url=viva.base, verify=TLS) as plain:  # its 404 is a page
        return await plain.request(method, url, headers=headers)


def _filled(text: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    return text


DENIED = {401, 403}
FAREWELLS: Final = (
    "DELETE /v1/webhooks/{webhook_id}",
    "DELETE /v1/invitation",
    "DELETE /v1/session",
)


def _last(route: tuple[str, str]) -> int:
    return FAREWELLS.index(route[0]) + 1 if route[0] in FAREWELLS else 0


async def test_everybody_at_every_route(viva: Viva, here: Company, there: Company) -> None:
    wrong: list[tuple[object, ...]] = []
    # Whoever has signed out can try no more.
    for route, who in sorted(ROUTES.items(), key=_last):
        for kind, rights in RIGHTS.items():
            for ids in (here, there):
                answer = await asked(viva, route, ids.ids, here.headers[kind])
                if there.marker in answer.text:
                    wrong.append((route, kind, "tells of another organisation"))
                own, status = ids is here, answer.status_code
                fine = _fits(route, who, kind, rights, own=own, status=status)
                if not fine:
                    wrong.append((route, kind, ids.marker, answer.status_code))
    assert wrong == []


def _fits_guests(route: str, kind: str, *, own: bool, status: int) -> bool:
    if kind != "guest":
        return status == 403
    if route in FAREWELLS and not own:  # deleted by then, or a newer link took its place
        return status in {401, 410}
    return status not in {*DENIED, 500}


def _fits_connects(_route: str, kind: str, *, own: bool, status: int) -> bool:
    may = kind == "candidate" or "prepare" in RIGHTS.get(kind, OPEN)
    if not may:
        return status == 403
    return status in {200, 204} if own else status == 404


def _fits_caller(_route: str, kind: str, *, own: bool, status: int) -> bool:
    may = kind in ("candidate", "client secret")
    return status == (422 if may else 403)  # what is sent is no offer


OF_SOME: Final = {GUEST: _fits_guests, CONNECTS: _fits_connects, CALLER: _fits_caller}


def _fits(
    route: str, who: str, kind: str, rights: frozenset[str], *, own: bool, status: int
) -> bool:
    if who == EVERYBODY:
        return status not in DENIED
    if who in (KNOWN, COLLEAGUE):
        return status == (200 if who == KNOWN or kind == "colleague" else 403)
    if who == MEMBER:
        if kind not in ROLES:
            return status == 403
        named = "_id}" in route  # nobody's but their own
        if route == "DELETE /v1/session" and not own:
            return status == 401
        return status == 404 if named else status not in {*DENIED, 404, 500}
    if who in OF_SOME:
        return OF_SOME[who](route, kind, own=own, status=status)
    if who == CANDIDATE:
        return status not in DENIED if kind == "candidate" and own else status == 403
    if who not in rights:
        return status == 403
    if not own and ("_id}" in route or "realtime" in route):
        return status == 404
    missing = route.endswith("/recording")  # nothing was recorded
    return status not in {*DENIED, 500} and (status != 404 or missing)


STRANGERS: Final[list[dict[str, str]]] = [
    {},
    {"authorization": "Bearer wrong"},
    {"authorization": "Bearer vivakey_wrong"},
    {"cookie": f"{COOKIE}=wrong"},
]


async def test_a_stranger_where_somebody_has_an_account(
    viva: Viva, here: Company, pool: asyncpg.Pool
) -> None:
    expired = here.headers["every key"]
    assert (await viva.http.get("/v1/interviews", headers=expired)).status_code == 200
    await pool.execute("UPDATE api_keys SET expires_at = now()")
    for headers in (*STRANGERS, expired):
        for route, who in ROUTES.items():
            answer = await asked(viva, route, here.ids, headers)
            assert (answer.status_code == 401) == (who != EVERYBODY), route
            assert here.marker not in answer.text, route


async def test_whoever_is_at_a_machine_without_accounts(
    viva: Viva, here: Company, there: Company, pool: asyncpg.Pool
) -> None:
    await pool.execute("DELETE FROM users")
    for headers, rights in (
        ({}, OPEN),
        ({"authorization": f"Bearer {KEY}"}, Interviewer.rights),
    ):
        for route, who in ROUTES.items():
            for ids in (here, there):
                answer = await asked(viva, route, ids.ids, headers)
                own, status = ids is here, answer.status_code
                assert _fits(route, who, "", frozenset(rights), own=own, status=status), route
                assert there.marker not in answer.text, route
    await pool.execute("INSERT INTO users (name, role, joined_at) VALUES ('x', 'admin', now())")
    assert (await viva.http.get("/v1/interviews")).status_code == 401


async def test_another_site_changes_nothing_with_a_stolen_cookie(viva: Viva, here: Company) -> None:
    cookie = {"cookie": here.headers["admin"]["cookie"]}
    for route, who in ROUTES.items():
        if route.startswith(("GET", "HEAD")) or who in (EVERYBODY, CANDIDATE, COLLEAGUE, GUEST):
            continue
        for forged in (
            {},
            {CSRF_HEADER: "wrong"},
            {CSRF_HEADER: here.headers["viewer"][CSRF_HEADER]},
        ):
            answer = await asked(viva, route, here.ids, {**cookie, **forged})
            assert (answer.status_code, answer.json()["code"]) == (403, "not_our_page"), route


async def closed(viva: Viva, path: str, headers: dict[str, str]) -> int | None:
    """The code with which the server closes; None where it lets in."""
    url = viva.base.replace("http", "ws") + path
    page: Any = ["viva.v1", "viva.rehearsal.v1"]
    async with connect(url, subprotocols=page, additional_headers=headers) as socket:
        with suppress(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 20)
            return None
    return socket.close_code


async def test_everybody_at_every_socket(viva: Viva, here: Company, there: Company) -> None:
    for path in sorted(SOCKETS - {*OWN_SOCKETS}):
        for ids, own in ((here, True), (there, False)):
            url = _filled(path, ids.ids)
            for kind, rights in RIGHTS.items():
                expected = (None if own else 4404) if "see" in rights else 4403
                assert await closed(viva, url, here.headers[kind]) == expected, (path, kind)
            assert await closed(viva, url, {}) == 4401
    for path in OWN_SOCKETS:
        for kind in RIGHTS:
            by_secret = kind == "client secret" and path == "/v1/realtime"
            expected = None if kind == "candidate" or by_secret else 4401
            assert await closed(viva, path, here.headers[kind]) == expected, (path, kind)
        assert await closed(viva, path, {"authorization": f"Bearer {KEY}"}) == 4401
        assert await closed(viva, path, {}) == 4401


async def test_no_event_reaches_another_organisations_interview(
    viva: Viva, here: Company, there: Company, pool: asyncpg.Pool
) -> None:
    """Every event that a client can send, with what the other interview's things are called."""
    before = await pool.fetch("SELECT * FROM facts WHERE interview_id = $1", _id(there))
    url = viva.base.replace("http", "ws") + "/v1/realtime"
    events = [_event(kind, there.ids["question_id"]) for kind in wire.Incoming.__args__]
    assert len(events) > 10
    for protocols in (["realtime"], ["realtime", "viva.v1"]):
        subprotocols: Any = protocols
        headers = here.headers["candidate"]
        async with connect(url, subprotocols=subprotocols, additional_headers=headers) as socket:
            told = [await _until_quiet(socket)]
            for event in events:
                await socket.send(json.dumps(event))
                told.append(await _until_quiet(socket))
        assert there.marker not in "".join(told)
    path = f"/v1/interviews/{here.ids['interview_id']}/watch"
    url = viva.base.replace("http", "ws") + path
    async with connect(url, additional_headers=here.headers["viewer"]) as socket:
        mine = await pool.fetchval("SELECT count(*) FROM facts WHERE interview_id = $1", _id(here))
        for event in events:
            await socket.send(json.dumps(event))
        assert there.marker not in await _until_quiet(socket)
    after = "SELECT count(*) FROM facts WHERE interview_id = $1"
    assert await pool.fetchval(after, _id(here)) == mine, "who watches only watches"
    assert await pool.fetch("SELECT * FROM facts WHERE interview_id = $1", _id(there)) == before


def _id(of: Company) -> str:
    return of.ids["interview_id"]


def _event(kind: type, item_id: str) -> dict[str, Any]:
    tag = msgspec.inspect.type_info(kind).tag  # type: ignore[attr-defined]
    return {
        "type": tag, "item_id": item_id, "previous_item_id": item_id, "content_index": 0,
        "audio_end_ms": 0, "turn": 1, "played_ms": 0, "control": "skip", "audio": "",
        "session": {"type": "realtime"}, "response": {},
        "item": {"id": item_id, "type": "message", "role": "user", "content": []},
    }  # fmt: skip


async def _until_quiet(socket: Any) -> str:
    """What comes in answer, voice left out."""
    told = []
    try:
        while True:
            message = await asyncio.wait_for(socket.recv(), 0.3)
            told.append(message if isinstance(message, str) else "")
    except (TimeoutError, ConnectionClosed):
        return "".join(told)


async def test_who_is_removed_sees_no_more(
    viva: Viva, here: Company, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_AGAIN_S", 0.05)
    url = viva.base.replace("http", "ws") + f"/v1/interviews/{_id(here)}/watch"
    async with connect(url, additional_headers=here.headers["viewer"]) as socket:
        await socket.recv()
        await pool.execute("UPDATE users SET removed_at = now() WHERE role = 'viewer'")
        await asyncio.wait_for(socket.wait_closed(), 20)
    assert socket.close_code == 4401
