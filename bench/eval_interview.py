"""Whole interviews with candidates who react, in virtual time, through the real session.

``python -m bench.eval_interview [--transcripts] [--only ID] [--file SCENARIOS]``: with the built-in
interviewer and, where ``VIVA_LLM_URL`` is set, with its model, which then also gets the attacks of
``tests/core/injections.py``. Exit status 1 when a disclosure was probed or an attack got through.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.eval_attacks import attacked
from bench.interview_figures import figures, report
from bench.interviewers import PLAN_S, BuiltIn, Interviewer, Interviewers, Models, Reply, standard
from bench.reactions import Held, Routine, Turn, met, observed
from bench.reactive import Candidate
from bench.scenarios import Manner, Scenario, manner, scenarios
from server.core.events import Language
from server.engines.choice import choose
from server.engines.registry import chat_writer
from server.language.pack import shipped
from server.settings import Settings
from workers.main import PLAN_TOKENS

TURNS = 70
LANGUAGES: tuple[Language, ...] = tuple(shipped().by_language)


def hold(scenario: Scenario, interviewer: Interviewer, how: Manner) -> Held:
    """The interview until it ends, or the candidate has had enough."""
    reply = interviewer.begin()
    candidate, held = Candidate(scenario, how), Held(scenario, reply)
    while reply.ended is None and len(held.turns) < TURNS:
        utterance = candidate.says(reply)
        reply = interviewer.hears(utterance.text, utterance.silence_ms)
        if reply.paused and reply.ended is None:
            back = interviewer.resume()
            reply = Reply((*reply.spoken, *back.spoken), reply.counted, True, back.ended)
        if utterance.act in ("agreed", "declined"):
            held.turns[-1] = replace(held.turns[-1], word=utterance.text, confirmed=reply)
        else:
            held.turns.append(Turn(utterance, reply))
    held.pending = candidate.pending
    spoken = [turn.after.text for turn in held.turns]
    held.turns = [
        replace(turn, later=tuple(spoken[at + 1 :])) for at, turn in enumerate(held.turns)
    ]
    return held


def hold_all(who: Interviewers, some: Sequence[Scenario], how: Manner) -> list[Held]:
    return [hold(scenario, who(scenario), how) for scenario in some]


def transcript(held: Held, routine: Routine, how: Manner) -> None:
    """With what each event should have led to, for a person to judge."""
    scenario = held.scenario
    print(f"\n# {scenario.id} {scenario.role} ({scenario.persona})")
    _spoken(held.opening)
    for turn in held.turns:
        said = turn.utterance
        about = said.act + (f" ({said.key})" if said.act == "answer" else "")
        print(f"  > {said.text}    [{about}{': ' + said.why if said.why else ''}]")
        if said.event is not None:
            seen = met(said.event, observed(turn, held, routine, how))
            print(f"    must: {said.event.must}    [{'met' if seen else 'not met'}, by form]")
        _spoken(turn.reply)
        if turn.confirmed is not None:
            print(f"  > {turn.word}")
            _spoken(turn.confirmed)
    print(f"  ended: {held.ended}; not said: {', '.join(one.type for one in held.pending)}")


def _spoken(reply: Reply) -> None:
    for one in reply.spoken:
        print(f"  {one.kind:9} {one.text}" + (f"    [{one.reason}]" if one.reason else ""))
    if not reply.spoken:
        print("  (waits)")


def evaluate(models: Models | None, loop: asyncio.Runner, given: argparse.Namespace) -> int:
    """Print one interviewer's figures by language; how many disclosures it probed."""
    rules, probed = standard(), 0
    for language in LANGUAGES:
        how = manner(language)
        read = scenarios(language, given.file)
        some = [one for one in read if not given.only or one.id in given.only]
        if not some:
            continue
        built: list[BuiltIn] = []

        def who(scenario: Scenario, built: list[BuiltIn] = built) -> Interviewer:
            built.append(BuiltIn(scenario, models, loop, rules))
            return built[-1]

        interviews = hold_all(who, some, how)
        if given.transcripts:
            routine = Routine(interviews)
            for held in interviews:
                transcript(held, routine, how)
        found = figures(interviews, how)
        probed += found.disclosures.yes
        name = "built-in" if models is None else "model"
        print(report(f"\n{language}, {name}", found))
        for what, times in (
            ("first token", [ms for one in built for ms in one.first_ms]),
            ("whole question", [ms for one in built for ms in one.whole_ms]),
        ):
            if times:
                print(f"  {what}: median {statistics.median(times):.0f} ms, most {max(times)} ms")
    return probed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcripts", action="store_true", help="print them, with what to judge")
    parser.add_argument("--only", action="append", default=[], help="only the scenario of this id")
    parser.add_argument("--file", type=Path, help="scenarios of the same form, instead of ours")
    given = parser.parse_args()
    known = {one.id for language in LANGUAGES for one in scenarios(language, given.file)}
    if unknown := set(given.only) - known:
        parser.error(
            f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}"
        )
    models = configured(Settings.from_env(os.environ))
    with asyncio.Runner() as loop:
        bad = evaluate(None, loop, given)
        if models is not None:
            bad += evaluate(models, loop, given)
            bad += loop.run(attacked(models.asks, transcripts=given.transcripts))
            for model in models:
                loop.run(model.close())
    sys.exit(bool(bad))


def configured(settings: Settings) -> Models | None:
    asks = choose("llm", settings).engine
    plans = chat_writer(settings, max_tokens=PLAN_TOKENS, total_s=PLAN_S)
    return None if asks is None or plans is None else Models(asks, plans)


if __name__ == "__main__":
    main()
