"""A problem that is told in front of the application."""

from __future__ import annotations

import json
from typing import Any

from server.web.problems import LEAVING
from server.web.refusal import refuse


async def test_it_is_a_whole_answer_with_the_headers_that_are_asked_for() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await refuse(send, LEAVING, {"Retry-After": "1"}, "websocket.http.response")
    start, body = sent
    assert start["type"] == "websocket.http.response.start"
    assert (start["status"], body["more_body"]) == (LEAVING.status, False)
    assert start["headers"] == [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body["body"])),
        (b"retry-after", b"1"),
    ]
    assert json.loads(body["body"])["code"] == LEAVING.code
