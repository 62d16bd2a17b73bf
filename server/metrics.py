"""What is measured of a running server, for Prometheus. Names are fixed, labels come from small
sets, and nothing says whose interview it was.

One registry for the process, of our own: where a test builds several applications, they count
together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.registry import Collector

from server.core.events import (
    Compose,
    EngineRole,
    Fact,
    FloorPassed,
    Hold,
    Hush,
    QuestionAsked,
    QuestionHeard,
    QuestionTakenBack,
    Release,
    Tell,
    TurnTimed,
    Withdraw,
)

LAG_EVERY_S = 0.1
STAGES = ("segment_final", "decision", "first_token", "question", "first_audio")
REFUSED = "model_refused:"

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

SESSIONS = Gauge("viva_sessions", "Interviews that live in this process", registry=REGISTRY)
TASKS = Gauge(
    "viva_tasks",
    "Tasks of the event loop that are not done: so many an interview, and no more with time",
    registry=REGISTRY,
)
LAG = Histogram(
    "viva_event_loop_lag_seconds",
    "How late the event loop runs a timer; over 0.02 at p95 the process has too much to do",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0),
    registry=REGISTRY,
)
TURN = Histogram(
    "viva_turn_seconds",
    "From the last speech of an answer to its last words, to the decision that it is over, to the "
    "model's first token, the next question and its first sound; below 0 counts as 0",
    ["stage"],
    buckets=(0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0),
    registry=REGISTRY,
)
VAD_WINDOWS = Histogram(
    "viva_vad_batch_windows",
    "Windows of 32 ms, one of each session, in one call of the voice detector",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    registry=REGISTRY,
)
VAD = Histogram(
    "viva_vad_batch_seconds",
    "One call of the voice detector, its thread and back too; over 0.032 it falls behind",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.032, 0.064, 0.128, 0.5),
    registry=REGISTRY,
)
CLOCK = Gauge(
    "viva_clock_ahead_seconds",
    "How far this process's clock is ahead of PostgreSQL's and of Redis's, measured once a minute",
    ["of"],
    registry=REGISTRY,
)
STT_WAITING = Gauge(
    "viva_stt_waiting", "Utterances that no batch has taken yet", ["kind"], registry=REGISTRY
)
STT_WAIT = Histogram(
    "viva_stt_wait_seconds",
    "From the asking for words to the batch that brings them",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 15.0),
    registry=REGISTRY,
)
STT_UTTERANCES = Counter(
    "viva_stt_utterances", "Utterances that were heard", ["kind"], registry=REGISTRY
)
STT_BATCH_SIZE = Histogram(
    "viva_stt_batch_utterances",
    "Utterances in one call of the recogniser",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128),
    registry=REGISTRY,
)
STT_BATCH = Histogram(
    "viva_stt_batch_seconds",
    "One call of the recogniser",
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0),
    registry=REGISTRY,
)
SPECULATIONS = Counter(
    "viva_speculative_questions",
    "Questions begun before the answer was over, by what became of them",
    ["outcome"],
    registry=REGISTRY,
)
INTERRUPTIONS = Counter(
    "viva_interruptions",
    "Sounds over the voice: held, and of those false; barge_in where the candidate took over, "
    "taken_back where the question had come too early",
    ["outcome"],
    registry=REGISTRY,
)
QUESTIONS = Counter(
    "viva_questions", "Questions that were asked", ["source", "kind"], registry=REGISTRY
)
REJECTIONS = Counter(
    "viva_question_rejections",
    "Questions of the language model that were not spoken, by the rule they broke",
    ["rule"],
    registry=REGISTRY,
)
FAILURES = Counter(
    "viva_engine_failures",
    "Work that an engine did not do, or not in time",
    ["role"],
    registry=REGISTRY,
)

REFUSED_INTERVIEWS = Counter(
    "viva_interviews_refused",
    "Interviews that were not begun, by what this process had too much of",
    ["cause"],
    registry=REGISTRY,
)
STT_WAIT_P95 = Gauge(
    "viva_stt_wait_p95_seconds",
    "How long answers wait for their words to be begun, p95 of the last minute, also where the "
    "recogniser says nothing any more",
    registry=REGISTRY,
)
LAG_P95 = Gauge(
    "viva_event_loop_lag_p95_seconds",
    "How late the event loop runs a timer, p95 of the last minute",
    registry=REGISTRY,
)
MEMORY = Gauge(
    "viva_memory_used_ratio",
    "The share of the memory of the container or machine that cannot be had any more",
    registry=REGISTRY,
)

REFUSED_STRANGERS = Counter(
    "viva_strangers_refused",
    "What was not taken because somebody sent too much of it, or did not send it to its end",
    ["what"],
    registry=REGISTRY,
)

FIXED: Final[Mapping[MetricWrapperBase, Sequence[str]]] = {
    TURN: STAGES,
    STT_WAITING: ("final", "partial"),
    STT_UTTERANCES: ("final", "partial"),
    SPECULATIONS: ("asked", "void"),
    INTERRUPTIONS: ("held", "barge_in", "taken_back", "false"),
    FAILURES: ("stt", "understanding", "llm", "tts"),
    REFUSED_INTERVIEWS: ("memory", "sessions", "stt_wait", "loop_lag"),
    REFUSED_STRANGERS: (
        "connections", "header", "body", "uploads", "interviews", "watchers", "events",
    ),
}  # fmt: skip
"""What the label of these may be: each is there from the start, at 0."""

for _one, _values in FIXED.items():
    for _value in _values:
        _one.labels(_value)


class SttBatch(Protocol):
    """One call into the recogniser's device."""

    @property
    def finals(self) -> int: ...

    @property
    def partials(self) -> int: ...

    @property
    def waited_ms(self) -> Sequence[int]: ...

    @property
    def took_ms(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Family:
    """``kind``: counter, gauge, histogram. ``samples``: name, labels and value of each."""

    name: str
    documentation: str
    kind: str
    samples: list[tuple[str, dict[str, str], float]]


def exposition() -> bytes:
    """Everything, in the text format of Prometheus."""
    _count_tasks()
    return generate_latest(REGISTRY)


def families() -> list[Family]:
    """Everything, for ``of_all``."""
    _count_tasks()
    return [
        Family(
            one.name,
            one.documentation,
            one.type,
            [(sample.name, sample.labels, sample.value) for sample in one.samples],
        )
        for one in REGISTRY.collect()
    ]


def of_all(servers: Mapping[str, Sequence[Family]]) -> bytes:
    """As ``exposition``: of several servers, by the names that their label ``server`` bears."""
    together = CollectorRegistry()
    together.register(_OfAll(servers))
    return generate_latest(together)


class _OfAll(Collector):
    def __init__(self, servers: Mapping[str, Sequence[Family]]) -> None:
        self._servers = servers

    def collect(self) -> Iterable[Metric]:
        metrics: dict[str, Metric] = {}
        for server, families in self._servers.items():
            for one in families:
                if one.name not in metrics:
                    metrics[one.name] = Metric(one.name, one.documentation, one.kind)
                for name, labels, value in one.samples:
                    metrics[one.name].add_sample(name, {"server": server, **labels}, value)
        return metrics.values()


def _count_tasks() -> None:
    with suppress(RuntimeError):  # where no loop runs there are none
        TASKS.set(len(asyncio.all_tasks()))


def follow(sessions: Callable[[], int], waiting: Callable[[], tuple[int, int]]) -> None:
    """Where to look, whenever somebody asks, for live sessions and for utterances that wait
    (finals, partials). The last application to say so is the one that is looked at."""
    SESSIONS.set_function(sessions)
    STT_WAITING.labels("final").set_function(lambda: waiting()[0])
    STT_WAITING.labels("partial").set_function(lambda: waiting()[1])


class Measured(Protocol):
    """How much a process has to do."""

    @property
    def stt_wait_s(self) -> float: ...

    @property
    def loop_lag_s(self) -> float: ...

    @property
    def memory(self) -> float: ...


_LOADS: list[Callable[[], Measured]] = []


@contextmanager
def following(measured: Callable[[], Measured]) -> Iterator[None]:
    """As ``follow``, for as long as its loop runs, by whose clock it measures."""
    _LOADS.append(measured)
    try:
        yield
    finally:
        _LOADS.remove(measured)


STT_WAIT_P95.set_function(lambda: _LOADS[-1]().stt_wait_s if _LOADS else 0.0)
LAG_P95.set_function(lambda: _LOADS[-1]().loop_lag_s if _LOADS else 0.0)
MEMORY.set_function(lambda: _LOADS[-1]().memory if _LOADS else 0.0)


def interview_refused(cause: str) -> None:
    REFUSED_INTERVIEWS.labels(cause).inc()


def stranger_refused(what: str) -> None:
    REFUSED_STRANGERS.labels(what).inc()


async def watch_loop(told: Callable[[float], None]) -> None:
    """One task of the server: how late is the event loop? ``told`` hears it too, in seconds."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LAG_EVERY_S
        await asyncio.sleep(LAG_EVERY_S)
        late_s = max(0.0, loop.time() - due)
        LAG.observe(late_s)
        told(late_s)


def observe_turn(timings: Mapping[str, int]) -> None:
    """ms by the names of ``TurnTimed``; what is no stage is left out."""
    for stage in STAGES:
        took_ms = timings.get(f"{stage}_ms")
        if took_ms is not None:
            TURN.labels(stage).observe(max(0, took_ms) / 1_000)


def observe_vad_batch(windows: int, seconds: float) -> None:
    VAD_WINDOWS.observe(windows)
    VAD.observe(seconds)


def observe_stt_batch(batch: SttBatch) -> None:
    STT_UTTERANCES.labels("final").inc(batch.finals)
    STT_UTTERANCES.labels("partial").inc(batch.partials)
    STT_BATCH_SIZE.observe(batch.finals + batch.partials)
    STT_BATCH.observe(batch.took_ms / 1_000)
    for waited_ms in batch.waited_ms:
        STT_WAIT.observe(waited_ms / 1_000)


def engine_failed(role: EngineRole) -> None:
    FAILURES.labels(role).inc()


class Observer:
    """Of one interview: counts what it decides. Holds no more than the floor and the draft."""

    def __init__(self) -> None:
        self._speculating = False
        self._thinking = False

    def saw(self, effects: Iterable[object]) -> None:
        """What the session decided in one step."""
        hushed = False
        for effect in effects:
            match effect:
                case Tell():
                    self._told(effect.fact, hushed=hushed)
                case Compose():
                    self._end_speculation("void")
                    self._speculating = not self._thinking
                case Withdraw():
                    self._end_speculation("void")
                case Hush():
                    hushed = True
                case Hold():
                    INTERRUPTIONS.labels("held").inc()
                case Release():
                    INTERRUPTIONS.labels("false").inc()
                case _:
                    pass

    def _told(self, fact: Fact, *, hushed: bool) -> None:
        match fact:
            case FloorPassed():
                self._thinking = fact.floor == "thinking"
            case QuestionAsked():
                self._asked(fact)
            case QuestionHeard(complete=False) if hushed:
                INTERRUPTIONS.labels("barge_in").inc()
            case QuestionTakenBack():
                INTERRUPTIONS.labels("taken_back").inc()
            case TurnTimed():
                observe_turn(fact.timings)
            case _:
                pass

    def _asked(self, question: QuestionAsked) -> None:
        self._end_speculation("asked" if question.source == "llm" else "void")
        QUESTIONS.labels(question.source, question.kind).inc()
        if question.reason is not None and question.reason.startswith(REFUSED):
            REJECTIONS.labels(question.reason.removeprefix(REFUSED)).inc()

    def _end_speculation(self, outcome: str) -> None:
        if self._speculating:
            SPECULATIONS.labels(outcome).inc()
            self._speculating = False
