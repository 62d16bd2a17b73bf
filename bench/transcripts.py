"""Six whole interviews with the built-in interviewer, written into docs/interviews.md.

``python -m bench.transcripts [--print]``: through the real session, in virtual time. The candidates
are those of ``data/scenarios/shown.toml``: they answer the question that was asked.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from bench.interviewers import BuiltIn, Reply, Spoken, standard
from bench.scenarios import FOLDER, Reacts, Scenario
from server.core.events import Language
from server.core.rules import Rules
from server.language.pack import shipped

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "interviews.md"
BEGIN, END = "<!-- interviews -->", "<!-- end of interviews -->"
MOMENT_MS = 12_000
TURNS = 40
AGAIN = ("repeat", "rephrase", "aside")


class Shown(msgspec.Struct, frozen=True):
    """``stages``: by stage what is said, see ``shown.toml``."""

    language: Language
    role: str
    name: str
    stages: Mapping[str, Mapping[str, str]]


def shown() -> dict[str, Shown]:
    found = msgspec.toml.decode((FOLDER / "shown.toml").read_bytes())
    return {
        key: Shown(
            one.pop("language"),
            one.pop("role"),
            one.pop("name"),
            one,
        )
        for key, one in found.items()
    }


class Speaker:
    """Says what was prepared for the stage, once each."""

    def __init__(self, who: Shown) -> None:
        self._pack = shipped().of(who.language)
        self._left = {stage: dict(said) for stage, said in who.stages.items()}
        self._stage = "introduction"
        self._aspect: str | None = None
        self.just = ""
        """What was said last: an aspect, ``answer`` or ``before``."""

    def says(self, last: Spoken) -> str | None:
        """None: the interview is over for them."""
        if last.kind not in AGAIN:
            self._stage, self._aspect = last.stage, self._asked_for(last)
        said = self._left.get(self._stage, {})
        key = "before" if "before" in said else self._aspect or "answer"
        self.just = key
        return said.pop(key, None)

    def _asked_for(self, last: Spoken) -> str | None:
        every = [item for kind in self._pack.probes.values() for item in kind.items()]
        asked = last.text.removeprefix(last.lead).strip()
        return next((str(aspect) for aspect, probe in every if asked in probe.plain), None)


def rules() -> Rules:
    """One question a stage: a short interview."""
    whole = standard()
    stages = tuple(replace(stage, questions=1) for stage in whole.stages)
    return replace(whole, stages=stages, minutes=30)


def hold(key: str, who: Shown, loop: asyncio.Runner) -> Iterator[tuple[str, str]]:
    """Who said what, in order."""
    scenario = Scenario(
        key, who.language, who.role, "", "", (who.role,), "", Reacts("", ""), (), {}
    )
    interviewer, speaker = BuiltIn(scenario, None, loop, rules()), Speaker(who)
    reply: Reply = interviewer.begin()
    for _ in range(TURNS):
        yield from (("viva", one.text) for one in reply.spoken)
        if reply.ended is not None:
            return
        if not reply.spoken:
            yield "", "*(waits)*"
        said = speaker.says(reply.spoken[-1] if reply.spoken else Spoken("", "aside", ""))
        if said is None:
            raise SystemExit(f"{key}: nothing is prepared for {reply.text!r}")
        yield who.name, said
        reply = interviewer.hears(said, MOMENT_MS if speaker.just == "before" else 0)
    raise SystemExit(f"{key}: goes on for ever")


def written() -> str:
    parts = []
    with asyncio.Runner() as loop:
        for key, who in shown().items():
            lines = [f"#### {who.name}, {who.role}", ""]
            for name, text in hold(key, who, loop):
                lines += [f"**{name}:** {text}" if name else text, ""]
            parts.append("\n".join(lines).rstrip())
    return "\n\n".join(parts)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--print", action="store_true", help="only print them")
    given = options.parse_args()
    text = written()
    if given.print:
        print(text)
        return
    document = DOCUMENT.read_text("utf-8")
    whole = f"{BEGIN}\n\n{text}\n\n{END}"
    DOCUMENT.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: whole, document, flags=re.DOTALL))
    print(f"{len(shown())} interviews written to {DOCUMENT.name}")


if __name__ == "__main__":
    main()
