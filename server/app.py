"""The composition root of the server: builds every part once and hands it to the handlers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from importlib.metadata import version
from typing import Any

import msgspec
import structlog
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from redis.asyncio import Redis

from server import metrics
from server.assets import share
from server.core.turn.patience import Patience
from server.engines.chat import ChatWriter
from server.engines.choice import LANGUAGES, EngineInUse, RecognizerChoice
from server.engines.espeak import EspeakVoice
from server.engines.silero import SileroDetector
from server.engines.smart_turn import SmartTurn, model_file
from server.engines.speech import SpeechServerVoice
from server.ports import Voice
from server.queue import Queue, open_redis
from server.readiness import Readiness
from server.realtime.errands import Engines
from server.realtime.hearing import Hearing
from server.realtime.monitor import Monitor
from server.realtime.recording import Recording
from server.realtime.registry import Registry
from server.settings import Settings, secret
from server.store.pool import open_pool
from server.web import pages
from server.web.documented import SCHEMES, Documented
from server.web.errors import HANDLERS
from server.web.once import once
from server.web.origin import SameOrigin
from server.web.routes import routes
from server.web.services import Services

SLACK_MS = 500
BACKSTOP_S = 0.05
"""The writer keeps its own deadline, so that its servers' breakers learn of it."""
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}

log = structlog.get_logger()


def create_app(settings: Settings) -> Litestar:
    """The ASGI application. ``settings`` must name a database and a Redis."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.services = await _build(settings, stack)
            yield

    return Litestar(
        route_handlers=[
            *routes(settings.max_resume_bytes),
            *pages.routers(share("static")),
        ],
        lifespan=[lifespan],
        dependencies={
            "services": Provide(_services, sync_to_thread=False),
            "once": Provide(once, sync_to_thread=False),
        },
        plugins=[Documented()],
        exception_handlers=HANDLERS,
        middleware=[DefineMiddleware(SameOrigin, hosts=frozenset({settings.host}))],
        response_headers=SECURITY_HEADERS,
        openapi_config=OpenAPIConfig(
            title="viva",
            version=version("viva"),
            components=SCHEMES,
            render_plugins=[JsonRenderPlugin()],
        ),
        logging_config=None,
    )


def _services(state: State) -> Services:
    services: Services = state.services
    return services


async def _build(settings: Settings, stack: AsyncExitStack) -> Services:
    if settings.database_url is None or settings.redis_url is None:
        raise RuntimeError("the server needs DATABASE_URL and REDIS_URL")
    pool = await stack.enter_async_context(
        await open_pool(settings.database_url.get_secret_value(), application_name="viva server")
    )
    redis = open_redis(settings.redis_url.get_secret_value())
    stack.push_async_callback(redis.aclose, close_connection_pool=True)
    # It listens: a read may take for ever.
    wake_ups = Redis.from_url(settings.redis_url.get_secret_value())
    stack.push_async_callback(wake_ups.aclose, close_connection_pool=True)
    queue = Queue(pool, redis)

    recognition = RecognizerChoice(
        settings.stt,
        settings.stt_model,
        settings.stt_device,
        limit=settings.stt_queue,
        short_windows=settings.stt_windows == "short",
    )
    recognition.watchers.append(metrics.observe_stt_batch)
    stack.push_async_callback(recognition.close)
    writer = writer_from(settings)
    if writer is not None:
        stack.push_async_callback(writer.close)
        stack.push_async_callback(_end, asyncio.create_task(writer.watch()))
    voice = _voice(settings)
    stack.push_async_callback(voice.close)
    turns = _turn_model()
    if turns is not None:
        stack.push_async_callback(turns.close)
    hearing = Hearing(SileroDetector())
    monitor = Monitor(pool, wake_ups)

    def in_use() -> list[dict[str, Any]]:
        used = [
            recognition.in_use(),
            _turns_in_use(turns),
            _writer_in_use(writer),
            _voice_in_use(voice),
        ]
        return [msgspec.to_builtins(one) for one in used]

    writing_s = settings.llm_timeout_ms / 1_000 + BACKSTOP_S
    engines = Engines(hearing, recognition, writer, voice, writing_s, in_use, turns)
    recording = Recording(
        pool, offered=settings.recording == "consent", keep_days=settings.recording_days
    )
    stack.callback(recording.close)
    patience = Patience(compose_ms=settings.llm_timeout_ms + SLACK_MS)
    registry = Registry(pool, engines, monitor, recording, patience)
    for work in (
        hearing.run(),
        monitor.run(),
        queue.run(),
        recognition.settle(),
        recording.run(),
        metrics.watch_loop(),
    ):
        stack.push_async_callback(_end, asyncio.create_task(work))
    stack.push_async_callback(registry.stop)
    metrics.follow(lambda: registry.count, lambda: recognition.current.waiting)
    readiness = Readiness(pool, redis, recognition, writer, voice)
    return Services(
        pool,
        queue,
        registry,
        monitor,
        recording,
        settings.max_resume_bytes,
        secret(settings.interviewer_key),
        in_use,
        readiness.parts,
    )


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def writer_from(settings: Settings) -> ChatWriter | None:
    if settings.llm_url is None:
        return None
    return ChatWriter(
        settings.llm_url,
        settings.llm_model,
        secret(settings.llm_api_key),
        temperature=settings.llm_temperature,
        seed=settings.llm_seed,
        extra=settings.llm_extra_body,
        first_s=settings.llm_first_token_ms / 1_000,
        total_s=settings.llm_timeout_ms / 1_000,
    )


def _turn_model() -> SmartTurn | None:
    path = model_file()
    return None if path is None else SmartTurn(path)


def _turns_in_use(turns: SmartTurn | None) -> EngineInUse:
    if turns is None:
        why = "the wheel that holds the turn model is not installed: words and pauses decide"
        return EngineInUse("turn", "words and pauses", why, LANGUAGES, settled=True)
    why = "asked at a pause where the words leave it open"
    return EngineInUse("turn", turns.name, why, LANGUAGES, settled=True)


def _voice(settings: Settings) -> Voice:
    if settings.tts_url is None:
        return EspeakVoice()
    return SpeechServerVoice(
        settings.tts_url,
        settings.tts_model,
        dict.fromkeys(LANGUAGES, settings.tts_voice),
        secret(settings.tts_api_key),
    )


def _writer_in_use(writer: ChatWriter | None) -> EngineInUse:
    if writer is None:
        why = "no language model is configured (VIVA_LLM_URL)"
        return EngineInUse("llm", "question bank", why, LANGUAGES, settled=True)
    why, settled = writer.state()
    return EngineInUse("llm", writer.model or "first model listed", why, LANGUAGES, settled)


def _voice_in_use(voice: Voice) -> EngineInUse:
    own = isinstance(voice, EspeakVoice)
    why = "no speech server is configured (VIVA_TTS_URL)" if own else "VIVA_TTS_URL names it"
    return EngineInUse("tts", voice.name, why, LANGUAGES, settled=True)
