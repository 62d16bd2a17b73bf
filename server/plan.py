"""The plan of one interview: who is asked what, in which order, and to what end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from server.core.events import (
    CLOSING_STAGE,
    OPENING_STAGE,
    Language,
    PlannedQuestion,
    RestsOn,
    Source,
    StageName,
)
from server.core.interview import Interview
from server.core.rules import OwnQuestion, Rules
from server.language.speech import as_read

STAGES: tuple[StageName, ...] = (
    "motivation", "experience", "knowledge", "problem_solving", "collaboration",
)  # fmt: skip
"""In the order they are asked, between the introduction and the closing."""
MOST_LINES = 4
"""Of a rubric: what the family's work shows at its stage, then what any answer to it would."""


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
    elsewhere: Mapping[Language, str] = field(default_factory=dict)
    model: str | None = None
    prompt: str | None = None


def draft_plan(interview: Interview, written: Sequence[Draft] = ()) -> tuple[PlannedQuestion, ...]:
    """Stage by stage: the interviewer's own questions, then the family's core questions, as
    many as the stage has, so that candidates can be compared; then what everybody is asked for
    the same opening; ``written`` by a model is only what is left. The first words are the pack's,
    for they say that an AI asks."""
    dealer = _Dealer(interview, written)
    stages = _stages(interview.rules)
    drafts = [draft for stage, count in stages for draft in dealer.deal(stage, count)]
    return tuple(_numbered(interview, at, draft) for at, draft in enumerate(drafts, start=1))


def topics(rules: Rules) -> int:
    """About how many questions a plan by these rules has, before there is one."""
    return sum(count for _, count in _stages(rules)) + len(rules.common)


def wanted(interview: Interview) -> dict[str, int]:
    """How many questions by stage a model is to write: what neither the interviewer nor the pack
    has, and neither the first nor the last words."""
    left: dict[str, int] = {}
    for stage, count in _stages(interview.rules):
        own = sum(own.stage == stage for own in interview.rules.own)
        left[stage] = count - own - len(interview.pack.asked(interview.family, stage))
    ends = (OPENING_STAGE, CLOSING_STAGE)
    return {stage: count for stage, count in left.items() if count > 0 and stage not in ends}


def _stages(rules: Rules) -> list[tuple[str, int]]:
    """The introduction always comes first, the closing last."""
    if rules.stages:
        counts = {stage.name: stage.questions for stage in rules.stages}
    else:
        order: dict[str, int] = dict.fromkeys(STAGES, 0)
        for at in range(rules.questions - 1):
            order[_WITHOUT_STAGES[at % len(_WITHOUT_STAGES)]] += 1
        counts = {stage: count for stage, count in order.items() if count}  # type: ignore[misc]
    for own in (*rules.own, *rules.common):
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
    def __init__(self, interview: Interview, written: Sequence[Draft]) -> None:
        self._interview = interview
        self._written = written
        self._common = [_own(one, interview) for one in interview.rules.common]
        self._dealt: list[Draft] = []

    def deal(self, stage: str, count: int) -> list[Draft]:
        asked = self._interview.rules.own
        own = [_own(one, self._interview) for one in asked if one.stage == stage]
        drafts = [self._opening(), *own] if stage == OPENING_STAGE else own
        self._dealt += drafts
        drafts += self._fresh(_from_bank(self._interview, stage), count - len(drafts))
        common = [one for one in self._common if one.stage == stage]
        written = [draft for draft in self._written if draft.stage == stage]
        return [*drafts, *common, *self._fresh(written, count - len(drafts))]

    def _fresh(self, drafts: Sequence[Draft], most: int) -> list[Draft]:
        """Those that ask what nothing else in the plan does."""
        found: list[Draft] = []
        for draft in drafts:
            if len(found) >= most:
                break
            if not any(
                self._interview.packs.same(draft.text, other.text)
                for other in (*self._dealt, *self._common)
            ):
                found.append(draft)
                self._dealt.append(draft)
        return found

    def _opening(self) -> Draft:
        interview = self._interview
        said = {
            language: as_read(pack).opening(interview.target_role, interview.family, interview.name)
            for language, pack in interview.packs.by_language.items()
        }
        text = said.pop(interview.pack.language)
        return Draft(OPENING_STAGE, text, "bank", interview.language, elsewhere=said)


def _from_bank(interview: Interview, stage: str) -> list[Draft]:
    """The core questions of a stage in their order: the same for everybody of this family and
    language. Where another language has as many, they are the same questions."""
    asked = as_read(interview.pack).core(interview.family, stage)
    others = {
        pack.language: texts
        for pack in interview.packs.others(interview.language)
        if len(texts := pack.asked(interview.family, stage)) == len(asked)
    }
    return [
        Draft(
            stage,
            one.text,
            "bank",
            interview.language,
            simpler=one.simpler,
            elsewhere={tag: texts[at] for tag, texts in others.items()},
        )
        for at, one in enumerate(asked)
    ]


def _own(own: OwnQuestion, interview: Interview) -> Draft:
    """In the interview's language where the interviewer wrote it in that."""
    language: Language = (
        interview.language if interview.language in own.text else next(iter(own.text))
    )
    return Draft(
        own.stage,
        own.text[language],
        "interviewer",
        language,
        competency=own.competency,
        rubric=tuple(own.rubric),
        elsewhere={other: text for other, text in own.text.items() if other != language},
    )


def _numbered(interview: Interview, ordinal: int, draft: Draft) -> PlannedQuestion:
    pack = as_read(interview.packs.of(draft.language))
    # What the family's own questions look for need not be what an interviewer's question asks.
    family = None if draft.source == "interviewer" else interview.family
    lines = pack.lines(family, draft.stage)
    return PlannedQuestion(
        question_id=interview.identity(f"planned:{ordinal}"),
        ordinal=ordinal,
        text=draft.text,
        stage=draft.stage,
        source=draft.source,
        model=draft.model,
        competency=draft.competency or pack.competency(family, draft.stage).name,
        rests_on=draft.rests_on or _role(interview.resume),
        rubric=draft.rubric or tuple(one.text for one in lines[:MOST_LINES]),
        language=draft.language,
        simpler=draft.simpler,
        elsewhere=draft.elsewhere,
        prompt=draft.prompt,
    )


def _role(resume: Mapping[str, object]) -> tuple[RestsOn, ...]:
    """What every question rests on that names nothing else of the résumé, where that states one."""
    header = resume.get("header")
    role = header.get("target_role") if isinstance(header, Mapping) else None
    stated = role.strip() if isinstance(role, str) else ""
    return (RestsOn("header.target_role", stated),) if stated else ()
