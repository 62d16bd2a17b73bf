"""Weights out of an ONNX file: those of a model that is here, and files that are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from server.engines import onnx_weights
from server.engines.silero import FFT, WITH_16_KHZ, model_path


def length(field: int, value: bytes) -> bytes:
    assert len(value) < 128
    return bytes([field << 3 | 2, len(value)]) + value


def number(field: int, value: int) -> bytes:
    assert value < 128
    return bytes([field << 3, value])


def tensor(name: bytes, values: list[float], kind: int = onnx_weights.FLOAT) -> bytes:
    raw = np.array(values, "<f4").tobytes()
    return number(1, len(values)) + number(2, kind) + length(8, name) + length(9, raw)


def stored(tmp_path: Path, *graph: bytes) -> Path:
    path = tmp_path / "model.onnx"
    path.write_bytes(number(1, 8) + length(7, b"".join(graph)))
    return path


def test_the_spectrum_of_a_real_model_is_that_of_a_window() -> None:
    basis = onnx_weights.read(model_path())[f"{WITH_16_KHZ}stft.forward_basis_buffer"]
    assert basis.shape == (FFT + 2, 1, FFT)
    np.testing.assert_allclose(basis[0, 0], np.hanning(FFT + 1)[:FFT], atol=1e-6)


def test_initializers_and_constants_are_found_by_their_names(tmp_path: Path) -> None:
    constant = length(2, b"made") + length(4, b"Constant")
    constant += length(5, length(1, b"value") + length(5, tensor(b"inside", [3.0])))
    path = stored(tmp_path, length(5, tensor(b"kept", [1.0, 2.0])), length(1, constant))
    found = onnx_weights.read(path)
    assert {name: values.tolist() for name, values in found.items()} == {
        "kept": [1.0, 2.0],
        "made": [3.0],
    }


def test_fields_that_are_not_known_are_passed_over(tmp_path: Path) -> None:
    fixed = bytes([20 << 3 & 127 | 1 | 128, 20 >> 4]) + bytes(8)
    short = bytes([21 << 3 & 127 | 5 | 128, 21 >> 4]) + bytes(4)
    path = stored(tmp_path, fixed, short, length(5, tensor(b"kept", [1.0])))
    assert list(onnx_weights.read(path)) == ["kept"]


def test_other_numbers_than_single_precision_are_left_out(tmp_path: Path) -> None:
    assert onnx_weights.read(stored(tmp_path, length(5, tensor(b"whole", [1.0], kind=7)))) == {}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (number(7, 1), "a number stands"),
        (b"\x3b", "written as 3"),
        (b"\xff\xff", "in the middle of a number"),
    ],
)
def test_what_is_no_onnx_file_is_refused(tmp_path: Path, written: bytes, said: str) -> None:
    path = tmp_path / "other"
    path.write_bytes(written)
    with pytest.raises(ValueError, match=said):
        onnx_weights.read(path)
