"""Windows of several sessions through Whisper in one encoder call and few decoder calls."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.core.events import Language, Word
from server.engines import gate
from server.engines.whisper_words import words_of
from server.ports import CANDIDATE_RATE

FRAMES_PER_SECOND = 100
WHOLE = 30 * FRAMES_PER_SECOND
SHORTER = (5 * FRAMES_PER_SECOND, 10 * FRAMES_PER_SECOND, 20 * FRAMES_PER_SECOND, WHOLE)

TOKENS_PER_SECOND = 16
SPARE_TOKENS = 24
MOST_TOKENS = 220
MOST_CONTEXT = 96
CONTEXT_STEPS = (48, 12, 0)
"""Tokens of context in a batch: the library wants them equal in number in one call, so that each
window's are cut to the next step and those of one step go together."""

WARMER = 0.4
SAMPLES_WHEN_WARM = 5
NO_SPEECH = 0.6
LOG_PROBABILITY = -1.0
TRUSTED_LOG_PROBABILITY = -0.7
COMPRESSION = 2.4


@dataclass(frozen=True, slots=True)
class Window:
    """At most 30 s of sound. ``timed``: the times of its words are wanted."""

    samples: gate.Samples
    language: Language
    context: str = ""
    timed: bool = True


@dataclass(frozen=True, slots=True)
class Decoded:
    """What Whisper made of a window, and the signs by which it may be believed."""

    text: str
    tokens: tuple[int, ...]
    log_probability: float
    no_speech: float
    compression: float
    warm: bool = False
    words: tuple[Word, ...] = ()

    @property
    def silent(self) -> bool:
        """No one sign is enough: a soft voice has a high no-speech probability and good words."""
        return self.no_speech > NO_SPEECH and self.log_probability < LOG_PROBABILITY

    @property
    def failed(self) -> bool:
        """Worth another try at a higher temperature."""
        poor = self.log_probability < LOG_PROBABILITY or self.compression > COMPRESSION
        return poor and not self.silent

    @property
    def plausible(self) -> bool:
        looping = self.compression > COMPRESSION and self.log_probability < LOG_PROBABILITY / 2
        return not self.silent and not looping

    @property
    def doubtful(self) -> bool:
        return self.warm or self.failed or self.log_probability < TRUSTED_LOG_PROBABILITY


class Encoded:
    """The encoder's output for a batch, where the device has it; ``rows`` takes some of it."""

    def __init__(self, output: Any) -> None:
        self._output = output
        self._on_host: NDArray[Any] | None = None

    def rows(self, wanted: Sequence[int]) -> Any:
        import ctranslate2  # noqa: PLC0415 - half a second, for those who use Whisper

        if list(wanted) == list(range(self._output.shape[0])):
            return self._output
        if self._on_host is None:
            self._on_host = np.asarray(self._output.to_device(ctranslate2.Device.cpu))
        return ctranslate2.StorageView.from_array(np.ascontiguousarray(self._on_host[list(wanted)]))


class BatchDecoder:
    """Over faster-whisper's ``WhisperModel``; ``decode`` takes a batch of one as well as of many.

    ``short`` cuts the encoder's window to the audio instead of padding it to 30 s.
    """

    def __init__(self, model: Any, beam: int, *, short: bool = False) -> None:
        from faster_whisper.transcribe import get_suppressed_tokens  # noqa: PLC0415

        self._model = model
        self._beam = beam
        self._short = short
        self._extracting = ThreadPoolExecutor(8, thread_name_prefix="features")
        self._tokenizers: dict[Language, Any] = {}
        # Brackets, notes and the like: what subtitles add to speech. -1 adds the model's own list.
        any_language = self._tokenizer(model.supported_languages[0])
        self._suppressed = [-1, *get_suppressed_tokens(any_language, [-1])]

    def close(self) -> None:
        self._extracting.shutdown()

    def _tokenizer(self, language: Language) -> Any:
        from faster_whisper.tokenizer import Tokenizer  # noqa: PLC0415

        if language not in self._tokenizers:
            model = self._model
            self._tokenizers[language] = Tokenizer(
                model.hf_tokenizer, model.model.is_multilingual, "transcribe", language
            )
        return self._tokenizers[language]

    def decode(self, windows: Sequence[Window]) -> list[Decoded]:
        encoded = Encoded(self._model.encode(self._features(windows)))
        # Captions are greedy; in one call with finals the beam costs them nothing.
        beam = self._beam if any(window.timed for window in windows) else 1
        found = self._first_try(windows, encoded, beam)
        self._try_again(windows, encoded, found)
        self._time(windows, encoded, found)
        return [found[at] for at in range(len(windows))]

    def _features(self, windows: Sequence[Window]) -> NDArray[np.float32]:
        extract = self._model.feature_extractor
        if len(windows) == 1:
            made = [extract(windows[0].samples)]
        else:
            made = list(self._extracting.map(lambda window: extract(window.samples), windows))
        longest = max(features.shape[-1] - 1 for features in made)
        frames = next(step for step in SHORTER if step >= longest) if self._short else WHOLE
        batch = np.zeros((len(made), made[0].shape[0], frames), np.float32)
        for row, features in zip(batch, made, strict=True):
            content = features[:, :-1][:, :frames]
            row[:, : content.shape[1]] = content
        return batch

    def _first_try(
        self, windows: Sequence[Window], encoded: Encoded, beam: int
    ) -> dict[int, Decoded]:
        contexts = [
            self._tokenizer(window.language).encode(" " + window.context.strip())[-MOST_CONTEXT:]
            if window.context.strip()
            else []
            for window in windows
        ]
        found: dict[int, Decoded] = {}
        for length, group in _of_equal_length(contexts).items():
            prompts = [
                self._prompt(windows[at], contexts[at][len(contexts[at]) - length :])
                for at in group
            ]
            options = {"beam_size": beam}
            found.update(self._generate(windows, encoded, group, prompts, options))
        return found

    def _try_again(
        self, windows: Sequence[Window], encoded: Encoded, found: dict[int, Decoded]
    ) -> None:
        """Those that failed, warmer and without the context, which may have been what misled."""
        group = [at for at, decoded in sorted(found.items()) if decoded.failed]
        if not group:
            return
        prompts = [self._prompt(windows[at], []) for at in group]
        options = {
            "beam_size": 1,
            "num_hypotheses": SAMPLES_WHEN_WARM,
            "sampling_topk": 0,
            "sampling_temperature": WARMER,
        }
        for at, again in self._generate(windows, encoded, group, prompts, options).items():
            found[at] = max(found[at], again, key=_merit)

    def _generate(
        self,
        windows: Sequence[Window],
        encoded: Encoded,
        group: list[int],
        prompts: list[list[int]],
        options: dict[str, Any],
    ) -> dict[int, Decoded]:
        most = [_most_tokens(windows[at].samples) for at in group]
        results = self._model.model.generate(
            encoded.rows(group),
            prompts,
            # The library halves it, or takes the prompt off: whichever leaves less.
            max_length=min(self._model.max_length, max(2 * max(most), max(most) + len(prompts[0]))),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=self._suppressed,
            **options,
        )
        warm = "sampling_temperature" in options
        return {
            at: self._decoded(windows[at], result, limit, warm=warm)
            for at, result, limit in zip(group, results, most, strict=True)
        }

    def _prompt(self, window: Window, context: list[int]) -> list[int]:
        tokenizer = self._tokenizer(window.language)
        prompt: list[int] = self._model.get_prompt(tokenizer, context, without_timestamps=True)
        return prompt

    def _decoded(self, window: Window, result: Any, limit: int, *, warm: bool) -> Decoded:
        tokens = result.sequences_ids[0]
        # The score is the mean over the tokens; the end of text counts as one of them.
        log_probability = result.scores[0] * len(tokens) / (len(tokens) + 1)
        tokens = tuple(tokens[:limit])  # a neighbour's limit may have been higher
        text = self._tokenizer(window.language).decode(tokens).strip()
        return Decoded(
            text, tokens, log_probability, result.no_speech_prob, _compression(text), warm
        )

    def _time(self, windows: Sequence[Window], encoded: Encoded, found: dict[int, Decoded]) -> None:
        groups: defaultdict[Language, list[int]] = defaultdict(list)
        for at, window in enumerate(windows):
            if window.timed and found[at].plausible and found[at].text:
                groups[window.language].append(at)
        for language, group in groups.items():
            tokenizer = self._tokenizer(language)
            timed = words_of(
                self._model,
                tokenizer,
                encoded.rows(group),
                [[one for one in found[at].tokens if one < tokenizer.eot] for at in group],
                [len(windows[at].samples) for at in group],
            )
            for at, words in zip(group, timed, strict=True):
                found[at] = _with_words(found[at], words)


def _of_equal_length(contexts: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """Which windows can be decoded in one call, by how many tokens of context they keep."""
    lengths = {len(context) for context in contexts}
    if len(lengths) == 1:
        return {lengths.pop(): list(range(len(contexts)))}
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for at, context in enumerate(contexts):
        groups[next(step for step in CONTEXT_STEPS if step <= len(context))].append(at)
    return dict(groups)


def _most_tokens(samples: gate.Samples) -> int:
    """Enough for the fastest speaker, so that a decoder in a loop is stopped early."""
    seconds = len(samples) / CANDIDATE_RATE
    return min(MOST_TOKENS, SPARE_TOKENS + round(seconds * TOKENS_PER_SECOND))


def _compression(text: str) -> float:
    plain = text.encode()
    return len(plain) / len(zlib.compress(plain))


def _merit(decoded: Decoded) -> tuple[bool, float]:
    return decoded.compression <= COMPRESSION, decoded.log_probability


def _with_words(decoded: Decoded, words: Iterable[Word]) -> Decoded:
    return Decoded(
        decoded.text,
        decoded.tokens,
        decoded.log_probability,
        decoded.no_speech,
        decoded.compression,
        decoded.warm,
        tuple(words),
    )
