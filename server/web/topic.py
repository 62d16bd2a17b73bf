"""A topic that a person named, as the question that is asked about it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

import asyncpg
import structlog

from server.language.speech import Pack
from server.ports import EngineError, Message, QuestionWriter
from server.store import interviews
from server.store.interviews import StoredInterview
from server.wording import topic as wording

WRITE_S: Final = 4.0
"""A person waits for it."""

log = structlog.get_logger()


class Asking(NamedTuple):
    """``model``: which wrote it; None: the authors of the plan or of the pack."""

    text: str
    model: str | None = None


class Wordings(NamedTuple):
    """Where a question comes from: the plan in the store, a model, the pack. ``speakable``: whether
    the guard has nothing against what a model wrote."""

    pool: asyncpg.Pool
    pack: Pack
    writer: QuestionWriter | None
    speakable: Callable[[str], Awaitable[bool]]


async def asking(of: Wordings, interview: StoredInterview, topic: str) -> Asking:
    """The plan's own question where the topic names one of its competencies; else in a model's
    words where there is one, and they may be said; else in the pack's, of which there are some."""
    planned = await _planned(of, interview, topic)
    if planned is not None:
        return Asking(planned)
    written = None if of.writer is None else await _written(of, of.writer, interview, topic)
    if written is not None:
        return written
    said = of.pack.speech.person.topic
    return Asking(of.pack.fill(said[len(topic) % len(said)], topic=topic))


async def _planned(of: Wordings, interview: StoredInterview, topic: str) -> str | None:
    """That is still to come; the plan does not ask it again."""
    named = topic.casefold()
    for one in await interviews.questions(of.pool, interview.id):
        competency = (one["competency"] or "").casefold()
        if one["turn"] is None and one["ordinal"] and competency and competency in named:
            return str(one["text"])
    return None


async def _written(
    of: Wordings, writer: QuestionWriter, interview: StoredInterview, topic: str
) -> Asking | None:
    chat = wording.messages(of.pack, interview.target_role, topic)
    told = [Message(role, content) for role, content in chat]
    try:
        async with asyncio.timeout(WRITE_S):
            reply = await writer.write_json(told, wording.SCHEMA, max_tokens=wording.TOKENS)
    except (EngineError, TimeoutError) as error:
        log.warning("topic not worded by the model", reason=str(error) or "it was late")
        return None
    text = wording.question(reply)
    return Asking(text, writer.model) if text and await of.speakable(text) else None
