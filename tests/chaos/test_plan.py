"""The list of faults is whole: each says what is expected, and together they are enough."""

from __future__ import annotations

from tests.chaos.jobs import WORK
from tests.chaos.plan import ROWS, WHOLE
from tests.chaos.scenes import WHOLE_SIZE
from workers.main import JOBS


def test_all_faults_together_are_two_hundred_interviews() -> None:
    assert len(WHOLE) * WHOLE_SIZE.interviews >= 200
    assert len({one.name for one in WHOLE}) == len(WHOLE)
    assert all(one.expected for one in WHOLE)


def test_a_worker_is_killed_in_each_kind_of_job() -> None:
    tried = {kind for row in ROWS for kind in row.get("kinds", ())}
    assert tried == set(WORK) == {job.kind.name for job in JOBS}
