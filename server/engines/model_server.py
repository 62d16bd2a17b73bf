"""The server of one model: what is known of it, and whether it may be asked now."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import httpx
import openai
import structlog

from server.engines import endpoint
from server.engines.breaker import Breaker
from server.ports import EngineError

CHECK_SECONDS = 3.0
LOOK_S = 10.0
LOOK_SOON_S = 2.0

log = structlog.get_logger()


class ModelServer:
    """One OpenAI-compatible server. ``what``: its model's kind. ``kept``: its connections are used
    again. ``answers`` is None until it is known, ``context`` as long as it does not say how many
    tokens a request may have."""

    def __init__(
        self,
        url: str,
        wanted: str,
        key: str | None,
        seconds: float,
        *,
        what: str = "language model",
        kept: bool = False,
    ) -> None:
        self.client = endpoint.client_for(url, key, seconds, kept=kept)
        self.place = endpoint.host_of(url)
        self.name = f"the {what} server at {self.place}"
        self.model = wanted
        self.version = ""
        self.answers: bool | None = None
        self.trouble = ""
        self.context: int | None = None
        self.takes_schemas = True
        self.lives = 1
        """How often it has begun to answer: what it was and did before does not count."""

        self._root = endpoint.root_url(url)
        self._wanted = wanted
        self._what = what
        self._kind_known = False
        self._breaker = Breaker()
        self._watched = False
        self._news = asyncio.Event()

    @property
    def label(self) -> str:
        """Model and, where it is known, the program that runs it."""
        return f"{self.model} ({self.version})" if self.version else self.model

    # Whether it may be asked, and how each request went.

    def refusal(self, now_ms: int) -> str | None:
        """Why it is not asked now, in words; None where it may be."""
        if self.answers is False:
            return f"{self.name} {self.trouble or 'does not answer'}"
        if self._breaker.allows(now_ms):
            return None
        if rest := self._breaker.rest_ms(now_ms):
            return f"{self.name} failed repeatedly and is left alone for {rest / 1_000:.0f} s"
        return f"{self.name} is being tried by another request"

    def begin(self, now_ms: int) -> None:
        """A request leaves; ``ended`` tells how it went."""
        self._breaker.begin(now_ms)

    def ended(self, now_ms: int, *, ok: bool | None) -> None:
        """``ok`` is None where the request's end says nothing about the server."""
        if ok is None:
            self._breaker.abandoned(now_ms)
        elif ok:
            self._breaker.succeeded()
            self.answers = True
        else:
            self._breaker.failed(now_ms)

    def failed(self, error: Exception) -> None:
        """What a request failed with: while nobody is there, a server that is watched is not
        asked."""
        if self._watched and endpoint.gone(error):
            self.answers, self.trouble = False, endpoint.reason(error)
            self._news.set()

    async def watch(self) -> None:
        """Look at it for ever: while it does not answer it is not asked."""
        self._watched = True
        while True:
            self._news.clear()
            await self.look()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S if self.answers else LOOK_SOON_S):
                    await self._news.wait()

    # What it serves.

    async def model_name(self) -> str:
        """The wanted model, or the first that the server lists. Raises EngineError, and whatever
        the client raises."""
        if not self.model:
            listed = await self._models()
            if not listed:
                raise EngineError(f"{self.name} lists no model: name one")
            self.model = listed[0]
        return self.model

    async def check(self) -> tuple[bool, str]:
        """Whether work can be expected of it, and why not, without asking for any."""
        try:
            listed = await self._models()
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what can be told
            if self._wanted and endpoint.lists_nothing(error):
                return True, f"{self.model} at {self.place}"
            return False, f"{self.name} {endpoint.reason(error)}"
        if self._wanted and listed and self._wanted not in listed:
            return False, f"{self.name} has no model {self._wanted}, but {', '.join(listed[:5])}"
        if not self._wanted and not listed:
            return False, f"{self.name} lists no model"
        self.model = self._wanted or listed[0]
        return True, f"{self.model} at {self.place}"

    async def look(self) -> None:
        """Learn whether it answers, and of vLLM its version."""
        try:
            listed = await self._models()
        except openai.APITimeoutError:
            return  # busy or hanging: its breaker learns that from real requests
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what can be told
            self.trouble = endpoint.reason(error)
            if endpoint.passing(error):
                if self.answers is not False:
                    log.warning(
                        "server does not answer", of=self._what, at=self.place, why=self.trouble
                    )
                self.answers = False
                return
        else:
            if not self._wanted and listed:
                self.model = listed[0]
        # A refusal is an answer too.
        if self.answers is False:
            self.lives += 1
            self._breaker.reset()
            self._kind_known = False
            self.takes_schemas = True
        if not self._kind_known:
            await self._learn_kind()
        if not self.answers:
            log.info("server answers", of=self._what, model=self.label, at=self.place)
        self.answers = True

    async def close(self) -> None:
        await self.client.close()

    async def _models(self) -> list[str]:
        page = await self.client.models.list(timeout=CHECK_SECONDS)
        listed = page.data or []
        wanted = next((one for one in listed if one.id == self.model), None)
        self.context = _context(wanted or next(iter(listed), None))
        return [model.id for model in listed]

    async def _learn_kind(self) -> None:
        """What only vLLM tells; any other server has no such page, which is no trouble."""
        try:
            async with httpx.AsyncClient(timeout=CHECK_SECONDS) as http:
                told = await http.get(f"{self._root}/version")
        except httpx.HTTPError:
            return
        self.version = _version(told) if told.is_success else ""
        self._kind_known = True


def _context(model: openai.types.Model | None) -> int | None:
    """As vLLM says it of a model; others do not."""
    tokens = getattr(model, "max_model_len", None)
    return tokens if isinstance(tokens, int) and tokens > 0 else None


def _version(told: httpx.Response) -> str:
    try:
        version = told.json()["version"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f"vLLM {version}" if isinstance(version, str) and len(version) <= 60 else ""
