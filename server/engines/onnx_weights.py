"""The weights in an ONNX file, by name, without anything that runs it.

Read are the few fields of ``onnx.proto`` that lead to tensors: a model's graph, its nodes, their
attributes (tensors and graphs), and initializers. Only for files that are held to their hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES = 0, 1, 2, 5
"""How a field of protobuf is written."""

MODEL_GRAPH = 7
GRAPH_NODE, GRAPH_INITIALIZER = 1, 5
NODE_OUTPUT, NODE_ATTRIBUTE = 2, 5
ATTRIBUTE_TENSOR, ATTRIBUTE_GRAPH = 5, 6
DIMS, DATA_TYPE, NAME, RAW_DATA = 1, 2, 8, 9
FLOAT = 1


def read(path: Path) -> dict[str, Floats]:
    """Every tensor of single precision, by the name of the initializer or of what its node puts
    out. Raises ValueError where the file is not one that this can read."""
    found: dict[str, Floats] = {}
    for field, value in _fields(path.read_bytes()):
        if field == MODEL_GRAPH:
            found.update(_in_graph(_bytes(value)))
    return found


def _in_graph(graph: bytes) -> Iterator[tuple[str, Floats]]:
    for field, value in _fields(graph):
        if field == GRAPH_INITIALIZER:
            yield from _tensor(_bytes(value), "")
        elif field == GRAPH_NODE:
            yield from _in_node(_bytes(value))


def _in_node(node: bytes) -> Iterator[tuple[str, Floats]]:
    output = ""
    for field, value in _fields(node):
        if field == NODE_OUTPUT:
            output = output or _bytes(value).decode()
        elif field == NODE_ATTRIBUTE:
            for part, inner in _fields(_bytes(value)):
                if part == ATTRIBUTE_GRAPH:
                    yield from _in_graph(_bytes(inner))
                elif part == ATTRIBUTE_TENSOR:
                    yield from _tensor(_bytes(inner), output)


def _tensor(tensor: bytes, name: str) -> Iterator[tuple[str, Floats]]:
    """None where it is of another type, or not kept as raw bytes."""
    dims: list[int] = []
    kind, raw = 0, b""
    for field, value in _fields(tensor):
        if field == DIMS:
            dims += [value] if isinstance(value, int) else _varints(value)
        elif field == DATA_TYPE and isinstance(value, int):
            kind = value
        elif field == NAME:
            name = name or _bytes(value).decode()
        elif field == RAW_DATA:
            raw = _bytes(value)
    if kind == FLOAT and raw and len(raw) == 4 * prod(dims):
        yield name, np.frombuffer(raw, "<f4").reshape(dims)


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        field, written = key >> 3, key & 7
        if written == VARINT:
            value, at = _varint(message, at)
            yield field, value
        elif written == LENGTH:
            size, at = _varint(message, at)
            yield field, message[at : at + size]
            at += size
        elif written in (EIGHT_BYTES, FOUR_BYTES):
            at += 8 if written == EIGHT_BYTES else 4
        else:
            raise ValueError(f"this is no ONNX file: a field is written as {written}")


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise ValueError("this is no ONNX file: a number stands where a message has to be")
    return value


def _varints(packed: bytes) -> list[int]:
    found, at = [], 0
    while at < len(packed):
        value, at = _varint(packed, at)
        found.append(value)
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    raise ValueError("this is no ONNX file: it ends in the middle of a number")
