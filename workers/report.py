"""The job that reads an ended interview for its criteria: sentences by line, and no verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
import structlog

from server.core.pack import Packs
from server.evidence.level import RUNS, Suggestion, level_of, suggest
from server.evidence.lines import Found, Line, Unreadable, agreed, read, sober
from server.evidence.report import Content, content, digest, unread
from server.evidence.sentences import Sentence
from server.evidence.topics import Criterion
from server.evidence.unseen import hidden
from server.language.speech import Pack
from server.ports import EngineError, EvidenceReader
from server.store import facts, reports, searching
from server.store.conduct import packs_of
from server.store.reports import CriterionState, LineState, Material, Read, Run
from workers.report_prompt import TOKENS, Asking, asking, lines_of, version
from workers.tools import Tools

ALL_S: Final = 45.0
ONE_S: Final = 20.0
"""What one reading may take."""
AT_ONCE: Final = 8
ATTEMPTS: Final = 3
"""Of one reading; what fails three times is missing among the seven, and nothing else."""
TEMPERATURE: Final = 0.4
"""So that the seed means something."""

log = structlog.get_logger()


async def write_report(ctx: dict[str, Any], interview_id: str) -> None:
    """Begun again it goes on where it was; of the same words there is one report."""
    tools: Tools = ctx["tools"]
    found = await reports.material(tools.pool, UUID(interview_id))
    if found is None:
        return
    packs = packs_of(found.interview, tools.packs)
    pack = packs.of(found.interview.language)
    whole = _content(packs, found)
    await searching.keep(tools.pool, found.interview.id, _said(whole))
    made = digest(whole)
    number = await reports.begin(tools.pool, found.interview.id, made, whole)
    if number is None:
        return
    reader = tools.evidence
    if reader is None:
        parts: list[Read] = [_plain(one, whole) for one in whole.criteria]
    else:
        names = hidden(found.interview.resume)
        reading = Reading(tools.pool, reader, pack, found.interview.id, number, whole, names, made)
        parts = await reading.criteria()
    engine = reader.model if reader else None
    await reports.finish(tools.pool, found.interview.id, number, parts, engine)
    states = [line.status for state, _ in parts for line in state.lines]
    counted = {status: states.count(status) for status in sorted(set(states))}
    log.info("report written", interview_id=interview_id, version=number, **counted)


def _said(whole: Content) -> list[Sentence]:
    return [
        sentence
        for topic in whole.topics
        for exchange in topic.exchanges
        for sentence in exchange.sentences
    ]


def _content(packs: Packs[Pack], found: Material) -> Content:
    pack = packs.of(found.interview.language)
    family = packs.family(found.interview.target_role)

    def levels(competency: str, stage: str) -> tuple[str, ...]:
        own = pack.competency(family, stage)
        return own.levels if own.name == competency else ()

    told = list(zip(facts.told(found.facts), [row.recorded_at for row in found.facts], strict=True))
    return content(found.questions, found.answers, told, levels)


def _plain(criterion: Criterion, whole: Content) -> Read:
    """What is known without a model."""
    lines = unread(criterion, whole.topics)
    return CriterionState(_states(lines), None), lines


def _states(lines: Sequence[Line]) -> tuple[LineState, ...]:
    return tuple(LineState(one.text, one.status) for one in lines)


@dataclass(frozen=True, slots=True)
class Reading:
    """Of one version, by one model."""

    pool: asyncpg.Pool
    reader: EvidenceReader
    pack: Pack
    interview_id: UUID
    number: int
    whole: Content
    names: Sequence[str]
    key: str

    async def criteria(self) -> list[Read]:
        """Each as far as its readings got in time."""
        before = await reports.runs(self.pool, self.interview_id, self.number)
        place = asyncio.Semaphore(AT_ONCE)
        wanted = [
            (criterion, run)
            for criterion, one in enumerate(self.whole.criteria)
            for run in range(RUNS)
            if one.asked and (criterion, run) not in before
        ]
        with suppress(TimeoutError):
            async with asyncio.timeout(ALL_S), asyncio.TaskGroup() as group:
                for criterion, run in wanted:
                    group.create_task(self._run(criterion, run, place))
        done = await reports.runs(self.pool, self.interview_id, self.number)
        return [self._part(at, one, done) for at, one in enumerate(self.whole.criteria)]

    def _part(
        self, at: int, criterion: Criterion, done: Mapping[tuple[int, int], list[dict[str, Any]]]
    ) -> Read:
        runs = [
            msgspec.convert(done[at, run], list[Found]) for run in range(RUNS) if (at, run) in done
        ]
        if not criterion.asked:
            return _plain(criterion, self.whole)
        if not runs:
            state, lines = _plain(criterion, self.whole)
            return CriterionState(state.lines, None, "unread"), lines
        sought = lines_of(criterion)
        shown = agreed(runs, self._sentences(criterion), sought)
        anchored = bool(criterion.levels)
        rests_on = sorted({one.sentence.number for line in shown for one in line.statements})
        count = len(sought) - anchored
        suggestion: Suggestion = suggest(runs, count, rests_on, anchored=anchored)
        lines = self._all_lines(criterion, shown[:count])
        return CriterionState(_states(lines), suggestion), lines

    def _all_lines(self, criterion: Criterion, shown: Sequence[Line]) -> list[Line]:
        """Those that were asked as they were found, the others as not asked."""
        found = {line.text: line for line in shown}
        return [found.get(text, Line(text, "not_asked")) for text, _ in criterion.lines]

    def _sentences(self, criterion: Criterion) -> dict[int, Sentence]:
        return {
            sentence.number: sentence
            for topic in self.whole.topics
            if topic.question_id in criterion.topics
            for exchange in topic.exchanges
            for sentence in exchange.sentences
        }

    # One reading.

    async def _run(self, at: int, run: int, place: asyncio.Semaphore) -> None:
        criterion = self.whole.criteria[at]
        one = asking(self.pack, criterion, self.whole.topics, self.names, f"{self.key} {at}", run)
        found, error = await self._found(one, criterion, place)
        level = None
        if found is not None:
            anchored = bool(criterion.levels)
            level = level_of(found, len(found) - anchored, anchored=anchored)
        kept = Run(
            at,
            run,
            one.seed,
            one.wording,
            self.reader.model,
            version(self.pack),
            one.sha256,
            None if found is None else msgspec.to_builtins(found),
            error,
            level,
        )
        await reports.keep_run(self.pool, self.interview_id, self.number, kept)

    async def _found(
        self, one: Asking, criterion: Criterion, place: asyncio.Semaphore
    ) -> tuple[list[Found] | None, str | None]:
        """What it points at, or why nothing can be made of it."""
        if not one.allowed:
            return [Found(line, ()) for line in range(len(one.order))], None
        error = "late"
        for _ in range(ATTEMPTS):
            try:
                async with place, asyncio.timeout(ONE_S):
                    reply = await self.reader.write_json(
                        one.messages,
                        one.schema,
                        session=str(self.interview_id),
                        max_tokens=TOKENS,
                        temperature=TEMPERATURE,
                        seed=one.seed,
                    )
                found = one.sorted(read(reply, len(one.order), one.allowed))
                return self._sober(found, criterion), None
            except Unreadable as refused:
                error = f"unreadable: {refused}"
            except (EngineError, TimeoutError) as failed:
                error = f"model failed: {type(failed).__name__}"
        return None, error

    def _sober(self, found: Sequence[Found], criterion: Criterion) -> list[Found]:
        sentences, lines = self._sentences(criterion), lines_of(criterion)
        return [
            Found(
                one.line,
                one.sentences,
                sober(
                    one.why,
                    [lines[one.line], *(sentences[n].text for n in one.sentences)],
                    self.pack.grammar.invents,
                )
                if one.sentences
                else "",
            )
            for one in found
        ]
