"""The sentence encoder keeps what it read lately, and nothing that could be read back."""

from __future__ import annotations

import numpy as np
import pytest

from server.engines import encoder
from server.engines.encoder import WIDTH, Encoder

pytestmark = pytest.mark.engine

ONE, OTHER = "I moved the reports to another database.", "그 일은 동료와 둘이 했습니다."


def test_a_text_is_the_same_beside_any_other_and_again() -> None:
    encode = Encoder().encode
    alone = np.concatenate([encode([ONE]), encode([OTHER])])
    both = encode([OTHER, ONE, OTHER])
    assert both.shape == (3, WIDTH)
    assert np.allclose(both, alone[[1, 0, 1]], atol=1e-5)
    assert np.allclose(np.linalg.norm(both, axis=1), 1, atol=1e-5)
    both[:] = 0
    assert np.allclose(encode([ONE]), alone[:1], atol=1e-5)


def test_nothing_is_no_sentence() -> None:
    assert Encoder().encode([]).shape == (0, WIDTH)


def test_so_many_are_kept_and_none_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    encode = Encoder().encode
    monkeypatch.setattr(encoder, "MOST_KEPT", 3)
    encode([f"Number {number}." for number in range(8)])
    assert len(encoder._kept) == 3
    assert {len(name) for name in encoder._kept} == {16}
    assert encode([f"Number {number}." for number in range(8)]).shape == (8, WIDTH)
