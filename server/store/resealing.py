"""What older keys sealed, sealed anew under the newest, so that the older ones can be put away."""

from __future__ import annotations

from typing import Final

from server.store import audit
from server.store.keys import Keys
from server.store.pool import Connection
from server.store.sealing import Ring, Sealed

BATCH: Final = 500

# Of each: what is sealed, where it is, and whose it is. Rows are locked until they are written.
SOUND = """
SELECT interview_id AS id, wrapped AS sealed FROM sound_keys
WHERE interview_id > $1 ORDER BY interview_id LIMIT 500 FOR UPDATE
"""
CODES = """
SELECT id, totp AS sealed FROM users
WHERE totp IS NOT NULL AND id > $1 ORDER BY id LIMIT 500 FOR UPDATE
"""
MAILS = """
SELECT id, sealed FROM mails
WHERE sealed IS NOT NULL AND id > $1 ORDER BY id LIMIT 500 FOR UPDATE
"""
HOOKS = """
SELECT id, secret AS sealed FROM webhooks WHERE id > $1 ORDER BY id LIMIT 500 FOR UPDATE
"""
KEEP_HOOK = "UPDATE webhooks SET secret = $2 WHERE id = $1"
KEEP_SOUND = "UPDATE sound_keys SET wrapped = $2 WHERE interview_id = $1"
KEEP_CODES = "UPDATE users SET totp = $2 WHERE id = $1"
KEEP_MAIL = "UPDATE mails SET sealed = $2 WHERE id = $1"
FIRST = "00000000-0000-0000-0000-000000000000"
ORGANISATIONS = "SELECT id FROM organisations ORDER BY id"


async def reseal(connection: Connection, keys: Keys) -> tuple[int, int]:
    """How many were sealed anew, and how many not, because none of the keys opens them. Again is
    harmless. Raises as asyncpg does."""
    sound, codes, mails = Ring(keys), Ring(keys.of("accounts")), Ring(keys.of("mail"))
    anew = lost = 0
    for ring, look, keep, place in (
        (sound, SOUND, KEEP_SOUND, "{}"),
        (codes, CODES, KEEP_CODES, "codes {}"),
        (mails, MAILS, KEEP_MAIL, "{}"),
        (Ring(keys.of("webhooks")), HOOKS, KEEP_HOOK, "webhook {}"),
    ):
        after: object = FIRST
        while after is not None:
            async with connection.transaction():
                after, done, failed = await _batch(connection, ring, (look, keep, place), after)
            anew, lost = anew + done, lost + failed
    async with connection.transaction():
        for row in await connection.fetch(ORGANISATIONS):
            about = f"organisation {row['id']}"
            name = keys.newest.name.hex()
            await audit.add(connection, "keys.resealed", about, organisation=row["id"], key=name)
    return anew, lost


async def _batch(
    connection: Connection, ring: Ring, what: tuple[str, str, str], after: object
) -> tuple[object, int, int]:
    """The last that was looked at, or None where there are no more; sealed anew; not opened."""
    look, keep, place = what
    rows = await connection.fetch(look, after)
    anew = lost = 0
    for row in rows:
        if not ring.stale(row["sealed"]):
            continue
        where = place.format(row["id"])
        try:
            opened = ring.open(row["sealed"], where)
        except Sealed:
            lost += 1
            continue
        await connection.execute(keep, row["id"], ring.close(opened, where))
        anew += 1
    return (rows[-1]["id"] if len(rows) == BATCH else None), anew, lost
