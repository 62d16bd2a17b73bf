"""The evaluation of turn-taking on the recordings that the installation brings: it must tell good
policies from bad ones, and replay what it recorded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench import eval_turns
from bench.pause_set import sources
from bench.turn_log import Listener, Pause, TurnLog, read_logs, said_so_far, share_of, write
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


def test_the_curve_trades_cut_ins_for_delay(logs: list[TurnLog]) -> None:
    silence = eval_turns.silence_alone(logs)
    assert [one.rate for one in silence] == sorted((one.rate for one in silence), reverse=True)
    quick, slow = (eval_turns.ours(logs, Patience(pace=pace), "ours") for pace in (0.4, 1.5))
    assert quick.rate > slow.rate
    assert quick.delay_ms < slow.delay_ms
    assert slow.rate <= 0.1


def test_the_core_and_the_formula_agree(logs: list[TurnLog]) -> None:
    replayed = eval_turns.ours(logs, Patience(), "ours")
    quick = eval_turns.quick(logs, Weights())
    assert abs(replayed.rate - quick.rate) <= 0.1
    assert abs(replayed.delay_ms - quick.delay_ms) <= 250


def test_a_policy_that_knows_the_truth_makes_no_mistake(logs: list[TurnLog]) -> None:
    def oracle(_: TurnLog, pause: Pause) -> float:
        return 300.0 if pause.resumes_ms is None else 1e9

    result = eval_turns.outcome("oracle", logs, oracle)
    assert (result.rate, result.delay_ms) == (0.0, 300.0)
    low, high = result.interval()
    assert low == 0.0
    assert high > 0.05, "so few pauses prove little"


def test_words_so_far_without_a_recogniser() -> None:
    transcript = "그는 이리저리 피하면서 길 한 옆으로 걸어갔다."
    assert share_of(transcript, 0.5) == "그는 이리저리 피하면서 길"
    assert share_of(transcript, 1.0) == transcript
    assert said_so_far("Ever tried. Ever failed. No matter.", "ever tried ever felt") == (
        "Ever tried. Ever failed."
    )
