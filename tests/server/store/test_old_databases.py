"""A database of an earlier viva: migrated, its interviews are read, replayed, heard and gone on
with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.assets import share
from server.core.events import Fact
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.session import Session
from server.language.pack import shipped
from server.realtime.ears import Ears
from server.store import facts, interviews, templates
from server.store.migrations import migrate
from server.store.pool import open_pool
from server.store.scope import LOCAL, Scope, enter
from tests.databases import AT_HOME
from tests.engines.test_opus import decoded
from tests.live import Viva, browser, running, watcher

FOLDER = Path(__file__).resolve().parents[2] / "fixtures/unversioned"
KNOWN: dict[str, dict[str, Any]] = json.loads((FOLDER / "interviews.json").read_text("utf-8"))
KEY = {"Authorization": "Bearer interviewers-only"}


COUNT = "SELECT format('SELECT %L AS name, count(*) FROM %I', relname, relname) FROM pg_class"
OF_BEFORE = """
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_migrations'
"""


async def counts(connection: asyncpg.Connection) -> dict[str, int]:
    """The rows of every table."""
    statements = [row["format"] for row in await connection.fetch(COUNT + OF_BEFORE)]
    rows = await connection.fetch(" UNION ALL ".join(statements))
    return {row["name"]: row["count"] for row in rows}


@pytest.fixture
async def before(empty_database_url: str) -> dict[str, int]:
    """The dump, restored: how many rows each table has."""
    connection = await asyncpg.connect(empty_database_url)
    try:
        await connection.execute((FOLDER / "dump.sql").read_text("utf-8"))
        await connection.execute("RESET search_path")  # the dump names every schema itself
        return await counts(connection)
    finally:
        await connection.close()


@pytest.fixture
async def old_url(empty_database_url: str, before: dict[str, int]) -> str:
    """With every later migration applied to it."""
    applied = await migrate(empty_database_url, share("migrations"))
    assert applied[0].startswith("0005")
    connection = await asyncpg.connect(empty_database_url)
    try:  # what was recorded long ago would be deleted
        await connection.execute("UPDATE recording_chunks SET recorded_at = now()")
    finally:
        await connection.close()
    return empty_database_url


@pytest.fixture
async def old_pool(old_url: str) -> AsyncIterator[asyncpg.Pool]:
    opened = await open_pool(old_url, max_size=2, scope=AT_HOME)
    yield opened
    await opened.close()


@pytest.fixture
async def viva(old_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(
        old_url, redis_url, interviewer_key="interviewers-only", recording="consent"
    ) as system:
        yield system


async def test_everything_is_the_local_organisations(old_url: str, before: dict[str, int]) -> None:
    assert sum(before.values()) > 100
    connection = await asyncpg.connect(old_url)
    try:
        after = await counts(connection)
        assert {name: after[name] for name in before} == before, "nothing is lost"
        for organisation, expected in ((LOCAL, before), (uuid4(), dict.fromkeys(before, 0))):
            await enter(connection, Scope(organisation))
            assert {n: c for n, c in (await counts(connection)).items() if n in before} == expected
    finally:
        await connection.close()


async def told(pool: asyncpg.Pool, known: dict[str, Any]) -> list[Fact]:
    return facts.told(await facts.everything(pool, UUID(known["interview_id"])))


def ticket(viva: Viva, name: str) -> dict[str, Any]:
    url = viva.base.replace("http", "ws") + "/v1/realtime"
    return {**KNOWN[name], "websocket_url": url}


def typed(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "user", "content": content}
    return {"type": "conversation.item.create", "item": item}


async def test_every_interview_replays_to_where_it_was(old_pool: asyncpg.Pool) -> None:
    for name, known in KNOWN.items():
        stored = await interviews.get(old_pool, UUID(known["interview_id"]))
        assert stored is not None
        rules = Rules() if stored.template is None else templates.read(stored.template).rules()
        interview = Interview(
            str(stored.id),
            stored.target_role,
            stored.language,
            resume=stored.resume,
            packs=shipped(),
            rules=rules,
        )
        session = Session(interview, Ears(), writer=False)
        session.replay(await told(old_pool, known))
        was, state = known["replayed"], session.state
        assert {
            "turn": state.turn,
            "language": state.language,
            "ended": state.ended,
            "paused": state.paused,
            "started": state.started,
            "audio_ms": session.audio_ms,
            "understood_ms": session.state.understood_ms,
            "spent_ms": state.spent_ms,
            "asked": [question.question_id for question in state.asked],
            "answered": [exchange.answer for exchange in state.history],
            "topics": list(state.topics),
            "was_heard": state.was_heard,
            "pending_answer": state.answer.text,
            "segments": [heard.segment for heard in state.answer.heard],
            "settled": {item: [*settled] for item, settled in state.settled.items()},
            "answered_questions": sorted(state.answered),
            "pauses": state.habit.count,
            "pause_mean_ms": state.habit.mean_ms,
        } == was, name


async def test_every_interview_is_readable(viva: Viva, old_pool: asyncpg.Pool) -> None:
    for known in KNOWN.values():
        shown = await viva.show(known["interview_id"])
        nobody_came_back = known["status"] == "live" and shown["status"] == "abandoned"
        assert nobody_came_back or shown["status"] == known["status"]
        assert shown["target_role"] == known["target_role"]
        asked = [question for question in shown["questions"] if question["turn"]]
        assert [question["id"] for question in asked] == known["replayed"]["asked"]
        said = [answer["text"] for answer in shown["answers"]]
        assert said == known["replayed"]["answered"]
        async with watcher(viva, known["interview_id"]) as interviewer:
            for seq in range(1, known["facts"] + 1):
                await interviewer.event("fact", seq=seq)
        assert Counter(event["kind"] for event in interviewer.events) == known["kinds"]
        names = Counter(facts.kind_of(type(fact)) for fact in await told(old_pool, known))
        assert names == known["kinds"]


async def test_every_recording_is_playable(viva: Viva) -> None:
    heard = 0
    for known in KNOWN.values():
        interview = f"/interviews/{known['interview_id']}"
        rows = (await viva.http.get(f"{interview}/recordings", headers=KEY)).json()
        assert [row["turn"] for row in rows] == known["recorded_turns"]
        for row in rows:
            if row["answer_id"] is None:
                continue  # of a turn that was not answered
            sound = await viva.http.get(
                f"{interview}/answers/{row['answer_id']}/recording", headers=KEY
            )
            assert sound.status_code == 200
            assert len(decoded(sound.content)) / 16 > row["duration_ms"] - 100
            heard += 1
    assert heard >= 3


@pytest.mark.parametrize(
    ("name", "turn", "resume"),
    [
        ("english_spoken_paused", 2, True),
        ("english_typed_model_left", 3, False),
        ("korean_spoken_unread_left", 2, False),
        ("korean_spoken_recorded_cut_off", 2, False),
    ],
)
async def test_an_unfinished_interview_goes_on(
    viva: Viva, name: str, turn: int, resume: bool
) -> None:
    async with browser(ticket(viva, name)) as candidate:
        await candidate.event("viva.question", turn=turn)
        if resume:
            await candidate.send(type="viva.control", control="resume")
        await candidate.event("viva.floor", turn=turn)
        await candidate.send(
            **typed("At my last job I numbered every message, so we kept their order.")
        )
        await candidate.event("viva.question", turn=turn + 1)
    shown = await viva.show(KNOWN[name]["interview_id"])
    last = shown["answers"][-1]
    assert last["turn"] == turn
    before = KNOWN[name]["replayed"]["pending_answer"]
    assert (
        last["text"]
        == f"{before} At my last job I numbered every message, so we kept their order.".strip()
    )


async def test_one_that_was_only_planned_begins(viva: Viva) -> None:
    async with browser(ticket(viva, "english_created_only")) as candidate:
        assert "Backend Engineer" in await candidate.hear_question(1)


async def test_one_that_has_ended_is_over(viva: Viva) -> None:
    async with browser(ticket(viva, "korean_typed_to_the_end")) as candidate:
        await candidate.socket.wait_closed()
    assert candidate.socket.close_code in (1000, 4409, 4410)
