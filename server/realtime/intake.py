"""What comes to an interview from outside: text that can be stored, words that are kept, a plan."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import asyncpg

from server.core.events import (
    AnswerTyped,
    EngineFailed,
    Fact,
    PlanArrived,
    QuestionComposed,
    Reply,
    SegmentHeard,
    SegmentTranscribed,
    TypingTaken,
    Word,
)
from server.core.state import State
from server.realtime.mending import Happening
from server.store import interviews
from server.store.pool import STORE_AWAY

PLAN_LOOK_S = 0.25


def storable(event: Happening) -> Happening:
    """The input as PostgreSQL can keep what it says: without NUL and halves of surrogate pairs,
    which a model, a recogniser or a client may send. The only place where that is seen to."""
    match event:
        case SegmentTranscribed():
            words = tuple(_word(word) for word in event.words)
            return replace(event, text=clean(event.text), words=words)
        case AnswerTyped(text=text):
            return replace(event, text=clean(text))
        case QuestionComposed():
            return replace(event, reply=_reply(event.reply))
        case EngineFailed():
            return replace(event, reason=clean(event.reason))
        case _:
            return event


def _word(word: Word) -> Word:
    return replace(word, text=clean(word.text))


def _reply(reply: Reply) -> Reply:
    evidence = None if reply.evidence is None else clean(reply.evidence)
    line = None if reply.line is None else clean(reply.line)
    return replace(reply, say=clean(reply.say), evidence=evidence, line=line)


def clean(text: str) -> str:
    """Without what a model or a recogniser may send and nobody can keep or show."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text


def kept_words(event: Happening, state: State) -> Sequence[Fact]:
    """The words that a failed step was to take in, as a segment of their turn."""
    words: tuple[Word, ...] = ()
    sure, sounds_like, unclear = None, None, None
    match event:
        case AnswerTyped() if state.asked and event.text.strip() and event.item not in state.typed:
            turn, segment, engine = state.turn, state.answer.last_segment + 1, "typed"
        case SegmentTranscribed() if event.text:
            turn, segment, engine, words = event.turn, event.segment, event.engine, event.words
            sure, sounds_like, unclear = event.sure, event.sounds_like, event.unclear
        case _:
            return []
    start_ms = words[0].start_ms if words else state.audio_ms
    end_ms = words[-1].end_ms if words else state.audio_ms
    text = event.text.strip()
    doubt = sure, sounds_like, unclear
    heard = SegmentHeard(turn, segment, start_ms, end_ms, text, words, engine, None, *doubt)
    if isinstance(event, AnswerTyped) and event.item is not None:
        return [TypingTaken(turn, event.item), heard]
    return [heard]


async def arrived(pool: asyncpg.Pool, interview_id: UUID) -> PlanArrived:
    """The plan, once a worker has written it: nobody waits long for that."""
    while True:
        try:
            if plan := await interviews.plan(pool, interview_id):
                return PlanArrived(plan)
        except STORE_AWAY:
            pass
        await asyncio.sleep(PLAN_LOOK_S)
