"""What the turn asks of whoever hears: where speech begins and ends, and whose it is."""

from __future__ import annotations

from typing import Protocol

from server.core.events import VoiceFrame
from server.core.turn.decisions import Closed, Opened


class Ears(Protocol):
    """They cut one stream of frames into segments; no audio lies in two of them."""

    now_ms: int
    """So much was heard, on the audio clock."""

    @property
    def open_segment(self) -> int | None:
        """Its number, while one is open."""

    @property
    def open_since_ms(self) -> int | None:
        """Where the open segment starts, or where the sound that may become one does."""

    @property
    def spoke_from_ms(self) -> int:
        """The onset of the newest segment."""

    @property
    def talked_ms(self) -> int:
        """From the onset of the open segment to its last speech so far."""

    @property
    def talking(self) -> bool:
        """Speech is going on in this very frame, or was in the one before."""

    @property
    def far_ms(self) -> int:
        """How much far quieter speech there was since the candidate's own of this turn."""

    def hear(self, frame: VoiceFrame, *, apart: bool) -> list[Opened | Closed]:
        """``apart``: a segment is one voice's, and one that is closed says whose it was."""

    def close(self) -> list[Opened | Closed]:
        """The open segment ends here and now, e.g. because the answer was committed."""

    def restart(self, first_segment: int) -> None:
        """Number from ``first_segment`` on; an open segment becomes the first."""

    def begin(self) -> None:
        """Another turn."""
