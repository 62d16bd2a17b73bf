"""Understanding without a language model: the linear models of `server.language.acts`."""

from __future__ import annotations

from functools import lru_cache

from server.core.events import Language
from server.core.understanding import Understood
from server.engines.encoder import Encoder
from server.language.acts import Model


class OfflineUnderstanding:
    """An ``Understanding``; it shares the process's one encoder, which it does not close."""

    name = "linear model over a sentence encoder"

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._model: Model | None = None
        self._asked = lru_cache(maxsize=256)(lambda question: encoder.encode([question])[0])

    async def understand(self, question: str, utterance: str, language: Language) -> Understood:
        return await self._encoder.run(lambda: self.read(question, utterance))

    def read(self, question: str, utterance: str) -> Understood:
        """Blocks; in the encoder's thread. The models know every language they were fitted on."""
        if self._model is None:
            self._model = Model.load()
        if not utterance.strip():
            return Understood("garbled", 1.0)
        asked = self._asked(question)
        reading = self._model.read(question, asked, utterance, self._encoder.encode)
        return self._model.decide(reading)
