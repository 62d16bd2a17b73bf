"""A tiny Whisper in faster-whisper's format that says what it was told to, for the tests.

Its layers add nothing, so each token depends only on the one before it: an embedding that points
to its successor. Everything else (features, encoder, prompt, decoding rules, alignment) runs as
with a real model. The words of a script must differ from one another.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers
from ctranslate2.specs import WhisperSpec
from numpy.typing import NDArray

WIDTH = 192
MELS = 80
END, START, NO_TIMES = "<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>"
SPECIAL = (
    *(END, START, "<|en|>", "<|ko|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nospeech|>", NO_TIMES),
)
TIMES = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))


def make(
    folder: Path, script: str, *, silent: bool = False, sure: float = 30.0, loop: bool = False
) -> Path:
    """``silent``: it takes the audio for no speech. ``sure``: how peaked its choice of words is.

    ``loop``: after the last word comes the first one again, without end.
    """
    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    words = [_as_bytes(" " + word) for word in script.split()]
    assert len(set(words)) == len(words)
    tokens = [*letters, "", *words, *SPECIAL, *TIMES]
    spec = _spec(tokens, _followers(words, silent=silent, loop=loop), set(words), sure)
    folder.mkdir(parents=True)
    spec.save(str(folder))
    _write_tokenizer(folder / "tokenizer.json", tokens, len(letters) + 1 + len(words))
    config = {"feature_size": MELS, "sampling_rate": 16_000, "hop_length": 160, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(config))
    return folder


def _as_bytes(text: str) -> str:
    pieces = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return str(pieces.pre_tokenize_str(text)[0][0])


def _followers(words: list[str], *, silent: bool, loop: bool) -> dict[str, str]:
    chain = dict(pairwise(words))
    last = words[0] if loop else END
    return {
        **chain,
        words[-1]: last,
        NO_TIMES: words[0],
        TIMES[0]: words[0],
        "<|transcribe|>": TIMES[0],
        START: "<|nospeech|>" if silent else "<|en|>",
    }


def _spec(
    tokens: list[str], followers: dict[str, str], words: set[str], sure: float
) -> WhisperSpec:
    rng = np.random.default_rng(11)
    spec = WhisperSpec(1, 2, 1, 2)
    _fill(spec, rng)
    spec.encoder.conv1.weight = _small(rng, WIDTH, MELS, 3)
    spec.encoder.conv2.weight = _small(rng, WIDTH, WIDTH, 3)
    spec.encoder.position_encodings.encodings = _small(rng, 1500, WIDTH)
    points = rng.normal(size=(len(tokens), WIDTH)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    at = {token: index for index, token in enumerate(tokens)}
    outputs = np.zeros_like(points)
    for token, follower in followers.items():
        certainty = sure if token in words or follower in words else 30.0
        outputs[at[follower]] += points[at[token]] * np.float32(certainty)
    spec.decoder.embeddings.weight = points
    spec.decoder.position_encodings.encodings = np.zeros((448, WIDTH), np.float32)
    spec.decoder.projection.weight = outputs / np.float32(np.sqrt(WIDTH))
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [at[END]]
    spec.config.lang_ids = [at["<|en|>"], at["<|ko|>"]]
    spec.config.alignment_heads = [(0, 0), (0, 1)]
    spec.validate()
    spec.optimize()
    return spec


def _fill(spec: WhisperSpec, rng: np.random.Generator) -> None:
    for side in (spec.encoder, spec.decoder):
        _norm(side.layer_norm)
        for layer in side.layer:
            _attention(layer.self_attention, rng, (3, 1))
            if side is spec.decoder:
                _attention(layer.attention, rng, (1, 2, 1))
            _norm(layer.ffn.layer_norm)
            _linear(layer.ffn.linear_0, _small(rng, WIDTH * 2, WIDTH))
            _linear(layer.ffn.linear_1, np.zeros((WIDTH, WIDTH * 2), np.float32))
    for convolution in (spec.encoder.conv1, spec.encoder.conv2):
        convolution.bias = np.zeros(WIDTH, np.float32)


def _attention(part: Any, rng: np.random.Generator, parts: tuple[int, ...]) -> None:
    _norm(part.layer_norm)
    for linear, times in zip(part.linear[:-1], parts, strict=False):
        _linear(linear, _small(rng, times * WIDTH, WIDTH))
    _linear(part.linear[-1], np.zeros((WIDTH, WIDTH), np.float32))


def _linear(part: Any, weight: NDArray[np.float32]) -> None:
    part.weight = weight
    part.bias = np.zeros(weight.shape[0], np.float32)


def _norm(part: Any) -> None:
    part.gamma = np.ones(WIDTH, np.float32)
    part.beta = np.zeros(WIDTH, np.float32)


def _small(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    return rng.normal(0, 0.1, shape).astype(np.float32)


def _write_tokenizer(path: Path, tokens: list[str], texts: int) -> None:
    vocabulary = {token: index for index, token in enumerate(tokens[:texts])}
    made = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=[]))
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    made.add_special_tokens(list(tokens[texts:]))
    made.save(str(path))
