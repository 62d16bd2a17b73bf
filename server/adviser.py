"""The language model as the commands ask it, one line after another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from server.core.events import Compose, Meant, QuestionComposed, Refused, Reply
from server.engines.chat import ChatWriter
from server.engines.registry import chat_writer
from server.ports import EngineError
from server.realtime.errands import composed, verdict
from server.settings import Settings
from server.wording.brief import Brief
from server.wording.reply import Unreadable

NO_MODEL = (
    "--adapter model needs a language model: set VIVA_LLM_URL to the base URL of an "
    "OpenAI-compatible server, such as http://127.0.0.1:8001/v1"
)
SESSION = "viva at the command line"


class Adviser:
    """Blocks. ``loop`` runs what is asked. The methods raise EngineError."""

    def __init__(self, writer: ChatWriter, loop: asyncio.Runner) -> None:
        self._writer = writer
        self._loop = loop

    def decide(self, brief: Brief, refused: Refused | None = None) -> QuestionComposed:
        """What it would do next; what is wrong with that by its meaning only it has judged."""
        try:
            asked = Compose(0, 0, Meant("", brief.language), refused)
            work = composed(asked, brief, self._writer, None, SESSION)
            return self._loop.run(work)
        except Unreadable as error:
            raise EngineError(f"the model sent no reply that can be read: {error}") from None

    def verdict(self, reply: Reply, brief: Brief) -> str | None:
        """What it has against the reply, a code."""
        return self._loop.run(verdict(reply, brief, self._writer))


@contextmanager
def adviser(settings: Settings) -> Iterator[Adviser]:
    """Raises EngineError where no language model answers."""
    with asyncio.Runner() as loop:
        writer = chat_writer(settings, temperature=0.0, seed=settings.llm_seed)
        if writer is None:
            raise EngineError(NO_MODEL)
        try:
            answers, why = loop.run(writer.check())
            if not answers:
                raise EngineError(why)
            yield Adviser(writer, loop)
        finally:
            loop.run(writer.close())
