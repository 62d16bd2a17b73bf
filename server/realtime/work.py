"""What is being done for one interview: words decoded, a question written, a question spoken."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

Doing = Coroutine[Any, Any, None]


class Work:
    """Tasks of ``tasks``; of questions written and of questions spoken one at a time. Ending a task
    closes its stream, which aborts the request at whoever serves it."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._writing: tuple[int, asyncio.Task[None]] | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._decoding: set[asyncio.Task[None]] = set()

    def begin(self, doing: Doing) -> asyncio.Task[None]:
        return self._tasks.create_task(doing)

    def decode(self, doing: Doing) -> None:
        task = self.begin(doing)
        self._decoding.add(task)
        task.add_done_callback(self._decoding.discard)

    def give_up_decoding(self) -> None:
        """What is not words by now is pending, and whoever comes next writes it down."""
        for task in self._decoding:
            task.cancel()

    def write(self, revision: int, doing: Doing) -> None:
        """The question after this revision of an answer, instead of any other."""
        self.withdraw()
        self._writing = revision, self.begin(doing)

    def withdraw(self, revision: int | None = None) -> None:
        """Of this revision, or whichever is being written."""
        if self._writing is not None and revision in (None, self._writing[0]):
            self._writing[1].cancel()
            self._writing = None

    def speak(self, doing: Doing) -> None:
        """This question, and no other."""
        self.hush()
        self._speaking = self.begin(doing)

    def hush(self) -> None:
        if self._speaking is not None:
            self._speaking.cancel()
            self._speaking = None
