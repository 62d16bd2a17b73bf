"""Whose rows the database shows: those of one organisation, or all of them to viva itself.

Every connection that is taken from a pool enters the scope of the task that takes it. There is none
to begin with: whoever forgets to say for whom it works gets no connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

import asyncpg

LOCAL: Final = UUID("00000000-0000-7000-8000-000000000001")
"""The organisation of whoever runs viva for themselves; migrations make it."""

# Whatever whoever had the connection before left on it goes with the same round trip.
ENTER = """
{reset}
SELECT set_config('role', '{role}', false), set_config('viva.organisation', '{organisation}', false)
"""


class NoScope(RuntimeError):
    """A task that did not say for whom it works took a connection."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``organisation``: whose rows are read, and whose those become that are added. ``everywhere``:
    those of all others are read and changed too. ``actor``: who is said to have done what is done,
    by kind and id."""

    organisation: UUID | None
    everywhere: bool = False
    actor: str = "viva"

    def shows_as(self, other: Scope | None) -> bool:
        """The same rows, whoever asks."""
        if other is None:
            return False
        return (self.organisation, self.everywhere) == (other.organisation, other.everywhere)

    @property
    def role(self) -> str:
        return "viva_system" if self.everywhere else "viva_app"


EVERYWHERE: Final = Scope(None, everywhere=True)

_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
_alone: ContextVar[bool] = ContextVar("alone", default=False)


class Scoped(asyncpg.Connection):
    """Of a pool. ``entered``: the scope that it is still in, as far as that is known."""

    entered: Scope | None = None

    def remember(self, entered: Scope | None) -> None:
        self.entered = entered


@contextmanager
def entered(scope: Scope) -> Iterator[None]:
    """Also for the tasks that are begun inside."""
    before = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(before)


def within(organisation: UUID, actor: str = "viva") -> AbstractContextManager[None]:
    """What is done for somebody of this organisation."""
    return entered(Scope(organisation, actor=actor))


def everywhere() -> AbstractContextManager[None]:
    """What viva does by itself, and to find out who somebody is."""
    return entered(EVERYWHERE)


@contextmanager
def alone() -> Iterator[None]:
    """One statement of a pool, which leaves nothing on its connection: where nobody but such ones
    had that since it entered the same scope, it need not enter again."""
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


def actor() -> str:
    """Who does what this task does."""
    entered = _scope.get()
    return "viva" if entered is None else entered.actor


async def enter(
    connection: asyncpg.Connection | asyncpg.pool.PoolConnectionProxy, otherwise: Scope | None
) -> None:
    """``otherwise``: the scope of tasks that have none. Raises NoScope."""
    scope = _scope.get() or otherwise
    if scope is None:
        raise NoScope("say for whom this works: scope.within(organisation) or scope.everywhere()")
    organisation = "" if scope.organisation is None else UUID(bytes=scope.organisation.bytes)
    reset = connection.get_reset_query()
    await connection.execute(ENTER.format(reset=reset, role=scope.role, organisation=organisation))


async def enter_again(
    connection: asyncpg.pool.PoolConnectionProxy, otherwise: Scope | None
) -> None:
    """The same, of a pool's."""
    pooled = cast("Scoped", connection)  # which the proxy stands for
    scope, is_alone = _scope.get() or otherwise, _alone.get()
    if is_alone and scope is not None and scope.shows_as(pooled.entered):
        return
    pooled.remember(None)
    await enter(connection, otherwise)
    if is_alone and scope is not None:
        pooled.remember(scope)


async def leave(_connection: object) -> None:
    """Nothing more: an open transaction is rolled back, and the next one enters anew."""
