"""A language model that writes what no database stores: NUL, and halves of surrogate pairs."""

from __future__ import annotations

import asyncio
import json

from tests.engines.openai_server import Call, OpenAIServer, models

DIRT = "\0\ud800"
FOLLOW_UPS = {
    "ko": f"그 작업에서 가장 어려웠던 점은{DIRT} 무엇이었습니까?",
    "en": f"What was the hardest part of {DIRT}that work for you?",
}
THINKING_S = 0.4


def server() -> OpenAIServer:
    opened = OpenAIServer()
    opened.handlers["/v1/models"] = models("m")
    opened.handlers["/v1/chat/completions"] = _write
    return opened


async def _write(call: Call) -> None:
    told = json.dumps(call.body["messages"], ensure_ascii=False)
    language = "ko" if any("가" <= letter <= "힣" for letter in told) else "en"
    await asyncio.sleep(THINKING_S)
    await call.begin("text/event-stream")
    await call.say(_plan(language) if "response_format" in call.body else FOLLOW_UPS[language])
    await call.send(b"data: [DONE]\n\n")


def _plan(language: str) -> str:
    line = f"{DIRT}measured{DIRT}"
    item = {"stage": "experience", "question": FOLLOW_UPS[language], "quote": line}
    about = {"rubric": [line], "competency": line, "simpler": FOLLOW_UPS[language]}
    return json.dumps({"questions": [item | about]})
