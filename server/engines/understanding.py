"""Understanding without a language model: the models of `server.language.acts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from itertools import chain

import numpy as np
import structlog
from threadpoolctl import ThreadpoolController

from server.core.events import Language
from server.core.understanding import COMPANY, ELSEWHERE, Understood
from server.engines import e5
from server.engines.encoder import Encoder
from server.faults import Judged
from server.language.acts import Encode, Model
from server.language.asked import AskedModel
from server.language.grams import shared
from server.language.pack import shipped
from server.language.star import Shown, StarModel
from server.language.tact import Tact
from server.ports import EngineError

log = structlog.get_logger()

NEAR = 0.46
NEAR_COMPANY = 0.6
LETTERS = 0.25
"""From ``NEAR`` on it says about the same, from ``NEAR_COMPANY`` on where a template's words are
all that is known of it: the cosine of the sentence encoder, and for this share the letters of the
sample that are in it."""


class OfflineUnderstanding:
    """An ``Understanding``; it shares the process's one encoder, which it does not close."""

    name = "linear models over two sentence encoders"

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._model: Model | None = None
        self._star: StarModel | None = None
        self._asks: AskedModel | None = None
        self._tact: Tact | None = None
        self._asked = lru_cache(maxsize=256)(lambda question: encoder.encode([question])[0])

    async def understand(self, question: str, utterance: str, language: Language) -> Understood:
        return await self._encoder.run(lambda: self.read(question, utterance))

    async def warm(self) -> None:
        """Load what is needed before somebody waits for it."""
        try:
            await self.understand("", "hello", "")
            await self.judge("How was it?", "", "")
            await self._encoder.run(self._know_samples)
        except EngineError as error:
            log.warning("understanding not ready", reason=str(error))

    def _know_samples(self) -> None:
        """What every interview compares with, so that nobody's first question waits for it."""
        for pack in shipped().by_language.values():
            asked = [
                *(fact.asked for fact in pack.facts.values()),
                *(subject.asked for subject in pack.company.values()),
            ]
            for text in chain.from_iterable(asked):
                self._encoder.vector(text)

    async def nearest(self, utterance: str, samples: Mapping[str, Sequence[str]]) -> str | None:
        return await self._encoder.run(lambda: self.compare(utterance, samples))

    async def judge(self, text: str, role: str, answer: str) -> Judged | None:
        return await self._encoder.run(lambda: self.weigh(text, role, answer))

    def weigh(self, text: str, role: str, answer: str) -> Judged | None:
        """Blocks; in the encoder's thread."""
        if self._tact is None:
            self._tact = Tact.load()
        with _arithmetic().limit(limits=1, user_api="blas"):  # more threads spin on small machines
            return self._tact.judge(text, role, answer, self._encoder.encode, self._finer)

    def read(self, question: str, utterance: str) -> Understood:
        """Blocks; in the encoder's thread. The models know every language they were fitted on."""
        if self._model is None or self._star is None or self._asks is None:
            self._model, self._star, self._asks = Model.load(), StarModel.load(), AskedModel.load()
        if not utterance.strip():
            return Understood("garbled", 1.0)
        asked, shown = self._asked(question), Shown(self._encoder.encode)
        with _arithmetic().limit(limits=1, user_api="blas"):
            reading = self._model.read(question, asked, utterance, shown, self._finer, sparing=True)
            return replace(
                self._model.decide(reading),
                star=self._star.read(asked, utterance, shown),
                asks=self._asks.read(question, asked) if question.strip() else None,
            )

    @cached_property
    def _finer(self) -> Encode | None:
        return _second_encoder()

    def compare(
        self, utterance: str, samples: Mapping[str, Sequence[str]], at_least: float = NEAR
    ) -> str | None:
        """Blocks; in the encoder's thread."""
        texts = [text for group in samples.values() for text in group]
        names = [name for name, group in samples.items() for _ in group]
        if not texts or not utterance.strip():
            return None
        vectors = np.stack([self._encoder.vector(text) for text in texts])
        alike = vectors @ self._encoder.encode([utterance])[0]
        scores = alike + LETTERS * np.array([shared(text, utterance) for text in texts])
        best = int(scores.argmax())
        name = names[best]
        needed = NEAR_COMPANY if name.startswith(COMPANY) else at_least
        return name if scores[best] >= needed and not name.startswith(ELSEWHERE) else None


@cache
def _arithmetic() -> ThreadpoolController:
    return ThreadpoolController()


def _second_encoder() -> Encode | None:
    """None where it is not installed or does not run: then the first reads all."""
    if e5.found() is None:
        return None
    try:
        e5.encode(["hello"])
    except (OSError, RuntimeError, ValueError, ImportError) as error:
        log.warning("second encoder does not run", engine=e5.NAME, reason=type(error).__name__)
        return None
    return e5.encode
