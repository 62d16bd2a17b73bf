"""Model, speech and transcription servers that behave as they are told to, behind viva's URLs."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.engines.openai_server import Call, OpenAIServer, models
from tests.engines.transcriber import Transcriber, transcriber
from tests.live import free_port
from tests.replies import asked_for, on_its_answer, verdict

DIRT = "\0\ud800"
"""What no database stores."""
FOLLOW_UPS = {
    "nightly load": "What was hard about moving the nightly load {}to a queue?",
    "migration": "How did you test{} the migration on a copy of their data?",
    "slow query": "How did you find{} the one slow query?",
    "outages": "How did the outages{} become rare?",
    "야간 적재": "야간 적재를 대기열로 옮길 때{} 무엇이 어려웠습니까?",
    "이전 스크립트": "이전 스크립트는 사본에서 {}어떻게 시험하셨습니까?",
    "느린 쿼리": "느린 쿼리 하나는 어떻게{} 찾으셨습니까?",
    "담당자": "서비스마다 담당자를 {}어떻게 정하셨습니까?",
}
"""By what the answer that it hears of says, so that the question holds on to it."""

PLANNED = {
    "ko": "배포하기 전에 변경을 어떻게{} 시험하십니까?",
    "en": "How do you test a change{} before it goes live?",
}
THINKING_S = 0.4
FOR_EVER_S = 3_600.0
FLOOD = "and then " * 200
SPOKEN_S = 0.8
SECOND = bytes(48_000)
"""PCM16 mono at 24 kHz."""


@dataclass
class Engines:
    """``moods`` of ``llm``, ``tts`` and ``stt``; without one each is well."""

    server: OpenAIServer
    transcriber: Transcriber
    moods: dict[str, str] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    """How often each was asked while it was not well, by engine and mood."""

    @property
    def env(self) -> dict[str, str]:
        return {
            "VIVA_LLM_URL": f"{self.server.url}/v1",
            "VIVA_TTS_URL": f"{self.server.url}/v1",
            "VIVA_STT_URL": f"{self.transcriber.url}/v1",
            "VIVA_STT": "auto",
        }

    def be(self, moods: Mapping[str, str]) -> None:
        self.asked({})
        self.moods = dict(moods)
        heard = self.moods.get("stt", "well")
        self.transcriber.mood = "well" if heard == "hang" else heard
        self.transcriber.delay_s = FOR_EVER_S if heard == "hang" else 0.0

    def _mood(self, engine: str) -> str:
        mood = self.moods.get(engine, "well")
        self.met[f"{engine} {mood}"] += 1
        return mood

    def asked(self, moods: Mapping[str, str]) -> dict[str, int]:
        """How often each that is in one of these moods was asked in it."""
        self.met["stt " + self.moods.get("stt", "well")] += len(self.transcriber.asked)
        self.transcriber.asked.clear()
        return {engine: self.met[f"{engine} {mood}"] for engine, mood in moods.items()}

    async def write(self, call: Call) -> None:
        mood = self._mood("llm")
        if mood == "hang":
            await asyncio.sleep(FOR_EVER_S)
        await asyncio.sleep(THINKING_S)
        await call.begin("text/event-stream")
        if mood == "flood":
            while True:
                await call.say(FLOOD)
        if mood == "garbage":
            await call.say('{"act": <html>502 Bad Gateway</html> \\u00zz')
        else:
            await call.say(_reply(call, DIRT if mood == "dirt" else ""))
        await call.send(b"data: [DONE]\n\n")

    async def speak(self, call: Call) -> None:
        mood = self._mood("tts")
        if mood == "hang":
            await asyncio.sleep(FOR_EVER_S)
        await call.begin("audio/pcm")
        await call.send(SECOND[: int(len(SECOND) * SPOKEN_S) // 2 * 2])
        if mood == "stall":
            await asyncio.sleep(FOR_EVER_S)


@asynccontextmanager
async def engines() -> AsyncIterator[Engines]:
    async with OpenAIServer() as server, transcriber(free_port()) as hears:
        made = Engines(server, hears)
        server.handlers["/v1/models"] = models("m")
        server.handlers["/v1/chat/completions"] = made.write
        server.handlers["/v1/audio/speech"] = made.speak
        yield made


def _reply(call: Call, dirt: str) -> str:
    told = json.dumps(call.body["messages"], ensure_ascii=False)
    last = call.body["messages"][-1]["content"]
    match asked_for(call.body):
        case "plan":
            return _plan("ko" if any("가" <= letter <= "힣" for letter in told) else "en", dirt)
        case "verdict":
            return verdict()
        case _:
            asked = (question for said, question in FOLLOW_UPS.items() if said in last)
            return on_its_answer(next(asked, "{}").format(dirt), last)


def _plan(language: str, dirt: str) -> str:
    line, question = f"{dirt}measured{dirt}", PLANNED[language].format(dirt)
    item = {"stage": "knowledge", "question": question, "quote": line}
    about = {"rubric": [line], "competency": line, "simpler": question}
    return json.dumps({"questions": [item | about]})
