"""Signing in, by password or by a link, and what people change of their own account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from server.identity import codes, members, passwords
from server.identity.members import MadeLink
from server.identity.principal import Member
from server.identity.provider import Person
from server.store import accounts, attempts, links, organisations, sessions
from server.store.accounts import Kept, Role, User
from server.store.attempts import Tally
from server.store.links import FoundLink
from server.store.pool import Connection, Executor, database_now, transaction
from server.store.scope import everywhere, within
from server.store.sealing import Ring, Sealed
from server.store.sessions import Way

FOR_ACCOUNT: Final = 10
FROM_ADDRESS: Final = 50
"""Attempts in a quarter of an hour that did not succeed."""
FORGOTTEN: Final = 3
"""Links for a new password in a quarter of an hour."""
AT_THIS_MACHINE: Final = "admin"
TAKEN_IN_AS: Final[Role] = "viewer"
LONGEST_NAME: Final = 100

log = structlog.get_logger()

PutLink = Callable[[Connection, MadeLink, str], Awaitable[None]]
"""In a transaction; the last is the organisation's name."""


class WrongCredentials(Exception):
    """Address, password or code is wrong; which of them nobody is told."""


class CodeNeeded(Exception):
    """The password is right; the account asks for a one-time code besides."""


class NoAccount(Exception):
    """Whoever it is, they are nobody's member, or are no more."""


class TooMany(Exception):
    """Attempts: as ``late`` says, until one more is taken."""

    def __init__(self, late: Tally) -> None:
        super().__init__(late)
        self.late = late


class CodesUnreadable(Exception):
    """The secret of the account's one-time codes is sealed under a key that is gone."""


class LinkUnknown(Exception):
    """There is no such link, or a newer one took its place."""


class LinkOver(Exception):
    """It was used, or has expired."""


class PasswordNeeded(Exception):
    """This link is for choosing one."""


class Accounts:
    """``seal``: under which the secrets of one-time codes are kept."""

    def __init__(self, pool: asyncpg.Pool, seal: Ring) -> None:
        self._pool = pool
        self._seal = seal

    async def sign_in(
        self,
        email: str,
        password: str,
        code: str | None,
        organisation: UUID | None,
        *,
        address: str,
        agent: str,
    ) -> str:
        """The new session's token. Where somebody is in several organisations, the first whose
        password fits is entered, or the one that is named. Raises WrongCredentials, CodeNeeded,
        CodesUnreadable, TooMany."""
        account, origin = f"account {email.lower()}", f"address {address}"
        with everywhere():
            limits = {account: FOR_ACCOUNT, origin: FROM_ADDRESS}
            late = await attempts.add(self._pool, limits)
            if late is not None:
                raise TooMany(late)
            user = await self._fitting(email.lower(), password, organisation)
            await self._check_code(user, code)
            await attempts.forgive(self._pool, account)
            await attempts.take_back(self._pool, origin)
            return await _begin(self._pool, user.id, agent)

    async def enter(self, person: Person, *, address: str, agent: str) -> str:
        """The new session's token, of whom a provider vouches for: somebody it vouched for before,
        or a member with this address, or, where their organisation takes in the domain, somebody
        new. Raises NoAccount, TooMany."""
        origin = f"address {address}"
        with everywhere():
            late = await attempts.add(self._pool, {origin: FROM_ADDRESS})
            if late is not None:
                raise TooMany(late)
            user_id, organisation_id = await self._vouched(person)
            await attempts.take_back(self._pool, origin)
        with within(organisation_id):
            async with transaction(self._pool) as connection:
                return await _begin(connection, user_id, agent, "provider")

    async def _vouched(self, person: Person) -> tuple[UUID, UUID]:
        for known in await accounts.by_subject(self._pool, person.subject):
            return known.id, known.organisation_id
        for member in await accounts.by_email(self._pool, person.email):
            if await accounts.bind(self._pool, member.id, person.subject):
                return member.id, member.organisation_id
        found = await organisations.of_domain(self._pool, person.email.rpartition("@")[2])
        if found is None:
            raise NoAccount
        with within(found.id):
            who = person.email, person.name[:LONGEST_NAME], TAKEN_IN_AS, person.subject
            user_id = await accounts.take_in(self._pool, *who)
        if user_id is None:
            raise NoAccount
        return user_id, found.id

    async def look_at(self, token: str) -> tuple[FoundLink, User | None]:
        """And for whom it is: None for the person at this machine. Raises LinkUnknown, LinkOver."""
        with everywhere():
            link = await links.find(self._pool, token)
            if link is None:
                raise LinkUnknown
            if link.used or link.expired:
                raise LinkOver
            if link.user_id is None:
                return link, None
            user = await accounts.get(self._pool, link.user_id)
        if user is None:
            raise LinkUnknown
        return link, user

    async def follow(self, token: str, password: str | None, agent: str) -> str | None:
        """What the link is for, once. The new session's token; None where one has to sign in with
        the new password, which a second factor may stand before. Raises LinkUnknown, LinkOver,
        PasswordNeeded, TooEasy: then it can be used again."""
        link, user = await self.look_at(token)
        hashed = None
        if user is not None and link.kind != "sign_in":
            if password is None:
                raise PasswordNeeded
            hashed = await passwords.hashed(password, [user.email or "", user.name])
        with within(link.organisation_id):
            return await self._used(link, hashed, agent)

    async def count_forgotten(self, email: str, address: str) -> None:
        """Before ``forgotten``; it tells nothing of who has an account. Raises TooMany."""
        limits = {f"forgotten {email.lower()}": FORGOTTEN, f"address {address}": FROM_ADDRESS}
        with everywhere():
            late = await attempts.add(self._pool, limits)
        if late is not None:
            raise TooMany(late)

    async def forgotten(self, email: str, put: PutLink) -> None:
        """A link for a new password for everybody who has this address and had one, put where it
        is sent from."""
        with everywhere():
            found = await accounts.by_email(self._pool, email.lower())
        for user in found:
            if user.password is None:
                continue
            with within(user.organisation_id):
                async with transaction(self._pool) as connection:
                    organisation = await organisations.get(connection, user.organisation_id)
                    assert organisation is not None
                    made = await members.link(connection, user.id, None)
                    await put(connection, made, organisation.name)

    async def change_password(self, member: Member, old: str, new: str) -> None:
        """Everywhere else one is signed out. Raises WrongCredentials, TooMany, TooEasy."""
        await self._confirm(member, old)
        user = await accounts.get(self._pool, member.user_id)
        if user is None:
            raise WrongCredentials
        hashed = await passwords.hashed(new, [user.email or "", user.name])
        async with transaction(self._pool) as connection:
            await accounts.set_password(connection, member.user_id, hashed)
            await links.void(connection, member.user_id)
            await sessions.end_all(connection, member.user_id, but=member.session_id)

    async def ask_for_codes(self, member: Member, password: str, secret: str, code: str) -> None:
        """From now on, of the app that has the secret; everywhere else one is signed out. Raises
        WrongCredentials, TooMany."""
        await self._confirm(member, password)
        step = codes.step(secret, code, await database_now(self._pool), None)
        if step is None:
            raise WrongCredentials
        sealed = self._seal.close(secret.encode(), _place(member.user_id))
        async with transaction(self._pool) as connection:
            await accounts.set_codes(connection, member.user_id, sealed, step)
            await sessions.end_all(connection, member.user_id, but=member.session_id)

    async def no_more_codes(self, member: Member, password: str) -> None:
        """Raises WrongCredentials, TooMany."""
        await self._confirm(member, password)
        await accounts.set_codes(self._pool, member.user_id, None, None)

    async def end_session(self, member: Member, password: str, session_id: UUID) -> bool:
        """False where they have none such. Raises WrongCredentials, TooMany."""
        await self._confirm(member, password)
        return await sessions.end(self._pool, member.user_id, session_id)

    async def _confirm(self, member: Member, password: str) -> None:
        """A session left open must not be enough. Who never had a password has none to show."""
        kept = await accounts.kept(self._pool, member.user_id)
        if kept is None:
            raise WrongCredentials
        if kept.password is None:
            return
        name = f"password {member.user_id}"
        with everywhere():
            late = await attempts.add(self._pool, {name: FOR_ACCOUNT})
        if late is not None:
            raise TooMany(late)
        if not await passwords.fits(password, kept.password):
            raise WrongCredentials
        with everywhere():
            await attempts.forgive(self._pool, name)

    async def _fitting(self, email: str, password: str, organisation: UUID | None) -> Kept:
        found = await accounts.by_email(self._pool, email, organisation)
        if not found:
            await passwords.fits(password, None)
        for user in found:
            if await passwords.fits(password, user.password):
                return user
        raise WrongCredentials

    async def _check_code(self, user: Kept, code: str | None) -> None:
        if user.totp is None:
            return
        if not code:
            raise CodeNeeded
        try:
            secret = self._seal.open(user.totp, _place(user.id)).decode()
        except Sealed as error:
            log.error("one-time codes cannot be checked", user_id=str(user.id), reason=str(error))
            raise CodesUnreadable from error
        step = codes.step(secret, code, await database_now(self._pool), user.totp_step)
        if step is None or not await accounts.spend(self._pool, user.id, step):
            raise WrongCredentials

    async def _used(self, link: FoundLink, hashed: str | None, agent: str) -> str | None:
        async with transaction(self._pool) as connection:
            if not await links.use(connection, link.id):
                raise LinkOver
            user_id = link.user_id
            if user_id is None:
                user_id = await accounts.at_this_machine(connection, AT_THIS_MACHINE)
            if hashed is not None:
                await accounts.set_password(connection, user_id, hashed)
                await links.void(connection, user_id)
            if link.kind == "reset":
                await sessions.end_all(connection, user_id)
                return None
            return await _begin(connection, user_id, agent, "link")


async def _begin(on: Executor, user_id: UUID, agent: str, way: Way = "password") -> str:
    await accounts.joined(on, user_id)
    log.info("signed in", user_id=str(user_id), way=way)
    return await sessions.begin(on, user_id, agent, way)


def _place(user_id: UUID) -> str:
    return f"codes {user_id}"
