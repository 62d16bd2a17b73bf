"""Where migrations, pages and models are: in the repository, or inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def share(name: str) -> Path:
    """The folder ``migrations``, ``static`` or ``models``. Raises FileNotFoundError."""
    for folder in (PACKAGE / "share" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{name} is missing from this installation of viva")
