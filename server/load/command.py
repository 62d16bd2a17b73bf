"""The command: speaks, looks at what became of it, and tells."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from server.load.clips import LoadError, clips
from server.load.crowd import Load
from server.load.findings import percentiles
from server.load.place import Place, place_at, word_file
from server.load.served import Served, between
from server.load.verdict import Verdict

SHOWN = 20
"""Faults that are listed."""


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


def load(order: Order) -> int:
    """0: all that was said is stored, once, and well enough heard; 1: not. Raises LoadError."""
    return asyncio.run(speak(order))


async def speak(order: Order) -> int:
    """As ``load``, in a loop that runs."""
    said = clips(order.audio)
    async with place_at(order.base, order.key) as place:
        resume_id = await place.resume(*_resume(order, [one.text for one in said if one.text]))
        loaded = Load(place, said, resume_id, order.sessions, order.minutes * 60)
        servers = order.metrics or [place.base]
        before = [await place.figures(one) for one in servers]
        await loaded.run()
        after = [await _figures(place, one) for one in servers]
        verdict = await loaded.verdict()
    wrong = failures(order, loaded, verdict)
    for line in told(order, loaded, verdict, between(before, after)):
        sys.stdout.write(line + "\n")
    for line in wrong[:SHOWN]:
        sys.stdout.write(f"FAILED  {line}\n")
    if len(wrong) > SHOWN:
        sys.stdout.write(f"FAILED  and {len(wrong) - SHOWN} more\n")
    return 1 if wrong else 0


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
    for name, seconds in (
        ("last word of a segment to its words", found.captions_s),
        ("last speech to the decision", found.delays_s),
        ("of that the server's part", found.overheads_s),
        ("last speech to the next voice", found.first_sounds_s),
        ("candidates sent late by", found.sending_late_s),
    ):
        yield f"  {name:<36} {_ms(seconds)}"
    lags = " / ".join("–" if math.isnan(one) else f"{one * 1_000:g}" for one in served.lag_s)
    yield f"  {'loop lag of the servers, at most':<36} {lags}"
    yield (
        f"servers   {served.cpu_s / (minutes or math.nan):.3f} CPU s per session-minute, "
        f"{served.memory_bytes / 1_048_576:.0f} MiB, without their recognisers and workers"
    )


def _ms(seconds: Sequence[float]) -> str:
    found = percentiles(seconds)
    return " / ".join("–" if math.isnan(one) else f"{one * 1_000:.0f}" for one in found)
