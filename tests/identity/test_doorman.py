"""From what somebody shows to who they are, in the database's own words."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from server.identity.doorman import Doorman, Shown
from server.identity.principal import (
    Anybody,
    Candidate,
    Interviewer,
    KeyBearer,
    Member,
    Stranger,
)
from server.store import accounts, api_keys, interviews, resumes, sessions
from server.store.scope import LOCAL

KEY = "interviewers-only"
READ = {"header": {"name": "Kim", "target_role": None}, "meta": {"language": "ko"}}


@pytest.fixture
def doorman(pool: asyncpg.Pool) -> Doorman:
    return Doorman(pool, KEY)


async def signed_in(pool: asyncpg.Pool) -> str:
    user_id = await accounts.invite(pool, "kim@example.org", "Kim", "recruiter")
    await accounts.joined(pool, user_id)
    return await sessions.begin(pool, user_id, "")


async def test_everybody_is_told_apart(doorman: Doorman, pool: asyncpg.Pool) -> None:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "a.pdf")
    await resumes.mark_ready(pool, resume_id, READ)
    made = await interviews.create(pool, resume_id)
    assert made is not None
    _, key = await api_keys.add(pool, "site", ["see"], timedelta(days=1), None)
    session = await signed_in(pool)
    assert await doorman.recognise(Shown(bearer=KEY)) == Interviewer()
    candidate = await doorman.recognise(Shown(bearer=made.token))
    assert isinstance(candidate, Candidate)
    assert (candidate.interview.id, candidate.rights) == (made.interview_id, frozenset())
    program = await doorman.recognise(Shown(bearer=key))
    assert isinstance(program, KeyBearer)
    assert (program.organisation, program.rights) == (LOCAL, frozenset({"see"}))
    member = await doorman.recognise(Shown(session=session))
    assert isinstance(member, Member)
    assert (member.organisation, member.role) == (LOCAL, "recruiter")
    assert len({one.name for one in (candidate, program, member)}) == 3


async def test_a_bearer_that_is_not_known_is_not_made_good_by_a_cookie(
    doorman: Doorman, pool: asyncpg.Pool
) -> None:
    session = await signed_in(pool)
    for bearer in ("wrong", "viva_wrong", "vivakey_wrong", session):
        assert await doorman.recognise(Shown(bearer, session)) == Stranger()
    assert await doorman.recognise(Shown(session=KEY)) == Stranger()


async def test_it_is_open_until_somebody_has_signed_in_and_never_again(
    doorman: Doorman, pool: asyncpg.Pool
) -> None:
    assert await doorman.recognise(Shown()) == Anybody()
    assert await doorman.recognise(Shown("wrong", "wrong")) == Anybody()
    await signed_in(pool)
    assert await doorman.recognise(Shown()) == Stranger()
    await pool.execute("DELETE FROM users")
    assert await doorman.recognise(Shown()) == Stranger()


@pytest.mark.parametrize("key", [None, ""])
async def test_without_a_key_nobody_has_it(pool: asyncpg.Pool, key: str | None) -> None:
    doorman = Doorman(pool, key)
    for bearer in ("", "None", " "):
        assert await doorman.recognise(Shown(bearer)) == Anybody()
