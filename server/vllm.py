"""``viva llm``: whether this machine can run vLLM, with which model, and becoming it."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from server.environment import secret
from server.settings import NAMES, Settings

HOST = "127.0.0.1"
MIB_PER_GIB = 1_024
MODELS = (
    (44, "Qwen/Qwen2.5-14B-Instruct"),
    (22, "Qwen/Qwen2.5-7B-Instruct"),
    (15, "Qwen/Qwen3-4B-Instruct-2507"),
    (8, "Qwen/Qwen2.5-1.5B-Instruct"),
)
"""GiB of GPU memory, and the model that fits beside Whisper; all write Korean and English and are
under the Apache licence."""
CONTEXT_TOKENS = 8_192
ROOM_MIB = 5 * MIB_PER_GIB
"""Left on the GPU for Whisper."""
LARGEST_SHARE = 0.90
STRUCTURE = {"backend": "xgrammar", "disable_any_whitespace": True}
"""JSON without white space: a small model may write nothing else until its room is used up."""
NVIDIA = ("nvidia-smi", "--query-gpu=memory.total,memory.free", "--format=csv,noheader,nounits")


@dataclass(frozen=True, slots=True)
class Gpu:
    total_mib: int
    free_mib: int


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start. ``share`` of the GPU's memory, None without one."""

    program: str
    model: str
    share: float | None = None
    arguments: tuple[str, ...] = ()

    @property
    def served_name(self) -> str:
        """What the model is called: of a folder only its last part, for it is shown to people."""
        path = Path(self.model).expanduser()
        return path.resolve().name if path.is_dir() else self.model

    def command(self, port: int) -> list[str]:
        share = [] if self.share is None else ["--gpu-memory-utilization", f"{self.share:.2f}"]
        return [
            *(self.program, "serve", self.model, "--host", HOST, "--port", str(port)),
            *("--served-model-name", self.served_name, "--max-model-len", str(CONTEXT_TOKENS)),
            *("--enable-prefix-caching", "--disable-uvicorn-access-log"),
            *("--structured-outputs-config", json.dumps(STRUCTURE)),
            *share,
            *self.arguments,  # last: what is said twice counts as it is said last
        ]


def beside(settings: Settings) -> Launch | str:
    """What ``viva up`` starts on this machine, or the reason why nothing."""
    return "VIVA_LLM_URL names a server" if settings.llm_url else launch(settings)


def launch(settings: Settings) -> Launch | str:
    """What ``viva llm`` becomes on this machine, or the reason why it cannot."""
    if settings.vllm == "off":
        return "VIVA_VLLM is off"
    program = _program() if settings.vllm == "auto" else settings.vllm
    if program is None:
        return "vLLM is not installed (the extra [vllm])"
    gpu = find_gpu()
    if gpu is None:
        if settings.vllm == "auto":
            return "no NVIDIA GPU was found"
        model = settings.llm_model or MODELS[-1][1]  # named on purpose: a build for the CPU
        return Launch(program, model, None, settings.vllm_args)
    chosen = settings.llm_model or fitting_model(gpu)
    if chosen is None:
        return f"no model fits beside Whisper on a GPU of {gpu.total_mib // MIB_PER_GIB} GiB"
    return Launch(program, chosen, memory_share(gpu), settings.vllm_args)


def fitting_model(gpu: Gpu) -> str | None:
    """The largest model for the memory of this GPU that nobody else uses."""
    usable = gpu.free_mib / MIB_PER_GIB
    return next((model for gib, model in MODELS if usable >= gib - 0.5), None)


def memory_share(gpu: Gpu) -> float:
    """Of the GPU's whole memory, what vLLM may take of what is free now."""
    share = (gpu.free_mib - ROOM_MIB) / gpu.total_mib
    return round(max(0.1, min(LARGEST_SHARE, share)), 2)


def find_gpu() -> Gpu | None:
    """The first that CUDA would use."""
    try:
        told = subprocess.run(NVIDIA, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return read_gpus(told.stdout, os.environ.get("CUDA_VISIBLE_DEVICES"))


def read_gpus(table: str, visible: str | None) -> Gpu | None:
    """The first of nvidia-smi's lines, or the one whose number stands first in ``visible``."""
    gpus = []
    for line in table.splitlines():
        total, _, free = line.partition(",")
        with contextlib.suppress(ValueError):
            gpus.append(Gpu(int(total), int(free)))
    first = visible.split(",")[0].strip() if visible is not None else "0"
    if visible is not None and first in {"", "-1"}:
        return None  # hidden on purpose
    number = int(first) if first.isdigit() else 0
    return gpus[number] if number < len(gpus) else None


def _program() -> str | None:
    """``vllm`` of this very environment."""
    path = Path(sys.executable).with_name("vllm")
    return str(path) if path.exists() and importlib.util.find_spec("vllm") else None


def serve(start: Launch, settings: Settings, env: Mapping[str, str]) -> NoReturn:
    """Become vLLM, on ``VIVA_VLLM_PORT`` of this machine. Raises OSError."""
    command = start.command(settings.vllm_port)
    os.execve(command[0], command, environment(secret(settings.llm_api_key), env))


def environment(key: str | None, env: Mapping[str, str]) -> dict[str, str]:
    """Ours without our secrets, and with the key that it asks of those who come."""
    own = {name: value for name, value in env.items() if name not in NAMES}
    told = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
    return {**own, **told, **({"VLLM_API_KEY": key} if key else {})}


class Place:
    """A port that is ours before anybody answers there, so that its URL can be given out."""

    def __init__(self) -> None:
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind((HOST, 0))
        self.port: int = self._held.getsockname()[1]
        # On Linux it stays bound without listening: no other program gets the port while the
        # model loads, and vLLM, which reuses addresses too, may still bind it.
        if sys.platform != "linux":
            self._held.close()

    def close(self) -> None:
        self._held.close()
