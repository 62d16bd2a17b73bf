"""How much comes from one address within an hour, of what makes work for others."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from server import metrics
from server.identity.principal import KeyBearer
from server.store import attempts
from server.store.scope import everywhere
from server.web.allowance import Allowance, tell, used_up
from server.web.principal import HERE, Connection, principal_of
from server.web.problems_accounts import ADDRESS_MANY
from server.web.services import Services

HOUR: Final = timedelta(hours=1)

What = Literal["uploads", "interviews"]


async def limited(connection: Connection, services: Services, what: What) -> None:
    """One more. Raises Problem. Programs on this machine, and those with an API key, are bound by
    what their organisation may add in a day."""
    most = services.limits.uploads if what == "uploads" else services.limits.interviews
    client = connection.scope.get("client")
    ours = connection.scope["state"].get(HERE) or isinstance(principal_of(connection), KeyBearer)
    if most == 0 or ours or client is None:
        return
    with everywhere():
        (tally,) = await attempts.tally(services.pool, {f"{what} {client[0]}": most}, HOUR)
    allowance = Allowance.of(what, tally, HOUR)
    if tally.left < 0:
        metrics.stranger_refused(what)
        raise used_up(ADDRESS_MANY, allowance, what=what)
    tell(connection, allowance)
