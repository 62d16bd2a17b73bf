"""Six whole interviews with the built-in interviewer, written into docs/interviews.md.

``python -m bench.transcripts [--print]``: through the real session, in virtual time. The candidates
are those of ``viva demo`` (``server/demo/people.toml``): they answer the question that was asked.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.interviewers import BuiltIn, Reply, Spoken, standard
from bench.scenarios import Reacts, Scenario
from server.core.rules import Rules
from server.demo.people import Person, Speaker, people

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "interviews.md"
BEGIN, END = "<!-- interviews -->", "<!-- end of interviews -->"
MOMENT_MS = 12_000
TURNS = 40
AGAIN = ("repeat", "rephrase", "aside")


def rules() -> Rules:
    """One question a stage: a short interview."""
    whole = standard()
    stages = tuple(replace(stage, questions=1) for stage in whole.stages)
    return replace(whole, stages=stages, minutes=30)


def hold(key: str, who: Person, loop: asyncio.Runner) -> Iterator[tuple[str, str]]:
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
        last = reply.spoken[-1] if reply.spoken else Spoken("", "aside", "")
        if last.kind not in AGAIN:
            speaker.asked(last.stage, last.text)
        said = speaker.says()
        if said is None:
            raise SystemExit(f"{key}: nothing is prepared for {reply.text!r}")
        yield who.name, said
        reply = interviewer.hears(said, MOMENT_MS if speaker.just == "before" else 0)
    raise SystemExit(f"{key}: goes on for ever")


def written() -> str:
    parts = []
    with asyncio.Runner() as loop:
        for key, who in people().items():
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
    print(f"{len(people())} interviews written to {DOCUMENT.name}")


if __name__ == "__main__":
    main()
