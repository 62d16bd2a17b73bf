"""What people say afterwards of the words of an interview: facts beside those it was held in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import asyncpg

from server.core.events import AnswerRevised, Fact, LineAmended
from server.evidence.correction import corrected
from server.store import audit, facts, leases
from server.store.facts import OutOfTurn
from server.store.pool import Executor

WRITING_S: Final = 10.0
"""How long nobody else writes facts of the interview, at most."""
MOST: Final = 100
"""Lines of one interview that its candidate disputes."""

ANSWER = """
SELECT answers.id, text, coalesce(clear, text) AS clear, words, engine
FROM answers JOIN interviews ON interviews.id = interview_id
WHERE interview_id = $1 AND turn = $2 AND interviews.status = 'ended'
"""
NEXT = "SELECT coalesce(max(seq), 0) + 1 FROM facts WHERE interview_id = $1"
LIST = """
SELECT amendments.id, amendments.turn, answer_id, first_word, last_word, heard, said, author,
       users.name, made_at, position(heard IN answers.text) > 0 AS stands
FROM amendments JOIN answers ON answers.id = answer_id
LEFT JOIN users ON 'user ' || users.id::text = author
WHERE amendments.interview_id = $1 ORDER BY amendments.id
"""
_WORD: Final = re.compile(r"\S+")


class Busy(Exception):
    """Somebody else writes facts of the interview just now."""


class NoLine(Exception):
    """The interview has no such words."""


class TooMany(Exception):
    """Of one interview."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of the answer in one turn, as white space parts them, from 0."""

    turn: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Amendment:
    """Words ``first_word`` to ``last_word`` of the answer were ``heard``, at the time; they are
    ``said`` to be others. ``author`` None: by the candidate; else by a person who put it right,
    called ``name`` where they have an account. ``stands``: the answer has what was heard still."""

    id: UUID
    turn: int
    answer_id: UUID
    first_word: int
    last_word: int
    heard: str
    said: str
    author: str | None
    name: str | None
    made_at: datetime
    stands: bool

    @property
    def disputes(self) -> bool:
        """The candidate says so, and the answer has not been put right."""
        return self.author is None and self.stands

    def touches(self, turn: int, first: int, last: int) -> bool:
        return self.turn == turn and self.first_word <= last and first <= self.last_word


def span(text: str, place: Place) -> tuple[int, int]:
    """From where to where the words stand in the text. Raises NoLine."""
    words = list(_WORD.finditer(text))
    if not 0 <= place.first <= place.last < len(words):
        raise NoLine
    return words[place.first].start(), words[place.last].end()


async def dispute(pool: asyncpg.Pool, interview_id: UUID, place: Place, said: str) -> None:
    """The same once more is nothing. Raises NoLine, TooMany, Busy."""
    row = await pool.fetchrow(ANSWER, interview_id, place.turn)
    if row is None:
        raise NoLine
    start, end = span(row["text"], place)
    words = place.first, place.last
    own = [one for one in await of_interview(pool, interview_id) if one.author is None]
    same = [place.turn, *words, said]
    if any([one.turn, one.first_word, one.last_word, one.said] == same for one in own):
        return
    if len(own) >= MOST:
        raise TooMany
    told = LineAmended(place.turn, str(row["id"]), words, row["text"][start:end], said)
    await append(pool, interview_id, [told])
    await audit.add(pool, "line.disputed", f"interview {interview_id}", turn=place.turn)


async def correct(pool: asyncpg.Pool, interview_id: UUID, place: Place, said: str, by: str) -> None:
    """The line reads so from here on; what it was, when and by whom it was put right are facts.
    What rests on it is looked at anew. Raises NoLine, Busy."""
    row = await pool.fetchrow(ANSWER, interview_id, place.turn)
    if row is None:
        raise NoLine
    start, end = span(row["text"], place)
    heard = row["text"][start:end]
    if heard == said:
        return
    reads = corrected(row["text"], row["words"], row["clear"], place.first, place.last, said)
    answer_id = str(row["id"])
    told: list[Fact] = [
        LineAmended(place.turn, answer_id, (place.first, place.last), heard, said, by),
        AnswerRevised(
            place.turn, answer_id, reads.text, reads.words, row["engine"], "by_hand", reads.clear
        ),
    ]
    await append(pool, interview_id, told)
    await audit.add(pool, "line.corrected", f"interview {interview_id}", turn=place.turn)


async def of_interview(on: Executor, interview_id: UUID) -> list[Amendment]:
    """In the order in which they were made."""
    return [Amendment(**row) for row in await on.fetch(LIST, interview_id)]


async def append(pool: asyncpg.Pool, interview_id: UUID, told: Sequence[Fact]) -> None:
    """Behind all facts of an interview that is over. Raises Busy."""
    epoch = await leases.take(pool, interview_id, uuid4(), WRITING_S, force=False)
    if epoch is None:
        raise Busy
    try:
        await facts.append(pool, interview_id, epoch, await pool.fetchval(NEXT, interview_id), told)
    except OutOfTurn as error:
        raise Busy from error
    finally:
        await leases.give_back(pool, interview_id, epoch)
