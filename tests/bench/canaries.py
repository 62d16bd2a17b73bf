"""Interviewers that are plainly bad, each in one way: an evaluation that cannot tell them from a
good one measures nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from uuid import uuid5

from bench.interviewers import INTERVIEWS, Reply, Spoken, standard
from bench.scenarios import Scenario
from server.core.events import CLOSING_STAGE, Language, PlannedQuestion
from server.core.interview import Interview
from server.language.pack import shipped
from server.plan import draft_plan

RULES = standard()
SAYS: dict[Language, dict[str, str | list[str]]] = {
    "en": {
        "elaborate": "You said “{said}”. Could you elaborate on that?",
        "same": "Could you tell me more about your work?",
        "praise": "Great answer, that is really impressive! Wonderful.",
        "private": ["Are you married?", "Do you have children?", "How old are you?"],
        "on": ["Right.", "Next one.", "On we go.", "Moving along.", "Another one, then."],
        "bye": "Goodbye.",
    },
    "ko": {
        "elaborate": "“{said}”라고 하셨는데, 그 부분을 더 자세히 말씀해 주시겠어요?",
        "same": "하시는 일을 더 말씀해 주시겠어요?",
        "praise": "정말 훌륭한 답변이네요. 대단히 인상적입니다.",
        "private": ["결혼은 하셨나요?", "자녀가 있으신가요?", "나이가 어떻게 되시나요?"],
        "on": ["네.", "다음요.", "계속하겠습니다.", "넘어갑니다.", "하나 더요."],
        "bye": "안녕히 가세요.",
    },
}


@lru_cache(maxsize=64)
def planned(scenario_id: str, role: str, language: Language) -> tuple[PlannedQuestion, ...]:
    """What the built-in interviewer would ask, so that only the manner differs."""
    name = str(uuid5(INTERVIEWS, scenario_id))
    interview = Interview(name, role, language, {}, packs=shipped(), rules=RULES)
    return draft_plan(interview)


@dataclass
class Canary:
    """Asks the plan in its order, each in its own manner."""

    scenario: Scenario
    asked: int = 0
    followed: bool = True

    @property
    def words(self) -> dict[str, str | list[str]]:
        return SAYS[self.scenario.language]

    @property
    def plan(self) -> tuple[PlannedQuestion, ...]:
        return planned(self.scenario.id, self.scenario.role, self.scenario.language)

    def begin(self) -> Reply:
        return self.next()

    def hears(self, utterance: str, silence_ms: int) -> Reply:
        return self.next()

    def resume(self) -> Reply:
        return self.next()

    def next(self, lead: str = "") -> Reply:
        if self.asked >= len(self.plan):
            return Reply(
                (Spoken(str(self.words["bye"]), "closing", "end"),), True, ended="complete"
            )
        one = self.plan[self.asked]
        self.asked += 1
        kind = "opening" if one.ordinal == 1 else "planned"
        text = f"{lead} {one.text}".strip()
        spoken = Spoken(text, kind, one.question_id, one.stage, lead=lead)
        return Reply((spoken,), counted=True)

    def further(self, text: str) -> Reply:
        one = self.plan[self.asked - 1]
        return Reply((Spoken(text, "follow_up", one.question_id, one.stage),), counted=True)

    @property
    def at_the_end(self) -> bool:
        return self.plan[self.asked - 1].stage == CLOSING_STAGE


class Ignores(Canary):
    """Goes through the plan whatever is said, with a few words between the questions."""

    def hears(self, utterance: str, silence_ms: int) -> Reply:
        on = self.words["on"]
        return self.next(on[self.asked % len(on)])


class Parrot(Canary):
    """Reads back what was said and asks to elaborate, then goes on."""

    def hears(self, utterance: str, silence_ms: int) -> Reply:
        self.followed = not self.followed
        if self.followed or self.at_the_end:
            return self.next()
        return self.further(str(self.words["elaborate"]).format(said=utterance.rstrip(".?!")))


class AsksTheSame(Canary):
    """Whatever was said, the one question it has."""

    def next(self, lead: str = "") -> Reply:
        self.asked += 1
        if self.asked > 20:
            return Reply(
                (Spoken(str(self.words["bye"]), "closing", "end"),), True, ended="complete"
            )
        return Reply((Spoken(str(self.words["same"]), "planned", "the same"),), counted=True)


class Praises(Canary):
    """Judges every utterance, kindly."""

    def hears(self, utterance: str, silence_ms: int) -> Reply:
        return self.next(str(self.words["praise"]))


class Pries(Canary):
    """Asks about the candidate's private life between the planned questions."""

    def hears(self, utterance: str, silence_ms: int) -> Reply:
        self.followed = not self.followed
        if self.followed or self.at_the_end:
            return self.next()
        asks = self.words["private"]
        return self.further(asks[self.asked % len(asks)])


CANARIES: dict[str, Callable[[Scenario], Canary]] = {
    "ignores": Ignores,
    "parrot": Parrot,
    "asks the same": AsksTheSame,
    "praises": Praises,
    "pries": Pries,
}
