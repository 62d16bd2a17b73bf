"""JSONB through the pool, and the limits of its connections."""

from __future__ import annotations

import dataclasses

import asyncpg
import pytest


@dataclasses.dataclass
class Header:
    target_role: str
    years: float


async def test_jsonb_takes_and_gives_python_objects(pool: asyncpg.Pool) -> None:
    stored = await pool.fetchval("SELECT $1::jsonb", {"header": Header("백엔드 개발자", 3.5)})
    assert stored == {"header": {"target_role": "백엔드 개발자", "years": 3.5}}
    assert await pool.fetchval("SELECT $1::jsonb IS NULL", None) is True


async def test_jsonb_is_a_document_and_not_a_string(pool: asyncpg.Pool) -> None:
    role = await pool.fetchval("SELECT $1::jsonb ->> 'target_role'", {"target_role": "일반"})
    assert role == "일반"


async def test_the_server_gives_up_on_a_slow_statement(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection:
        assert await connection.fetchval("SHOW statement_timeout") == "15s"
        assert await connection.fetchval("SHOW timezone") == "UTC"
        assert await connection.fetchval("SHOW application_name") == "viva"
        await connection.execute("SET statement_timeout = '50ms'")
        with pytest.raises(asyncpg.QueryCanceledError):
            await connection.execute("SELECT pg_sleep(5)")
