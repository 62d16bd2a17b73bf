"""What an organisation says of itself and decides for its members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from server.store import audit
from server.store.pool import Executor, transaction

FIELDS: Final = (
    "id, name, created_at, address, contact, codes_required, join_domain, resumes_per_day,"
    " upload_bytes_per_day, media_days, record_days, abandon_minutes, allowed_origins,"
    " cloud_voice"
)
GET = f"SELECT {FIELDS} FROM organisations WHERE id = $1"  # noqa: S608 - no input
OF_DOMAIN = f"SELECT {FIELDS} FROM organisations WHERE join_domain = $1"  # noqa: S608 - no input
ALLOWS = "SELECT EXISTS (SELECT FROM organisations WHERE allowed_origins @> ARRAY[$1::text])"
ADD: Final = "INSERT INTO organisations (id, name) VALUES (viva_organisation(), $1)"
CHANGEABLE: Final = frozenset(FIELDS.split(", ")) - {"id", "created_at"}


class DomainTaken(Exception):
    """Another organisation takes in whoever has an address there."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """``join_domain``: whose verified addresses are taken in as viewers; None: nobody's is.
    ``resumes_per_day``, ``upload_bytes_per_day`` and ``media_days`` None: as the server has it.
    ``abandon_minutes``: with nobody there for so long an interview counts as abandoned.
    ``allowed_origins``: of other sites whose pages may connect to its interviews. ``cloud_voice``:
    a browser may have questions spoken by its maker's servers."""

    id: UUID
    name: str
    created_at: datetime
    address: str
    contact: str
    codes_required: bool
    join_domain: str | None
    resumes_per_day: int | None
    upload_bytes_per_day: int | None
    media_days: int | None
    record_days: int
    abandon_minutes: int
    allowed_origins: list[str]
    cloud_voice: bool


async def get(on: Executor, organisation_id: UUID) -> Organisation | None:
    row = await on.fetchrow(GET, organisation_id)
    return Organisation(**row) if row else None


async def add(on: Executor, name: str) -> None:
    """That of the scope, with the template that every one begins with."""
    await on.execute(ADD, name)


async def allow(on: Executor, origin: str) -> bool:
    """Whether any that the scope shows lets this site's pages in."""
    allowed: bool = await on.fetchval(ALLOWS, origin)
    return allowed


async def of_domain(on: Executor, domain: str) -> Organisation | None:
    row = await on.fetchrow(OF_DOMAIN, domain)
    return Organisation(**row) if row else None


async def change(on: Executor, organisation_id: UUID, changed: dict[str, Any]) -> None:
    """``changed``: columns of CHANGEABLE. Raises DomainTaken."""
    if not changed:
        return
    assert changed.keys() <= CHANGEABLE
    sets = ", ".join(f"{name} = ${n}" for n, name in enumerate(changed, 2))
    statement = f"UPDATE organisations SET {sets} WHERE id = $1"  # noqa: S608 - names of ours
    async with transaction(on) as connection:
        try:
            await connection.execute(statement, organisation_id, *changed.values())
        except asyncpg.UniqueViolationError as error:
            raise DomainTaken from error
        # What it decides is told; what it says of itself may name somebody.
        told = {name: _plain(value) for name, value in changed.items() if name not in SAYS}
        subject = f"organisation {organisation_id}"
        names = " ".join(sorted(changed))
        await audit.add(connection, "organisation.changed", subject, changed=names, **told)


SAYS: Final = ("name", "address", "contact")


def _plain(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value
