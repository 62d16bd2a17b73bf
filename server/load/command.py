"""The command: speaks, looks at what became of it, and tells."""

from __future__ import annotations

import asyncio
import json
import math
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

from server.load.clips import LoadError, clips
from server.load.crowd import Load
from server.load.findings import percentiles
from server.load.place import Place, place_at, word_file
from server.load.served import Served, between
from server.load.verdict import Verdict
from server.manual import NO_BAR, Bar

SHOWN = 20
"""Faults that are listed."""

LOOK_S: Final = 1.0
"""How often it is shown how far it is."""


@dataclass(frozen=True, slots=True)
class Order:
    """``metrics``: addresses of the servers behind ``base``, where that is a balancer.
    ``most_errors``: of letters, in [0, 1]; ``most_missing``: words in a row for which nothing was
    written. Beyond either it fails."""

    base: str
    key: str | None
    audio: Path
    resume: Path | None
    sessions: int
    minutes: float
    metrics: Sequence[str]
    most_errors: float
    most_missing: int


def load(order: Order, bar: Bar = NO_BAR, *, as_json: bool = False) -> int:
    """0: all that was said is stored, once, and well enough heard; 1: not. Raises LoadError."""
    return asyncio.run(speak(order, bar, as_json=as_json))


async def speak(order: Order, bar: Bar = NO_BAR, *, as_json: bool = False) -> int:
    """As ``load``, in a loop that runs."""
    said = clips(order.audio)
    async with place_at(order.base, order.key) as place:
        resume_id = await place.resume(*_resume(order, [one.text for one in said if one.text]))
        loaded = Load(place, said, resume_id, order.sessions, order.minutes * 60)
        servers = order.metrics or [place.base]
        before = [await place.figures(one) for one in servers]
        async with _shown(loaded, bar):
            await loaded.run()
        after = [await _figures(place, one) for one in servers]
        verdict = await loaded.verdict()
    wrong = failures(order, loaded, verdict)
    served = between(before, after)
    if as_json:
        data = {"failures": wrong, **figures(order, loaded, verdict, served)}
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
        return 1 if wrong else 0
    for line in told(order, loaded, verdict, served):
        sys.stdout.write(line + "\n")
    for line in wrong[:SHOWN]:
        sys.stdout.write(f"FAILED  {line}\n")
    if len(wrong) > SHOWN:
        sys.stdout.write(f"FAILED  and {len(wrong) - SHOWN} more\n")
    return 1 if wrong else 0


@asynccontextmanager
async def _shown(loaded: Load, bar: Bar) -> AsyncIterator[None]:
    """How far it is, while it goes on."""
    began = monotonic()

    async def show() -> None:
        while True:
            bar.show((monotonic() - began) / loaded.seconds, f"{len(loaded.held)} interviews")
            await asyncio.sleep(LOOK_S)

    showing = asyncio.create_task(show())
    try:
        yield
    finally:
        showing.cancel()
        bar.clear()


async def _figures(place: Place, address: str) -> str:
    """Nothing of a server that has gone meanwhile."""
    try:
        return await place.figures(address)
    except LoadError as error:
        sys.stderr.write(f"viva: {error}\n")
        return ""


def _resume(order: Order, texts: Sequence[str]) -> tuple[str, bytes]:
    if order.resume is None:
        return "load.docx", word_file(texts)
    try:
        return order.resume.name, order.resume.read_bytes()
    except OSError as error:
        raise LoadError(f"{order.resume}: {error.strerror}") from error


def failures(order: Order, loaded: Load, verdict: Verdict) -> list[str]:
    found = [f"an interview was refused: {why}" for why in loaded.refused]
    found += verdict.faults
    if not verdict.clips:
        found.append("nothing was said")
    if verdict.letter_errors > order.most_errors:
        found.append(f"{verdict.letter_errors:.1%} of the letters are wrong")
    if verdict.in_a_row > order.most_missing:
        found.append(f"{verdict.in_a_row} words in a row are missing")
    return found


def told(order: Order, loaded: Load, verdict: Verdict, served: Served) -> Iterator[str]:
    found, minutes = loaded.findings, loaded.spent_s / 60
    yield (
        f"{order.sessions} at once for {order.minutes:g} minutes at {order.base}: "
        f"{verdict.interviews} interviews, {verdict.clips} clips, "
        f"{verdict.seconds / 60:.1f} minutes of speech"
    )
    if verdict.said:
        yield (
            f"words     {verdict.said} said, {verdict.word_errors:.1%} wrong "
            f"(letters {verdict.letter_errors:.1%}), {verdict.missing} missing, "
            f"at most {verdict.in_a_row} in a row"
        )
    else:
        yield "words     not compared: no clip has a text beside it"
    yield (
        f"stored    {verdict.captions} captions, {verdict.answers} answers; "
        f"{len(verdict.faults)} lost, doubled or left open"
    )
    yield (
        f"lines     {found.broken} broken, back after {_ms(found.back_s)} ms; "
        f"{found.cut_ins} decisions in mid-answer, {found.stuck} answers without a next question"
    )
    yield "ms        p50 / p95 / p99"
    for name, seconds in _times(loaded).items():
        yield f"  {name:<36} {_ms(seconds)}"
    lags = " / ".join("–" if math.isnan(one) else f"{one * 1_000:g}" for one in served.lag_s)
    yield f"  {'loop lag of the servers, at most':<36} {lags}"
    yield (
        f"servers   {served.cpu_s / (minutes or math.nan):.3f} CPU s per session-minute, "
        f"{served.memory_bytes / 1_048_576:.0f} MiB, without their recognisers and workers"
    )


def figures(order: Order, loaded: Load, verdict: Verdict, served: Served) -> dict[str, Any]:
    """The same as ``told``, as data; shares in [0, 1], times in ms (p50, p95, p99)."""
    found = loaded.findings
    heard = {"word_errors": verdict.word_errors, "letter_errors": verdict.letter_errors}
    return {
        "at": order.base,
        "sessions": order.sessions,
        "minutes": order.minutes,
        "interviews": verdict.interviews,
        "clips": verdict.clips,
        "speech_s": round(verdict.seconds, 1),
        "words": {
            "said": verdict.said,
            **({name: round(one, 4) for name, one in heard.items()} if verdict.said else {}),
            "missing": verdict.missing,
            "most_missing_in_a_row": verdict.in_a_row,
        },
        "stored": {"captions": verdict.captions, "answers": verdict.answers},
        "lost_doubled_or_open": len(verdict.faults),
        "broken_lines": found.broken,
        "back_ms": _whole_ms(found.back_s),
        "cut_ins": found.cut_ins,
        "stuck": found.stuck,
        "ms": {name: _whole_ms(seconds) for name, seconds in _times(loaded).items()},
        "loop_lag_ms": [_or_none(one * 1_000) for one in served.lag_s],
        "cpu_s": round(served.cpu_s, 3),
        "memory_bytes": round(served.memory_bytes),
    }


def _times(loaded: Load) -> dict[str, Sequence[float]]:
    found = loaded.findings
    return {
        "last word of a segment to its words": found.captions_s,
        "last speech to the decision": found.delays_s,
        "of that the server's part": found.overheads_s,
        "last speech to the next voice": found.first_sounds_s,
        "candidates sent late by": found.sending_late_s,
    }


def _whole_ms(seconds: Sequence[float]) -> list[float | None]:
    return [_or_none(one * 1_000) for one in percentiles(seconds)]


def _or_none(value: float) -> float | None:
    """JSON has no NaN."""
    return None if math.isnan(value) else round(value, 1)


def _ms(seconds: Sequence[float]) -> str:
    found = percentiles(seconds)
    return " / ".join("–" if math.isnan(one) else f"{one * 1_000:.0f}" for one in found)
