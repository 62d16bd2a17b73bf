"""What each role may do, and what no key can be given."""

from __future__ import annotations

import itertools

from server.identity.principal import ALL, OF_ROLE, OPEN, SCOPES, Anybody, Interviewer, Stranger


def test_each_role_may_what_the_one_below_may_and_more() -> None:
    ladder = [OF_ROLE[role] for role in ("viewer", "interviewer", "recruiter", "admin")]
    for below, above in itertools.pairwise(ladder):
        assert below < above
    assert OF_ROLE["admin"] == ALL


def test_only_an_administrator_manages() -> None:
    assert [role for role, rights in OF_ROLE.items() if "manage" in rights] == ["admin"]
    for rights in (SCOPES, OPEN, Interviewer().rights, Anybody().rights):
        assert "manage" not in rights


def test_what_is_open_without_an_account_is_no_more_than_before() -> None:
    assert {"see", "prepare", "measure", "step_in"} == OPEN
    assert Stranger().rights == frozenset()
