"""The company of the demonstration, over HTTP: what it interviews for, whom it invites, what its
people make of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final, get_args

import httpx
import msgspec

from server.core.events import StageName
from server.demo.people import Person
from server.load.clips import LoadError
from server.load.place import Place

STORY: Final = Path(__file__).with_name("company.toml")
STAGES: Final = get_args(StageName)
REPORT_S: Final = 120.0
LOOK_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Break:
    """Before the answer to ``turn`` the line of ``who`` breaks for so many ``seconds``."""

    who: str
    turn: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Dispute:
    who: str
    said: str


@dataclass(frozen=True, slots=True)
class Decided:
    level: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """What the company interviews for, and what happens: see ``company.toml``."""

    live: str
    breaks: Break
    disputes: Dispute
    opening: Mapping[str, Any]
    decided: Mapping[str, Decided]


def story() -> Story:
    return msgspec.toml.decode(STORY.read_bytes(), type=Story)


class Company:
    """Its methods raise LoadError."""

    def __init__(self, place: Place, opening: Mapping[str, Any]) -> None:
        self._place = place
        self._opening = opening
        self._title = str(opening["title"])
        """Of its template as well."""

    async def opening(self) -> str | None:
        """The id of the demonstration's, where there is one."""
        async for one in self._every("/v1/openings"):
            if one["opening"]["title"] == self._title:
                return str(one["id"])
        return None

    async def open(self) -> str:
        """A question for each stage, so that an interview is short. Its id."""
        stages = [{"name": name, "questions": 1} for name in STAGES]
        template_id = await self._template()
        if template_id is None:
            order = {"name": self._title, "stages": stages}
            template_id = (await self._place.asked("POST", "/v1/templates", json=order))["id"]
        order = {**self._opening, "template_id": template_id}
        made = await self._place.asked("POST", "/v1/openings", json=order)
        return str(made["id"])

    async def invite(self, opening_id: str, who: Sequence[Person]) -> list[tuple[str, str]]:
        """Of each: where their interview is, and the token that opens it."""
        resumes = [
            await self._place.resume(f"{one.email.partition('@')[0]}.docx", one.word_file())
            for one in who
        ]
        people = [
            {"name": one.name, "email": one.email, "resume_id": resume_id}
            for one, resume_id in zip(who, resumes, strict=True)
        ]
        order = {"people": people, "days": 30, "way": "link"}
        path = f"/v1/openings/{opening_id}/invitations"
        made = await self._place.asked("POST", path, json=order)
        return [await self._come(one["link"]) for one in made["invited"]]

    async def _come(self, link: str) -> tuple[str, str]:
        """As the candidate does, by their link."""
        way = {"Authorization": f"Bearer {link.rpartition('#link=')[2]}"}
        made = await self._place.asked("POST", "/v1/invitation/interview", headers=way)
        return made["interview_id"], made["token"]

    async def rate(self, interview_id: str, decided: Decided) -> None:
        """As a person would who has heard a quote for every competency, and then decides."""
        path = f"/v1/interviews/{interview_id}"
        report = await self._report(interview_id)
        for criterion in report["criteria"]:
            quotes = [one["id"] for line in criterion["lines"] for one in line["statements"]]
            for quote in quotes[:1]:
                opened = {"statement_id": quote}
                await self._place.asked("POST", f"{path}/scorecard/opened", json=opened)
        ratings = [
            {"competency": one["name"], "level": decided.level, "reason": ""}
            for one in report["criteria"]
        ]
        card = {"ratings": ratings, "summary": decided.reason}
        await self._place.asked("PUT", f"{path}/scorecard", json=card)
        await self._place.asked("POST", f"{path}/scorecard/submission")
        decision = {"outcome": decided.outcome, "reason": decided.reason}
        await self._place.asked("POST", f"{path}/decision", json=decision)

    async def dispute(self, interview_id: str, token: str, said: str) -> None:
        """As the candidate does, to whom their words were shown: the first of them are wrong."""
        own = {"Authorization": f"Bearer {token}"}
        path = f"/v1/interviews/{interview_id}"
        await self._place.asked("PUT", f"{path}/release", json={"released": True})
        order = {"turn": 1, "first": 0, "last": 1, "said": said}
        await self._place.asked("POST", f"{path}/disputes", json=order, headers=own)

    async def close(self, opening_id: str) -> int:
        """Everybody of it is erased, and the opening is gone; how many they were."""
        gone = 0
        path = f"/v1/openings/{opening_id}"
        found = [one async for one in self._every(f"{path}/invitations")]
        for one in found:
            if one["resume_id"] is not None:
                await self._place.asked("DELETE", f"/v1/resumes/{one['resume_id']}")
                gone += 1
        await self._place.asked("DELETE", path)
        if (template_id := await self._template()) is not None:
            await self._place.asked("DELETE", f"/v1/templates/{template_id}")
        return gone

    async def _template(self) -> str | None:
        async for one in self._every("/v1/templates"):
            if one["template"]["name"] == self._title:
                return str(one["id"])
        return None

    async def _report(self, interview_id: str) -> dict[str, Any]:
        ends = monotonic() + REPORT_S
        while True:
            path = f"/v1/interviews/{interview_id}/report"
            report = await self._place.asked("GET", path)
            if report["state"] == "ready":
                return report
            if report["state"] == "failed" or monotonic() > ends:
                raise LoadError("no report was written; what does the worker's log say?")
            await asyncio.sleep(LOOK_S)

    async def _every(self, path: str) -> AsyncIterator[Mapping[str, Any]]:
        """Of all pages."""
        query = httpx.QueryParams()
        while True:
            page = await self._place.asked("GET", f"{path}?{query}")
            for one in page["items"]:
                yield one
            if page["next_cursor"] is None:
                return
            query = httpx.QueryParams(cursor=page["next_cursor"])
