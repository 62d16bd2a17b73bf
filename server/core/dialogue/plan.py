"""The plan of one interview: who is asked what, in which order, and to what end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from server.core import bank
from server.core.dialogue.company import closing_question
from server.core.dialogue.grounds import rests_on
from server.core.dialogue.rubric import competency, rubric
from server.core.dialogue.template import CLOSING_STAGE, OPENING_STAGE, OwnQuestion, Rules
from server.core.events import Language, PlannedQuestion, RestsOn, Source
from server.core.lists.sameness import same
from server.core.state import Interview

_DEALT = 40
"""More than any plan takes, so that every stage has its own to choose from."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before it has its place in the plan."""

    stage: str
    text: str
    source: Source
    language: Language
    competency: str = ""
    rubric: tuple[str, ...] = ()
    rests_on: tuple[RestsOn, ...] = ()
    simpler: str | None = None
    elsewhere: str | None = None
    model: str | None = None
    prompt: str | None = None


def draft_plan(
    interview: Interview, rules: Rules, written: Sequence[Draft] = ()
) -> tuple[PlannedQuestion, ...]:
    """Stage by stage: the interviewer's own questions, then ``written`` by a model, then the
    bank's, as many as the stage has. The bank opens, for it says that an AI asks."""
    dealer = _Dealer(interview, rules, written)
    drafts = [draft for stage, count in _stages(rules) for draft in dealer.deal(stage, count)]
    return tuple(_numbered(interview, at, draft) for at, draft in enumerate(drafts, start=1))


def wanted(rules: Rules) -> dict[str, int]:
    """How many questions by stage a model is to write: neither the first nor the last words, nor
    those the interviewer has written."""
    return {
        stage: left
        for stage, count in _stages(rules)
        if stage not in (OPENING_STAGE, CLOSING_STAGE)
        and (left := count - sum(own.stage == stage for own in rules.own)) > 0
    }


def _stages(rules: Rules) -> list[tuple[str, int]]:
    """The introduction always comes first, the closing last."""
    if rules.stages:
        counts = {stage.name: stage.questions for stage in rules.stages}
    else:
        order: dict[str, int] = dict.fromkeys(bank.STAGES, 0)
        for at in range(rules.questions - 1):
            order[_WITHOUT_STAGES[at % len(_WITHOUT_STAGES)]] += 1
        counts = {stage: count for stage, count in order.items() if count}  # type: ignore[misc]
    for own in rules.own:
        counts.setdefault(own.stage, 0)
    between = [one for one in counts.items() if one[0] not in (OPENING_STAGE, CLOSING_STAGE)]
    closing = [(CLOSING_STAGE, counts[CLOSING_STAGE])] if CLOSING_STAGE in counts else []
    return [(OPENING_STAGE, counts.get(OPENING_STAGE, 1)), *between, *closing]


# Which stage gets the next question where no template says it.
_WITHOUT_STAGES = (
    "experience", "knowledge", "problem_solving", "collaboration", "motivation",
    "knowledge", "experience", "knowledge", "problem_solving", "experience",
)  # fmt: skip


class _Dealer:
    def __init__(self, interview: Interview, rules: Rules, written: Sequence[Draft]) -> None:
        self._interview = interview
        self._rules = rules
        self._written = written
        self._piles = from_bank(interview, interview.language)
        self._dealt: list[Draft] = []

    def deal(self, stage: str, count: int) -> list[Draft]:
        own = [_own(one, self._interview) for one in self._rules.own if one.stage == stage]
        drafts = [self._opening(), *own] if stage == OPENING_STAGE else own
        for draft in drafts:
            self._dealt.append(draft)
        for draft in [*(d for d in self._written if d.stage == stage), *self._piles[stage]]:
            if len(drafts) >= count:
                break
            if not any(same(draft.text, other.text) for other in self._dealt):
                drafts.append(draft)
                self._dealt.append(draft)
        return drafts

    def _opening(self) -> Draft:
        interview, language = self._interview, self._interview.language
        other: Language = "en" if language == "ko" else "ko"
        role, name = interview.target_role, interview.name
        return Draft(
            OPENING_STAGE,
            bank.opening(role, language, name),
            "bank",
            language,
            elsewhere=bank.opening(role, other, name),
        )


def from_bank(interview: Interview, language: Language) -> dict[str, list[Draft]]:
    """The bank's questions for this interview by stage, in the order to ask them."""
    dealt = bank.plan(
        interview.target_role, language, interview.resume, _DEALT, seed=interview.interview_id
    )
    piles: dict[str, list[Draft]] = defaultdict(list)
    for stage, text, simpler in dealt:
        piles[stage].append(Draft(stage, text, "bank", language, simpler=simpler))
    other: Language = "en" if language == "ko" else "ko"
    closing = Draft(
        CLOSING_STAGE,
        closing_question(language),
        "bank",
        language,
        elsewhere=closing_question(other),
    )
    piles[CLOSING_STAGE].append(closing)
    return piles


def _own(own: OwnQuestion, interview: Interview) -> Draft:
    """In the interview's language where the interviewer wrote it in that."""
    language: Language = (
        interview.language if interview.language in own.text else next(iter(own.text))
    )
    other: Language = "en" if language == "ko" else "ko"
    return Draft(
        own.stage,
        own.text[language],
        "interviewer",
        language,
        competency=own.competency,
        rubric=tuple(own.rubric),
        elsewhere=own.text.get(other),
    )


def _numbered(interview: Interview, ordinal: int, draft: Draft) -> PlannedQuestion:
    language = draft.language
    # What the family's own questions look for need not be what an interviewer's question asks.
    own = None
    if draft.source != "interviewer":
        own = bank.competency(bank.family(interview.target_role), draft.stage, language)
    return PlannedQuestion(
        question_id=interview.identity(f"planned:{ordinal}"),
        ordinal=ordinal,
        text=draft.text,
        stage=draft.stage,
        source=draft.source,
        model=draft.model,
        competency=draft.competency or competency(draft.stage, language, own.name if own else ""),
        rests_on=draft.rests_on or rests_on(draft.text, interview.resume),
        rubric=draft.rubric or rubric(draft.stage, language, own.shown if own else ()),
        language=language,
        simpler=draft.simpler,
        elsewhere=draft.elsewhere,
        prompt=draft.prompt,
    )
