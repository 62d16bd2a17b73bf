"""The candidate's last sound, addressed by the audio clock."""

from __future__ import annotations

from server.realtime.tape import BYTES_PER_MS, SLACK_MS, Tape


def sound(ms: int, first: int = 0) -> bytes:
    """Every millisecond says which one it is."""
    return b"".join((first + n).to_bytes(4, "little") * 8 for n in range(ms))


def test_a_stretch_is_found_by_its_time() -> None:
    tape = Tape(10_000)
    tape.add(sound(500, 10_000))
    tape.add(sound(500, 10_500))
    assert tape.cut(10_400, 10_600) == sound(200, 10_400)
    assert tape.cut(10_000, 11_000) == sound(1_000, 10_000)


def test_what_is_not_there_is_not_made_up() -> None:
    tape = Tape(10_000)
    tape.add(sound(100, 10_000))
    assert tape.cut(9_000, 10_050) == sound(50, 10_000)
    assert tape.cut(10_050, 99_000) == sound(50, 10_050)
    assert tape.cut(8_000, 9_000) == b""


def test_what_is_needed_stays_where_it_was_and_the_rest_is_given_up() -> None:
    tape = Tape(0)
    for second in range(60):
        tape.add(sound(1_000, second * 1_000))
        tape.forget(second * 1_000 - 5_000)
        begin = max(0, second * 1_000 - 5_000)
        assert tape.cut(begin, begin + 1_000) == sound(1_000, begin)
    assert len(tape._pcm) <= (6_000 + SLACK_MS) * BYTES_PER_MS
