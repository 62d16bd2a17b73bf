"""People who talk on, through the recogniser of a CPU: how long words take and what it costs.

``python -m bench.speakers``, from the repository's root: ``--speakers 4`` of them in real time,
with captions, each with a session, a voice detector and errands as in the server, on recordings of
speech that is read. ``--minutes 30``: one of them as fast as it is heard, and how memory grows.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import numpy as np
import structlog

from bench.bench_stt import machine
from bench.heard_answers import recordings
from bench.probe import ahead, cpu_seconds, memory_mb
from bench.readings import Samples, readings
from server.core.events import (
    CandidateJoined,
    EngineFailed,
    Input,
    Language,
    PlanArrived,
    Played,
    QuestionVoiced,
    Say,
    SegmentTranscribed,
    Ticked,
    Transcribe,
    Understand,
    VoiceFrame,
    VoiceStarted,
)
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.session import Session
from server.core.turn.patience import Patience, Weights
from server.engines.lanes import Batch
from server.engines.silero import SileroDetector
from server.engines.whisper_base import WhisperBase
from server.language.pack import shipped
from server.plan import draft_plan
from server.ports import CANDIDATE_RATE
from server.realtime.captions import Captions, Partial
from server.realtime.ears import Ears
from server.realtime.errands import Engines, Errands
from server.realtime.hearing import Hearing
from server.realtime.own_level import OwnLevel
from server.realtime.sitting import Sitting
from server.realtime.tape import Tape
from tests.speech import READINGS

CHUNK_MS = 32
CHUNK = CANDIDATE_RATE * CHUNK_MS // 1_000 * 2
ENDLESS_MS = 2**30
ENDLESS = Patience(
    long_ms=ENDLESS_MS,
    unbroken_ms=ENDLESS_MS,
    ending=Weights(
        sure_ms=ENDLESS_MS, unsure_ms=ENDLESS_MS, trailing_ms=ENDLESS_MS, cap_ms=ENDLESS_MS
    ),
)
"""No pause is the end of an answer."""

SETTLED_MIN = 3
"""Minutes of speech after which growth counts."""


@dataclass
class Measured:
    """Milliseconds, of everybody. ``wrong``: why there are no words."""

    finals: list[int] = field(default_factory=list)
    captions: list[float] = field(default_factory=list)
    late_captions: int = 0
    shown: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Recogniser:
    """What the errands want; the voice and the questions are nobody's."""

    current: WhisperBase


class Speaker:
    """Talks for as long as there is sound; what the interviewer says is over at once."""

    def __init__(
        self,
        number: int,
        hearing: Hearing,
        recogniser: WhisperBase,
        language: Language,
        measured: Measured,
    ) -> None:
        who, rules = str(UUID(int=number)), Rules(minutes=24 * 60)
        about = Interview(who, "Engineer", language, {}, packs=shipped(), rules=rules)
        draft = partial(draft_plan, about)
        self._session = Session(about, Ears(), writer=False, patience=ENDLESS)
        self._sitting = Sitting(self._session, draft)
        self._plan = draft()
        engines: Any = Engines(hearing, Recogniser(recogniser), None, None, 0.0, list)  # type: ignore[arg-type]
        self._errands = Errands(str(number), engines, self._take)
        self._ear = hearing.open(self._judged)
        self._captions = Captions()
        self._own_level = OwnLevel()
        self._tape = Tape(0)
        self._tasks: set[asyncio.Task[None]] = set()
        self._asked: dict[int, float] = {}
        self._now_ms: Callable[[], int] = lambda: self._ear.fed_ms
        self._measured = measured

    @property
    def turn(self) -> int:
        return self._session.turn

    @property
    def heard_ms(self) -> int:
        return self._ear.fed_ms

    async def talk(self, sound: bytes, speed: float) -> None:
        """``speed`` 0: as fast as it is heard."""
        began = perf_counter()
        if speed:
            self._now_ms = lambda: int((perf_counter() - began) * speed * 1_000)
        self._take(PlanArrived(self._plan))
        self._take(CandidateJoined(marks=True))
        for at in range(0, len(sound) - CHUNK + 1, CHUNK):
            pcm = sound[at : at + CHUNK]
            self._tape.add(pcm)
            self._ear.feed(pcm)
            if speed:
                due = began + (at + CHUNK) / 2 / CANDIDATE_RATE / speed
                await asyncio.sleep(max(0.0, due - perf_counter()))
            else:
                await self._ear.caught_up()
                await self._done()
            self._tick()
        await self._done()
        self._ear.close()

    async def _done(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _judged(self, end_ms: int, probability: float, loud_db: float) -> None:
        far = self._own_level.is_far(self._session.state, probability, loud_db)
        self._take(VoiceFrame(end_ms, probability, far))
        wanted = self._captions.due(self._sitting.talk, end_ms, self._session.state.language)
        if wanted is not None:
            self._asked[wanted.end_ms] = perf_counter()
            pcm = self._tape.cut(wanted.start_ms, end_ms)
            self._spawn(self._errands.preview(wanted, pcm, self._caption))

    def _caption(self, partial: Partial) -> None:
        awaited = self._sitting.awaits(partial.turn, partial.segment)
        self._measured.shown += self._captions.came(partial, awaited=awaited) is not None
        if partial.whole and partial.text is None:
            self._measured.late_captions += 1
        elif partial.whole:
            took_s = perf_counter() - self._asked.pop(partial.end_ms)
            self._measured.captions.append(took_s * 1_000)

    def _tick(self) -> None:
        deadline_ms = self._sitting.deadline()
        if deadline_ms is not None and self._now_ms() >= deadline_ms:
            self._take(Ticked())

    def _take(self, event: Input) -> None:
        self._measure(event)
        for effect in self._sitting.step(event, self._now_ms()):
            match effect:
                case Transcribe():
                    pcm = self._tape.cut(effect.start_ms, effect.end_ms)
                    self._spawn(self._errands.transcribe(effect, pcm, self._session.state.language))
                case Understand():
                    self._take(EngineFailed("understanding", effect.turn, "", effect.segment))
                case Say():
                    turn = self._session.turn
                    for said in (VoiceStarted(turn), QuestionVoiced(turn, 0)):
                        self._take(said)
                    self._take(Played(turn, 0, complete=True))
                case _:
                    pass
        self._tape.forget(self._sitting.keep_audio_from_ms())

    def _measure(self, event: Input) -> None:
        match event:
            case SegmentTranscribed():
                self._captions.final(event.took_ms)
                self._measured.finals.append(event.took_ms)
            case EngineFailed(role="stt"):
                self._measured.wrong.append(event.reason)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def voices() -> list[tuple[Language, Samples]]:
    korean = [one.samples for one in readings(READINGS) if one.samples.size]
    return [("en", recordings()), ("ko", np.concatenate(korean))]


def talk(number: int, seconds: float) -> tuple[Language, bytes]:
    """Each begins elsewhere in the recordings of a language."""
    language, once = voices()[number % 2]
    count = int(seconds * CANDIDATE_RATE)
    start = number * 7 * CANDIDATE_RATE % len(once)
    tiled = np.tile(once, count // len(once) + 2)
    return language, tiled[start : start + count].tobytes()


async def together(given: argparse.Namespace, recogniser: WhisperBase, hearing: Hearing) -> int:
    batches: list[Batch] = []
    recogniser.watchers.append(batches.append)
    assert recogniser.pid is not None
    measured, before, began = Measured(), cpu_seconds(recogniser.pid), perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number in range(given.speakers):
            language, sound = talk(number, given.seconds)
            speaker = Speaker(number, hearing, recogniser, language, measured)
            tasks.create_task(speaker.talk(sound, 1.0))
    took_s = perf_counter() - began
    spent_s = cpu_seconds(recogniser.pid) - before
    p50, p95 = np.percentile(measured.finals, (50, 95))
    wait = [one.waited_ms[0] for one in batches if one.finals]
    print(
        f"{given.speakers} people for {given.seconds:g} s: {len(measured.finals)} segments, words "
        f"after p50 {p50:.0f}, p95 {p95:.0f}, at most {max(measured.finals)} ms; "
        f"of that waiting p95 {np.percentile(wait, 95):.0f} ms"
    )
    each_s = given.speakers * given.seconds / max(1, len(measured.captions))
    captions = measured.captions or [float("nan")]
    print(
        f"captions: one in {each_s:.1f} s for each, p50 {np.median(captions):.0f} ms, "
        f"{measured.late_captions} never came, {measured.shown} showed more words"
    )
    print(f"the recogniser took {spent_s / took_s:.2f} cores; {len(measured.wrong)} failed")
    return 0 if p95 <= given.most_ms and not measured.wrong else 1


async def on_and_on(given: argparse.Namespace, recogniser: WhisperBase, hearing: Hearing) -> int:
    measured, began = Measured(), perf_counter()
    language, sound = talk(0, given.minutes * 60)
    speaker = Speaker(0, hearing, recogniser, language, measured)
    talking = asyncio.create_task(speaker.talk(sound, 0.0))
    found: list[tuple[float, float, float]] = []
    while not talking.done():
        await asyncio.sleep(given.every)
        theirs, ours = memory_mb(recogniser.pid or 0), memory_mb(os.getpid())
        found.append((speaker.heard_ms / 60_000, theirs, ours))
        print(f"minute {found[-1][0]:5.1f}: recogniser {theirs:.0f} MiB, this process {ours:.0f}")
    await talking
    assert speaker.turn == 1, "it was to be one answer"
    print(
        f"{given.minutes:g} minutes in {(perf_counter() - began) / 60:.1f}: {len(measured.finals)} "
        f"segments, {len(measured.captions)} captions, {len(measured.wrong)} failed"
    )
    worst = 0.0
    for name, at in (("recogniser", 1), ("this process", 2)):
        slope = growth([(one[0], one[at]) for one in found])
        worst = max(worst, slope)
        print(f"{name}: {slope:+.2f} MiB in ten minutes of speech")
    return 0 if worst <= given.most_mib else 1


def growth(found: Sequence[tuple[float, float]]) -> float:
    """MiB in ten minutes, of the straight line through what is there after the first minutes."""
    kept = [(minutes, mib) for minutes, mib in found if minutes >= SETTLED_MIN]
    if len(kept) < 2:
        return float("nan")
    minutes, mib = zip(*kept, strict=True)
    return 10 * float(np.polyfit(minutes, mib, 1)[0])


async def measure(given: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        recogniser, hearing = WhisperBase(Path(folder), 64), Hearing(SileroDetector())
        running = asyncio.create_task(hearing.run())
        try:
            await recogniser.load()
            if not given.minutes:
                ahead(recogniser.pid)
            part = on_and_on if given.minutes else together
            return await part(given, recogniser, hearing)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await recogniser.close()


def main(argv: Sequence[str]) -> int:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--speakers", type=int, default=4)
    said.add_argument("--seconds", type=float, default=60.0, help="for which they talk")
    said.add_argument("--most-ms", type=float, default=1_500.0, help="at p95, else it fails")
    said.add_argument("--minutes", type=float, default=0.0, help="one alone, for memory")
    said.add_argument("--every", type=float, default=5.0, help="seconds between looks at memory")
    said.add_argument("--most-mib", type=float, default=5.0, help="in ten minutes, else it fails")
    given = said.parse_args(argv)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    favoured = not given.minutes and ahead()
    priority = "before all else" if favoured else "beside what else runs"
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d}; {machine()}; {priority}; load before {load}")
    status = asyncio.run(measure(given))
    print(f"load after {', '.join(f'{one:.1f}' for one in os.getloadavg())}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
