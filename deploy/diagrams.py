"""Write the diagrams that are made from tables into the page that shows them."""

from __future__ import annotations

import re
from pathlib import Path

from server.core.floor import diagram

PAGE = Path(__file__).resolve().parents[1] / "docs/architecture.md"
PLACE = re.compile(r"```mermaid\nstateDiagram-v2\n.*?```", re.DOTALL)

if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    written, count = PLACE.subn(lambda _: diagram(), text)
    if count != 1:
        raise SystemExit(f"{PAGE} has {count} state diagrams, one was expected")
    PAGE.write_text(written, "utf-8")
