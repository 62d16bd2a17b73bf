"""The next question while it is being written, perhaps before the answer is over."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.events import QuestionComposed


@dataclass(slots=True)
class Draft:
    """At most one piece of work. A new ``revision`` makes everything before it void, so nothing
    that belongs to an answer which went on can be heard or stored."""

    revision: int = 0
    elapsed_ms: int | None = None
    """How long the interview had gone on when the work began; None: there is none."""

    ready: QuestionComposed | None = None
    failed: str | None = None
    refused: str | None = None
    """Why what was written to these words before may not be said."""

    @property
    def active(self) -> bool:
        """Written or being written for the answer as it stands."""
        return self.elapsed_ms is not None

    def begin(self, elapsed_ms: int) -> int:
        """Returns the revision of the work that starts now."""
        self.void()
        self.elapsed_ms = elapsed_ms
        return self.revision

    def again(self, refused: str) -> int:
        """The same once more, for what came may not be said."""
        self.revision += 1
        self.ready = None
        self.refused = refused
        return self.revision

    def void(self) -> None:
        self.revision += 1
        self.elapsed_ms = None
        self.ready = None
        self.failed = None
        self.refused = None

    def awaits(self, revision: int) -> bool:
        return self.active and revision == self.revision and not (self.ready or self.failed)
