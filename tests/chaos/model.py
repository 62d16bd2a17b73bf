"""A language model that writes what no database stores: NUL, and halves of surrogate pairs."""

from __future__ import annotations

import asyncio
import json

from tests.engines.openai_server import Call, OpenAIServer, models
from tests.replies import asked_for, on_its_answer, verdict

DIRT = "\0\ud800"
FOLLOW_UPS = {
    "nightly load": f"What was hard about moving the nightly load {DIRT}to a queue?",
    "migration": f"How did you test{DIRT} the migration on a copy of their data?",
    "slow query": f"How did you find{DIRT} the one slow query?",
    "outages": f"How did the outages{DIRT} become rare?",
    "야간 적재": f"야간 적재를 대기열로 옮길 때{DIRT} 무엇이 어려웠습니까?",
    "이전 스크립트": f"이전 스크립트는 사본에서 {DIRT}어떻게 시험하셨습니까?",
    "느린 쿼리": f"느린 쿼리 하나는 어떻게{DIRT} 찾으셨습니까?",
    "담당자": f"서비스마다 담당자를 {DIRT}어떻게 정하셨습니까?",
}
"""By what the answer that it hears of says, so that the question holds on to it."""

PLANNED = {
    "ko": f"배포하기 전에 변경을 어떻게{DIRT} 시험하십니까?",
    "en": f"How do you test a change{DIRT} before it goes live?",
}
THINKING_S = 0.4


def server() -> OpenAIServer:
    opened = OpenAIServer()
    opened.handlers["/v1/models"] = models("m")
    opened.handlers["/v1/chat/completions"] = _write
    return opened


async def _write(call: Call) -> None:
    told = json.dumps(call.body["messages"], ensure_ascii=False)
    last = call.body["messages"][-1]["content"]
    await asyncio.sleep(THINKING_S)
    await call.begin("text/event-stream")
    match asked_for(call.body):
        case "plan":
            await call.say(_plan("ko" if any("가" <= letter <= "힣" for letter in told) else "en"))
        case "verdict":
            await call.say(verdict())
        case _:
            asked = (question for said, question in FOLLOW_UPS.items() if said in last)
            await call.say(on_its_answer(next(asked, DIRT), last))
    await call.send(b"data: [DONE]\n\n")


def _plan(language: str) -> str:
    line = f"{DIRT}measured{DIRT}"
    item = {"stage": "knowledge", "question": PLANNED[language], "quote": line}
    about = {"rubric": [line], "competency": line, "simpler": PLANNED[language]}
    return json.dumps({"questions": [item | about]})
