"""Whose voice is taken: it needs the right to step in, and that to hear the candidate."""

from __future__ import annotations

from uuid import uuid4

from server.identity.principal import Anybody, Interviewer, KeyBearer, Member, Role, Stranger
from server.web.speaking import may


def member(role: Role) -> Member:
    return Member(uuid4(), uuid4(), role, uuid4(), "")


def test_who_may_step_in_and_hear_may_lead_by_voice() -> None:
    assert may(member("interviewer"))
    assert may(Interviewer())
    assert not may(member("viewer"))
    assert not may(KeyBearer(uuid4(), uuid4(), frozenset({"see", "step_in"})))
    assert not may(Anybody())
    assert not may(Stranger())
