"""A language model behind any OpenAI-compatible server, as the writer of questions."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import cast

from openai.types.chat import ChatCompletionMessageParam

from server.engines import endpoint
from server.ports import EngineError, Message

MAX_TOKENS = 120
TEMPERATURE = 0.4
READ_SECONDS = 60.0
CHECK_SECONDS = 3.0


class ChatWriter:
    """A ``QuestionWriter``. ``model`` is empty until the first use where none was given: then it
    is the first that the server lists. ``extra`` goes into each request's body, for options that
    only some servers know."""

    def __init__(
        self,
        url: str,
        model: str | None = None,
        key: str | None = None,
        *,
        max_tokens: int = MAX_TOKENS,
        temperature: float = TEMPERATURE,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self._client = endpoint.client_for(url, key, READ_SECONDS)
        self._where = f"the language model server at {endpoint.host_of(url)}"
        self._wanted = model or ""
        self._max_tokens = max_tokens
        self._temperature = temperature
        self._extra = dict(extra) if extra else None
        self.model = self._wanted

    async def write(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        said_something = False
        try:
            stream = await self._client.chat.completions.create(
                model=self.model or await self._first_model(),
                messages=[_param(message) for message in messages],
                max_tokens=self._max_tokens,
                temperature=self._temperature,
                extra_body=self._extra,
                stream=True,
            )
            try:
                async for chunk in stream:
                    text = chunk.choices[0].delta.content if chunk.choices else None
                    if text:
                        said_something = True
                        yield text
            finally:
                await stream.close()
        except EngineError:
            raise
        except Exception as error:
            raise EngineError(f"{self._where} {endpoint.reason(error)}") from error
        if not said_something:
            raise EngineError(f"{self._where} sent no text")

    async def check(self) -> tuple[bool, str]:
        """Whether questions can be expected of it, and why not, without asking for one."""
        try:
            listed = await self._models()
        except EngineError as error:
            return False, str(error)
        if self._wanted and listed and self._wanted not in listed:
            return False, f"{self._where} has no model {self._wanted}, but {', '.join(listed[:5])}"
        if not self._wanted and not listed:
            return False, f"{self._where} lists no model"
        return True, f"{self._wanted or listed[0]} at {self._where.rpartition(' ')[2]}"

    async def close(self) -> None:
        await self._client.close()

    async def _first_model(self) -> str:
        listed = await self._models()
        if not listed:
            raise EngineError(f"{self._where} lists no model: name one")
        self.model = listed[0]
        return self.model

    async def _models(self) -> list[str]:
        try:
            page = await self._client.models.list(timeout=CHECK_SECONDS)
            return [model.id for model in page.data or []]
        except Exception as error:
            raise EngineError(f"{self._where} {endpoint.reason(error)}") from error


def _param(message: Message) -> ChatCompletionMessageParam:
    return cast("ChatCompletionMessageParam", {"role": message.role, "content": message.content})
