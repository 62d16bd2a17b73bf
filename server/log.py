"""Structured logs: one format for our own lines and those of the libraries.

Résumé and transcript text must never reach a log, and two libraries would put it there: clients
and servers that print whole requests or frames when they debug, and the database, which repeats
the row in the second line of its messages.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Literal, TextIO

import structlog
from structlog.types import EventDict, ExcInfo, Processor

# Below these levels a library prints payloads: prompts, frames, job arguments, words of a PDF.
QUIET = {
    "aioice": logging.WARNING,
    "aiortc": logging.WARNING,
    "arq": logging.WARNING,
    "asyncio": logging.WARNING,
    "faster_whisper": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpcore2": logging.WARNING,
    "httpx": logging.WARNING,
    "httpx2": logging.WARNING,
    "openai": logging.WARNING,
    "pdfminer": logging.ERROR,
    "pdfplumber": logging.ERROR,
    "uvicorn": logging.INFO,
    "uvicorn.access": logging.WARNING,
    "websockets": logging.INFO,
}


def configure(
    form: Literal["console", "json"] = "console",
    level: str = "info",
    stream: TextIO | None = None,
) -> None:
    """Set up structlog and stdlib logging for this process; calling it again starts afresh."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_traceback),
    ]
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _drop_color_message,
                _renderer(form, colors=out.isatty()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _renderer(form: Literal["console", "json"], *, colors: bool) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=0)


def _traceback(exc_info: ExcInfo) -> str:
    """The stack, with the first line only of every message and without local values."""
    return "".join(_lines(exc_info[1])).rstrip()


def _lines(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _lines(earlier)
        yield "\nwhich led to\n\n"
    yield from traceback.format_tb(error.__traceback__)
    kind = type(error)
    yield f"{kind.__module__}.{kind.__qualname__}: {str(error).partition(chr(10))[0]}\n"
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _lines(inner)


def _drop_color_message(_: object, __: str, event: EventDict) -> EventDict:
    """uvicorn repeats its message with colour codes."""
    event.pop("color_message", None)
    return event
