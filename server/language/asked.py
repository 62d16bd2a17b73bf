"""What a question asks for: one linear model over the encoder and n-grams.

``bench/train_star.py`` fits it on ``data/understanding/questions`` and the packs' own questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from server.core.understanding import ASKS, Asks
from server.language.acts import ENCODER_SCALE, GRAM_SCALE
from server.language.grams import grams
from server.language.vectors import Floats

WEIGHTS = Path(__file__).with_name("asked.npz")
SURE = 0.45
"""Below this probability nothing is taken for granted of the question: what is asked on fits any
answer."""
OF_ANY: Asks = "view"


@dataclass(frozen=True, slots=True)
class AskedModel:
    """``grams`` (`BUCKETS`, Q), ``dense`` (`WIDTH`, Q), ``bias`` (Q,) for Q of `ASKS`."""

    grams: Floats
    dense: Floats
    bias: Floats

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> AskedModel:
        with np.load(path, allow_pickle=False) as stored:
            scaled = stored["grams"].astype(np.float32) * stored["grams_scale"]
            return cls(grams=scaled, dense=stored["dense"], bias=stored["bias"])

    def read(self, question: str, asked: Floats) -> Asks:
        """``asked``: the question, encoded."""
        columns, weights = grams(question)
        scores = (weights * np.float32(GRAM_SCALE)) @ self.grams[columns]
        scores = scores + (asked * np.float32(ENCODER_SCALE)) @ self.dense + self.bias
        raised = np.exp(scores - scores.max())
        best = int(raised.argmax())
        return ASKS[best] if raised[best] >= SURE * raised.sum() else OF_ANY
