"""What an interviewer decides beforehand: stages, time, languages, patience, own questions, and
what may be told about the company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from server.core.events import CLOSING_STAGE, CompanyFact, Language, StageName


@dataclass(frozen=True, slots=True)
class Stage:
    """``minutes`` None: its share of the interview by the number of questions. ``follow_ups`` None:
    as many as the template allows on any topic."""

    name: StageName
    questions: int = 1
    minutes: float | None = None
    follow_ups: int | None = None


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """Written by hand and asked word for word. ``text`` by language, one at least."""

    stage: StageName
    text: Mapping[Language, str]
    competency: str = ""
    rubric: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What of a template the dialogue goes by; ``questions`` where no stages are given."""

    questions: int = 5
    follow_ups: int = 1
    minutes: float = 30
    stages: tuple[Stage, ...] = ()
    languages: tuple[Language, ...] = ()
    """What may be spoken; empty: whatever there is a pack for."""
    own: tuple[OwnQuestion, ...] = ()
    common: tuple[OwnQuestion, ...] = ()
    """What everybody is asked who comes for the same opening, besides the questions of a stage."""
    company: tuple[CompanyFact, ...] = ()
    keep_days: int = 30
    """How long what is recorded is kept."""
    weights: Mapping[str, int] = field(default_factory=dict)
    """How much a competency counts beside the others, by its name, where that was said."""

    def weight(self, competency: str) -> int:
        """0 where nothing was said of it."""
        named = competency.strip().casefold()
        return max((n for one, n in self.weights.items() if one.casefold() == named), default=0)

    @property
    def total_ms(self) -> int:
        return round(self.minutes * 60_000)

    def lasting(self, more: float) -> Rules:
        """``more`` minutes, or fewer; every stage has its share of them."""
        minutes = max(1.0, self.minutes + more)
        share = minutes / self.minutes
        stages = tuple(
            replace(one, minutes=None if one.minutes is None else one.minutes * share)
            for one in self.stages
        )
        return replace(self, minutes=minutes, stages=stages)

    def follow_ups_in(self, stage: str) -> int:
        rule = next((one for one in self.stages if one.name == stage), None)
        if rule is not None and rule.follow_ups is not None:
            return rule.follow_ups
        return 0 if stage == CLOSING_STAGE else self.follow_ups

    def due_ms(self, stage: str) -> int:
        """When this stage should be over, from the beginning of the interview; the whole time for
        a stage that is not planned."""
        names = [one.name for one in self.stages]
        if stage not in names:
            return self.total_ms
        minutes = self._minutes()
        whole = max(sum(minutes), self.minutes)
        until = sum(minutes[: names.index(stage) + 1])
        return round(until / whole * self.total_ms)

    def _minutes(self) -> list[float]:
        """Of each stage: as given; the rest shares what is left, a minute a question at least."""
        given = sum(one.minutes for one in self.stages if one.minutes is not None)
        asked = sum(one.questions for one in self.stages if one.minutes is None)
        each = max(1.0, (self.minutes - given) / asked) if asked else 0.0
        return [each * one.questions if one.minutes is None else one.minutes for one in self.stages]
