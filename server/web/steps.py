"""A person steps into a running interview: what they want is taken here, and done by whoever
drives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from server.core.events import SteppedIn
from server.identity.principal import Member, Principal
from server.store import accounts, interviews, steps
from server.store.interviews import StoredInterview
from server.store.pool import Connection, new_id
from server.web import authoring
from server.web.guards import Allowed
from server.web.once import Once
from server.web.principal import principal_of
from server.web.problems import INTERVIEW_NOT_FOUND, INTERVIEW_OVER, STEP_EMPTY, Problem
from server.web.services import Services
from server.web.topic import Asking, Wordings, asking

ASKED: frozenset[str] = frozenset({"question", "topic"})
Step = Literal["question", "topic", "time", "pause", "resume", "line", "answer", "stop"]
Text = Annotated[str, msgspec.Meta(max_length=600, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Minutes = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Turn = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
SAID: frozenset[str] = frozenset({"question", "topic", "line", "answer"})
"""Nothing without words."""


class StepOrder(msgspec.Struct):
    """``text``: the question, word for word, the topic, or what the candidate reads and hears.
    ``about``: the turn in which they asked what is answered. ``now``: not after the answer, but at
    once. ``sure``: also where the guard has something against it."""

    step: Step
    text: Text = ""
    about: Turn | None = None
    minutes: Minutes = 0
    now: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True)
class StepTaken:
    """``step_id`` null: nothing was done; ``warned`` is what the guard has against it, and
    ``detail`` says it in English. It is done as soon as it is a fact."""

    step_id: UUID | None
    warned: str | None = None
    detail: str | None = None


@post(
    "/{interview_id:uuid}/steps",
    status_code=HTTP_202_ACCEPTED,
    refuses=[INTERVIEW_NOT_FOUND, INTERVIEW_OVER, STEP_EMPTY],
)
async def step_in(
    interview_id: FromPath[UUID],
    data: JSONBody[StepOrder],
    request: Request[Any, Any, Any],
    once: NamedDependency[Once],
    services: NamedDependency[Services],
) -> StepTaken:
    """Told to the candidate where it concerns them, and stored with who and when."""
    interview = await interviews.get(services.pool, interview_id)
    if interview is None:
        raise Problem(INTERVIEW_NOT_FOUND)
    text = data.text.strip()
    if (data.step in SAID and not text) or (data.step == "time" and not data.minutes):
        raise Problem(STEP_EMPTY)
    asked = await _as_asked(services, interview, data.step, text)
    asks = data.step in ASKED or asked.text.endswith("?")
    warned = await _warned(services, interview, asked.text, asks=asks) if text else None
    if warned is not None and not data.sure:
        return StepTaken(None, warned, authoring.explained(warned, asks=asks))
    step = SteppedIn(
        str(await new_id(services.pool)),
        data.step,
        principal_of(request).name,
        await called(services, principal_of(request)),
        asked.text,
        about=data.about,
        minutes=data.minutes if data.step == "time" else 0,
        now=data.now,
        warned=warned,
        model=asked.model,
    )

    async def take(connection: Connection) -> StepTaken:
        if interview.status == "ended":
            raise Problem(INTERVIEW_OVER)
        await steps.add(connection, interview_id, step)
        return StepTaken(UUID(step.step_id), warned)

    taken = await once((interview_id, data), StepTaken, take, lambda _: interview_id)
    await nudge(services, interview, step)
    return taken


async def put(services: Services, interview: StoredInterview, step: SteppedIn) -> None:
    await steps.add(services.pool, interview.id, step)
    await nudge(services, interview, step)


async def nudge(services: Services, interview: StoredInterview, step: SteppedIn) -> None:
    """It is done by whoever drives the interview; where nobody does, as soon as somebody comes, but
    for the end."""
    if step.step == "stop":
        await services.registry.wake(interview)
    services.pulse.nudge()


async def called(services: Services, principal: Principal) -> str:
    """What the others call whoever this is."""
    if isinstance(principal, Member):
        user = await accounts.get(services.pool, principal.user_id)
        return user.name if user is not None else ""
    return ""


async def _as_asked(
    services: Services, interview: StoredInterview, step: Step, text: str
) -> Asking:
    """What is told ends as a sentence does: it is spoken."""
    if step == "topic":
        pack = services.packs.of(interview.language)

        async def speakable(written: str) -> bool:
            return await _warned(services, interview, written, asks=True) is None

        of = Wordings(services.pool, pack, services.writer, speakable)
        return await asking(of, interview, text)
    told = step in ("line", "answer") and text[-1:].isalnum()
    return Asking(f"{text}." if told else text)


async def _warned(
    services: Services, interview: StoredInterview, text: str, *, asks: bool
) -> str | None:
    pack = services.packs.of(interview.language)
    judgement = await authoring.judged(services, pack, text)
    if judgement is not None and authoring.refused(judgement):
        return judgement.fault
    return authoring.doubted(pack, text, judgement, asks=asks)


router = Router(
    "/interviews",
    route_handlers=[step_in],
    guards=[Allowed("step_in", "step into interviews")],
    tags=["interviews"],
)
