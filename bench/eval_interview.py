"""Whole interviews of scripted candidates, in virtual time, through the real session.

``python -m bench.eval_interview [--transcripts] [--persona NAME]``: with the model server of
``VIVA_LLM_URL``, which then also gets the attacks of ``tests/core/injections.py``, else with the
bank. Exit status 1 when a forbidden question was asked, a question was asked twice, or an attack
got through.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import NamedTuple, TypeVar
from uuid import UUID, uuid5

import msgspec

from bench.eval_attacks import attacked
from bench.personas import PERSONAS, Persona
from bench.role_judge import off_role
from server.core import guard
from server.core.dialogue import prompts
from server.core.dialogue.plan import draft_plan, wanted
from server.core.dialogue.template import CLOSING_STAGE, Rules, Template
from server.core.events import (
    AnswerGiven,
    CandidateJoined,
    Compose,
    Effect,
    EngineFailed,
    Exchange,
    Fact,
    Input,
    InterviewEnded,
    ItemSettled,
    PlanArrived,
    Played,
    QuestionAsked,
    QuestionComposed,
    QuestionVoiced,
    SegmentTranscribed,
    Tell,
    Ticked,
    Transcribe,
    VoiceFrame,
    VoiceStarted,
)
from server.core.interview import Interview
from server.core.lists import topics
from server.core.session import Session
from server.core.turn.segment import FRAME_MS
from server.engines.chat import ChatWriter
from server.engines.choice import choose
from server.engines.registry import chat_writer
from server.language.pack import shipped
from server.ports import EngineError, Message
from server.realtime.errands import first_question
from server.settings import Settings
from workers.main import PLAN_TOKENS
from workers.questions import written_plan

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]
INTERVIEWS = UUID("00000000-0000-7000-8000-0000000000ee")
"""A namespace: each persona gets questions of its own."""
PAUSE_MS = 1_500
WORD_MS = 350
DECODE_MS = 150
LONGEST_MS = 45 * 60_000
TURNS = 60
PLAN_S = 120.0


def standard() -> Rules:
    """The template that every database begins with, as its migration writes it."""
    sql = (ROOT / "migrations/0004_templates.sql").read_text(encoding="utf-8")
    row = re.search(r"\btrue, '(\[.*?\])', (\d+), ([\d.]+), (\d+),\s*'(\[.*?\])'", sql, re.DOTALL)
    assert row is not None
    languages, minutes, pace, follow_ups, stages = map(json.loads, row.groups())
    given = {"name": "standard", "languages": languages, "minutes": minutes, "pace": pace}
    return msgspec.convert({**given, "follow_ups": follow_ups, "stages": stages}, Template).rules()


STANDARD = standard()


@dataclass
class Held:
    """One interview as it went."""

    persona: Persona
    facts: list[Fact] = field(default_factory=list)
    first_ms: list[int] = field(default_factory=list)
    whole_ms: list[int] = field(default_factory=list)
    lasted_ms: int = 0

    def all(self, kind: type[T]) -> list[T]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @property
    def asked(self) -> list[QuestionAsked]:
        return [fact for fact in self.facts if isinstance(fact, QuestionAsked)]


class Models(NamedTuple):
    """As the server asks one for follow-ups and the worker for the plan."""

    asks: ChatWriter
    plans: ChatWriter


class Interviewed:
    """A persona in front of a session: hears, thinks, speaks, one VAD window at a time."""

    def __init__(self, persona: Persona, models: Models | None, loop: asyncio.Runner) -> None:
        interview_id = str(uuid5(INTERVIEWS, persona.name))
        interview = Interview(interview_id, persona.role, persona.language, {}, packs=shipped())
        self._session = Session(interview, rules=STANDARD, writer=models is not None)
        self._models, self._loop = models, loop
        self._due: list[tuple[int, Input]] = []
        self._saying: list[str] = []
        self._now_ms = 0
        self._given = 0
        self.held = Held(persona)
        if models is not None:
            stages = wanted(interview, STANDARD)
            written = loop.run(written_plan(models.plans, interview, stages, PLAN_S))
            self._give(PlanArrived(draft_plan(interview, STANDARD, written)))

    def hold(self) -> Held:
        self._give(CandidateJoined(marks=True))
        self._silence(2_100)
        turn = 0
        while not self._session.ended and self._now_ms < LONGEST_MS and turn < TURNS:
            turn = self._session.turn
            self._hear(turn)
            if not self._session.ended:
                self._answer(turn)
        self.held.lasted_ms = self._now_ms
        return self.held

    def _hear(self, turn: int) -> None:
        self._give(VoiceStarted(turn))
        voice_ms = 60 * len(self.held.asked[-1].text)
        self._give(QuestionVoiced(turn, voice_ms))
        self._silence(voice_ms)
        self._give(Played(turn, voice_ms, complete=True))

    def _answer(self, turn: int) -> None:
        answers = self.held.persona.answers
        text = answers[self._given % len(answers)]
        self._given += 1
        self._silence(800)
        for part in (part.strip() for part in text.split("|")):
            if part:
                self._saying.append(part)
                self._frames(0.95, max(600, WORD_MS * len(part.split())))
                self._silence(PAUSE_MS)
        while self._session.turn == turn and not self._session.ended:
            self._silence(320)
            if self._now_ms > LONGEST_MS:
                return

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
                self.held.facts.append(effect.fact)
            case Transcribe():
                text = self._saying.pop(0) if self._saying else ""
                heard = SegmentTranscribed(effect.turn, effect.segment, text, (), "script", 0)
                self._due.append((self._now_ms + DECODE_MS, heard))
            case Compose():
                self._due.append(self._composed(effect))
            case _:
                pass

    def _composed(self, effect: Compose) -> tuple[int, Input]:
        assert self._models is not None
        writer = self._models.asks
        began = monotonic()
        messages = [Message(*one) for one in prompts.question(effect.brief)]
        deltas = writer.write(messages, session=self.held.persona.name)
        try:
            text, first = self._loop.run(first_question(deltas))
        except EngineError as error:
            failed = EngineFailed("llm", effect.turn, str(error), revision=effect.revision)
            return self._now_ms + int((monotonic() - began) * 1_000), failed
        took_ms = int((monotonic() - began) * 1_000)
        first_ms = int(((first or monotonic()) - began) * 1_000)
        self.held.first_ms.append(first_ms)
        self.held.whole_ms.append(took_ms)
        model = writer.model
        written = QuestionComposed(effect.turn, effect.revision, text, model, took_ms, first_ms)
        return self._now_ms + took_ms, written


@dataclass
class Figures:
    """Counts over interviews; rates are made of them at the end."""

    follow_ups: int = 0
    written: int = 0
    planned: int = 0
    planned_by_model: int = 0
    grounded: int = 0
    repeats: int = 0
    forbidden: int = 0
    off_role: int = 0
    questions: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    minutes: list[float] = field(default_factory=list)
    first_ms: list[int] = field(default_factory=list)
    whole_ms: list[int] = field(default_factory=list)

    def add(self, held: Held) -> None:
        answers = {fact.turn: fact.text for fact in held.facts if isinstance(fact, AnswerGiven)}
        seen: set[str] = set()
        for question in held.asked:
            self.questions += 1
            own = question.kind in ("repeat", "rephrase")
            bare = re.sub(r"\W", "", question.text)
            self.repeats += bare in seen and not own
            seen.add(bare)
            self.forbidden += forbidden(question, held.persona)
            if question.reason and question.reason.startswith("model_refused:"):
                self.refusals[question.reason.partition(":")[2]] += 1
            if question.kind == "follow_up":
                self.follow_ups += 1
                self.written += question.source == "llm"
                self.grounded += grounded(question.text, answers.get(question.turn - 1, ""))
            if question.kind in ("planned", "follow_up") and question.stage != CLOSING_STAGE:
                language = question.language or held.persona.language
                answer = answers.get(question.turn - 1, "")
                self.off_role += off_role(question.text, answer, held.persona.role, language)
            if question.kind == "planned" and question.stage != CLOSING_STAGE:
                self.planned += 1
                self.planned_by_model += question.source == "llm"
        for fact in held.facts:
            if isinstance(fact, ItemSettled):
                reason = f" ({fact.reason})" if fact.reason else ""
                self.outcomes[f"{fact.outcome}{reason}"] += 1
                self.stages[fact.stage] += fact.outcome != "skipped"
        self.minutes.append(held.lasted_ms / 60_000)
        self.first_ms += held.first_ms
        self.whole_ms += held.whole_ms

    def line(self, name: str) -> str:
        share = self.grounded / self.follow_ups if self.follow_ups else 1.0
        in_plan = 1 - self.off_role / max(1, self.questions)
        minutes = statistics.mean(self.minutes)
        return (
            f"{name:16} {self.questions:9} {in_plan:8.0%} {self.follow_ups:10} {share:9.0%}"
            f" {self.repeats:8} {self.forbidden:10} {minutes:8.1f}"
        )


def forbidden(question: QuestionAsked, persona: Persona) -> bool:
    """Judged like a model's question, whoever wrote it."""
    history = (Exchange("", ""),)
    said = guard.check(
        question.text,
        language=question.language or persona.language,
        target_role=persona.role,
        history=history,
    )
    kind = (said or "").partition(":")[0]
    return kind in ("forbidden_topic", "personal_data", "verdict", "leaked_instructions")


def grounded(question: str, answer: str) -> bool:
    """Whether it quotes the answer, or shares one of its longer words."""
    said, asked = topics.normal(answer).casefold(), topics.normal(question).casefold()
    quoted = re.search(r"[“\"]([^”\"]+)[”\"]", asked)
    if quoted and quoted.group(1).strip(" .…") in said:
        return True
    words = {word for word in re.findall(r"[\w가-힣]{2,}", said) if len(word) > 3 or word > "가"}
    return any(word in asked for word in words)


def report(interviews: list[Held]) -> Figures:
    heads = f"{'persona':16} questions  on role follow-ups  grounded  repeats  forbidden  minutes"
    print(heads)
    total = Figures()
    for held in interviews:
        own = Figures()
        own.add(held)
        total.add(held)
        print(own.line(held.persona.name))
    print(total.line("together"))
    asked = sum(total.stages.values())
    print(f"coverage: {asked} of {sum(total.outcomes.values())} plan items were asked")
    print("plan items:", ", ".join(f"{name} {n}" for name, n in total.outcomes.most_common()))
    print("stages asked:", ", ".join(f"{name} {n}" for name, n in total.stages.most_common()))
    refused = ", ".join(f"{code} {n}" for code, n in total.refusals.most_common())
    print(f"planned by a model: {total.planned_by_model} of {total.planned}", end="; ")
    print(f"follow-ups by a model: {total.written} of {total.follow_ups}")
    print(f"refused by the guard: {refused or 'none'}")
    for name, times in (("first token", total.first_ms), ("whole question", total.whole_ms)):
        if times:
            print(f"{name}: median {statistics.median(times):.0f} ms, most {max(times)} ms")
    return total


def transcript(held: Held) -> None:
    print(f"\n# {held.persona.name} ({held.persona.role})")
    for fact in held.facts:
        match fact:
            case QuestionAsked():
                print(f"  {fact.turn:2} {fact.kind:9} {fact.text}")
            case AnswerGiven():
                print(f"               > {fact.text}")
            case InterviewEnded():
                print(f"     ended: {fact.reason}")
            case _:
                pass


def hold_all(models: Models | None, loop: asyncio.Runner, only: Sequence[str] = ()) -> list[Held]:
    chosen = [persona for persona in PERSONAS if not only or persona.name in only]
    return [Interviewed(persona, models, loop).hold() for persona in chosen]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcripts", action="store_true")
    names = ", ".join(persona.name for persona in PERSONAS)
    parser.add_argument("--persona", action="append", default=[], help=f"only this one: {names}")
    given = parser.parse_args()
    models = configured(Settings.from_env(os.environ))
    print(f"questions from {'the bank' if models is None else 'VIVA_LLM_URL'}")
    with asyncio.Runner() as loop:
        interviews = hold_all(models, loop, given.persona)
        if given.transcripts:
            for held in interviews:
                transcript(held)
        total = report(interviews)
        spoken = 0
        if models is not None:
            spoken = loop.run(attacked(models.asks, transcripts=given.transcripts))
            for model in models:
                loop.run(model.close())
    sys.exit(bool(total.forbidden or total.repeats or spoken))


def configured(settings: Settings) -> Models | None:
    asks: ChatWriter | None = choose("llm", settings).engine
    plans = chat_writer(settings, max_tokens=PLAN_TOKENS, total_s=PLAN_S)
    return None if asks is None or plans is None else Models(asks, plans)


if __name__ == "__main__":
    main()
