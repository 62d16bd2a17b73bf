"""TLS by certificate files, which may be replaced while the server runs."""

from __future__ import annotations

import ssl
from pathlib import Path

import structlog

log = structlog.get_logger()


class Certificates:
    """``cert``: PEM, the server's own certificate first, then those that vouch for it. ``key``:
    PEM, without a password. Raises OSError, which every ssl.SSLError is, where they are none."""

    def __init__(self, cert: Path, key: Path) -> None:
        self._files = cert, key
        self._seen = self._written()
        self.context = _loaded(cert, key)

    async def look(self) -> None:
        """Whoever connects from now on is shown what stands in the files now. What cannot be used
        is left for the next time, and the one from before stays."""
        try:
            written = self._written()
            if written == self._seen:
                return
            _loaded(*self._files)  # both fit together, or it raises before anything is replaced
            self.context.load_cert_chain(*self._files)
        except OSError as error:
            log.warning("the new certificate cannot be used", why=type(error).__name__)
            return
        self._seen = written
        log.info("a new certificate is shown")

    def _written(self) -> tuple[int, ...]:
        return tuple(path.stat().st_mtime_ns for path in self._files)


def _loaded(cert: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(cert, key)
    return context
