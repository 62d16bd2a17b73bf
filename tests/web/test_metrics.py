"""What Prometheus reads: the whole of it, documented, without anybody's name, and right."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from server import metrics
from server.core.events import (
    Compose,
    Effect,
    FloorPassed,
    Hold,
    Hush,
    Meant,
    QuestionAsked,
    QuestionHeard,
    QuestionTakenBack,
    Release,
    Source,
    Tell,
    TurnTimed,
    Withdraw,
)
from server.engines.lanes import Batch
from tests.live import browser, running, until
from tests.speech import silence

LINES = ["Kim Minji", "Backend engineer", "Experience", "Acme, 2019 to 2023: payments in Python"]


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_live_interview_is_counted_and_not_named(database_url: str, redis_url: str) -> None:
    asked = sum_of(metrics.exposition(), "viva_questions_total")
    async with running(database_url, redis_url) as viva:
        ticket = await viva.interview(LINES)
        async with browser(ticket) as candidate:
            await candidate.event("viva.question", turn=1)
            windows = sum_of(metrics.exposition(), "viva_vad_batch_windows_sum")
            lags = sum_of(metrics.exposition(), "viva_event_loop_lag_seconds_count")

            async def heard() -> httpx.Response | None:
                # While the voice plays, what comes waits until it is known for no echo.
                await candidate.say(silence(0.2), speed=10)
                answer = await viva.http.get("/metrics")
                judged = sum_of(answer.content, "viva_vad_batch_windows_sum")
                looked = sum_of(answer.content, "viva_event_loop_lag_seconds_count")
                return answer if judged >= windows + 10 and looked > lags else None

            answer = await until(heard)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        assert sum_of(answer.content, "viva_sessions") == 1
        assert sum_of(answer.content, "viva_questions_total") == asked + 1
        for secret in (ticket["interview_id"], ticket["token"], "Minji", "Acme", "Backend"):
            assert secret not in answer.text


def sum_of(exposition: bytes, sample: str) -> float:
    families = text_string_to_metric_families(exposition.decode())
    return sum(s.value for family in families for s in family.samples if s.name == sample)


def test_a_turn_is_observed_by_stage() -> None:
    before = value("viva_turn_seconds_sum", stage="first_audio")
    early = value("viva_turn_seconds_sum", stage="first_token")
    observed(Tell(TurnTimed(1, {"decision_ms": 900, "first_audio_ms": 1_250, "decode_ms": 70})))
    observed(Tell(TurnTimed(2, {"first_token_ms": -300})))
    assert value("viva_turn_seconds_sum", stage="first_audio") - before == pytest.approx(1.25)
    assert value("viva_turn_seconds_sum", stage="first_token") == early


def observed(*steps: Effect | Iterable[Effect]) -> None:
    observer = metrics.Observer()
    for step in steps:
        observer.saw(step if isinstance(step, list | tuple) else [step])


COMPOSE = Compose(1, 1, Meant("", "en"))
THINKING = Tell(FloorPassed(1, "thinking", 900))


def question(source: Source, reason: str | None = None) -> Tell:
    asked = QuestionAsked(2, "q", "Why?", source, "follow_up", "experience", None, "m", reason)
    return Tell(asked)


@pytest.mark.parametrize(
    ("steps", "spoken", "void"),
    [
        ([COMPOSE, THINKING, question("llm")], 1, 0),
        ([COMPOSE, Withdraw(1, 1), COMPOSE, THINKING, question("llm")], 1, 1),
        ([COMPOSE, COMPOSE, THINKING, question("bank")], 0, 2),
        ([THINKING, COMPOSE, question("llm")], 0, 0),
    ],
)
def test_speculation_is_counted_by_its_outcome(steps: list[Effect], spoken: int, void: int) -> None:
    name = "viva_speculative_questions_total"
    before = value(name, outcome="asked"), value(name, outcome="void")
    observed(*steps)
    after = value(name, outcome="asked"), value(name, outcome="void")
    assert (after[0] - before[0], after[1] - before[1]) == (spoken, void)


def test_interruptions_are_told_apart() -> None:
    name = "viva_interruptions_total"
    before = {one: value(name, outcome=one) for one in ("held", "false", "barge_in", "taken_back")}
    unheard = Tell(QuestionHeard(1, 400, complete=False))
    observed(Hold(1), Release(1), Hold(1), [Hush(1), unheard])
    observed(Hold(1), [Hush(1), Tell(QuestionTakenBack(2, "q", 1, (), 400))])
    observed([unheard])  # the voice failed: nobody took over
    gained = {one: value(name, outcome=one) - before[one] for one in before}
    assert gained == {"held": 3, "false": 1, "barge_in": 1, "taken_back": 1}


def test_a_refused_question_is_counted_under_its_rule() -> None:
    name = "viva_question_rejections_total"
    before = value(name, rule="private")
    observed(question("bank", "model_refused:private"), question("bank", "model_late"))
    assert value(name, rule="private") - before == 1


def test_a_batch_of_the_recogniser_is_observed() -> None:
    waits, finals = (
        value("viva_stt_wait_seconds_sum"),
        value("viva_stt_utterances_total", kind="final"),
    )
    metrics.observe_stt_batch(Batch("whisper", 2, 1, (100, 0, 300), 500))
    assert value("viva_stt_wait_seconds_sum") - waits == pytest.approx(0.4)
    assert value("viva_stt_utterances_total", kind="final") - finals == 2


async def test_a_blocked_loop_is_seen() -> None:
    over = value("viva_event_loop_lag_seconds_count") - value(
        "viva_event_loop_lag_seconds_bucket", le="0.05"
    )
    told: list[float] = []
    watching = asyncio.create_task(metrics.watch_loop(told.append))
    await asyncio.sleep(0.05)
    time.sleep(0.25)  # noqa: ASYNC251 - it is what is to be seen
    await asyncio.sleep(0.05)
    watching.cancel()
    after = value("viva_event_loop_lag_seconds_count") - value(
        "viva_event_loop_lag_seconds_bucket", le="0.05"
    )
    assert after - over >= 1
    assert max(told) >= 0.05
