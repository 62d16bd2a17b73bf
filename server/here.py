"""The viva of this machine, as its own commands find it."""

from __future__ import annotations

from typing import Final

from server.embedded import running_database
from server.environment import secret
from server.settings import Settings

KEPT_KEY: Final = "interviewer.key"
"""In the folder of data: what `viva up` made for itself."""

NO_DATABASE: Final = "no database: set DATABASE_URL, or start `viva up` with the same VIVA_DATA"


def base(settings: Settings) -> str:
    """The address of the server."""
    if settings.tls_cert is not None and settings.public_url is not None:
        return settings.public_url  # its certificate bears that name
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def key(settings: Settings) -> str | None:
    """The interviewers', where we know it or may read it."""
    if given := secret(settings.interviewer_key):
        return given
    try:
        return (settings.data.expanduser() / KEPT_KEY).read_text().strip() or None
    except OSError:
        return None


def database(settings: Settings) -> str | None:
    """That of DATABASE_URL, else the one that a running `viva up` brought."""
    return secret(settings.database_url) or running_database(settings.data)
