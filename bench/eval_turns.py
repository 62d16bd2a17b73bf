"""False cut-ins against delay at the end of an answer: silence alone, Smart Turn alone, ours.

``python -m bench.eval_turns [DIR] [--fit] [--cache FOLDER] [--logs FILE]``

The method is that of LiveKit's eot-bench: every pause of a turn before its last is one to be
listened through, the last is the true end. A policy that ends the turn within one of the former
cuts in; its delay is the silence until it decides at the latter. ``threshold``, ``action delay``
and ``timeout`` of a turn model are swept, and the best delay at a share of false cut-ins is shown.
Ours is the real ``server.core.turn`` replaying the event logs in virtual time.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from bench.pause_set import sources
from bench.turn_log import Listener, Pause, TurnLog, read_logs, write
from server.core.events import FloorPassed, SpeechStarted, SpeechStopped, VoiceFrame
from server.core.habit import Habit
from server.core.pack import Reading
from server.core.state import Memory
from server.core.turn.decisions import AnswerEnded, AnswerResumed, Closed, Decision, Opened
from server.core.turn.ending import Evidence, silence_needed
from server.core.turn.patience import Patience, Weights
from server.core.turn.segment import FRAME_MS
from server.core.turn.turn import Turn
from server.language.endings import ENDINGS

DECODE_MS, SCORE_MS = 200, 60
"""When the words and the turn model's answer are there after a pause began; measured elsewhere."""

SEED = 20_261_123
BUDGETS = (0.02, 0.05, 0.10)
DELAYS = (300, 600, 1_000)

Waits = Callable[[TurnLog, Pause], float]
"""The silence, in ms, after which a policy would end the turn in this pause."""


@dataclass(frozen=True)
class Outcome:
    """Of one policy: whether it cut in, by pause, and its delays at true ends, in ms."""

    name: str
    cuts: list[bool]
    delays: list[float]

    @property
    def rate(self) -> float:
        return sum(self.cuts) / max(1, len(self.cuts))

    @property
    def delay_ms(self) -> float:
        return sum(self.delays) / max(1, len(self.delays))

    def interval(self) -> tuple[float, float]:
        """95 % of the rate (Wilson 1927)."""
        n, p, z = max(1, len(self.cuts)), self.rate, 1.96
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


def outcome(name: str, logs: Iterable[TurnLog], waits: Waits) -> Outcome:
    cuts: list[bool] = []
    delays: list[float] = []
    for log in logs:
        for pause in log.pauses:
            wait = waits(log, pause)
            if pause.resumes_ms is None:
                delays.append(wait)
            else:
                cuts.append(wait < pause.length_ms)
    return Outcome(name, cuts, delays)


def silence_alone(logs: Sequence[TurnLog]) -> list[Outcome]:
    thresholds = [*range(300, 1_000, 100), *range(1_000, 4_600, 250)]
    return [
        outcome(f"silence {ms} ms", logs, lambda _, __, ms=ms: float(ms))  # type: ignore[misc]
        for ms in thresholds
    ]


def smart_turn_alone(logs: Sequence[TurnLog]) -> list[Outcome]:
    """The swept policy of eot-bench on the turn model's score, asked once at each pause."""

    def policy(threshold: float, action_ms: int, timeout_ms: int) -> Outcome:
        def waits(_: TurnLog, pause: Pause) -> float:
            sure = pause.score is not None and pause.score >= threshold
            return float(action_ms if sure else timeout_ms)

        return outcome(f"smart turn {threshold:g}/{action_ms}/{timeout_ms}", logs, waits)

    grid = product(
        (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99),
        (300, 500, 700, 1_000, 1_500),
        (1_000, 1_500, 2_000, 3_000, 4_500),
    )
    return [policy(*knobs) for knobs in grid if knobs[1] <= knobs[2]]


def ours(logs: Sequence[TurnLog], patience: Patience, name: str) -> Outcome:
    """Replayed through the core, frame by frame."""
    cuts: list[bool] = []
    delays: list[float] = []
    for log in logs:
        ended = list(replayed(log, patience))
        for pause in log.pauses:
            within = [at for at in ended if pause.speech_end_ms < at <= pause.speech_end_ms + 10**6]
            until = math.inf if pause.resumes_ms is None else pause.resumes_ms
            here = [at for at in within if at < until]
            if pause.resumes_ms is None:
                last_ms = len(log.frames) * FRAME_MS
                delays.append((here[0] if here else last_ms) - pause.speech_end_ms)
            else:
                cuts.append(bool(here))
    return Outcome(name, cuts, delays)


def replayed(log: TurnLog, patience: Patience) -> Iterable[int]:
    """Audio-clock instants at which the core calls the answer over."""
    turn = Turn(patience)
    turn.speak(0, marks=True)
    turn.listen(0, "speaking")
    memory = Memory(log.language)
    memory.tell(FloorPassed(1, "listening", 0))
    due: list[tuple[int, Callable[[], None]]] = []
    following = iter(log.pauses)

    def ask(now_ms: int, segment: int, pause: Pause) -> None:
        listening = memory.state.floor == "listening"
        if listening and turn.wants_score() == segment and pause.score is not None:
            score = pause.score
            due.append((now_ms + SCORE_MS, lambda: turn.scored(segment, score)))

    for number, probability in enumerate(log.frames, start=1):
        now_ms = number * FRAME_MS
        for at, act in [one for one in due if one[0] <= now_ms]:
            due.remove((at, act))
            act()
        for decision in turn.frame(VoiceFrame(now_ms, probability), memory.state.floor, now_ms):
            tell(memory, decision, now_ms)
            turn.habit = memory.state.habit
            if isinstance(decision, Closed):
                pause = next(following, None)
                if pause is None:
                    return
                ask(now_ms, decision.segment, pause)

                def words(pause: Pause = pause, segment: int = decision.segment) -> None:
                    turn.read(ENDINGS[log.language](pause.text))
                    ask(pause.closed_ms + DECODE_MS, segment, pause)

                due.append((now_ms + DECODE_MS, words))
            elif isinstance(decision, AnswerEnded):
                yield now_ms
                turn.think(now_ms, decoding=False)


def tell(memory: Memory, decision: Decision, now_ms: int) -> None:
    """What the session would tell."""
    match decision:
        case Opened():
            memory.tell(SpeechStarted(1, decision.segment, decision.onset_ms))
        case Closed():
            memory.tell(SpeechStopped(1, decision.segment, decision.speech_end_ms))
        case AnswerEnded():
            memory.tell(FloorPassed(1, "thinking", now_ms))
        case AnswerResumed():
            memory.tell(FloorPassed(1, "listening", now_ms))
        case _:
            pass


def quick(logs: Sequence[TurnLog], weights: Weights) -> Outcome:
    """Ours without the replay, for fitting: the same formula on the same evidence."""
    cuts: list[bool] = []
    delays: list[float] = []
    for log in logs:
        habit, spoken_ms, begin_ms = Habit(), 0, 0
        for pause in log.pauses:
            spoken_ms += pause.speech_end_ms - begin_ms
            evidence = Evidence(ENDINGS[log.language](pause.text), pause.score, spoken_ms, habit)
            wait = silence_needed(evidence, weights)
            if pause.resumes_ms is None:
                delays.append(wait)
                continue
            cuts.append(wait < pause.length_ms)
            habit, begin_ms = habit.learned(pause.length_ms), pause.resumes_ms
    return Outcome("ours", cuts, delays)


def swept(logs: Sequence[TurnLog]) -> list[Outcome]:
    """Ours with three of its weights swept, as the turn model's policy has three knobs."""
    results: list[Outcome] = []
    for least_ms, sure, size in product(
        (500, 800, 1_000, 1_300, 1_600), (2.5, 3.0, 3.4, 3.8, 4.2), (0.5, 0.65, 0.8, 1, 1.25, 1.5)
    ):
        most_ms = {words: round(ms * size) for words, ms in Weights().most_ms.items()}
        weights = replace(Weights(), least_ms=least_ms, sure=sure, most_ms=most_ms)
        results.append(quick(logs, weights))
    return results


def cost(result: Outcome, budget: float) -> float:
    """Mean delay, and a second for each percent of false cut-ins over the budget."""
    return result.delay_ms + 100_000 * max(0.0, result.rate - budget)


def fitted(logs: Sequence[TurnLog], budget: float, rounds: int = 1_500) -> Weights:
    """Random search around the best so far; signs are kept, so that no weight can turn over."""
    draw = random.Random(SEED)
    best, best_cost = Weights(), math.inf
    for number in range(rounds):
        size = 0.5 if number < rounds // 2 else 0.15

        def near(value: float, size: float = size) -> float:
            return value * math.exp(draw.gauss(0, size))

        complete_ms = min(4_000, max(1_000, near(best.most_ms["complete"])))
        unsure_ms = max(complete_ms, near(best.most_ms["unsure"]))
        trailing_ms = min(6_000, max(unsure_ms, near(best.most_ms["trailing"])))
        lengths: dict[Reading | None, float] = {
            "complete": complete_ms,
            "unsure": unsure_ms,
            "trailing": trailing_ms,
        }
        candidate = replace(
            best,
            least_ms=round(min(1_500, max(400, near(best.least_ms)))),
            most_ms={**best.most_ms, **{name: round(ms) for name, ms in lengths.items()}},
            sure=min(4.5, best.sure + draw.gauss(0, size)),
            slope=near(best.slope),
            short=near(best.short),
            habit=min(1.0, near(best.habit)),
        )
        candidate_cost = cost(quick(logs, candidate), budget)
        if candidate_cost < best_cost:
            best, best_cost = candidate, candidate_cost
    return best


def cross_validated(logs: Sequence[TurnLog], budget: float) -> Outcome:
    """Each speaker judged with weights that were fitted on the others."""
    cuts: list[bool] = []
    delays: list[float] = []
    for speaker in sorted({log.speaker for log in logs}):
        weights = fitted([log for log in logs if log.speaker != speaker], budget, 500)
        held_out = quick([log for log in logs if log.speaker == speaker], weights)
        cuts += held_out.cuts
        delays += held_out.delays
    return Outcome(f"fitted for {budget:.0%}, speakers held out", cuts, delays)


def line(result: Outcome) -> str:
    low, high = result.interval()
    return f"{result.name:44} {result.rate:7.1%} ({low:5.1%}-{high:5.1%}) {result.delay_ms:8.0f} ms"


def best_within(results: Sequence[Outcome], budget: float) -> str:
    allowed = [one for one in results if one.rate <= budget]
    return f"{min(one.delay_ms for one in allowed):.0f} ms" if allowed else "-"


def best_at(results: Sequence[Outcome], delay_ms: int) -> str:
    allowed = [one for one in results if one.delay_ms <= delay_ms]
    return f"{min(one.rate for one in allowed):.1%}" if allowed else "-"


def report(title: str, logs: Sequence[TurnLog]) -> None:
    holds = sum(pause.resumes_ms is not None for log in logs for pause in log.pauses)
    ends = sum(pause.resumes_ms is None for log in logs for pause in log.pauses)
    speakers = len({log.speaker for log in logs})
    print(f"\n## {title}: {holds} pauses, {ends} true ends, {speakers} speakers")
    if not holds or not ends:
        return
    curves = {
        "silence": silence_alone(logs),
        "Smart Turn": smart_turn_alone(logs),
        "ours": [
            ours(logs, Patience(pace=pace), f"ours, pace {pace:g}")
            for pace in (0.25, 0.35, 0.5, 0.6, 0.7, 0.85, 1.0, 1.25, 1.5)
        ],
    }
    curves["ours, weights swept"] = swept(logs)
    print(f"{'policy':44} {'false cut-ins (95 %)':>22} {'mean delay':>11}")
    for result in [*curves["silence"][::3], *curves["ours"]]:
        print(line(result))
    heads = [f"@{ms} ms" for ms in DELAYS] + [f"@{share:.0%}" for share in BUDGETS]
    print(f"{'best of the sweep':20}" + "".join(f"{head:>10}" for head in heads))
    for name, results in curves.items():
        cells = [best_at(results, ms) for ms in DELAYS]
        cells += [best_within(results, share) for share in BUDGETS]
        print(f"{name:20}" + "".join(f"{cell:>10}" for cell in cells))


def conversation(log: TurnLog) -> bool:
    return re.match(r"(dev|trn|trñ|tst)\d\d ", log.name) is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--fit", action="store_true", help="fit the weights and hold speakers out")
    home = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser()
    parser.add_argument("--cache", type=Path, default=home / "viva" / "turns")
    parser.add_argument("--logs", type=Path, help="replay these event logs instead")
    given = parser.parse_args()
    if given.logs is not None:
        logs = read_logs(given.logs)
    else:
        listener, chance = Listener(), np.random.default_rng(SEED)
        speech = sources(given.folder, given.cache)
        logs = [log for one in speech for log in listener.logs(one, chance)]
        write(logs, given.cache / "logs.jsonl")
        print(f"event logs of {len(logs)} turns: {given.cache / 'logs.jsonl'}")
        if any(log.language == "ko" for log in logs):
            print(
                "Korean words are the transcript in proportion to the speech: nothing here hears it"
            )
    natural = [log for log in logs if not log.name.endswith("stretched")]
    report("pauses as they were spoken", natural)
    report("pauses as they were spoken and stretched to 0.3-4 s", logs)
    kinds = {False: "read aloud", True: "conversations"}
    for talked, kind in kinds.items():
        report(f"{kind}, stretched too", [log for log in logs if conversation(log) == talked])
    for language, name in (("en", "English"), ("ko", "Korean")):
        report(f"{name}, all", [log for log in logs if log.language == language])
    if given.fit:
        print("\n## fit")
        for budget in BUDGETS:
            print(line(cross_validated(logs, budget)))
            print("   ", fitted(logs, budget))


if __name__ == "__main__":
    main()
