"""The composition root of the server: builds every part once and hands it to the handlers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from redis.asyncio import Redis
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from server import metrics, trial
from server.assets import share
from server.background import end
from server.core.pack import Packs
from server.core.turn.patience import Patience
from server.document import ocr
from server.drift import Drift
from server.engines.choice import InUse, RecognizerChoice, choose
from server.engines.clamd import Clamd
from server.engines.encoder import Encoder
from server.engines.lanes import Batch
from server.engines.understanding import OfflineUnderstanding
from server.environment import secret
from server.fullness import Load, Most
from server.identity.accounts import Accounts
from server.identity.doorman import Doorman
from server.identity.provider import Provider
from server.language.pack import known
from server.language.speech import Pack
from server.ports import EchoCanceller, TurnDetector, Voice
from server.queue import Queue, open_redis
from server.readiness import Readiness, folders
from server.realtime.afterwards import Afterwards
from server.realtime.errands import Engines
from server.realtime.hearing import Hearing
from server.realtime.leases import Leases
from server.realtime.monitor import Monitor
from server.realtime.pulse import Pulse
from server.realtime.recording import Recording
from server.realtime.registry import Registry
from server.settings import MIB, Settings
from server.siblings import Siblings
from server.store.keys import keys_at
from server.store.mails import Post
from server.store.migrations import read_migrations
from server.store.pool import open_pool
from server.store.quotas import Quota
from server.store.scope import everywhere
from server.store.sealing import Ring, Seals
from server.store.signing import Signer
from server.store.webhooks import Hooks
from server.switchboard import Switchboard
from server.trial import Trial
from server.web import allowance, pages
from server.web.crowd import LOOPBACK, Crowd, Crowded
from server.web.documented import SCHEMES, Documented, operation_id
from server.web.errors import HANDLERS
from server.web.guards import Anyone
from server.web.headers import told
from server.web.leaving import Door
from server.web.once import once
from server.web.origin import SameOrigin
from server.web.principal import Identified
from server.web.routes import methods, routes
from server.web.services import Limits, Services
from server.web.sites import Asked
from server.web.transfer import Transferred
from server.web.upgrade import Upgrade

if TYPE_CHECKING:  # its library takes half a second to load, and is needed by whoever has a model
    from server.engines.chat import ChatWriter

SLACK_MS = 500
BACKSTOP_S = 0.05
"""The writer keeps its own deadline, so that its servers' breakers learn of it."""

log = structlog.get_logger()


def create_app(settings: Settings, siblings: Siblings | None = None) -> Litestar:
    """The ASGI application. ``settings`` must name a database and a Redis. Raises PackError.

    What is running is made when it starts, of what ``state.settings`` says then."""
    packs = known(settings.packs)
    siblings = siblings or Siblings()

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        # What is begun here works for everybody; each request enters its own scope.
        with everywhere():
            async with AsyncExitStack() as stack:
                app.state.services = await _build(app.state.settings, packs, stack)
                await stack.enter_async_context(siblings.heard())
                yield

    app = Litestar(
        route_handlers=[
            *routes(settings.max_resume_bytes),
            *pages.routers(share("static"), packs, reads_pictures=ocr.missing() is None),
        ],
        lifespan=[lifespan],
        state=State({"settings": settings, "siblings": siblings}),
        dependencies={
            "services": Provide(_services, sync_to_thread=False),
            "once": Provide(once, sync_to_thread=False),
        },
        plugins=[Documented()],
        exception_handlers=HANDLERS,
        middleware=[
            DefineMiddleware(Identified),
        ],
        before_send=[allowance.told, told(settings.public_url)],
        openapi_config=OpenAPIConfig(
            title="viva",
            version=version("viva"),
            components=SCHEMES,
            operation_id_creator=operation_id,
            render_plugins=[JsonRenderPlugin()],
            openapi_router=Router(
                "/schema", route_handlers=[], include_in_schema=False, guards=[Anyone()]
            ),
        ),
        logging_config=None,
    )
    # Requests come once it has started.
    inside: Any = Upgrade(Transferred(app.asgi_handler, partial(methods, app)))
    inside = Asked(inside, lambda: _services(app.state).pool)
    leaving = Door(inside, lambda: _services(app.state).registry.leaving)
    door: Any = SameOrigin(leaving, settings.host, settings.public_url)
    # Each one whom a proxy brings for themselves.
    door = Crowded(door, Crowd(settings.connections_per_address, LOOPBACK))
    if settings.trusted_proxies:
        door = ProxyHeadersMiddleware(door, list(settings.trusted_proxies))
    app.asgi_handler = door
    return app


def _services(state: State) -> Services:
    services: Services = state.services
    return services


def _provider(settings: Settings) -> Provider | None:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    key = secret(settings.oidc_client_secret)
    return Provider(settings.oidc_issuer, settings.oidc_client_id, key, settings.oidc_name)


def _most(settings: Settings) -> Most | None:
    """With how much to do another interview is still taken."""
    if settings.admission == "off":
        return None
    return Most(
        settings.max_sessions or None,
        settings.max_stt_wait_ms / 1_000,
        settings.max_loop_lag_ms / 1_000,
        settings.max_memory_percent / 100,
    )


def _trials(
    hearing: Hearing,
    recognition: RecognizerChoice,
    turns: TurnDetector | None,
    speak: Callable[[str], AsyncIterator[bytes]],
    canceller: Callable[[], EchoCanceller] | None,
) -> dict[str, Trial]:
    """What each engine of this machine is made to do, now and then."""

    async def transcribe() -> None:
        languages = recognition.in_use().languages
        await trial.transcribes(recognition.current.transcribe, languages)

    trials = {
        "vad": Trial(partial(trial.hears, hearing.open, hearing.window_bytes)),
        "stt": Trial(transcribe),
        "tts": Trial(partial(trial.speaks, speak)),
    }
    if turns is not None:
        trials["turn"] = Trial(partial(trial.judges, turns.finished))
    if canceller is not None:
        trials["echo"] = Trial(partial(trial.cancels, canceller))
    return trials


def _proof(tried: Trial) -> Callable[[Batch], None]:
    """Words that somebody waited for need no trial."""

    def saw(batch: Batch) -> None:
        if batch.failed < batch.finals + batch.partials:
            tried.worked()

    return saw


async def _build(settings: Settings, packs: Packs[Pack], stack: AsyncExitStack) -> Services:
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
    keys = keys_at(secret(settings.sound_key), settings.data)

    languages = tuple(packs.by_language)
    recognition = RecognizerChoice(settings, languages)
    stack.push_async_callback(recognition.close)
    detector, echo, turns, llm, tts = (
        choose(role, settings, languages) for role in ("vad", "echo", "turn", "llm", "tts")
    )
    writer: ChatWriter | None = llm.engine
    voice: Voice = tts.engine
    for chosen in (turns, llm, tts):
        if chosen.engine is not None:
            stack.push_async_callback(chosen.engine.close)
    if writer is not None:
        stack.push_async_callback(end, asyncio.create_task(writer.watch()))
    used: tuple[InUse, ...] = (detector, echo, recognition, turns, llm, tts)
    hearing = Hearing(detector.engine)
    monitor = Monitor(pool, wake_ups)

    def in_use() -> list[dict[str, Any]]:
        return [msgspec.to_builtins(one.in_use()) for one in used]

    writing_s = settings.llm_timeout_ms / 1_000 + BACKSTOP_S
    encoder = Encoder()
    stack.push_async_callback(encoder.close)
    understanding = OfflineUnderstanding(encoder)
    engines = Engines(
        hearing,
        recognition,
        writer,
        voice,
        writing_s,
        in_use,
        turns.engine,
        understanding,
        idle=lambda: recognition.current.waiting == (0, 0),
        canceller=echo.engine,
    )
    recording = Recording(
        pool,
        Seals(keys),
        offered=settings.recording == "consent",
        keep_days=settings.recording_days,
        asked_by=settings.asked_by,
    )
    stack.callback(recording.close)
    patience = Patience(compose_ms=settings.llm_timeout_ms + SLACK_MS)
    registry = Registry(pool, engines, monitor, recording, patience, Leases(pool), packs)
    afterwards = Afterwards(pool, engines, recording, Leases(pool), monitor, packs.by_language)
    pulse = Pulse(pool, registry, monitor)
    load = Load(_most(settings), lambda: registry.count, lambda: recognition.current.waiting[0])
    speak = partial(voice.speak, language=languages[0])
    trials = _trials(hearing, recognition, turns.engine, speak, echo.engine)
    recognition.watchers += [metrics.observe_stt_batch, load.heard, _proof(trials["stt"])]
    for one in trials.values():
        stack.push_async_callback(one.close)
    drift = Drift(pool, redis, "server")
    for work in (
        hearing.run(),
        understanding.warm(),
        monitor.run(),
        registry.run(),
        pulse.run(),
        afterwards.run(),
        queue.run(),
        drift.run(),
        recognition.settle(),
        metrics.watch_loop(load.lagged),
    ):
        stack.push_async_callback(end, asyncio.create_task(work))
    stack.push_async_callback(registry.stop)
    stack.enter_context(metrics.following(load.measured))
    await trials["vad"].begun()  # without it we are not ready, so nobody comes here before
    metrics.follow(lambda: registry.count, lambda: recognition.current.waiting)
    readiness = Readiness(
        pool, redis, used, drift, lambda: registry.leaving, load,
        trials=trials, folders=folders(settings.data), known=read_migrations(share("migrations")),
    )  # fmt: skip
    return Services(
        pool,
        queue,
        registry,
        monitor,
        pulse,
        recording,
        settings.max_resume_bytes,
        Quota(settings.resumes_per_day, settings.upload_mib_per_day * MIB),
        Clamd(settings.scan_url) if settings.scan_url else None,
        ocr.missing() is None,
        Doorman(pool, secret(settings.interviewer_key)),
        Accounts(pool, Ring(keys.of("accounts"))),
        Post(Ring(keys.of("mail"))) if settings.smtp_url else None,
        _provider(settings),
        Ring(keys.of("sign-in by a provider")),
        in_use,
        readiness.parts,
        understanding,
        writer,
        packs,
        Signer(keys),
        Hooks(Ring(keys.of("webhooks"))),
        settings.webhook_networks,
        Switchboard(wake_ups),
        load,
        Limits(
            settings.uploads_per_address,
            settings.interviews_per_address,
            settings.watchers_per_interview,
        ),
        tts.row.makeshift,
    )
