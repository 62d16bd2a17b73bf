"""An interview that has been held: asked, answered in words with times, and over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import asyncpg
import numpy as np

from server.core.events import (
    AnswerGiven,
    Fact,
    FloorPassed,
    InterviewEnded,
    InterviewStarted,
    Kind,
    PlannedQuestion,
    QuestionAsked,
    SegmentHeard,
    UtteranceUnderstood,
    Word,
)
from server.engines.opus import FRAME_BYTES, FRAME_MS, OpusEncoder
from server.ports import CANDIDATE_RATE
from server.realtime.encoding import loudness
from server.realtime.sound import loudness_place, packed, place
from server.store import facts, interviews, leases, recordings, resumes
from server.store.keys import Keys
from server.store.notices import Told
from server.store.openings import Opening
from server.store.recordings import Chunk
from server.store.sealing import Seals
from tests.driver import lease

WORD_MS = 400
QUESTION_MS = 3_000


@dataclass(frozen=True)
class Turn:
    """``follows``: it is a probe, for this line of the rubric. ``asks``: instead of answering, the
    candidate puts this question."""

    question: str
    answer: str
    stage: str = "experience"
    competency: str = ""
    rubric: tuple[str, ...] = ()
    follows: str | None = None
    typed: bool = False
    doubted: tuple[str, ...] = ()
    asks: bool = False


CORRECT = ("Names the check that was made", "Says what came of it")
DECIDES = ("Says why it was decided so", "Says what was given up for it")
TALK: tuple[Turn, ...] = (
    Turn("What do you do now?", "I run the ingest team.", "introduction"),
    Turn(
        "When the same event arrived twice, how did you keep the result right?",
        "At first we removed duplicates after loading. So I moved the check into the queue.",
        competency="Keeps data correct",
        rubric=CORRECT,
        doubted=("queue.",),
    ),
    Turn("What came of that?", "The report was right on the first day.", follows=CORRECT[1]),
    Turn(
        "How did you choose the queue?",
        "A late fix is a fix that nobody sees.",
        "problem_solving",
        "Decides and gives reasons",
        DECIDES,
        typed=True,
    ),
    Turn("Is there anything you would like to ask?", "Is the rota weekly?", "closing", asks=True),
)
UNASKED = Turn("How did you hand it over?", "", "collaboration", "Works with others", ("Says who",))


@dataclass
class Held:
    """``answers`` and ``questions``: their ids by turn. ``seq``: of the last fact."""

    interview_id: UUID
    resume_id: UUID
    token: str
    answers: dict[int, UUID] = field(default_factory=dict)
    questions: dict[int, str] = field(default_factory=dict)
    spoken: dict[int, tuple[int, int]] = field(default_factory=dict)
    """When each answer that was spoken was, on the audio clock."""
    end_ms: int = 0
    seq: int = 0


async def held(
    pool: asyncpg.Pool,
    talk: Sequence[Turn] = TALK,
    *,
    name: str = "Yuna Seo",
    language: str = "en",
    resume: dict[str, object] | None = None,
    over: bool = True,
    opening: tuple[UUID, Opening] | None = None,
) -> Held:
    resume_id, _ = await resumes.add(pool, b"%PDF-" + uuid4().bytes, "cv.pdf")
    header = {"name": name, "target_role": "Data Engineer"}
    read = {"header": header, "meta": {"language": language, "warnings": []}, **(resume or {})}
    await resumes.mark_ready(pool, resume_id, read)
    created = await interviews.create(pool, resume_id, opening=opening)
    assert created is not None
    made = Held(created.interview_id, resume_id, created.token)
    plan, told = _told(made, talk, language)
    await interviews.add_plan(pool, made.interview_id, plan)
    if over:
        told.append(InterviewEnded("complete"))
    epoch = await lease(pool, made.interview_id)
    await facts.append(pool, made.interview_id, epoch, 1, told)
    made.seq = len(told)
    if over:
        await leases.give_back(pool, made.interview_id, epoch)
    return made


async def recorded(pool: asyncpg.Pool, made: Held) -> None:
    """The sound of every spoken answer, a tone of its own pitch for each turn, with consent."""
    seal = await Seals(Keys((bytes(32),))).begin(pool, made.interview_id)
    await recordings.agree(pool, made.interview_id, Told("1", "en", None, 30, 7))
    epoch = await lease(pool, made.interview_id)
    for turn, (start, end) in made.spoken.items():
        times = np.arange(-(-(end - start) // FRAME_MS) * FRAME_BYTES // 2) / CANDIDATE_RATE
        pcm = (8_000 * np.sin(2 * np.pi * (300 + 40 * turn) * times)).astype("<i2").tobytes()
        packets = await asyncio.to_thread(OpusEncoder().encode, pcm)
        sealed = seal.close(packed(packets), place(turn, 0))
        loud = seal.close(loudness(pcm), loudness_place(turn, 0))
        chunk = Chunk(turn, 0, start, len(packets) * FRAME_MS, 0, True, sealed, loud)
        assert await recordings.add(pool, [(made.interview_id, epoch, chunk)])
    await leases.give_back(pool, made.interview_id, epoch)


async def tell(pool: asyncpg.Pool, made: Held, *told: Fact) -> None:
    """More, afterwards."""
    epoch = await lease(pool, made.interview_id)
    await facts.append(pool, made.interview_id, epoch, made.seq + 1, told)
    made.seq += len(told)


def words_of(text: str, at_ms: int, doubted: Sequence[str] = ()) -> tuple[Word, ...]:
    return tuple(
        Word(word, at_ms + n * WORD_MS, at_ms + (n + 1) * WORD_MS, 0.4 if word in doubted else 0.98)
        for n, word in enumerate(text.split())
    )


def _told(
    made: Held, talk: Sequence[Turn], language: str
) -> tuple[list[PlannedQuestion], list[Fact]]:
    told: list[Fact] = [InterviewStarted("Data Engineer", language)]
    plan: list[PlannedQuestion] = []
    at = 0
    parent = ""
    for number, turn in enumerate(talk, start=1):
        question_id, answer_id = str(uuid4()), uuid4()
        if turn.follows is None:
            parent = question_id
            plan.append(_planned(question_id, len(plan) + 1, turn, language))
        first: Kind = "opening" if number == 1 else "planned"
        kind: Kind = first if turn.follows is None else "follow_up"
        told += [
            FloorPassed(number, "speaking", at),
            QuestionAsked(
                number, question_id, turn.question, "bank", kind, turn.stage,
                parent if turn.follows is not None else None, None, None, line=turn.follows,
                language=language,
            ),
            FloorPassed(number, "listening", at + QUESTION_MS),
        ]  # fmt: skip
        at += QUESTION_MS
        words = () if turn.typed else words_of(turn.answer, at, turn.doubted)
        end = at + WORD_MS * len(turn.answer.split())
        engine = "typed" if turn.typed else "test"
        told.append(SegmentHeard(number, 1, at, end, turn.answer, words, engine))
        if turn.asks:
            understood = UtteranceUnderstood(
                number, "question_company", 0.9, "none", work=False, self_harm=False,
                acts=("question_company",), move="answer", answers=False, noted=True,
            )  # fmt: skip
            told.append(understood)
        told += [
            FloorPassed(number, "thinking", end),
            AnswerGiven(
                number, question_id, str(answer_id), turn.answer, words, engine, language, language
            ),
        ]
        made.answers[number], made.questions[number] = answer_id, question_id
        if words:
            made.spoken[number] = at, end
        at = end + 1_000
    plan.append(_planned(str(uuid4()), len(plan) + 1, UNASKED, language))
    made.end_ms = at
    return plan, told


def _planned(question_id: str, ordinal: int, turn: Turn, language: str) -> PlannedQuestion:
    return PlannedQuestion(
        question_id, ordinal, turn.question, turn.stage, "bank", competency=turn.competency,
        rubric=turn.rubric, language=language,
    )  # fmt: skip
