"""Whether what is said in the first seconds of a question is taken for what it is.

``make eval-reopening``; ``python -m bench.eval_reopening [DIR] [--errors]``

The session as it decides, the offline understanding, and questions as long as espeak says them.
The sentences are those of ``data/reopening``, said from several instants of the question on. A
reply that reopens the answer before it is a *wrong reopening*; the rest of an answer that is taken
for a reply or passed over is *missed*.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from bench.echo_room import INTERVIEW
from bench.eval_turns import wilson
from server.core.events import (
    Effect,
    Hold,
    Input,
    Language,
    PlannedQuestion,
    Release,
    Say,
    Tell,
    Transcribe,
)
from server.core.events import facts as told
from server.core.events import inputs as given
from server.core.events.effects import Understand
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.session import Session
from server.engines.encoder import Encoder
from server.engines.espeak import EspeakVoice
from server.engines.understanding import OfflineUnderstanding
from server.language.pack import shipped
from server.ports import VOICE_RATE
from server.realtime.ears import Ears
from server.realtime.segment import FRAME_MS

DATA = Path(__file__).resolve().parents[1] / "data" / "reopening"
ONSETS_MS = (300, 900, 1_500, 2_100)
LETTERS_A_SECOND: Mapping[Language, float] = {"en": 14.0, "ko": 7.0}
DECODE_MS, MARK_MS, PATIENT_MS = 300, 250, 20_000

Kind = Literal["goes_on", "replies"]
Became = Literal["reopened", "reply", "passed over"]


@dataclass(frozen=True)
class Said:
    """A line of ``data/reopening``."""

    group: str
    language: Language
    before: str
    question: str
    said: str
    kind: Kind


def lines(folder: Path) -> Iterator[Said]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield Said(**json.loads(line))


async def lengths(some: Sequence[Said]) -> dict[str, int]:
    """Of each question's voice, in ms."""
    voice = EspeakVoice()
    found: dict[str, int] = {}
    for one in some:
        if one.question not in found:
            pcm = [len(piece) async for piece in voice.speak(one.question, one.language)]
            found[one.question] = sum(pcm) // 2 * 1_000 // VOICE_RATE
    await voice.close()
    return found


@dataclass
class Talk:
    """One interview up to what was said over its second question."""

    said: Said
    voice_ms: int
    onset_ms: int
    understanding: OfflineUnderstanding
    facts: list[object] = field(default_factory=list)
    _now_ms: int = 0
    _words: str = ""
    _held: bool = False
    _voiced_ms: int | None = None
    _due: list[tuple[int, Input]] = field(default_factory=list)

    def run(self) -> Became:
        one = self.said
        interview = Interview(
            INTERVIEW,
            "Engineer",
            one.language,
            {"header": {}},
            packs=shipped(),
            rules=Rules(questions=3, follow_ups=0),
        )
        self._session = Session(interview, Ears(), writer=False)
        plan = tuple(
            PlannedQuestion(f"00000000-0000-0000-0000-00000000000{n}", n, text, stage, "bank")
            for n, (stage, text) in enumerate(
                (("introduction", "?"), ("experience", one.question), ("collaboration", "?")),
                start=1,
            )
        )
        self._give(given.PlanArrived(plan))
        self._give(given.CandidateJoined(marks=True))
        self._give(given.Played(1, 0, complete=True))
        self._speak(one.before)
        while self._session.turn == 1:
            self._frame(0.0)
        self._voiced_ms = 0
        for _ in range(self.onset_ms // FRAME_MS):
            self._frame(0.0)
        self._speak(one.said)
        for _ in range(PATIENT_MS // FRAME_MS):
            if (became := self._became()) is not None:
                return became
            self._frame(0.0)
        return "passed over"

    def _became(self) -> Became | None:
        if any(isinstance(fact, told.QuestionTakenBack) for fact in self.facts):
            return "reopened"
        for fact in self.facts:
            if isinstance(fact, told.QuestionHeard) and fact.turn == 2:
                return "passed over" if fact.complete and not self._answered() else "reply"
        return None

    def _answered(self) -> bool:
        """Words that began just before the end of a question belong to its answer."""
        return any(
            isinstance(fact, told.SegmentHeard) and fact.turn == 2 and fact.text
            for fact in self.facts
        )

    def _speak(self, words: str) -> None:
        self._words = words
        took_ms = 1_000 * len(words) / LETTERS_A_SECOND[self.said.language]
        for _ in range(max(1, round(took_ms / FRAME_MS))):
            self._frame(0.9)

    def _frame(self, probability: float) -> None:
        self._now_ms += FRAME_MS
        for due in [one for one in self._due if one[0] <= self._now_ms]:
            self._due.remove(due)
            self._give(due[1])
        deadline = self._session.deadline()
        if deadline is not None and self._now_ms >= deadline:
            self._give(given.Ticked())
        self._play()
        self._give(given.VoiceFrame(self._session.audio_ms + FRAME_MS, probability))

    def _play(self) -> None:
        """The client plays the second question and says how far it is."""
        if self._voiced_ms is None or self._session.state.floor != "speaking":
            return
        if self._held:
            return
        self._voiced_ms += FRAME_MS
        over = self._voiced_ms >= self.voice_ms
        if over or self._voiced_ms % MARK_MS < FRAME_MS:
            self._give(given.Played(2, min(self._voiced_ms, self.voice_ms), complete=over))

    def _give(self, event: Input) -> None:
        for effect in self._session.step(event, self._now_ms):
            self._do(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Tell():
                self.facts.append(effect.fact)
            case Hold() | Release():
                self._held = isinstance(effect, Hold)
            case Say():
                self._held = False
                self._give(given.VoiceStarted(effect.turn))
                self._give(given.QuestionVoiced(effect.turn, self.voice_ms))
            case Understand():
                read = self.understanding.read(effect.question, effect.text)
                near = self.understanding.compare(effect.text, effect.samples)
                self._give(given.MeaningRead(effect.turn, effect.segment, read, near))
            case Transcribe():
                words, self._words = self._words, ""
                heard = given.SegmentTranscribed(
                    effect.turn, effect.segment, words, (), "said", DECODE_MS
                )
                self._due.append((self._now_ms + DECODE_MS, heard))


def row(name: str, became: Sequence[Became]) -> str:
    counts = [became.count(one) for one in ("reopened", "reply", "passed over")]
    low, high = wilson(counts[0], len(became))
    share = 100 * counts[0] / max(1, len(became))
    cells = " | ".join(map(str, counts))
    return (
        f"| {name} | {len(became)} | {cells} | {share:.0f} % ({100 * low:.0f}–{100 * high:.0f}) |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    parser.add_argument("--errors", action="store_true", help="each of them, in words")
    asked = parser.parse_args()
    some = list(lines(asked.folder))
    long = asyncio.run(lengths(some))
    understanding = OfflineUnderstanding(Encoder())
    understanding.read = lru_cache(maxsize=None)(understanding.read)  # type: ignore[method-assign]
    found: dict[tuple[Kind, Language, int], list[Became]] = {}
    for one in some:
        for onset_ms in ONSETS_MS:
            talk = Talk(one, long[one.question], onset_ms, understanding)
            became = talk.run()
            found.setdefault((one.kind, one.language, onset_ms), []).append(became)
            if asked.errors and (became == "reopened") != (one.kind == "goes_on"):
                print(f"{onset_ms} ms of {talk.voice_ms}, {one.kind}, {became}: {one.said}")
    print("\n| what, from when on | | reopened | reply | passed over | reopened (95 %) |")
    print("| --- | --- | --- | --- | --- | --- |")
    for (kind, language, onset_ms), all_of_it in sorted(found.items()):
        print(row(f"{kind}, {language}, {onset_ms} ms", all_of_it))
    for what in ("goes_on", "replies"):
        print(row(what, [one for key, many in found.items() if key[0] == what for one in many]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
