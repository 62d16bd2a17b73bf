"""The items of one OpenAI Realtime conversation, as its client was told of them."""

from __future__ import annotations

from typing import Any

ROOT = "root"
"""Before the first item."""


class Conversation:
    """Items by id, in the order in which they were announced."""

    def __init__(self) -> None:
        self._items: dict[str, dict[str, Any]] = {}
        self._named: dict[str, int] = {}
        self.last: str | None = None
        self.taken_back: dict[str, dict[str, Any]] = {}
        """Items that the interview deleted, of which the client may not have heard yet."""

    def __len__(self) -> int:
        return len(self._items)

    def name(self, base: str) -> str:
        """An id that was not given before: ``base``, then ``base_2`` and so on."""
        count = self._named[base] = self._named.get(base, 0) + 1
        return base if count == 1 else f"{base}_{count}"

    def add(self, item: dict[str, Any], after: str | None = None) -> str | None:
        """Put the item at the end, or ``after`` one that is there, or at the beginning (``ROOT``);
        returns the id of the one before it."""
        if after is None or after == self.last:
            previous, self.last = self.last, item["id"]
            self._items[item["id"]] = item
            return previous
        ids = list(self._items)
        place = 0 if after == ROOT else ids.index(after) + 1
        later = {one: self._items.pop(one) for one in ids[place:]}
        self._items |= {item["id"]: item} | later
        self.last = next(reversed(self._items))
        return None if after == ROOT else after

    def get(self, item_id: str) -> dict[str, Any] | None:
        return self._items.get(item_id)

    def before(self, item_id: str) -> str | None:
        ids = list(self._items)
        place = ids.index(item_id)
        return ids[place - 1] if place else None

    def take_back(self, item_id: str) -> bool:
        """Delete it, and still know it: what the client sends of it meanwhile is no mistake."""
        item = self._items.get(item_id)
        if item is not None:
            self.taken_back[item_id] = item
        return self.delete(item_id)

    def delete(self, item_id: str) -> bool:
        if self._items.pop(item_id, None) is None:
            return False
        self.last = next(reversed(self._items), None)
        return True


def message(item_id: str, role: str, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": item_id,
        "object": "realtime.item",
        "type": "message",
        "role": role,
        "status": status,
        "content": content,
    }
