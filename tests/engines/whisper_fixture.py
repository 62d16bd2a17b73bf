"""A tiny Whisper in faster-whisper's format that says what it was told to, for the tests.

Its layers add nothing, so each token depends only on the one before it: an embedding that points
to its successor. Only the first word may depend on more: with a script for each language, the
attention of the first layer looks up the language in the prompt. Everything else (features,
encoder, prompt, decoding rules, alignment) runs as with a real model. All words must differ.
In the shapes of the published models it costs what they cost, for measurements of speed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers
from ctranslate2.specs import WhisperSpec
from numpy.typing import NDArray

END, START, NO_TIMES = "<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>"
SPECIAL = (
    *(END, START, "<|en|>", "<|ko|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nospeech|>", NO_TIMES),
)
TIMES = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))


@dataclass(frozen=True)
class Shape:
    """``vocabulary``: filled up with words that are never said. ``stir``: what the layers add, too
    little to be heard; nothing at all would be cheaper to multiply by than a real model."""

    width: int = 192
    heads: int = 2
    encoder: int = 1
    decoder: int = 2
    mels: int = 80
    inner: int = 2
    vocabulary: int = 0
    stir: float = 0.0


TINY = Shape()
PUBLISHED = {
    "tiny": Shape(384, 6, 4, 4, 80, 4, 51_865, 0.001),
    "base": Shape(512, 8, 6, 6, 80, 4, 51_865, 0.001),
    "small": Shape(768, 12, 12, 12, 80, 4, 51_865, 0.001),
    "medium": Shape(1024, 16, 24, 24, 80, 4, 51_865, 0.001),
    "large-v3-turbo": Shape(1280, 20, 32, 4, 128, 4, 51_866, 0.001),
    "large-v3": Shape(1280, 20, 32, 32, 128, 4, 51_866, 0.001),
}


@dataclass(frozen=True)
class Script:
    """``sure``: how peaked the choice of words is. ``loop``: after the last word comes the first
    one again, without end."""

    text: str
    sure: float = 30.0
    loop: bool = False

    @property
    def words(self) -> list[str]:
        return [_as_bytes(" " + word) for word in self.text.split()]


def make(
    folder: Path,
    script: str,
    *,
    silent: bool = False,
    sure: float = 30.0,
    loop: bool = False,
    shape: Shape = TINY,
) -> Path:
    """Says the same in both languages. ``silent``: it takes the audio for no speech."""
    one = Script(script, sure, loop)
    return _make(folder, [one], {}, shape, silent=silent)


def make_bilingual(folder: Path, korean: Script, english: Script, *, silent: bool = False) -> Path:
    """Says what the language in its prompt asks for, so that a batch's items can be told apart."""
    starts = {"<|ko|>": korean.words[0], "<|en|>": english.words[0]}
    return _make(folder, [korean, english], starts, TINY, silent=silent)


def _make(
    folder: Path, scripts: list[Script], starts: dict[str, str], shape: Shape, *, silent: bool
) -> Path:
    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    words = [word for script in scripts for word in script.words]
    assert len(set(words)) == len(words)
    texts = [*letters, "", *words]
    missing = shape.vocabulary - len(texts) - len(SPECIAL) - len(TIMES)
    texts += [f"unsaid{number}" for number in range(missing)]
    tokens = [*texts, *SPECIAL, *TIMES]
    spec = _spec(tokens, _followers(scripts, starts, silent=silent), starts, shape)
    folder.mkdir(parents=True)
    spec.save(str(folder))
    _write_tokenizer(folder / "tokenizer.json", tokens, len(texts))
    config = {
        "feature_size": shape.mels,
        "sampling_rate": 16_000,
        "hop_length": 160,
        "n_fft": 400,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(config))
    return folder


def _as_bytes(text: str) -> str:
    pieces = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return str(pieces.pre_tokenize_str(text)[0][0])


Followers = dict[str, tuple[str, float]]
"""What comes after a token, and how surely."""


def _followers(scripts: list[Script], starts: dict[str, str], *, silent: bool) -> Followers:
    found: Followers = {
        "<|transcribe|>": (TIMES[0], 30.0),
        START: ("<|nospeech|>" if silent else "<|en|>", 30.0),
    }
    for script in scripts:
        words, sure = script.words, script.sure
        found.update({word: (after, sure) for word, after in pairwise(words)})
        found[words[-1]] = (words[0] if script.loop else END, sure)
        if not starts:
            found[NO_TIMES] = found[TIMES[0]] = (words[0], sure)
        for language, word in starts.items():
            if word == words[0]:
                found[language] = (word, sure)
    return found


def _spec(
    tokens: list[str], followers: Followers, starts: dict[str, str], shape: Shape
) -> WhisperSpec:
    rng = np.random.default_rng(11)
    width = shape.width
    spec = WhisperSpec(shape.encoder, shape.heads, shape.decoder, shape.heads)
    _fill(spec, rng, shape)
    spec.encoder.conv1.weight = _small(rng, width, shape.mels, 3)
    spec.encoder.conv2.weight = _small(rng, width, width, 3)
    spec.encoder.position_encodings.encodings = _small(rng, 1500, width)
    at = {token: index for index, token in enumerate(tokens)}
    points = _points(rng, len(tokens), width, [at[token] for token in (*followers, NO_TIMES)])
    outputs = np.zeros_like(points)
    for token, (follower, certainty) in followers.items():
        outputs[at[follower]] += points[at[token]] * np.float32(certainty)
    if starts:
        languages = [points[at[language]] for language in starts]
        _look_up(spec.decoder.layer[0].self_attention, points[at[NO_TIMES]], languages)
    spec.decoder.embeddings.weight = points
    spec.decoder.position_encodings.encodings = np.zeros((448, width), np.float32)
    spec.decoder.projection.weight = outputs / np.float32(np.sqrt(width))
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [at[END]]
    spec.config.lang_ids = [at["<|en|>"], at["<|ko|>"]]
    spec.config.alignment_heads = [(0, 0), (0, 1)]
    spec.validate()
    spec.optimize(quantization="float16" if shape.vocabulary else None)
    return spec


def _points(
    rng: np.random.Generator, count: int, width: int, apart: list[int]
) -> NDArray[np.float32]:
    """Unit vectors of mean zero; those ``apart`` are orthogonal: none speaks for another."""
    points = rng.standard_normal((count, width), np.float32)
    points -= points.mean(axis=1, keepdims=True)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    apart = sorted(set(apart))
    points[apart] = np.linalg.qr(np.vstack([np.ones(width), points[apart]]).T)[0].T[1:]
    return points


def _look_up(attention: Any, asker: NDArray[np.float32], sought: list[NDArray[np.float32]]) -> None:
    """Where ``asker`` stands, the one of ``sought`` that came before is added, and no word more."""
    width = len(asker)
    fused = np.zeros((3 * width, width), np.float32)
    scale = 12 / np.sqrt(width)  # a normalised point is sqrt(width) long
    fused[0] = asker * scale
    fused[width] = sum(sought) * scale
    out = np.zeros((width, width), np.float32)
    for row, point in enumerate(sought):
        fused[2 * width + row] = point / np.sqrt(width)
        out[:, row] = point
    _linear(attention.linear[0], fused)
    _linear(attention.linear[1], out)


def _fill(spec: WhisperSpec, rng: np.random.Generator, shape: Shape) -> None:
    width, inner = shape.width, shape.width * shape.inner
    for side in (spec.encoder, spec.decoder):
        _norm(side.layer_norm, width)
        for layer in side.layer:
            _attention(layer.self_attention, rng, shape, (3, 1))
            if side is spec.decoder:
                _attention(layer.attention, rng, shape, (1, 2, 1))
            _norm(layer.ffn.layer_norm, width)
            _linear(layer.ffn.linear_0, _small(rng, inner, width))
            _linear(layer.ffn.linear_1, _small(rng, width, inner) * np.float32(shape.stir))
    for convolution in (spec.encoder.conv1, spec.encoder.conv2):
        convolution.bias = np.zeros(width, np.float32)


def _attention(part: Any, rng: np.random.Generator, shape: Shape, parts: tuple[int, ...]) -> None:
    _norm(part.layer_norm, shape.width)
    for linear, times in zip(part.linear[:-1], parts, strict=False):
        _linear(linear, _small(rng, times * shape.width, shape.width))
    _linear(part.linear[-1], _small(rng, shape.width, shape.width) * np.float32(shape.stir))


def _linear(part: Any, weight: NDArray[np.float32]) -> None:
    part.weight = weight
    part.bias = np.zeros(weight.shape[0], np.float32)


def _norm(part: Any, width: int) -> None:
    part.gamma = np.ones(width, np.float32)
    part.beta = np.zeros(width, np.float32)


def _small(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Of a size that keeps what goes through it."""
    fan_in = np.prod(shape[1:])
    return rng.standard_normal(shape, np.float32) / np.float32(np.sqrt(fan_in))


def _write_tokenizer(path: Path, tokens: list[str], texts: int) -> None:
    vocabulary = {token: index for index, token in enumerate(tokens[:texts])}
    made = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=[]))
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    made.add_special_tokens(list(tokens[texts:]))
    made.save(str(path))
