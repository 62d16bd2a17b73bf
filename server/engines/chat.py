"""A language model behind OpenAI-compatible servers, as the writer of questions.

Every request has a deadline to its first word and one to its last. One that fails before its first
word is tried again, at another server if there is one, while there is time.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from typing import Any

from openai import AsyncStream

from server.engines import endpoint
from server.engines.fleet import Fleet, ModelServer
from server.engines.vllm_metrics import PrefixCache
from server.ports import EngineError, Message

MAX_TOKENS = 120
JSON_TOKENS = 1_000
TEMPERATURE = 0.4
TOTAL_S = 60.0
ATTEMPTS = 3
PAUSE_S = 0.05
"""Before the second attempt, at most; doubled before the third."""
SPARE_SHARE = 0.5
"""Of the time to the first word, while another server is left that could still be asked."""
LOOK_S = 10.0
LOOK_SOON_S = 2.0


class _ServerFailed(EngineError):
    """It counts against the server; asking again, or another one, may help."""


class _TooLate(_ServerFailed, TimeoutError):
    """A deadline passed."""


class ChatWriter:
    """A ``QuestionWriter``. ``url`` may name several servers of the same model, with commas.

    ``model`` is empty until one is known where none was given: then it is the first that a server
    lists. ``extra`` goes into each request's body, for options that only some servers know.
    ``first_s`` and ``total_s`` count from the call, over all attempts.
    """

    def __init__(
        self,
        url: str,
        model: str | None = None,
        key: str | None = None,
        *,
        max_tokens: int = MAX_TOKENS,
        temperature: float = TEMPERATURE,
        seed: int | None = None,
        extra: Mapping[str, object] | None = None,
        first_s: float | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        urls = [one for one in url.split(",") if one.strip()]
        self._wanted = model or ""
        self._total_s = total_s
        self._first_s = min(first_s or total_s, total_s)
        self._fleet = Fleet([ModelServer(one, self._wanted, key, total_s) for one in urls or [url]])
        self._max_tokens = max_tokens
        self._temperature = temperature
        self._extra = {**({} if seed is None else {"seed": seed}), **(extra or {})}
        self._last = self._fleet.servers[0]
        self._watched = False
        self._trouble = asyncio.Event()

    @property
    def model(self) -> str:
        """Model and version at the server that wrote last."""
        return self._last.label

    async def write(
        self,
        messages: Sequence[Message],
        *,
        session: str = "",
        max_tokens: int | None = None,
        temperature: float | None = None,
    ) -> AsyncGenerator[str, None]:
        options: dict[str, Any] = {
            "max_tokens": max_tokens or self._max_tokens,
            "temperature": self._temperature if temperature is None else temperature,
        }
        async with aclosing(self._texts(messages, options, session)) as texts:
            async for text in texts:
                yield text

    async def write_json(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object],
        *,
        session: str = "",
        max_tokens: int | None = None,
        temperature: float = 0.0,
    ) -> dict[str, Any]:
        """A JSON object that the server holds to ``schema``; some servers ignore it, so look at
        what comes. Raises EngineError, also for what is no object or was cut off."""
        shape = {"name": "reply", "schema": dict(schema), "strict": True}
        options: dict[str, Any] = {
            "max_tokens": max_tokens or max(JSON_TOKENS, self._max_tokens),
            "temperature": temperature,
            "response_format": {"type": "json_schema", "json_schema": shape},
        }
        async with aclosing(self._texts(messages, options, session)) as texts:
            reply = "".join([text async for text in texts])
        try:
            value = json.loads(reply)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise EngineError(f"{self._last.name} sent something else than the JSON asked for")
        return value

    async def check(self) -> tuple[bool, str]:
        """Whether questions can be expected of a server, and why not, without asking for one."""
        found = await asyncio.gather(*(server.check() for server in self._fleet.servers))
        return any(ok for ok, _ in found), "; ".join(why for _, why in found)

    async def watch(self) -> None:
        """Look at the servers for ever: one that does not answer is not asked until it does."""
        self._watched = True
        while True:
            self._trouble.clear()
            await asyncio.gather(*(server.look() for server in self._fleet.servers))
            settled = all(server.answers for server in self._fleet.servers)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S if settled else LOOK_SOON_S):
                    await self._trouble.wait()

    def state(self) -> tuple[str, bool]:
        """What people may want to know of the servers, and whether it will last."""
        servers = self._fleet.servers
        answering = sum(server.answers is not False for server in servers)
        if not answering:
            said = f"{self._fleet.trouble(_now_ms())} (it may be loading its model)"
            return f"{said}; the question bank asks meanwhile", False
        count = f"{answering} of {len(servers)} servers answer" if len(servers) > 1 else ""
        cache = self.prefix_cache()
        known = ""
        if cache is not None and cache.asked:
            known = f"its prefix cache knew {cache.rate:.0%} of the prompts' tokens"
        late = "the question bank takes over when it is late"
        return "; ".join(part for part in (count, late, known) if part), True

    def prefix_cache(self) -> PrefixCache | None:
        """Of all vLLM servers since they started, as of the last look; None without one."""
        return self._fleet.cache()

    async def close(self) -> None:
        for server in self._fleet.servers:
            await server.client.close()

    # One request.

    async def _texts(
        self, messages: Sequence[Message], options: Mapping[str, Any], session: str
    ) -> AsyncGenerator[str, None]:
        """The reply of the first server that begins one."""
        clock = asyncio.get_running_loop().time
        began = clock()
        first_by, end_by = began + self._first_s, began + self._total_s
        tried: list[ModelServer] = []
        while True:
            server = self._fleet.choose(session, _now_ms(), tried)
            if server is None:
                raise EngineError(self._fleet.trouble(_now_ms()))
            by, now = first_by, clock()
            if self._fleet.spare(_now_ms(), [*tried, server]):
                by = now + (first_by - now) * SPARE_SHARE
            begun = False
            try:
                async with aclosing(self._attempt(server, messages, options, by, end_by)) as texts:
                    async for text in texts:
                        begun = True
                        yield text
                return
            except _ServerFailed:
                tried.append(server)
                pause = PAUSE_S * 2 ** (len(tried) - 1) * random.uniform(0.5, 1)  # noqa: S311
                if begun or len(tried) == ATTEMPTS or clock() + pause >= first_by:
                    raise
                await asyncio.sleep(pause)

    async def _attempt(
        self,
        server: ModelServer,
        messages: Sequence[Message],
        options: Mapping[str, Any],
        first_by: float,
        end_by: float,
    ) -> AsyncGenerator[str, None]:
        said = False
        server.begin(_now_ms())
        try:
            async with asyncio.timeout_at(first_by):
                stream = await self._open(server, messages, options)
            try:
                chunks = aiter(stream)
                while True:
                    async with asyncio.timeout_at(end_by if said else first_by):
                        chunk = await anext(chunks, None)
                    if chunk is None:
                        break
                    if text := _text_of(chunk):
                        said, self._last = True, server
                        yield text
            finally:
                await stream.close()
            if not said:
                raise EngineError(f"{server.name} sent no text")
        except Exception as error:
            raise self._judged(server, error, said) from error
        except BaseException:  # cancelled: the stream is closed, which aborts it at the server
            server.ended(_now_ms(), ok=True if said else None)
            raise
        server.ended(_now_ms(), ok=True)

    async def _open(
        self, server: ModelServer, messages: Sequence[Message], options: Mapping[str, Any]
    ) -> AsyncStream[object]:
        body = {
            "model": await server.model_name(),
            "messages": [{"role": one.role, "content": one.content} for one in messages],
            "stream": True,
            **options,
            **self._extra,
        }
        # Below the typed method: that one walks through every message to rename nothing, which
        # takes milliseconds of the candidate's wait, and makes an object of every word.
        return await server.client.post(
            "/chat/completions",
            body=body,
            cast_to=object,
            stream=True,
            stream_cls=AsyncStream[object],
        )

    def _judged(self, server: ModelServer, error: Exception, said: bool) -> EngineError:
        """The error to raise, once the breaker has been told."""
        if isinstance(error, TimeoutError):
            which = "last" if said else "first"
            judged: EngineError = _TooLate(f"{server.name} had not said the {which} word in time")
        elif isinstance(error, EngineError):
            judged = error
        elif endpoint.passing(error):
            judged = _ServerFailed(f"{server.name} {endpoint.reason(error)}")
        else:
            judged = EngineError(f"{server.name} {endpoint.reason(error)}")
        if self._watched and endpoint.gone(error):
            server.answers, server.trouble = False, endpoint.reason(error)
            self._trouble.set()
        failed = isinstance(judged, _ServerFailed)
        server.ended(_now_ms(), ok=False if failed else None)
        return judged


def _now_ms() -> int:
    return int(asyncio.get_running_loop().time() * 1_000)


def _text_of(chunk: object) -> str:
    """The words in one chunk of a streamed completion; most servers send some without any."""
    try:
        text = chunk["choices"][0]["delta"]["content"]  # type: ignore[index]
    except (TypeError, LookupError):
        return ""
    return text if isinstance(text, str) else ""
