"""A running server, as whoever measures it sees it: interviews made, facts read, its figures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import Any, Final

import docx
import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from server.load.clips import LoadError
from server.load.verdict import pending
from server.web.principal import KEY_PROTOCOL

READ_S: Final = 180.0
QUIET_S: Final = 1.0
"""No fact for so long, behind the end of an interview, and there are no more."""

TRIES: Final = 5
NAME, MAIL = "Jordan Load", "jordan.load@example.com"


@dataclass(frozen=True, slots=True)
class Ticket:
    interview_id: str
    token: str


@asynccontextmanager
async def place_at(base: str, key: str | None = None) -> AsyncIterator[Place]:
    """``base``: of the server, or of the balancer before several. ``key``: the interviewers', where
    making and reading interviews is not open to everybody. Raises LoadError."""
    if not base.startswith(("http://", "https://")):
        raise LoadError(f"{base} is no http address")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(base_url=base.rstrip("/"), headers=headers, timeout=60) as http:
        yield Place(base.rstrip("/"), key, http)


class Place:
    """Its methods raise LoadError."""

    def __init__(self, base: str, key: str | None, http: httpx.AsyncClient) -> None:
        self.base = base
        self.wire = base.replace("http", "ws", 1)
        self._key = key
        self._http = http

    async def resume(self, filename: str, content: bytes) -> str:
        """Uploads it and waits until it is read; its id."""
        files = {"file": (filename, content)}
        made = await self.asked("POST", "/v1/resumes", tries=1, files=files)
        resume_id: str = made["id"]
        ends = monotonic() + READ_S
        while (state := await self.asked("GET", f"/v1/resumes/{resume_id}"))["status"] == "queued":
            if monotonic() > ends:
                raise LoadError("the résumé is not read yet; does a worker run?")
            await asyncio.sleep(0.3)
        if state["status"] == "failed":
            raise LoadError(f"the résumé cannot be read: {state['error']['detail']}")
        return resume_id

    async def interview(self, resume_id: str) -> Ticket:
        order = {"resume_id": resume_id}
        made = await self.asked("POST", "/v1/interviews/realtime", json=order)
        return Ticket(made["interview_id"], made["token"])

    async def answers(self, interview_id: str) -> dict[int, str]:
        shown = await self.asked("GET", f"/v1/interviews/{interview_id}")
        return {answer["turn"]: answer["text"] for answer in shown["answers"]}

    async def facts(self, interview_id: str, patience_s: float) -> list[Mapping[str, Any]]:
        """All that are stored, from the first on. Waits until nothing in them waits for words, but
        no longer than ``patience_s``."""
        found: list[Mapping[str, Any]] = []
        url = f"{self.wire}/v1/interviews/{interview_id}/watch?after=0"
        offered = [Subprotocol(f"{KEY_PROTOCOL}{self._key}")] if self._key else None
        offered = [Subprotocol("viva.v1"), *offered] if offered else None
        ends = monotonic() + patience_s
        try:
            async with connect(url, subprotocols=offered, proxy=None, max_size=None) as socket:
                while (left_s := ends - monotonic()) > 0:
                    quiet_s = left_s if pending(found) or not found else min(QUIET_S, left_s)
                    async with asyncio.timeout(quiet_s):
                        told = json.loads(await socket.recv())
                    if told["type"] == "fact":
                        found.append(told)
        except TimeoutError:
            pass
        except (ConnectionClosed, InvalidHandshake, OSError) as error:
            raise LoadError(f"interview {interview_id} cannot be watched: {error}") from error
        return found

    async def figures(self, address: str | None = None) -> str:
        """What ``/metrics`` says, here or at the address of one server behind the balancer."""
        url = f"{(address or self.base).rstrip('/')}/metrics"
        try:
            answer = await self._http.get(url)
        except httpx.HTTPError as error:
            raise LoadError(f"{url} does not answer: {error!r}") from error
        if not answer.is_success:
            raise LoadError(f"{url}: {_problem(answer)}")
        return answer.text

    async def asked(
        self, method: str, path: str, tries: int = TRIES, **content: Any
    ) -> dict[str, Any]:
        """Tried again where nobody answers: a server behind a balancer may just have died."""
        for attempt in range(tries):
            try:
                answer = await self._http.request(method, path, **content)
            except httpx.HTTPError as error:
                why = f"{self.base} does not answer: {error!r}"
            else:
                if answer.is_success:
                    found: dict[str, Any] = answer.json() if answer.content else {}
                    return found
                why = _problem(answer)
                if answer.status_code not in {502, 504}:
                    break
            if attempt + 1 < tries:
                await asyncio.sleep(0.2 * 2**attempt)
        raise LoadError(why)


def _problem(answer: httpx.Response) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(answer.json()["detail"])
    return f"the server answers {answer.status_code}"


def word_file(texts: Sequence[str]) -> bytes:
    """A résumé of somebody who does what is said under load, in its language."""
    made, into = docx.Document(), BytesIO()
    made.add_heading(NAME, 0)
    for text in (MAIL, *texts):
        made.add_paragraph(text)
    made.save(into)
    return into.getvalue()
