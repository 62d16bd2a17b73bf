"""The evaluation of turn-taking on the recordings that the installation brings: it must tell good
policies from bad ones, and replay what it recorded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench import eval_turns
from bench.pause_set import sources
from bench.turn_log import Listener, Pause, TurnLog, read_logs, said_so_far, share_of, write
from bench.turn_replay import replayed
from server.core.turn.patience import Patience, Weights

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[TurnLog]:
    listener, chance = Listener(), np.random.default_rng(1)
    speech = sources(None, tmp_path_factory.mktemp("cache"), fetch=False)
    return [log for one in speech for log in listener.logs(one, chance)]


def test_every_turn_has_one_end_and_its_pauses_are_as_long_as_asked(logs: list[TurnLog]) -> None:
    for log in logs:
        assert [pause.resumes_ms is None for pause in log.pauses].count(True) == 1
        for pause in log.pauses[:-1]:
            assert pause.closed_ms > pause.speech_end_ms
            assert 200 <= pause.length_ms <= 4_300
    stretched = [log for log in logs if log.name.endswith("stretched")]
    longest = max(pause.length_ms for log in stretched for pause in log.pauses[:-1])
    assert longest > 1_500


def test_logs_are_written_and_replay_to_the_same(logs: list[TurnLog], tmp_path: Path) -> None:
    write(logs, tmp_path / "logs.jsonl")
    again = read_logs(tmp_path / "logs.jsonl")
    first = eval_turns.ours(logs, Patience(), "ours")
    second = eval_turns.ours(again, Patience(), "ours")
    assert first == second


def test_the_longer_the_silence_the_fewer_questions_come_too_early(logs: list[TurnLog]) -> None:
    plain = [eval_turns.silence(logs, ms) for ms in (500, 1_000, 2_000)]
    early = [len(one.verdicts) - one.count("waited") for one in plain]
    assert early == sorted(early, reverse=True)
    quick, slow = (eval_turns.ours(logs, Patience(pace=pace)) for pace in (0.5, 1.5))
    assert quick.count("waited") < slow.count("waited")
    assert quick.delay_ms < slow.delay_ms


def test_what_is_taken_back_splits_no_answer(logs: list[TurnLog]) -> None:
    result = eval_turns.ours(logs, Patience())
    assert result.count("yielded")
    assert not result.count("split")
    for log in logs:
        replay = replayed(log, Patience())
        if all(one.taken_back_ms is not None for one in replay.asked[:-1]):
            assert list(replay.answers) == [1]


def test_the_session_and_the_rule_agree(logs: list[TurnLog]) -> None:
    in_session = eval_turns.ours(logs, Patience())
    by_rule = eval_turns.by_numbers(logs, Weights())
    assert abs(in_session.rate("waited") - by_rule.rate("waited")) <= 0.1
    assert abs(in_session.delay_ms - by_rule.delay_ms) <= 250


def test_a_policy_that_knows_the_truth_makes_no_mistake(logs: list[TurnLog]) -> None:
    def oracle(_: TurnLog, pause: Pause) -> float:
        return 300.0 if pause.resumes_ms is None else 1e9

    result = eval_turns.reckoned("oracle", logs, oracle)
    assert (result.rate("cut in", "yielded"), result.delay_ms) == (0.0, 300.0)
    low, high = result.interval("cut in")
    assert low == 0.0
    assert high > 0.05, "so few pauses prove little"


def test_policies_are_compared_on_the_same_pauses() -> None:
    one = eval_turns.Outcome("one", ["yielded", "waited", "waited", "cut in"], [])
    other = eval_turns.Outcome("other", ["waited", "yielded", "waited", "yielded"], [])
    told = eval_turns.paired(one, other)
    assert told == "too early with one only: 1, with other only: 1 of 4 (p = 1.00)"


def test_without_conversations_it_fails(logs: list[TurnLog], tmp_path: Path) -> None:
    write(logs, tmp_path / "read.jsonl")
    command = [sys.executable, "-m", "bench.eval_turns", "--logs", str(tmp_path / "read.jsonl")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "no conversations" in ended.stderr


def test_words_so_far_without_a_recogniser() -> None:
    transcript = "그는 이리저리 피하면서 길 한 옆으로 걸어갔다."
    assert share_of(transcript, 0.5) == "그는 이리저리 피하면서 길"
    assert share_of(transcript, 1.0) == transcript
    assert said_so_far("Ever tried. Ever failed. No matter.", "ever tried ever felt") == (
        "Ever tried. Ever failed."
    )
