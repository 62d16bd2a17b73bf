"""Windows of several sessions through Whisper in one encoder call and few decoder calls."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.core.events import Language, SoundsLike, Word
from server.engines import gate
from server.engines.whisper_words import words_of
from server.ports import CANDIDATE_RATE

LENGTHS_S = (6, 8, 10, 13, 16, 20, 25, 30)
"""What the encoder hears at once, with silence behind the sound: few lengths, so that little memory
is asked for anew. The last is the whole window, which costs three times as much for a segment."""

LEAST_S, LEAST_CAPTION_S = 10, 6
SILENCE_S = 3
"""Seconds of silence without which the decoder says the end of the sound over and over."""

FRAMES_PER_SECOND = 100
SILENT = 800
"""Samples of silence behind the sound after which a frame of features holds nothing else."""

LONG_CAPTION = CANDIDATE_RATE * 4
"""Samples from which a caption that is heard alone tells when its words were said, so that the next
need not hear all of it again."""

TOKENS_PER_SECOND = 16
SPARE_TOKENS = 24
NEW_TOKENS = 42
"""At the most behind words that are known: of three seconds of a fast speaker, and some."""
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

TELLING = CANDIDATE_RATE * 2
"""Samples from which it can be told what language speech is in: of less, any is possible."""

OTHER_LANGUAGE = 0.8
"""How sure it must be that another language of interviews is spoken, for it to be tried as well."""


@dataclass(frozen=True, slots=True)
class Window:
    """At most 30 s of sound. ``timed``: the times of its words are wanted. ``begun``: words that it
    is known to begin with."""

    samples: gate.Samples
    language: Language
    context: str = ""
    timed: bool = True
    begun: str = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What Whisper made of a window, and the signs by which it may be believed."""

    text: str
    tokens: tuple[int, ...]
    log_probability: float
    no_speech: float
    compression: float
    language: Language
    warm: bool = False
    words: tuple[Word, ...] = ()
    sounds_like: SoundsLike | None = None

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
    """Over faster-whisper's ``WhisperModel``; ``decode`` takes a batch of one or of many.
    ``interviews``: the languages that may be spoken whatever is expected."""

    def __init__(self, model: Any, beam: int, interviews: Sequence[Language] = ()) -> None:
        from faster_whisper.transcribe import get_suppressed_tokens  # noqa: PLC0415

        self._model = model
        self._beam = beam
        self._extracting = ThreadPoolExecutor(8, thread_name_prefix="features")
        self._interviews = [one for one in interviews if one in model.supported_languages]
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
        """A caption is heard once: the next is sooner there than a better one."""
        if len(windows) > 1:  # their prompts must be equally long
            windows = [replace(window, begun="") for window in windows]
        seconds = _long_enough(windows)
        found = self._decode(windows, seconds)
        looping = (at for at, decoded in enumerate(found) if decoded.compression > COMPRESSION)
        lost = [at for at in looping if windows[at].timed]
        if lost and seconds < LENGTHS_S[-1]:
            again = self._decode([windows[at] for at in lost], LENGTHS_S[-1])
            for at, decoded in zip(lost, again, strict=True):
                found[at] = decoded
        return found

    def _decode(self, windows: Sequence[Window], seconds: int) -> list[Decoded]:
        encoded = Encoded(self._model.encode(self._features(windows, seconds)))
        # Captions are greedy; in one call with finals the beam costs them nothing.
        beam = self._beam if any(window.timed for window in windows) else 1
        found = self._first_try(windows, encoded, beam)
        self._try_again(windows, encoded, found)
        languages = self._languages(windows, encoded)
        self._try_other(windows, encoded, found, languages)
        self._time(windows, encoded, found)
        return [replace(found[at], sounds_like=languages.get(at)) for at in range(len(windows))]

    def _languages(self, windows: Sequence[Window], encoded: Encoded) -> dict[int, SoundsLike]:
        """What each sounds like, where that can be told."""
        telling = [at for at, window in enumerate(windows) if len(window.samples) >= TELLING]
        if not telling or not self._model.model.is_multilingual:
            return {}
        guesses = self._model.model.detect_language(encoded.rows(telling))
        best = [max(guess, key=lambda one: one[1]) for guess in guesses]
        return {
            at: SoundsLike(token.strip("<|>"), float(probability))
            for at, (token, probability) in zip(telling, best, strict=True)
        }

    def _try_other(
        self,
        windows: Sequence[Window],
        encoded: Encoded,
        found: dict[int, Decoded],
        languages: Mapping[int, SoundsLike],
    ) -> None:
        """Those that sound like the other language of interviews: the likelier words count, since
        an accent may sound like another language too."""
        others: dict[int, Language] = {}
        for at, spoken in languages.items():
            for language in self._interviews:
                if language == spoken.language != windows[at].language:
                    others[at] = language
        group = [at for at in others if languages[at].probability >= OTHER_LANGUAGE]
        if not group:
            return
        turned = [
            replace(window, language=others.get(at, window.language), context="", begun="")
            for at, window in enumerate(windows)
        ]
        prompts = [self._prompt(turned[at], []) for at in group]
        for at, other in self._generate(turned, encoded, group, prompts, {"beam_size": 1}).items():
            found[at] = max(found[at], other, key=_merit)

    def _features(self, windows: Sequence[Window], seconds: int) -> NDArray[np.float32]:
        """All that comes behind the sound is as silent as its last frame, and costs nothing."""
        frames = seconds * FRAMES_PER_SECOND

        def features(window: Window) -> NDArray[np.float32]:
            sound = window.samples[: seconds * CANDIDATE_RATE]
            heard = self._model.feature_extractor(sound, padding=SILENT)[:, :frames]
            return np.pad(heard, ((0, 0), (0, frames - heard.shape[1])), mode="edge")

        if len(windows) == 1:
            return features(windows[0])[None]
        return np.stack(list(self._extracting.map(features, windows)))

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
        failed = (at for at, decoded in sorted(found.items()) if decoded.failed)
        group = [at for at in failed if windows[at].timed]
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
        most = [self._most_tokens(windows[at]) for at in group]
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

    def _most_tokens(self, window: Window) -> int:
        """Enough for the fastest speaker, so that a decoder in a loop is stopped early. What it is
        told to begin with counts."""
        if window.begun:
            begun = self._tokenizer(window.language).encode(" " + window.begun)
            return min(MOST_TOKENS, len(begun) + NEW_TOKENS)
        seconds = len(window.samples) / CANDIDATE_RATE
        return min(MOST_TOKENS, SPARE_TOKENS + round(seconds * TOKENS_PER_SECOND))

    def _prompt(self, window: Window, context: list[int]) -> list[int]:
        """What it is told to begin with is part of what is found."""
        tokenizer = self._tokenizer(window.language)
        prompt: list[int] = self._model.get_prompt(
            tokenizer, context, without_timestamps=True, prefix=window.begun or None
        )
        return prompt

    def _decoded(self, window: Window, result: Any, limit: int, *, warm: bool) -> Decoded:
        tokens = result.sequences_ids[0]
        # The score is the mean over the tokens; the end of text counts as one of them.
        log_probability = result.scores[0] * len(tokens) / (len(tokens) + 1)
        tokens = tuple(tokens if window.begun else tokens[:limit])  # a neighbour's may be higher
        text = self._tokenizer(window.language).decode(tokens).strip()
        return Decoded(
            text,
            tokens,
            log_probability,
            result.no_speech_prob,
            compression(text),
            window.language,
            warm,
        )

    def _time(self, windows: Sequence[Window], encoded: Encoded, found: dict[int, Decoded]) -> None:
        groups: defaultdict[Language, list[int]] = defaultdict(list)
        for at, window in enumerate(windows):
            long = len(windows) == 1 and len(window.samples) >= LONG_CAPTION
            if (window.timed or long) and found[at].plausible and found[at].text:
                groups[found[at].language].append(at)
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
                found[at] = replace(found[at], words=words)


def _long_enough(windows: Sequence[Window]) -> int:
    """Seconds that the encoder must hear at once."""
    sound = max(len(window.samples) for window in windows) / CANDIDATE_RATE
    least = LEAST_S if any(window.timed for window in windows) else LEAST_CAPTION_S
    wanted = max(least, sound + SILENCE_S)
    return next((one for one in LENGTHS_S if one >= wanted), LENGTHS_S[-1])


def _of_equal_length(contexts: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """Which windows can be decoded in one call, by how many tokens of context they keep."""
    lengths = {len(context) for context in contexts}
    if len(lengths) == 1:
        return {lengths.pop(): list(range(len(contexts)))}
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for at, context in enumerate(contexts):
        groups[next(step for step in CONTEXT_STEPS if step <= len(context))].append(at)
    return dict(groups)


def compression(text: str) -> float:
    plain = text.encode()
    return len(plain) / len(zlib.compress(plain))


def _merit(decoded: Decoded) -> tuple[bool, float]:
    return decoded.compression <= COMPRESSION, decoded.log_probability
