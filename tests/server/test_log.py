"""Logs in one format, without what people say or write."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
import structlog

from server import log

SPOKEN = "저는 결제 서비스를 개발했습니다"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """JSON lines at debug level; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    log.configure("json", "debug", out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_our_lines_and_those_of_libraries_look_alike(stream: io.StringIO) -> None:
    structlog.get_logger("viva").info("answer stored", interview_id="i", turn=3)
    logging.getLogger("uvicorn.error").info("Started on %s", "here", extra={"color_message": "x"})
    ours, theirs = lines(stream)
    assert (ours["event"], ours["turn"], ours["level"]) == ("answer stored", 3, "info")
    assert (theirs["event"], theirs["logger"]) == ("Started on here", "uvicorn.error")
    assert "color_message" not in theirs
    assert ours["timestamp"].endswith("Z")
    assert theirs["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "name", ["openai._base_client", "httpx", "websockets.server", "uvicorn.error", "arq.worker"]
)
def test_debugging_a_library_does_not_print_payloads(name: str, stream: io.StringIO) -> None:
    logging.getLogger(name).debug("payload %s", SPOKEN)
    assert stream.getvalue() == ""


async def test_a_refused_row_is_not_in_the_traceback(
    stream: io.StringIO, empty_database_url: str
) -> None:
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute("CREATE TABLE answers (text text CHECK (text = ''))")
    with pytest.raises(asyncpg.CheckViolationError, match=SPOKEN) as refused:
        await connection.execute("INSERT INTO answers VALUES ($1)", SPOKEN)
    await connection.close()
    structlog.get_logger().error("not stored", exc_info=refused.value)
    logging.getLogger("some.library").error("not stored", exc_info=refused.value)
    ours, theirs = [line for line in lines(stream) if line["event"] == "not stored"]
    for line in (ours, theirs):
        assert "CheckViolationError" in line["exception"]
        assert "test_log.py" in line["exception"]
    assert SPOKEN not in stream.getvalue()


def test_causes_and_groups_are_in_the_traceback(stream: io.StringIO) -> None:
    try:
        try:
            raise ValueError("first")
        except ValueError as error:
            raise ExceptionGroup("both", [KeyError("second")]) from error
    except ExceptionGroup:
        structlog.get_logger().exception("failed")
    (line,) = lines(stream)
    for part in ("ValueError: first", "ExceptionGroup: both", "KeyError: 'second'"):
        assert part in line["exception"]
