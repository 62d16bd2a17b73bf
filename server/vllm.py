"""``vllm serve`` as a child of ``viva up``: whether this machine can, which model, its life.

It loads a model for minutes, so nobody waits for it: the question bank asks until it is ready.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import structlog

from server.child import Child
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
LOG_BYTES = 8 * 1024 * 1024
STOP_S = 10.0
LOOK_S = 0.5
STEADY_S = 120.0
FIRST_DELAY_S = 5.0
LONGEST_DELAY_S = 300.0
NVIDIA = ("nvidia-smi", "--query-gpu=memory.total,memory.free", "--format=csv,noheader,nounits")

log = structlog.get_logger()


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
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)

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


def launch(settings: Settings) -> Launch | str:
    """What ``viva up`` starts on this machine, or the reason why nothing."""
    if settings.llm_url:
        return "VIVA_LLM_URL names a server"
    if settings.vllm == "off":
        return "VIVA_VLLM is off"
    program = _program() if settings.vllm == "auto" else settings.vllm
    if program is None:
        return "vLLM is not installed (the extra [vllm])"
    gpu = find_gpu()
    given = secret(settings.llm_api_key)
    key = {"key": given} if given else {}
    if gpu is None:
        if settings.vllm == "auto":
            return "no NVIDIA GPU was found"
        model = settings.llm_model or MODELS[-1][1]  # named on purpose: a build for the CPU
        return Launch(program, model, None, settings.vllm_args, **key)
    chosen = settings.llm_model or fitting_model(gpu)
    if chosen is None:
        return f"no model fits beside Whisper on a GPU of {gpu.total_mib // MIB_PER_GIB} GiB"
    return Launch(program, chosen, memory_share(gpu), settings.vllm_args, **key)


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


class Vllm:
    """One server; ``keep`` is its life. Its port is ours from the beginning, so that the URL can
    be given out before anybody answers there."""

    def __init__(self, start: Launch, data: Path) -> None:
        self.start = start
        self.log_path = data.expanduser().absolute() / "vllm.log"
        self.ready = asyncio.Event()
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

    @property
    def env(self) -> dict[str, str]:
        """For the server and the worker: where the model will be."""
        return {
            "VIVA_LLM_URL": f"http://{HOST}:{self.port}/v1",
            "VIVA_LLM_MODEL": self.start.served_name,
            "VIVA_LLM_API_KEY": self.start.key,
        }

    async def keep(self, env: Mapping[str, str]) -> None:
        """Start it, and start it again whenever it ends, ever more slowly. Never gives up: the
        interviews go on with the question bank. Cancelling stops it and all it has started."""
        delay, clock = FIRST_DELAY_S, asyncio.get_running_loop().time
        while True:
            began = clock()
            status = await self._live(env)
            self.ready.clear()
            delay = FIRST_DELAY_S if clock() - began > STEADY_S else delay
            log.warning("vllm ended", status=status, log=str(self.log_path), again_in_s=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY_S)

    async def _live(self, env: Mapping[str, str]) -> int:
        """One life, from start to end; its exit status."""
        clock = asyncio.get_running_loop().time
        began = clock()
        self.log_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _open_log(self.log_path) as output:
            child = await Child.start(
                self.start.command(self.port), env=self._child_env(env), output=output
            )
        log.info("vllm is loading", model=self.start.served_name, log=str(self.log_path))
        ending = asyncio.ensure_future(child.wait())
        try:
            while not ending.done():
                if not self.ready.is_set() and await self._healthy():
                    self.ready.set()
                    took_s = round(clock() - began, 1)
                    log.info("vllm is ready", model=self.start.served_name, took_s=took_s)
                await asyncio.wait([ending], timeout=LOOK_S)
            return ending.result()
        finally:
            ending.cancel()
            await child.stop(STOP_S)
            with contextlib.suppress(ProcessLookupError):  # its engines, where it left any behind
                os.killpg(child.pid, signal.SIGKILL)

    def _child_env(self, env: Mapping[str, str]) -> dict[str, str]:
        """Ours without our secrets."""
        own = {name: value for name, value in env.items() if name not in NAMES}
        told = {"VLLM_API_KEY": self.start.key, "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
        return {**own, **told}

    async def _healthy(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection(HOST, self.port)
        except OSError:
            return False
        try:
            writer.write(
                f"GET /health HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
            )
            head = await asyncio.wait_for(reader.readline(), 5)
        except (OSError, TimeoutError):
            return False
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        return b" 200 " in head


def _open_log(path: Path) -> IO[bytes]:
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))
