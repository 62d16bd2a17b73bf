"""What the models see of an encoder's vectors: themselves, and the products of what they have in
common with the axes along which sentences differ most. Two sentences are then as near as the cosine
and its square say, which tells more than a sum of parts can: whose illness it was, not only that
there was one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

ITSELF, PRODUCTS = 0.4, 0.8
"""What the cosine and its square count for, beside n-grams' 1."""


@dataclass(frozen=True, slots=True)
class View:
    """``mean`` (w,) of all vectors; ``axes`` (w, m), along which they differ most."""

    mean: Floats
    axes: Floats

    @classmethod
    def over(cls, vectors: Floats, many: int) -> Self:
        """Along ``many`` axes."""
        mean = vectors.mean(0)
        _, _, axes = np.linalg.svd(_unit(vectors - mean), full_matrices=False)
        return cls(mean.astype(np.float16).astype(np.float32), _halved(axes[:many].T))

    @classmethod
    def stored(cls, arrays: Mapping[str, Any], name: str) -> Self:
        return cls(*(arrays[f"{name}_{part}"].astype(np.float32) for part in cls.__slots__))

    def kept(self, name: str) -> dict[str, NDArray[np.float16]]:
        return {f"{name}_{part}": getattr(self, part).astype(np.float16) for part in self.__slots__}

    def of(self, vectors: Floats) -> Floats:
        """(n, w + m * (m + 1) / 2) of (n, w): the inner product of two such rows is `nearness`."""
        seen = _unit(vectors - self.mean)
        along = seen @ self.axes
        first, second = np.triu_indices(self.axes.shape[1])
        twice = np.where(first == second, 1, np.sqrt(2)).astype(np.float32)
        products = along[:, first] * along[:, second] * (twice * np.float32(np.sqrt(PRODUCTS)))
        return np.concatenate([seen * np.float32(np.sqrt(ITSELF)), products], 1)

    def nearness(self, vectors: Floats) -> Floats:
        """(n, n): how near each is to each."""
        seen = _unit(vectors - self.mean)
        along = seen @ self.axes
        near: Floats = np.float32(PRODUCTS) * (along @ along.T) ** 2
        near += np.float32(ITSELF) * (seen @ seen.T)
        return near


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: Floats = vectors / (lengths + np.float32(1e-9))
    return found


def _halved(axes: Floats) -> Floats:
    """As it is stored."""
    return np.ascontiguousarray(axes).astype(np.float16).astype(np.float32)
