"""What was deleted, out of the files: PostgreSQL leaves rows where they were until something else
is written there, and the write-ahead log and the statistics hold copies."""

from __future__ import annotations

from typing import Final

import asyncpg

TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'
ORDER BY pg_total_relation_size(format('%I.%I', schemaname, tablename)::regclass)
"""
# What was gathered of a table that is empty now would stay for ever.
FORGET_STATISTICS = """
SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited)
FROM pg_stats WHERE schemaname = 'public'
"""
STATISTICS: Final = ("pg_catalog.pg_statistic",)
TURN_OVER: Final = ("SELECT pg_switch_wal()", "CHECKPOINT")
SECONDS: Final = 24 * 3_600.0


async def scrub(connection: asyncpg.Connection) -> int:
    """Write every table anew without what was deleted, one after another, each locked meanwhile;
    then turn the write-ahead log over. The number of tables. As a superuser, or the owner with
    pg_checkpoint and the right to switch the log. Raises as asyncpg does."""
    await connection.execute("SET statement_timeout = 0")
    tables = [row[0] for row in await connection.fetch(TABLES)]
    await connection.execute(FORGET_STATISTICS)
    for table in tables:
        await connection.execute(f"VACUUM (FULL, ANALYZE) {table}", timeout=SECONDS)
    for table in STATISTICS:
        await connection.execute(f"VACUUM FULL {table}", timeout=SECONDS)
    for statement in TURN_OVER:
        await connection.execute(statement, timeout=SECONDS)
    return len(tables)
