"""Whether whoever reads an interview for evidence points at the sentences that show it.

    python -m bench.eval_report                  # the model at VIVA_LLM_URL, and the canaries
    python -m bench.eval_report --canaries       # those only: no model is needed

Interviews in `data/evidence` have each sentence labelled by the line of the rubric it shows. Each
is read as the report reads it: seven times, with another order, wording and seed, and what most
readings found counts. Canaries are readers that understand nothing; one that comes out near a model
says that the figures mean nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from server.engines.chat import ChatWriter
from server.evidence.level import RUNS
from server.evidence.lines import Found, Unreadable, agreed, read
from server.evidence.sentences import Sentence
from server.evidence.topics import Criterion, Exchange, Topic
from server.language.pack import shipped
from server.ports import EngineError, EvidenceReader, Message
from workers.report_prompt import TOKENS, asking, lines_of

DATA: Final = Path(__file__).resolve().parents[1] / "data" / "evidence"
TEMPERATURE: Final = 0.4


class Labelled(msgspec.Struct):
    """``shows``: lines of the rubric, from 1."""

    text: str
    shows: list[int] = []


class Interview(msgspec.Struct):
    trade: str
    competency: str
    lines: list[str]
    question: str
    sentences: list[Labelled]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all pairs of a line and a sentence: how many were right, pointed at, and labelled.
    ``voided``: readings that could not be believed."""

    right: int
    pointed: int
    labelled: int
    voided: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.pointed if self.pointed else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        both = self.pointed + self.labelled
        return 2 * self.right / both if both else 0.0


def load(language: str) -> list[Interview]:
    said = tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))
    return msgspec.convert(said["interview"], list[Interview])


def spoken(interview: Interview) -> tuple[Criterion, Topic]:
    """As a report has it: a criterion, and the one topic that was asked for it."""
    sentences, word = [], 0
    for number, one in enumerate(interview.sentences, start=1):
        last = word + len(one.text.split()) - 1
        sentences.append(
            Sentence(number, "answer", 1, word, last, one.text, None, None, (), clear=True)
        )
        word = last + 1
    text = " ".join(one.text for one in interview.sentences)
    exchange = Exchange(
        1, "q", interview.question, "planned", "bank", None, "answer", text, True, tuple(sentences)
    )
    topic = Topic(
        "q", 1, "experience", interview.competency, tuple(interview.lines), interview.question,
        True, "answered", None, (), (exchange,),
    )  # fmt: skip
    lines = tuple((line, True) for line in interview.lines)
    return Criterion(interview.competency, "experience", (), lines, ("q",)), topic


async def pairs(
    reader: EvidenceReader, language: str, interview: Interview
) -> tuple[set[tuple[int, int]], int]:
    """Which sentence it says shows which line, from 1 both, and how many readings were void."""
    pack = shipped().by_language[language]
    criterion, topic = spoken(interview)
    runs: list[list[Found]] = []
    for run in range(RUNS):
        one = asking(pack, criterion, [topic], (), interview.trade, run)
        try:
            reply = await reader.write_json(
                one.messages, one.schema, session=interview.trade, max_tokens=TOKENS,
                temperature=TEMPERATURE, seed=one.seed,
            )  # fmt: skip
            runs.append(one.sorted(read(reply, len(one.order), one.allowed)))
        except (Unreadable, EngineError):
            continue
    by_number = {one.number: one for one in topic.exchanges[0].sentences}
    shown = agreed(runs, by_number, lines_of(criterion))
    return {
        (at, statement.sentence.number)
        for at, line in enumerate(shown, start=1)
        for statement in line.statements
    }, RUNS - len(runs)


async def figures(reader: EvidenceReader, language: str) -> Figures:
    right = pointed = labelled = voided = 0
    for interview in load(language):
        found, void = await pairs(reader, language, interview)
        wanted = {
            (line, number)
            for number, one in enumerate(interview.sentences, start=1)
            for line in one.shows
        }
        right, pointed = right + len(found & wanted), pointed + len(found)
        labelled, voided = labelled + len(wanted), voided + void
    return Figures(right, pointed, labelled, voided)


class Canary:
    """A reader that understands nothing. ``which`` of the allowed sentences it points at for every
    line."""

    model = "canary"

    async def close(self) -> None: ...

    def __init__(self, which: str) -> None:
        self.which = which

    async def write_json(
        self, messages: Sequence[Message], schema: Mapping[str, object], **asked: Any
    ) -> dict[str, Any]:
        item = _item(schema)
        allowed, lines = item["sentences"]["items"]["enum"], item["line"]["enum"]
        chance = random.Random(asked["seed"])
        return {
            "lines": [
                {"line": line, "sentences": self._pointed(allowed, chance), "why": ""}
                for line in lines
            ]
        }

    def _pointed(self, allowed: list[int], chance: random.Random) -> list[int]:
        if self.which == "first":
            return allowed[:1]
        if self.which == "everything":
            return list(allowed)
        return chance.sample(allowed, min(2, len(allowed)))


def _item(schema: Mapping[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = schema["properties"]["lines"]["items"]["properties"]
    return item


CANARIES: Final = ("random", "first", "everything")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--canaries", action="store_true", help="no model")
    given = parser.parse_args()
    readers: dict[str, Any] = {f"canary: {one}": Canary(one) for one in CANARIES}
    url = os.environ.get("VIVA_LLM_URL", "")
    if url and not given.canaries:
        name = os.environ.get("VIVA_LLM_MODEL", "")
        readers = {name or url: ChatWriter(url, name), **readers}
    print("| reader | language | precision | recall | F1 | void readings |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, reader in readers.items():
        for language in ("en", "ko"):
            of = await figures(reader, language)
            told = f"{of.precision:.2f} | {of.recall:.2f} | {of.f1:.2f} | {of.voided}"
            print(f"| {name} | {language} | {told} |")


if __name__ == "__main__":
    asyncio.run(main())
