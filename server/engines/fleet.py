"""The servers of one language model: which one is asked, and what is known of each."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence

import httpx
import openai

from server.engines import endpoint
from server.engines.breaker import Breaker
from server.engines.vllm_metrics import PrefixCache, prefix_cache
from server.ports import EngineError

CHECK_SECONDS = 3.0
SESSIONS = 10_000
"""How many sessions' servers are remembered; the longest unused are forgotten first."""


class ModelServer:
    """One OpenAI-compatible server. ``answers`` is None until it is known."""

    def __init__(self, url: str, wanted: str, key: str | None, seconds: float) -> None:
        self.client = endpoint.client_for(url, key, seconds)
        self.place = endpoint.host_of(url)
        self.name = f"the language model server at {self.place}"
        self.model = wanted
        self.version = ""
        self.answers: bool | None = None
        self.trouble = ""
        self.cache: PrefixCache | None = None
        self.breaker = Breaker()
        self.in_flight = 0
        self.sessions = 0
        self._root = endpoint.root_url(url)
        self._wanted = wanted
        self._kind_known = False

    @property
    def label(self) -> str:
        """Model and, where it is known, the program that runs it."""
        return f"{self.model} ({self.version})" if self.version else self.model

    def may_be_asked(self, now_ms: int) -> bool:
        return self.answers is not False and self.breaker.allows(now_ms)

    def begin(self, now_ms: int) -> None:
        """A request leaves; ``ended`` tells how it went."""
        self.breaker.begin(now_ms)
        self.in_flight += 1

    def ended(self, now_ms: int, *, ok: bool | None) -> None:
        """``ok`` is None where the request's end says nothing about the server."""
        self.in_flight -= 1
        if ok is None:
            self.breaker.abandoned(now_ms)
        elif ok:
            self.breaker.succeeded()
            self.answers = True
        else:
            self.breaker.failed(now_ms)

    async def model_name(self) -> str:
        """The wanted model, or the first that the server lists. Raises EngineError, and whatever
        the client raises."""
        if not self.model:
            listed = await self.models()
            if not listed:
                raise EngineError(f"{self.name} lists no model: name one")
            self.model = listed[0]
        return self.model

    async def models(self) -> list[str]:
        page = await self.client.models.list(timeout=CHECK_SECONDS)
        return [model.id for model in page.data or []]

    async def check(self) -> tuple[bool, str]:
        """Whether questions can be expected of it, and why not, without asking for one."""
        try:
            listed = await self.models()
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what can be told
            return False, f"{self.name} {endpoint.reason(error)}"
        if self._wanted and listed and self._wanted not in listed:
            return False, f"{self.name} has no model {self._wanted}, but {', '.join(listed[:5])}"
        if not self._wanted and not listed:
            return False, f"{self.name} lists no model"
        self.model = self._wanted or listed[0]
        return True, f"{self.model} at {self.place}"

    async def look(self) -> None:
        """Learn whether it answers, and of vLLM its version and how its prefix cache does."""
        try:
            listed = await self.models()
        except openai.APITimeoutError:
            return  # busy or hanging: its breaker learns that from real requests
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what can be told
            self.trouble = endpoint.reason(error)
            if endpoint.passing(error):
                self.answers = False
                return
        else:
            if not self._wanted and listed:
                self.model = listed[0]
        # A refusal is an answer too.
        if self.answers is False:  # it came back: what it was and did before does not count
            self.breaker.reset()
            self._kind_known = False
        await self._look_closer()
        self.answers = True

    async def _look_closer(self) -> None:
        """What only vLLM tells; any other server has no such pages, which is no trouble."""
        try:
            async with httpx.AsyncClient(timeout=CHECK_SECONDS) as http:
                if not self._kind_known:
                    told = await http.get(f"{self._root}/version")
                    self.version = _version(told) if told.is_success else ""
                    self._kind_known = True
                if self.version:
                    metrics = await http.get(f"{self._root}/metrics")
                    self.cache = prefix_cache(metrics.text) if metrics.is_success else None
        except httpx.HTTPError:
            return


def _version(told: httpx.Response) -> str:
    try:
        version = told.json()["version"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f"vLLM {version}" if isinstance(version, str) and len(version) <= 60 else ""


class Fleet:
    """All servers of the model. A session stays with its server, whose prefix cache knows it, for
    as long as that server may be asked; a new one goes where the least is going on."""

    def __init__(self, servers: Sequence[ModelServer]) -> None:
        self.servers = tuple(servers)
        self._homes: OrderedDict[str, ModelServer] = OrderedDict()

    def choose(
        self, session: str, now_ms: int, without: Collection[ModelServer] = ()
    ) -> ModelServer | None:
        """``without``: those that failed this request already, asked again only if there is no
        other. None where no server may be asked now."""
        allowed = [server for server in self.servers if server.may_be_asked(now_ms)]
        others = [server for server in allowed if server not in without] or allowed
        if not others:
            return None
        home = self._homes.get(session)
        if home in others:
            self._homes.move_to_end(session)
            return home
        chosen = min(others, key=lambda server: (server.in_flight, server.sessions))
        if session and home not in allowed:
            self._settle(session, chosen)
        return chosen

    def spare(self, now_ms: int, without: Collection[ModelServer]) -> bool:
        """Whether a server is left that this request has not been to."""
        return any(s.may_be_asked(now_ms) and s not in without for s in self.servers)

    def trouble(self, now_ms: int) -> str:
        """Why none may be asked, in words."""
        return "; ".join(_trouble(server, now_ms) for server in self.servers)

    def cache(self) -> PrefixCache | None:
        known = [server.cache for server in self.servers if server.cache is not None]
        if not known:
            return None
        return PrefixCache(sum(one.asked for one in known), sum(one.hit for one in known))

    def _settle(self, session: str, server: ModelServer) -> None:
        if (before := self._homes.pop(session, None)) is not None:
            before.sessions -= 1
        self._homes[session] = server
        server.sessions += 1
        if len(self._homes) > SESSIONS:
            _, forgotten = self._homes.popitem(last=False)
            forgotten.sessions -= 1


def _trouble(server: ModelServer, now_ms: int) -> str:
    if server.answers is False:
        return f"{server.name} {server.trouble or 'does not answer'}"
    if rest := server.breaker.rest_ms(now_ms):
        return f"{server.name} failed repeatedly and is left alone for {rest / 1_000:.0f} s"
    return f"{server.name} is being tried by another request"
