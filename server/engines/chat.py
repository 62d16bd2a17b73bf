"""A language model behind an OpenAI-compatible server, as the writer of questions.

Every request has a deadline to its first word and one to its last. One that fails before its first
word is tried again while there is time. What a model thinks before it answers is never told.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from openai import AsyncStream

from server.engines import endpoint
from server.engines.model_server import ModelServer
from server.engines.reasoning import ThoughtAloud, Words, quiet
from server.ports import EngineError, Message

MAX_TOKENS = 400
JSON_TOKENS = 1_000
TEMPERATURE = 0.4
TOTAL_S = 60.0
ATTEMPTS = 3
PAUSE_S = 0.05
"""Before the second attempt, at most; doubled before the third."""
SESSION_HEADER = "X-Session-ID"
"""Tells a router in front of several servers whose prompts these are: they begin alike, so one
server's prefix cache knows them."""


class _ServerFailed(EngineError):
    """It counts against the server; asking again may help."""


class _Refused(EngineError):
    """The request is not understood; without its schema it may be."""


class _TooLate(_ServerFailed, TimeoutError):
    """A deadline passed."""


class ChatWriter:
    """A ``QuestionWriter``.

    ``model`` is empty until one is known where none was given: then it is the first that the server
    lists. ``extra`` goes into each request's body and wins, for options that only some servers
    know; what it has as None is left out. ``first_s`` and ``total_s`` count from the call, over all
    attempts.
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
        self._total_s = total_s
        self._first_s = min(first_s or total_s, total_s)
        self._server = ModelServer(url, model or "", key, total_s)
        self._max_tokens = max_tokens
        self._temperature = temperature
        self._seed = {} if seed is None else {"seed": seed}
        self._extra = dict(extra or {})

    @property
    def model(self) -> str:
        """The model's name and, where it is known, what runs it."""
        return self._server.label

    @property
    def name(self) -> str:
        return self.model or "first model listed"

    @property
    def context(self) -> int | None:
        """Tokens that its prompt and reply may have together, where the server says so."""
        return self._server.context

    async def write(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, object] | None = None,
        session: str = "",
        max_tokens: int | None = None,
        temperature: float | None = None,
    ) -> AsyncGenerator[str, None]:
        options: dict[str, Any] = {
            "max_tokens": max_tokens or self._max_tokens,
            "temperature": self._temperature if temperature is None else temperature,
        }
        async with aclosing(self._texts(messages, options, session, schema)) as texts:
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
        seed: int | None = None,
    ) -> dict[str, Any]:
        """A JSON object that the server holds to ``schema``; some servers ignore or refuse it, so
        look at what comes. Raises EngineError, also for what is no object or was cut off."""
        options: dict[str, Any] = {
            "max_tokens": max_tokens or max(JSON_TOKENS, self._max_tokens),
            "temperature": temperature,
        }
        if seed is not None:
            options["seed"] = seed
        async with aclosing(self._texts(messages, options, session, schema)) as texts:
            reply = "".join([text async for text in texts])
        try:
            value = json.loads(reply)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise EngineError(f"{self._server.name} sent something else than the JSON asked for")
        return value

    async def check(self) -> tuple[bool, str]:
        """Whether questions can be expected of the server, and why not, without asking for one."""
        return await self._server.check()

    async def watch(self) -> None:
        """Look at the server for ever: while it does not answer it is not asked."""
        await self._server.watch()

    def state(self) -> tuple[str, bool]:
        """What people may want to know of the server, and whether it will last."""
        if self._server.answers is False:
            said = f"{self._server.refusal(_now_ms())} (it may be loading its model)"
            return f"{said}; the question bank asks meanwhile", False
        return "the question bank takes over when it is late", True

    async def close(self) -> None:
        await self._server.close()

    # One request.

    async def _texts(
        self,
        messages: Sequence[Message],
        options: Mapping[str, Any],
        session: str,
        schema: Mapping[str, object] | None,
    ) -> AsyncGenerator[str, None]:
        """The reply of the first attempt that begins one. A server that refuses the schema is asked
        without it from then on: the messages ask for the same in words."""
        if schema is None or not self._server.takes_schemas:
            async with aclosing(self._tried(messages, options, session)) as replies:
                async for text in replies:
                    yield text
            return
        shape = {"name": "reply", "schema": dict(schema), "strict": True}
        shaped = {**options, "response_format": {"type": "json_schema", "json_schema": shape}}
        try:
            async with aclosing(self._tried(messages, shaped, session)) as replies:
                async for text in replies:
                    yield text
        except _Refused:
            async with aclosing(self._tried(messages, options, session)) as replies:
                async for text in replies:
                    self._server.takes_schemas = False
                    yield text

    async def _tried(
        self, messages: Sequence[Message], options: Mapping[str, Any], session: str
    ) -> AsyncGenerator[str, None]:
        clock = asyncio.get_running_loop().time
        began = clock()
        first_by, end_by = began + self._first_s, began + self._total_s
        for attempt in range(ATTEMPTS):
            if why := self._server.refusal(_now_ms()):
                raise EngineError(why)
            begun = False
            try:
                async with aclosing(
                    self._attempt(messages, options, session, first_by, end_by)
                ) as texts:
                    async for text in texts:
                        begun = True
                        yield text
                return
            except _ServerFailed:
                pause = PAUSE_S * 2**attempt * random.uniform(0.5, 1)  # noqa: S311  # no secret
                if begun or attempt + 1 == ATTEMPTS or clock() + pause >= first_by:
                    raise
                await asyncio.sleep(pause)

    async def _attempt(
        self,
        messages: Sequence[Message],
        options: Mapping[str, Any],
        session: str,
        first_by: float,
        end_by: float,
    ) -> AsyncGenerator[str, None]:
        said = False
        words = Words()
        self._server.begin(_now_ms())
        try:
            async with asyncio.timeout_at(first_by):
                stream = await self._open(messages, options, session)
            words = Words(self._server.model)
            try:
                chunks = aiter(stream)
                while True:
                    async with asyncio.timeout_at(end_by if said else first_by):
                        chunk = await anext(chunks, None)
                    if text := words.rest() if chunk is None else _words_of(chunk, words):
                        said = True
                        yield text
                    if chunk is None:
                        break
            finally:
                await stream.close()
            if not said:
                raise EngineError(f"{self._server.name} sent no text")
        except Exception as error:
            raise self._judged(error, said, words) from error
        except BaseException:  # cancelled: the stream is closed, which aborts it at the server
            self._server.ended(_now_ms(), ok=True if said else None)
            raise
        self._server.ended(_now_ms(), ok=True)

    async def _open(
        self, messages: Sequence[Message], options: Mapping[str, Any], session: str
    ) -> AsyncStream[object]:
        model = await self._server.model_name()
        body = {
            "model": model,
            "messages": [{"role": one.role, "content": one.content} for one in messages],
            "stream": True,
            **self._seed,
            **options,
            **quiet(model),
            **self._extra,
        }
        body = {name: value for name, value in body.items() if value is not None}
        # Below the typed method: that one walks through every message to rename nothing, which
        # takes milliseconds of the candidate's wait, and makes an object of every word.
        return await self._server.client.post(
            "/chat/completions",
            body=body,
            options={"headers": {SESSION_HEADER: session}} if session else {},
            cast_to=object,
            stream=True,
            stream_cls=AsyncStream[object],
        )

    def _judged(self, error: Exception, said: bool, words: Words) -> EngineError:
        """The error to raise, once the breaker has been told."""
        server = self._server
        if isinstance(error, TimeoutError):
            which = "last" if said else "first"
            late = f"{server.name} had not said the {which} word in time"
            judged: EngineError = _TooLate(f"{late}: it thinks first" if words.thinking else late)
        elif isinstance(error, EngineError):
            judged = error
        elif isinstance(error, ThoughtAloud):
            judged = EngineError(f"{server.name} {error}")
        elif endpoint.passing(error):
            judged = _ServerFailed(f"{server.name} {endpoint.reason(error)}")
        elif endpoint.not_understood(error):
            judged = _Refused(f"{server.name} {endpoint.reason(error)}")
        else:
            judged = EngineError(f"{server.name} {endpoint.reason(error)}")
        server.failed(error)
        failed = isinstance(judged, _ServerFailed)
        server.ended(_now_ms(), ok=False if failed else None)
        return judged


def _now_ms() -> int:
    return int(asyncio.get_running_loop().time() * 1_000)


def _words_of(chunk: object, words: Words) -> str:
    """What may be told of one chunk of a streamed completion; most servers send some without text.
    Thoughts that come beside the text are not read."""
    try:
        delta = chunk["choices"][0]["delta"]  # type: ignore[index]
        text = delta.get("content")
    except (AttributeError, TypeError, LookupError):
        return ""
    if delta.get("reasoning_content") or delta.get("reasoning"):
        words.think_apart()
    return words.hear(text) if isinstance(text, str) else ""
