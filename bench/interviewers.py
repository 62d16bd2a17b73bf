"""Whoever can interview a scripted candidate; the built-in one goes through the real session, by
voice and in virtual time."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import NamedTuple, Protocol
from uuid import UUID, uuid5

import msgspec

from bench.likeness import words
from bench.scenarios import Scenario
from server.core.events import (
    AnswerGiven,
    CandidateJoined,
    CompanyFact,
    Compose,
    ControlTaken,
    ControlUsed,
    Effect,
    EngineFailed,
    Fact,
    Input,
    InterviewEnded,
    MeaningRead,
    PlanArrived,
    Played,
    QuestionAsked,
    QuestionVoiced,
    SegmentTranscribed,
    Tell,
    Ticked,
    Transcribe,
    Understand,
    VoiceFrame,
    VoiceStarted,
)
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.session import Session
from server.engines.chat import ChatWriter
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.clauses import asked_in, compared
from server.language.pack import shipped
from server.plan import draft_plan, wanted
from server.ports import EngineError
from server.realtime.ears import Ears
from server.realtime.errands import composed
from server.realtime.segment import FRAME_MS
from server.store.templates import Template
from server.wording.brief import brief
from server.wording.reply import Unreadable
from workers.questions import written_plan

ROOT = Path(__file__).resolve().parents[1]
INTERVIEWS = UUID("00000000-0000-7000-8000-0000000000ee")
"""A namespace: each scenario gets questions of its own."""
WORD_MS = 130
VOICE_CHAR_MS = 30
DECODE_MS, READ_MS = 150, 30
PATIENCE_MS = 60_000
"""A candidate who hears nothing for so long speaks again."""
PLAN_S = 120.0
UNDERSTANDING = OfflineUnderstanding(Encoder())
"""One for all: it holds the sentence encoder."""
COMPANY = (
    CompanyFact(
        "remote, home, 재택",
        {"en": "Two days a week can be worked from home.", "ko": "주 이틀 재택근무를 합니다."},
    ),
    CompanyFact(
        "team, colleagues, 팀, 몇 명",
        {"en": "The team has nine people.", "ko": "팀은 아홉 명입니다."},
    ),
    CompanyFact(
        "shift, hours, 근무 시간, 교대",
        {
            "en": "Work begins at eight and there are two shifts.",
            "ko": "근무는 여덟 시에 시작하고 이교대입니다.",
        },
    ),
)
TWICE = ("knowledge", "experience", "problem_solving", "collaboration")


@dataclass(frozen=True, slots=True)
class Spoken:
    """``topic``: the planned question that it belongs to. ``lead``: what of the text is said before
    the question, where that is told apart."""

    text: str
    kind: str
    topic: str
    stage: str = ""
    source: str = "bank"
    reason: str | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the interviewer did until it was the candidate's turn. ``counted``: the candidate's
    words were stored as an answer."""

    spoken: tuple[Spoken, ...] = ()
    counted: bool = False
    paused: bool = False
    ended: str | None = None

    @property
    def text(self) -> str:
        return " ".join(one.text for one in self.spoken)

    @property
    def reason(self) -> str:
        """Of what was said last, as the wire gives it."""
        return (self.spoken[-1].reason if self.spoken else "silence") or "none given"


class Interviewer(Protocol):
    def begin(self) -> Reply: ...

    def hears(self, utterance: str, silence_ms: int) -> Reply:
        """``silence_ms``: the candidate says nothing for so long afterwards."""

    def resume(self) -> Reply:
        """The candidate comes back after a break."""


Interviewers = Callable[[Scenario], Interviewer]


class Models(NamedTuple):
    """As the server asks one for follow-ups and the worker for the plan."""

    asks: ChatWriter
    plans: ChatWriter


def standard() -> Rules:
    """The template that every database begins with, as its migration writes it, with two questions
    to a stage so that there is room for what candidates bring in, and what may be told."""
    sql = (ROOT / "migrations/0004_templates.sql").read_text(encoding="utf-8")
    row = re.search(r"\btrue, '(\[.*?\])', (\d+), ([\d.]+), (\d+),\s*'(\[.*?\])'", sql, re.DOTALL)
    assert row is not None
    languages, _, pace, follow_ups, stages = map(json.loads, row.groups())
    for stage in stages:
        stage["questions"] = 2 if stage["name"] in TWICE else 1
        stage["minutes"] = None
    given = {"name": "standard", "languages": languages, "minutes": 60, "pace": pace}
    template = msgspec.convert({**given, "follow_ups": follow_ups, "stages": stages}, Template)
    return replace(template.rules(), company=COMPANY)


class BuiltIn:
    """A candidate in front of a session: hears, thinks, speaks, one VAD window at a time."""

    def __init__(
        self, scenario: Scenario, models: Models | None, loop: asyncio.Runner, rules: Rules
    ) -> None:
        interview_id = str(uuid5(INTERVIEWS, scenario.id))
        interview = Interview(
            interview_id,
            scenario.role,
            scenario.language,
            resume_of(scenario),
            packs=shipped(),
            rules=rules,
        )
        self._session = Session(interview, Ears(), writer=models is not None)
        self._models, self._loop, self._name = models, loop, scenario.id
        self._due: list[tuple[int, Input]] = []
        self._saying: list[str] = []
        self._now_ms = 0
        self._topics: dict[str, str] = {}
        self._voiced = 0
        self.facts: list[Fact] = []
        self.first_ms: list[int] = []
        self.whole_ms: list[int] = []
        if models is None:
            self._give(PlanArrived(draft_plan(interview), drafted=True))
        else:
            stages = wanted(interview)
            written = loop.run(written_plan(models.plans, interview, stages, PLAN_S))
            self._give(PlanArrived(draft_plan(interview, written)))

    # What a candidate sees of it.

    def begin(self) -> Reply:
        self._give(CandidateJoined(marks=True))
        return self._until_asked(0)

    def hears(self, utterance: str, silence_ms: int) -> Reply:
        since = len(self.facts)
        self._silence(600)
        self._saying.append(utterance)
        self._frames(0.95, max(600, WORD_MS * len(words(utterance))))
        return self._until_asked(since, utterance, silence_ms)

    def resume(self) -> Reply:
        since = len(self.facts)
        self._give(ControlUsed("resume", "button"))
        return self._until_asked(since)

    def _until_asked(self, since: int, utterance: str = "", silence_ms: int = 0) -> Reply:
        """Until something is asked, or nothing was for as long as the candidate waits."""
        until = self._now_ms + (silence_ms or PATIENCE_MS)
        waits = self._now_ms + silence_ms
        while (
            self._now_ms < until
            and not self._session.state.ended
            and not self._session.state.paused
        ):
            self._silence(320)
            asked = self._hear()
            if asked and (self._now_ms >= waits or any("?" in one.text for one in asked)):
                break
        told = self.facts[since:]
        given = [fact.text for fact in told if isinstance(fact, AnswerGiven)]
        ended = next((fact.reason for fact in told if isinstance(fact, InterviewEnded)), None)
        asked = [fact for fact in told if isinstance(fact, QuestionAsked)]
        return Reply(
            tuple(self._spoken(fact) for fact in asked),
            counted=bool(utterance) and any(utterance in text for text in given),
            paused=any(isinstance(f, ControlTaken) and f.control == "pause" for f in told),
            ended=ended,
        )

    def _spoken(self, asked: QuestionAsked) -> Spoken:
        topic = self._topic(asked)
        lead = str(getattr(asked, "lead", ""))
        text = f"{lead} {asked.text}".strip()
        return Spoken(text, asked.kind, topic, asked.stage, asked.source, asked.reason, lead)

    def _topic(self, asked: QuestionAsked) -> str:
        if asked.question_id not in self._topics:
            parent = asked.parent_id
            own = parent is None or parent not in self._topics
            topic = asked.question_id if parent is None or own else self._topics[parent]
            self._topics[asked.question_id] = topic
        return self._topics[asked.question_id]

    # Sound, in virtual time.

    def _hear(self) -> list[QuestionAsked]:
        """What was asked and not heard yet."""
        asked = [fact for fact in self.facts if isinstance(fact, QuestionAsked)]
        fresh, self._voiced = asked[self._voiced :], len(asked)
        if fresh and not self._session.state.ended:
            turn, voice_ms = fresh[-1].turn, VOICE_CHAR_MS * len(fresh[-1].text)
            self._give(VoiceStarted(turn))
            self._give(QuestionVoiced(turn, voice_ms))
            self._now_ms += voice_ms
            self._give(Played(turn, voice_ms, complete=True))
        return fresh

    def _silence(self, ms: int) -> None:
        self._frames(0.01, ms)

    def _frames(self, probability: float, ms: int) -> None:
        for _ in range(max(1, ms // FRAME_MS)):
            self._now_ms += FRAME_MS
            for at, event in [one for one in self._due if one[0] <= self._now_ms]:
                self._due.remove((at, event))
                self._give(event)
            deadline = self._session.deadline()
            if deadline is not None and self._now_ms >= deadline:
                self._give(Ticked())
            self._give(VoiceFrame(self._session.audio_ms + FRAME_MS, probability))

    def _give(self, event: Input) -> None:
        for effect in self._session.step(event, self._now_ms):
            self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Tell():
                self.facts.append(effect.fact)
            case Transcribe():
                text = self._saying.pop(0) if self._saying else ""
                heard = SegmentTranscribed(effect.turn, effect.segment, text, (), "script", 0)
                self._due.append((self._now_ms + DECODE_MS, heard))
            case Understand():
                self._due.append((self._now_ms + READ_MS, self._read(effect)))
            case Compose():
                self._due.append(self._composed(effect))
            case _:
                pass

    def _read(self, effect: Understand) -> MeaningRead:
        """As the server's errand does it."""
        read = UNDERSTANDING.read(effect.question, effect.text)
        samples = compared(read, effect.samples)
        nearest = UNDERSTANDING.compare(asked_in(read, effect.text), samples) if samples else None
        return MeaningRead(effect.turn, effect.segment, read, nearest)

    def _composed(self, effect: Compose) -> tuple[int, Input]:
        assert self._models is not None
        began = monotonic()
        session = self._session
        told = brief(session.interview, session.state, effect.meant)
        work = composed(effect, told, self._models.asks, UNDERSTANDING, self._name)
        try:
            done = self._loop.run(work)
        except (EngineError, Unreadable) as error:
            failed = EngineFailed("llm", effect.turn, str(error), revision=effect.revision)
            return self._now_ms + int((monotonic() - began) * 1_000), failed
        took_ms = int((monotonic() - began) * 1_000)
        self.first_ms.append(done.first_token_ms or took_ms)
        self.whole_ms.append(took_ms)
        return self._now_ms + took_ms, done


def resume_of(scenario: Scenario) -> dict[str, object]:
    header = {"name": None, "target_role": scenario.role}
    work = [{"name": scenario.resume[0], "highlights": list(scenario.resume[1:])}]
    return {"header": header, "work": work}
