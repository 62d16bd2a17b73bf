"""Lists, a page at a time: ``?cursor=&limit=`` answers ``{items, next_cursor}``.

A cursor holds the place of the last item in the list's order, so what is added meanwhile neither
repeats nor hides an item.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

from server.web.problems import INVALID_CURSOR, INVALID_REQUEST, Problem

DEFAULT_LIMIT = 50
MAX_LIMIT = 100

Since = Annotated[
    str | None,
    QueryParameter(
        schema_extra={"format": "date-time"},
        description="Those that came at this instant (RFC 3339) or later.",
    ),
]
T = TypeVar("T")
Place = TypeVar("Place")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """``next_cursor`` is null on the last page."""

    items: list[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is asked for; without a limit all that follows."""

    cursor: str | None = None
    limit: int | None = None

    @classmethod
    def whole(cls) -> Window:
        return cls()

    def after(self, place: type[Place]) -> Place | None:
        """Where the page before ended; None at the beginning. Raises Problem."""
        if self.cursor is None:
            return None
        try:
            text = base64.b64decode(self.cursor, altchars=b"-_", validate=True)
            return msgspec.json.decode(text, type=place)
        except (ValueError, binascii.Error, msgspec.DecodeError) as error:
            raise Problem(INVALID_CURSOR) from error

    @property
    def fetch(self) -> int | None:
        """How many to read: one more than is shown tells whether there are more."""
        return None if self.limit is None else self.limit + 1

    def page(self, found: Sequence[T], place_of: Callable[[T], Any]) -> Page[T]:
        """``found``: up to ``fetch`` items after the cursor, in order."""
        if self.limit is None or len(found) <= self.limit:
            return Page(list(found), None)
        items = list(found[: self.limit])
        text = msgspec.json.encode(place_of(items[-1]))
        return Page(items, base64.urlsafe_b64encode(text).decode())


def instant(text: str | None) -> datetime | None:
    """Of a ``Since``. Raises Problem."""
    if text is None:
        return None
    try:
        found: datetime = msgspec.convert(text, Annotated[datetime, msgspec.Meta(tz=True)])
        return found.astimezone(UTC)
    except (msgspec.ValidationError, OverflowError) as error:
        raise Problem(INVALID_REQUEST) from error


def window(
    cursor: Annotated[
        str | None,
        QueryParameter(description="`next_cursor` of the page before; left out: the first page."),
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MAX_LIMIT, description="The most items to answer with.")
    ] = DEFAULT_LIMIT,
) -> Window:
    """Dependency of every list."""
    return Window(cursor, limit)
