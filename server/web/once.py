"""``Idempotency-Key``: a request that creates something, sent again, is answered as before."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.params import HeaderParameter

from server.store import idempotency
from server.store.pool import Connection
from server.web.principal import credential_of, principal_of
from server.web.problems import KEY_IN_USE, KEY_REUSED, Problem
from server.web.services import Services

LONGEST_KEY = 255

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Once:
    """Does the work of a request in one transaction, once for each key."""

    pool: asyncpg.Pool
    key: idempotency.Key | None

    async def __call__(
        self,
        asked: object,
        answer: type[T],
        work: Callable[[Connection], Awaitable[T]],
        about: Callable[[T], UUID] | None = None,
    ) -> T:
        """``asked``: all that the request said. ``about``: of what was made, the résumé or
        interview of a person, with whom the answer is forgotten. What ``work`` raises undoes it,
        and a further request with the key tries again. Raises Problem."""
        digest = hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).digest()
        try:
            async with idempotency.attempt(self.pool, self.key, digest) as attempt:
                if attempt.earlier is not None:
                    return msgspec.json.decode(attempt.earlier, type=answer)
                made = await work(attempt.connection)
                attempt.answer = msgspec.json.encode(made)
                attempt.about = about(made) if about else None
                return made
        except idempotency.Reused as error:
            raise Problem(KEY_REUSED) from error
        except idempotency.InProgress as error:
            raise Problem(KEY_IN_USE) from error


def once(
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
    idempotency_key: Annotated[
        str | None,
        HeaderParameter(
            name="Idempotency-Key",
            min_length=1,
            max_length=LONGEST_KEY,
            pattern="^[ -~]*$",
            description="Of the client's making, such as a UUID. For a day the same request with "
            "the same key is answered as the first time, without being done again.",
        ),
    ] = None,
) -> Once:
    """Dependency of every route that creates something."""
    if idempotency_key is None:
        return Once(services.pool, None)
    operation = str(request.route_handler)
    caller = credential_of(request) or principal_of(request).name
    text = idempotency_key.strip('"')
    return Once(services.pool, idempotency.Key(operation, caller, text))
