"""Silero VAD: voice activity of many streams at once, by numpy.

The weights are those of the ONNX file in the silero-vad wheel. The network is small: four frames of
a spectrum, four convolutions, one LSTM cell. As products of matrices over all streams a window of
32 ms takes a third of what an engine for any network needs for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from server.assets import share
from server.engines import onnx_weights
from server.ports import EngineError

WINDOW = 512
CONTEXT = 64
STATE = 128
FIRST_ROWS = 16

FFT, HOP, FRAMES = 256, 128, 4
BINS = FFT // 2 + 1
WIDTH = FFT + (FRAMES - 1) * HOP
"""Samples under the frames: context, window, and `CONTEXT` of it backwards."""
TAPS = 3
HALF = np.float32(0.5)
"""A chance, 1 / (1 + exp(-x)), is half of 1 + tanh(x / 2), which cannot overflow."""

WITH_16_KHZ = "If_0_then_branch__Inline_0__"
"""The file holds a second network, for 8 kHz."""

Floats = NDArray[np.float32]


def model_path() -> Path:
    """The ONNX file that the build step took out of the silero-vad wheel, which is not installed:
    it would bring torch."""
    path = share("models") / "silero_vad.onnx"
    if not path.is_file():
        raise EngineError(f"{path} is missing: install viva again (pip install .)")
    return path


class SileroDetector:
    """A ``VoiceDetector``; the recurrent state of each stream is one row of shared arrays."""

    name = "silero"
    window = WINDOW

    def __init__(self) -> None:
        self._network = Network.load(model_path())
        self._hidden = np.zeros((FIRST_ROWS, STATE), np.float32)
        self._cell = np.zeros((FIRST_ROWS, STATE), np.float32)
        self._context = np.zeros((FIRST_ROWS, CONTEXT), np.float32)
        self._free = list(range(FIRST_ROWS - 1, -1, -1))
        self._open: set[int] = set()
        # A window of some streams is far too little to share between threads: they would spin.
        ThreadpoolController().limit(limits=1, user_api="blas")

    def open(self) -> int:
        if not self._free:
            self._grow()
        row = self._free.pop()
        self._open.add(row)
        for kept in (self._hidden, self._cell, self._context):
            kept[row] = 0
        return row

    def close(self, row: int) -> None:
        if row in self._open:
            self._open.remove(row)
            self._free.append(row)

    def probabilities(self, windows: Floats, rows: Sequence[int]) -> Floats:
        if windows.shape != (len(rows), WINDOW):
            raise ValueError(f"{len(rows)} rows need windows of shape ({len(rows)}, {WINDOW})")
        if len(set(rows)) != len(rows) or not self._open.issuperset(rows):
            raise ValueError("each row must be open and appear once")
        if not rows:
            return np.empty(0, np.float32)
        index = np.asarray(rows, np.intp)
        seen = self._network.see(self._context[index], windows)
        hidden, cell = self._network.remember(seen, self._hidden[index], self._cell[index])
        self._hidden[index], self._cell[index] = hidden, cell
        self._context[index] = windows[:, -CONTEXT:]
        return self._network.judge(hidden)

    def _grow(self) -> None:
        self._free.extend(range(2 * len(self._context) - 1, len(self._context) - 1, -1))
        self._hidden, self._cell, self._context = (
            np.concatenate((kept, np.zeros_like(kept)))
            for kept in (self._hidden, self._cell, self._context)
        )


@dataclass(frozen=True, slots=True)
class Network:
    """Of each convolution the taps one below the other, (taps * in, out), as far as they meet more
    than padding, and the bias. ``gates`` (in + state, 4 * state): of what is let in, kept and put
    out, halved as `HALF` says, and of what is new."""

    first: tuple[Floats, Floats]
    second: tuple[Floats, Floats]
    third: tuple[Floats, Floats]
    fourth: tuple[Floats, Floats]
    gates: tuple[Floats, Floats]
    last: tuple[Floats, Floats]

    @classmethod
    def load(cls, path: Path) -> Network:
        """Raises EngineError where the file is not the one that is known."""
        try:
            return cls._of(onnx_weights.read(path))
        except (KeyError, ValueError) as error:
            raise EngineError(f"{path} is not the model that viva was made for") from error

    @classmethod
    def _of(cls, stored: dict[str, Floats]) -> Network:
        def tensor(name: str) -> Floats:
            return stored[WITH_16_KHZ + name]

        def convolution(number: int, taps: slice = slice(TAPS)) -> tuple[Floats, Floats]:
            name = f"encoder.{number}.reparam_conv"
            weight = tensor(f"{name}.weight").transpose(2, 1, 0)[taps]
            return weight.reshape(-1, weight.shape[2]).copy(), tensor(f"{name}.bias")

        halves = np.repeat(np.array([0.5, 0.5, 1.0, 0.5], np.float32), STATE)
        inputs = [tensor(f"decoder.rnn.weight_{kind}") for kind in ("ih", "hh")]
        weight = np.concatenate(inputs, axis=1).T * halves
        bias = (tensor("decoder.rnn.bias_ih") + tensor("decoder.rnn.bias_hh")) * halves
        last = tensor("decoder.decoder.2.weight").reshape(STATE)
        return cls(
            convolution(0),
            convolution(1),
            convolution(2, slice(1, 3)),  # two frames are left, and before them is nothing
            convolution(3, slice(1, 2)),
            (_new_last(weight), _new_last(bias)),
            (last * HALF, tensor("decoder.decoder.2.bias") * HALF),
        )

    def see(self, before: Floats, windows: Floats) -> Floats:
        """(n, `STATE`) of the windows and the `CONTEXT` before each."""
        many = len(windows)
        frames = np.zeros((many, FRAMES + 2, BINS), np.float32)  # padded on both sides
        frames[:, 1:-1] = _spectrum(before, windows)
        seen = _rectified(_along(frames, FRAMES, 1), self.first)
        padded = np.zeros((many, FRAMES + 1, seen.shape[1]), np.float32)
        padded[:, 1:] = seen.reshape(many, FRAMES, -1)
        seen = _rectified(_along(padded, FRAMES // 2, 2), self.second)
        seen = _rectified(seen.reshape(many, -1), self.third)
        return _rectified(seen, self.fourth)

    def remember(self, seen: Floats, hidden: Floats, cell: Floats) -> tuple[Floats, Floats]:
        """One step of the LSTM cell."""
        weight, bias = self.gates
        gates = np.concatenate((seen, hidden), axis=1) @ weight
        gates += bias
        np.tanh(gates, out=gates)
        chances = gates[:, : 3 * STATE]
        chances += 1
        chances *= HALF
        let_in, kept, out = (
            gates[:, :STATE],
            gates[:, STATE : 2 * STATE],
            gates[:, 2 * STATE : -STATE],
        )
        cell = kept * cell + let_in * gates[:, -STATE:]
        return out * np.tanh(cell), cell

    def judge(self, hidden: Floats) -> Floats:
        """(n,) how likely each is speech."""
        weight, bias = self.last
        found: Floats = (np.tanh(np.maximum(hidden, 0) @ weight + bias) + 1) * HALF
        return found


HANN = np.hanning(FFT + 1)[:FFT].astype(np.float32)


def _spectrum(before: Floats, windows: Floats) -> Floats:
    """(n, `FRAMES`, `BINS`): how loud each frequency is."""
    samples = np.empty((len(windows), WIDTH), np.float32)
    samples[:, :CONTEXT] = before
    samples[:, CONTEXT : CONTEXT + WINDOW] = windows
    samples[:, CONTEXT + WINDOW :] = windows[:, -2 : -2 - CONTEXT : -1]
    framed = _along(samples[..., None], FRAMES, HOP, FFT).reshape(-1, FRAMES, FFT)
    loud: Floats = np.abs(np.fft.rfft(framed * HANN))
    return loud


def _along(rows: Floats, many: int, step: int, length: int = TAPS) -> Floats:
    """``rows`` (n, t, w) to (n * ``many``, ``length`` * w): so many in a row, at every step."""
    count, _, width = rows.shape
    stream, row, _ = rows.strides
    shape, strides = (count, many, length * width), (stream, step * row, rows.itemsize)
    # What `as_strided` does takes longer than the copy.
    windows = np.ndarray(shape, rows.dtype, rows, strides=strides)
    return windows.reshape(count * many, -1)


def _rectified(rows: Floats, layer: tuple[Floats, Floats]) -> Floats:
    weight, bias = layer
    made: Floats = rows @ weight
    made += bias
    return np.maximum(made, 0, out=made)


def _new_last(gates: Floats) -> Floats:
    """From the order of ONNX's exporter, in which what is new comes before what is put out."""
    let_in, kept, new, out = np.split(gates, 4, axis=-1)
    return np.ascontiguousarray(np.concatenate((let_in, kept, out, new), axis=-1))
