"""What is louder than an echo can be: measured by how loud the echo usually is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from server.realtime.echo_level import DECAY, ENOUGH, EchoLevel, powers

FRAME = 160


def sound(level_db: float, seed: int = 0) -> NDArray[np.int16]:
    noise = np.random.default_rng(seed).standard_normal(FRAME)
    return (noise * 10 ** (level_db / 20) * 32_768).astype(np.int16)


def power(frame: NDArray[np.int16]) -> float:
    return powers(frame[None])[0]


def in_a_room(echo_db: float, frames: int = 4 * ENOUGH) -> EchoLevel:
    """A voice of -20 dB has come back softer by so much."""
    level = EchoLevel()
    for number in range(frames):
        level.outdone(power(sound(-20 + echo_db, number)), power(sound(-20)))
    return level


def test_the_power_of_a_full_wave_is_one() -> None:
    assert power(np.full(FRAME, -32_768, np.int16)) == 1.0
    assert power(np.zeros(FRAME, np.int16)) == 0.0


@pytest.mark.parametrize("echo_db", [-6, -20, -40])
def test_an_echo_is_never_far_above_itself_and_who_is_far_louder_always(echo_db: int) -> None:
    level = in_a_room(echo_db)
    played = power(sound(-20))
    assert not any(
        level.outdone(power(sound(-20 + echo_db + 8, seed)), played) for seed in range(20)
    )
    assert level.outdone(power(sound(-20 + echo_db + 15)), played)


def test_nothing_is_known_before_enough_was_played() -> None:
    assert not in_a_room(-30, ENOUGH - 1).outdone(power(sound(0)), power(sound(-20)))


def test_while_nothing_is_played_nothing_is_learned() -> None:
    level = in_a_room(-30)
    for seed in range(1_000):
        level.outdone(power(sound(-10, seed)), 0.0)
    assert level.outdone(power(sound(-30)), power(sound(-20)))


def test_a_loudspeaker_that_was_turned_up_is_usual_within_a_second() -> None:
    level, played = in_a_room(-40, 400), power(sound(-20))
    found = [level.outdone(power(sound(-40, seed)), played) for seed in range(100)]
    assert found[0]
    assert not found[-1]


def test_a_room_rings_for_less_than_a_second() -> None:
    assert DECAY**85 < 1e-5
