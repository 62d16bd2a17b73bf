"""Write the diagrams that are made from tables into the page that shows them."""

from __future__ import annotations

import re
from pathlib import Path

from server.core.floor import PASSES, Holder

PAGE = Path(__file__).resolve().parents[1] / "docs/architecture.md"
PLACE = re.compile(r"```mermaid\nstateDiagram-v2\n.*?```", re.DOTALL)


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    ways = [
        f"    {_node(before)} --> {_node(after)}: {why}"
        for (before, after), why in PASSES.items()
        if (before, after) != ("nobody", "nobody")
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *ways, "```"])


def _node(holder: Holder) -> str:
    return holder if holder != "nobody" else "[*]"


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    written, count = PLACE.subn(lambda _: diagram(), text)
    if count != 1:
        raise SystemExit(f"{PAGE} has {count} state diagrams, one was expected")
    PAGE.write_text(written, "utf-8")
