"""When a server is full, by what was measured of it; no test here waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.engines.lanes import Batch
from server.fullness import DECODING_S, WINDOW_S, Load, Most, memory_used

MOST = Most(sessions=10, stt_wait_s=2.0, loop_lag_s=0.2, memory=0.95)


class Server:
    """What is measured, by hand."""

    def __init__(self, most: Most | None = MOST) -> None:
        self.at, self.sessions, self.waiting, self.memory = 1_000.0, 1, 0, 0.5
        self.load = Load(
            most, lambda: self.sessions, lambda: self.waiting, lambda: self.memory, lambda: self.at
        )

    def waits(self, *finals_ms: int, captions_ms: tuple[int, ...] = ()) -> None:
        told = len(finals_ms), len(captions_ms), (*finals_ms, *captions_ms)
        self.load.heard(Batch("parrot", *told, 100))


def test_one_that_keeps_up_is_not_full() -> None:
    server = Server()
    server.waits(*[300] * 50)
    for _ in range(500):
        server.load.lagged(0.01)
    assert server.load.full() == ""
    assert server.load.behind() == ""


def test_answers_that_wait_fill_it_until_a_minute_after() -> None:
    server = Server()
    server.waits(*[100] * 9, 2_500)
    assert server.load.full() == "stt_wait"
    assert server.load.behind() == "falls behind: answers wait 2.5 s (p95)"
    server.at += WINDOW_S + 1
    assert server.load.full() == ""


def test_captions_may_wait_and_one_late_answer_says_nothing() -> None:
    server = Server()
    server.waits(100, captions_ms=(9_000,) * 20)
    server.waits(9_000)
    assert server.load.full() == ""


def test_a_recogniser_that_says_nothing_any_more_fills_it() -> None:
    server = Server()
    server.waiting = 3
    server.load.lagged(0)
    server.at += DECODING_S + 1.9
    server.load.lagged(0)
    assert server.load.full() == ""
    server.at += 0.2
    assert server.load.full() == "stt_wait"
    server.waits(100)  # a batch came
    server.load.lagged(0)
    assert server.load.full() == ""
    server.at += DECODING_S + 3
    assert server.load.full() == "stt_wait"
    server.waiting = 0
    server.load.lagged(0)
    assert server.load.full() == ""


def test_a_loop_that_is_late_fills_it() -> None:
    server = Server()
    for late_s in [0.0] * 90 + [0.3] * 10:
        server.load.lagged(late_s)
    assert server.load.full() == "loop_lag"
    assert server.load.measured().loop_lag_s == 0.3


def test_so_many_interviews_fill_it_and_memory_does() -> None:
    server = Server()
    server.sessions = 9
    assert server.load.full() == ""
    server.sessions = 10
    assert server.load.full() == "sessions"
    server.sessions, server.memory = 0, 0.96
    assert server.load.full() == "memory"


def test_where_none_runs_one_is_taken_however_slow_the_machine_is() -> None:
    server = Server()
    server.waits(*[9_000] * 9)
    for _ in range(50):
        server.load.lagged(1.0)
    server.sessions = 0
    assert server.load.full() == ""


def test_whoever_comes_is_taken_where_that_is_wished() -> None:
    server = Server(None)
    server.sessions, server.memory = 1_000, 1.0
    server.waits(*[9_000] * 9)
    assert server.load.full() == ""
    assert server.load.behind(), "it is told all the same"


def test_memory_is_that_of_the_container_or_of_the_machine(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 400 kB\nHugePages: 0\n")
    assert memory_used(tmp_path, meminfo) == pytest.approx(0.6)
    (tmp_path / "memory.max").write_text("max\n")
    assert memory_used(tmp_path, meminfo) == pytest.approx(0.6)
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("950\n")
    (tmp_path / "memory.stat").write_text("anon 800\ninactive_file 50\n")
    assert memory_used(tmp_path, meminfo) == pytest.approx(0.9)
    assert memory_used(tmp_path / "none", tmp_path / "none") == 0
    assert 0 <= memory_used() < 1
