"""One holder at a time; whoever takes it ends what the one before may write."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg

from server.store import facts, leases

ONE, OTHER = uuid4(), uuid4()
LONG_S, OVER_S = 60.0, -1.0


async def held(pool: asyncpg.Pool, interview_id: UUID, epoch: int) -> bool:
    newest: int = await pool.fetchval(
        "SELECT epoch FROM leases WHERE interview_id = $1", interview_id
    )
    return newest == epoch


async def test_it_is_taken_from_another_only_by_force(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    first = await leases.take(pool, interview_id, ONE, LONG_S, force=False)
    assert first == 1
    assert await leases.take(pool, interview_id, OTHER, LONG_S, force=False) is None
    assert await held(pool, interview_id, first)
    assert await leases.take(pool, interview_id, OTHER, LONG_S, force=True) == 2
    assert not await held(pool, interview_id, first)


async def test_its_own_holder_takes_it_again_under_a_new_epoch(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    taken = [await leases.take(pool, interview_id, ONE, LONG_S, force=False) for _ in range(2)]
    assert taken == [1, 2]


async def test_one_that_ran_out_or_was_given_back_is_free(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await leases.take(pool, interview_id, ONE, OVER_S, force=False)
    assert await leases.take(pool, interview_id, OTHER, LONG_S, force=False) == 2
    await leases.give_back(pool, interview_id, 1)  # too late: it is another's by now
    assert await leases.take(pool, interview_id, ONE, LONG_S, force=False) is None
    await leases.give_back(pool, interview_id, 2)
    assert await leases.take(pool, interview_id, ONE, LONG_S, force=False) == 3


async def test_only_what_is_still_held_is_renewed(pool: asyncpg.Pool, interview_id: UUID) -> None:
    await leases.take(pool, interview_id, ONE, OVER_S, force=False)
    assert await leases.renew(pool, {interview_id: 1, uuid4(): 1}, LONG_S) == {interview_id}
    assert await leases.take(pool, interview_id, OTHER, LONG_S, force=False) is None
    await leases.take(pool, interview_id, OTHER, LONG_S, force=True)
    assert await leases.renew(pool, {interview_id: 1}, LONG_S) == set()


async def test_who_holds_it_learns_that_it_is_wanted(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await leases.take(pool, interview_id, ONE, LONG_S, force=False)
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with pool.acquire() as connection:

        def hear(_: object, __: int, ___: str, payload: object) -> None:
            heard.put_nowait(str(payload))

        await connection.add_listener(leases.WANTED, hear)
        await leases.want(pool, interview_id)
        async with asyncio.timeout(20):
            assert leases.wanted(await heard.get()) == (interview_id, 1, None)
        await leases.want(pool, interview_id, "erased")
        async with asyncio.timeout(20):
            assert leases.wanted(await heard.get()) == (interview_id, 1, "erased")
        await connection.remove_listener(leases.WANTED, hear)


async def test_what_is_written_under_it_ends_before_another_takes_it(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await leases.take(pool, interview_id, ONE, LONG_S, force=False)
    async with pool.acquire() as connection, connection.transaction():
        assert await connection.fetchval(facts.APPEND, interview_id, 1, 1, [1], ["any"], [{}]) == 1
        taking = asyncio.create_task(leases.take(pool, interview_id, OTHER, LONG_S, force=True))
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while await pool.fetchval(waits) == 0:
            assert not taking.done()
        assert not taking.done()
    assert await taking == 2
