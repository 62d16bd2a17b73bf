"""Nearness, and the features whose inner product it is."""

import numpy as np

from server.language.vectors import ITSELF, PRODUCTS, Floats, View


def vectors() -> Floats:
    some = np.random.default_rng(3).normal(size=(40, 12)).astype(np.float32)
    unit: Floats = some / np.linalg.norm(some, axis=1, keepdims=True)
    return unit


def test_how_near_two_are_is_the_product_of_what_is_seen_of_them() -> None:
    some = vectors()
    view = View.over(some, 5)
    seen = view.of(some)
    assert seen.shape == (40, 12 + 5 * 6 // 2)
    assert np.allclose(seen @ seen.T, view.nearness(some), atol=1e-4)


def test_each_is_nearest_to_itself() -> None:
    some = vectors()
    near = View.over(some, 12).nearness(some)
    assert (near.argmax(1) == np.arange(40)).all()
    assert np.allclose(near.diagonal(), ITSELF + PRODUCTS, atol=1e-2)


def test_it_is_the_same_after_it_was_stored() -> None:
    some = vectors()
    view = View.over(some, 5)
    again = View.stored(view.kept("first"), "first")
    assert np.array_equal(view.of(some), again.of(some))
