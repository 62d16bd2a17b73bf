"""Organisations apart in the database itself, whatever a query asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.assets import share
from server.embedded import Embedded
from server.store import facts, interviews, outbox, recordings, resumes, templates
from server.store.migrations import MigrationError, migrate
from server.store.pool import open_pool
from server.store.scope import LOCAL, NoScope, alone, everywhere, within
from tests.databases import connected
from tests.driver import lease

ONLY_GROW = ("audit", "audit_heads")
OPEN_TO_ALL = {"schema_migrations": "no role of the application's may read it"}
READ = {"header": {"name": "Kim", "target_role": "Data Engineer"}, "meta": {"language": "en"}}

ROLES = "SELECT bool_or(rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname LIKE 'viva\\_%'"
OWNED = """
SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) IN ('viva_app', 'viva_system')
"""
UNGUARDED = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND (
    relkind IN ('r', 'p') AND NOT relrowsecurity
    OR relkind IN ('v', 'm') AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)
)
"""
LOCKED = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
READABLE = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
    AND has_table_privilege('viva_app', oid, 'SELECT')
"""


@pytest.fixture
async def apart(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """As the server has it: nothing without saying for whom."""
    async with await open_pool(database_url, max_size=2) as opened:
        yield opened


@pytest.fixture
async def other(pool: asyncpg.Pool) -> UUID:
    """A second organisation."""
    made: UUID = await pool.fetchval(
        "INSERT INTO organisations (name) VALUES ('Other') RETURNING id"
    )
    return made


async def created(pool: asyncpg.Pool) -> UUID:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "cv.pdf")
    await resumes.mark_ready(pool, resume_id, READ)
    made = await interviews.create(pool, resume_id)
    assert made is not None
    return made.interview_id


async def test_the_application_owns_nothing_and_goes_round_nothing(pool: asyncpg.Pool) -> None:
    assert await pool.fetchval(ROLES) is False
    assert await pool.fetchval(OWNED) == 0


async def test_every_table_is_kept_apart(pool: asyncpg.Pool) -> None:
    assert {row["relname"] for row in await pool.fetch(UNGUARDED)} == set(OPEN_TO_ALL)
    assert not {row["relname"] for row in await pool.fetch(READABLE)} & set(OPEN_TO_ALL)


async def test_without_a_word_for_whom_there_is_no_connection(apart: asyncpg.Pool) -> None:
    with pytest.raises(NoScope, match="within"):
        await apart.fetchval("SELECT 1")
    with everywhere():
        assert await apart.fetchval("SELECT count(*) FROM organisations") == 1


async def test_an_organisation_sees_and_changes_its_own_only(
    apart: asyncpg.Pool, other: UUID, pool: asyncpg.Pool
) -> None:
    interview_id = await created(pool)
    await lease(pool, interview_id)
    tables = [row["relname"] for row in await pool.fetch(READABLE)]
    assert len(tables) > 15
    with within(LOCAL):
        assert await interviews.get(apart, interview_id) is not None
        for table in ("resumes", "interviews", "jobs", "leases", "resume_files"):
            assert await apart.fetchval(f"SELECT count(*) FROM {table}") > 0, table
    with within(other):
        assert await interviews.get(apart, interview_id) is None
        assert [one.is_default for one in await templates.every(apart)] == [True]
        for table in tables:
            own = {"organisations": 1, "templates": 1}.get(table, 0)
            assert await apart.fetchval(f"SELECT count(*) FROM {table}") == own, table
            if table not in ("recorded_chunks", *ONLY_GROW) and not own:
                assert await apart.execute(f"DELETE FROM {table}") == "DELETE 0", table
        assert await apart.execute("UPDATE interviews SET status = 'ended'") == "UPDATE 0"
    with within(uuid4()):
        assert await apart.fetchval("SELECT count(*) FROM organisations") == 0
    with everywhere():
        assert await apart.fetchval("SELECT count(*) FROM templates") == 2


async def test_nothing_is_added_to_another_organisation(
    apart: asyncpg.Pool, other: UUID, pool: asyncpg.Pool
) -> None:
    interview_id = await created(pool)
    epoch = await lease(pool, interview_id)
    with within(other):
        for statement in (
            "INSERT INTO resumes (organisation_id, sha256, filename) VALUES ($1, 'x', 'x')",
            "INSERT INTO users (organisation_id, name, role) VALUES ($1, 'x', 'admin')",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await apart.execute(statement, LOCAL)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await apart.execute(
                "INSERT INTO pending_segments VALUES ($1, 1, 1, 0, 1)", interview_id
            )
        with pytest.raises(facts.OutOfTurn):
            await facts.append(apart, interview_id, epoch, 1, [])
        assert await recordings.delete(apart, interview_id) == 0
        assert await interviews.create(apart, await _resume(pool)) is None
    with everywhere(), pytest.raises(asyncpg.NotNullViolationError):
        await resumes.add(apart, b"%PDF-", "whose.pdf")  # nobody's


async def test_the_same_file_is_a_resume_of_each(
    apart: asyncpg.Pool, other: UUID, pool: asyncpg.Pool
) -> None:
    made = set()
    for organisation in (LOCAL, other):
        with within(organisation):
            made.add((await resumes.add(apart, b"%PDF-", "cv.pdf"))[0])
    assert len(made) == 2
    with everywhere():
        (first, second) = await outbox.take_due(apart, 60)
        claims = [await outbox.claim(apart, due.id, due.epoch, 60) for due in (first, second)]
    assert {claim and claim.organisation for claim in claims} == {LOCAL, other}


async def test_a_connection_forgets_for_whom_it_worked(database_url: str, other: UUID) -> None:
    async with await open_pool(database_url, max_size=1) as single:
        for organisation in (other, LOCAL, other):
            with within(organisation):
                assert await single.fetchval("SELECT viva_organisation()") == organisation
                assert await single.fetchval("SELECT current_user") == "viva_app"
            with everywhere():
                assert await single.fetchval("SELECT viva_organisation()") is None
                assert await single.fetchval("SELECT current_user") == "viva_system"


async def _resume(pool: asyncpg.Pool) -> UUID:
    found: UUID = await pool.fetchval("SELECT id FROM resumes")
    return found


async def test_who_owns_only_the_database_is_told_what_an_administrator_has_to_run(
    embedded: Embedded,
) -> None:
    url = embedded.database_url.replace("//viva@/viva?", "//plain@/plain?")
    async with connected(embedded.database_url) as administrator:
        await administrator.execute("CREATE ROLE plain LOGIN")
        await administrator.execute("CREATE DATABASE plain OWNER plain")
        try:
            with pytest.raises(MigrationError, match="run: GRANT viva_app, viva_system TO plain"):
                await migrate(url, share("migrations"))
            await administrator.execute("GRANT viva_app, viva_system TO plain")
            await migrate(url, share("migrations"))
            async with await open_pool(url, max_size=1) as theirs:
                with within(LOCAL):
                    await resumes.add(theirs, b"%PDF-", "cv.pdf")
                    assert await theirs.fetchval("SELECT current_user") == "viva_app"
                with within(uuid4()):
                    assert await resumes.recent(theirs) == []
                with everywhere():
                    assert len(await outbox.take_due(theirs, 60)) == 1
        finally:
            await administrator.execute("DROP DATABASE plain WITH (FORCE)")
            await administrator.execute("DROP ROLE plain")


async def test_whoever_takes_a_connection_finds_nothing_that_was_left_on_it(
    database_url: str, other: UUID
) -> None:
    async with await open_pool(database_url, max_size=1) as single:
        for organisation in (LOCAL, LOCAL, other):
            with within(organisation):
                async with single.acquire() as connection:
                    assert await connection.fetchval("SHOW statement_timeout") == "15s"
                    assert await connection.fetchval(LOCKED) == 0
                    assert await connection.fetchval("SELECT viva_organisation()") == organisation
                    await connection.execute("SET statement_timeout = '1s'")
                    await connection.fetchval("SELECT pg_advisory_lock(7)")
                    await connection.execute("SELECT set_config('viva.organisation', '', false)")
                    await connection.execute("SET ROLE NONE")


async def test_statements_alone_enter_once_and_again_where_anything_lies_between(
    database_url: str, other: UUID
) -> None:
    asked: list[str] = []
    async with await open_pool(database_url, max_size=1) as single:
        with everywhere():
            async with single.acquire() as connection:
                connection.add_query_logger(lambda record: asked.append(record.query))

        async def whose() -> object:
            with alone():
                return await single.fetchval("SELECT viva_organisation()")

        def entered() -> int:
            times = sum("set_config" in query for query in asked)
            asked.clear()
            return times

        for actor in ("user:1", "user:1", "user:2"):
            with within(LOCAL, actor):
                assert await whose() == LOCAL
        assert entered() == 1
        with within(other):
            assert await whose() == other
        with everywhere():
            assert await whose() is None
        assert entered() == 2
        with everywhere():
            async with single.acquire() as connection:
                await connection.execute("SELECT set_config('viva.organisation', $1, false)", "")
                await connection.execute("SET ROLE NONE")
            entered()
            assert await whose() is None
            assert await single.fetchval("SELECT current_user") == "viva_system"
        assert entered() == 2
        with pytest.raises(NoScope):
            await whose()


async def test_a_transaction_that_was_left_open_is_undone(database_url: str) -> None:
    async with await open_pool(database_url, max_size=1) as single:
        with within(LOCAL):
            async with single.acquire() as connection:
                await connection.execute("BEGIN")
                await connection.execute("INSERT INTO resumes (sha256, filename) VALUES ('x', 'x')")
            assert await single.fetchval("SELECT count(*) FROM resumes") == 0
            assert await single.fetchval("SELECT current_user") == "viva_app"
