"""What ``viva doctor --fix`` may mend: nothing is deleted, no program is installed."""

from __future__ import annotations

import asyncio
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from server.assets import share
from server.engines import hub_whisper
from server.here import KEPT_KEY
from server.ports import EngineError
from server.settings import Settings
from server.store.keys import FILE
from server.store.migrations import MigrationError, migrate
from server.store.pool import STORE_AWAY
from server.up import SIGN_IN_FILE

Mend = Callable[[], str]
"""Says what was done. Raises NotMended."""

SECRET_FILES: Final = (FILE, KEPT_KEY, SIGN_IN_FILE)
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class NotMended(Exception):
    """Why it could not be."""


def up_to_date(url: str) -> Mend:
    """The database there."""

    def mend() -> str:
        try:
            applied = asyncio.run(migrate(url, share("migrations")))
        except (MigrationError, *STORE_AWAY) as error:
            raise NotMended(str(error) or type(error).__name__) from error
        return f"{len(applied)} migrations applied"

    return mend


def open_files(data: Path) -> list[Path]:
    """Files with secrets that others of this machine may read."""
    found = []
    for name in SECRET_FILES:
        path = data.expanduser() / name
        if path.is_file() and path.stat().st_mode & OTHERS:
            found.append(path)
    return found


def closed(paths: list[Path]) -> Mend:
    def mend() -> str:
        for path in paths:
            try:
                path.chmod(0o600)
            except OSError as error:
                raise NotMended(f"{path}: {error.strerror}") from error
        return f"{len(paths)} closed to others"

    return mend


def model_here(settings: Settings) -> Mend | None:
    """The recogniser's, where it is one that is fetched, and is not on disk."""
    if settings.stt not in {"auto", "whisper"} or settings.stt_url is not None:
        return None
    try:
        name = hub_whisper.absent(settings.stt_model, settings.stt_device)
    except EngineError:  # a folder that lacks something: nothing to fetch
        return None
    if name is None:
        return None

    def mend() -> str:
        try:
            folder = asyncio.run(hub_whisper.fetch(name, shown=sys.stderr.isatty()))
        except EngineError as error:
            raise NotMended(str(error)) from error
        return f"{name} is in {folder}"

    return mend
