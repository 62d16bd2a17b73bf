"""When the next question comes: its delay, and what it costs where the answer was not over.

``python -m bench.eval_turns [DIR] [--cache FOLDER] [--logs FILE]``

The method is that of LiveKit's eot-bench: every pause of a turn before its last is one to be
listened through, the last is the true end. A question that begins in one of the former is a *yield*
where it is taken back because the speaker goes on, a *hard cut-in* where more than 2.5 s of it
were heard before that, and a *split answer* where less was, but it was not taken back. Its delay is
the silence before it at the latter. Ours is the real ``server.core.session`` replaying the event
logs in virtual time; plain silence is reckoned on the same pauses, as if it could always take back.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np

from bench.pause_set import KOREAN, labelled, sources
from bench.turn_log import Listener, TurnLog, read_logs, write
from bench.turn_replay import Waits, replayed
from server.core.habit import Habit
from server.core.turn.ending import Evidence, silence_needed
from server.core.turn.patience import Patience, Weights
from server.language.endings import ENDINGS
from server.realtime.segment import FRAME_MS, Sensitivity

SEED = 20_261_123
YIELD_MS = Patience().yield_ms
ONSET_MS = Sensitivity().onset_ms + FRAME_MS
AIM_HARD, AIM_YIELDS, AIM_MS = 0.02, 0.10, 1_200

Verdict = Literal["waited", "yielded", "split", "cut in"]


def wilson(part: int, whole: int) -> tuple[float, float]:
    """95 % of a rate (Wilson 1927)."""
    n, z = max(1, whole), 1.96
    p = part / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Outcome:
    """Of one policy: what became of each pause within an answer, and its delays at true ends."""

    name: str
    verdicts: list[Verdict]
    delays: list[float]

    def count(self, *verdicts: Verdict) -> int:
        return sum(one in verdicts for one in self.verdicts)

    def rate(self, *verdicts: Verdict) -> float:
        return self.count(*verdicts) / max(1, len(self.verdicts))

    @property
    def delay_ms(self) -> float:
        return sum(self.delays) / max(1, len(self.delays))

    def interval(self, *verdicts: Verdict) -> tuple[float, float]:
        """95 % of the rate."""
        return wilson(self.count(*verdicts), len(self.verdicts))


def reckoned(name: str, logs: Iterable[TurnLog], waits: Waits) -> Outcome:
    """A policy of which only the silence is known; what it may take back it does."""
    verdicts: list[Verdict] = []
    delays: list[float] = []
    for log in logs:
        for pause in log.pauses:
            wait = waits(log, pause)
            if pause.resumes_ms is None:
                delays.append(wait)
            else:
                verdicts.append(_verdict(pause.length_ms - wait))
    return Outcome(name, verdicts, delays)


def _verdict(heard_ms: float) -> Verdict:
    if heard_ms <= 0:
        return "waited"
    return "yielded" if heard_ms < YIELD_MS else "cut in"


def silence(logs: Sequence[TurnLog], ms: float) -> Outcome:
    return reckoned(f"silence {ms:.0f} ms", logs, lambda _, __: ms)


def ours(logs: Sequence[TurnLog], patience: Patience, name: str = "ours") -> Outcome:
    """Replayed through the session, frame by frame."""
    verdicts: list[Verdict] = []
    delays: list[float] = []
    for log in logs:
        replay = replayed(log, patience)
        for pause in log.pauses:
            # Who has just begun again is heard a moment later.
            until = math.inf if pause.resumes_ms is None else pause.resumes_ms + ONSET_MS
            asked = [one for one in replay.asked if pause.speech_end_ms < one.at_ms < until]
            if pause.resumes_ms is None:
                at_ms = asked[0].at_ms if asked else pause.speech_end_ms + 6_000
                delays.append(at_ms - pause.speech_end_ms)
            elif not asked:
                verdicts.append("waited")
            elif asked[-1].taken_back_ms is not None:
                verdicts.append("yielded")
            else:
                short = pause.resumes_ms - asked[0].at_ms < YIELD_MS
                verdicts.append("split" if short else "cut in")
    return Outcome(name, verdicts, delays)


def by_numbers(logs: Sequence[TurnLog], weights: Weights, name: str = "ours") -> Outcome:
    """Ours without the replay: the same rule on the same evidence, for trying other numbers."""
    verdicts: list[Verdict] = []
    delays: list[float] = []
    for log in logs:
        habit, yields = Habit(), 0
        for pause in log.pauses:
            reading = ENDINGS[log.language](pause.text)
            evidence = Evidence(reading, pause.score, habit, yields)
            wait = silence_needed(evidence, weights)
            if pause.resumes_ms is None:
                delays.append(wait)
                continue
            verdicts.append(_verdict(pause.length_ms - wait))
            yields += verdicts[-1] == "yielded"
            habit = habit.learned(pause.length_ms)
    return Outcome(name, verdicts, delays)


def swept(logs: Sequence[TurnLog]) -> list[Outcome]:
    numbers = product((0.5, 0.8, 0.9, 0.95), (600, 800, 1_000, 1_200), (1_300, 1_500, 1_800))
    return [
        by_numbers(logs, Weights(*three), f"{three[1]} ms over {three[0]:g}, else {three[2]}")
        for three in numbers
    ]


def curve(logs: Sequence[TurnLog]) -> list[str]:
    """The least mean delay for so many hard cut-ins and yields, by the rule alone."""
    numbers = product(
        (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
        (500, 600, 700, 850, 1_000, 1_200),
        (1_000, 1_100, 1_200, 1_300, 1_400, 1_500, 1_600, 1_700, 1_800),
        (1_000, 1_200, 1_400, 1_500, 1_700, 2_000),
    )
    tried = [
        (four, by_numbers(logs, Weights(*four)))
        for four in numbers
        if four[1] <= four[2] <= four[3] + 300
    ]
    told = [f"{len(tried)} choices: hard cut-ins, yields, least mean delay"]
    for hard in (0, 1):
        least = math.inf
        for yields in range(len(logs)):
            may = [
                (result.delay_ms, four)
                for four, result in tried
                if result.count("split", "cut in") <= hard and result.count("yielded") <= yields
            ]
            if may and min(may)[0] < least:
                least, (sure, soon, late, trailing) = min(may)
                told.append(
                    f"{hard} {yields} {least:.0f} ms: {soon} over {sure:g}, else {late}, "
                    f"{trailing} where the words promise more"
                )
    return told


def paired(one: Outcome, other: Outcome) -> str:
    """Whether the question came too early, on the same pauses: in how many with one of them only,
    and how likely so uneven a split would be by chance (exact sign test)."""
    pairs = zip(one.verdicts, other.verdicts, strict=True)
    differ = [(a != "waited") for a, b in pairs if (a != "waited") != (b != "waited")]
    n, k = len(differ), min(sum(differ), len(differ) - sum(differ))
    chance = min(1.0, 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2**n) if n else 1.0
    return (
        f"too early with {one.name} only: {sum(differ)}, with {other.name} only: "
        f"{n - sum(differ)} of {len(one.verdicts)} (p = {chance:.2f})"
    )


def line(result: Outcome) -> str:
    cells = [f"{result.name:34}"]
    columns: tuple[tuple[Verdict, ...], ...] = (
        ("split",),
        ("cut in",),
        ("split", "cut in"),
        ("yielded",),
    )
    for verdicts in columns:
        low, high = result.interval(*verdicts)
        many = result.count(*verdicts)
        cells.append(f"{many:4} {result.rate(*verdicts):6.1%} ({low:4.1%}-{high:5.1%})")
    return " ".join(cells) + f" {result.delay_ms:7.0f} ms"


def report(title: str, logs: Sequence[TurnLog], *, sweep: bool = False) -> Outcome | None:
    holds = sum(pause.resumes_ms is not None for log in logs for pause in log.pauses)
    ends = sum(pause.resumes_ms is None for log in logs for pause in log.pauses)
    speakers = len({log.speaker for log in logs})
    print(f"\n## {title}: {holds} pauses, {ends} true ends, {speakers} speakers")
    if not holds or not ends:
        return None
    heads = ("split answers", "hard cut-ins", "both", "yields")
    print(f"{'policy':34} " + " ".join(f"{head:>25}" for head in heads) + "  mean delay")
    result = ours(logs, Patience())
    plain = silence(logs, result.delay_ms)
    rows = [result, plain, *(silence(logs, ms) for ms in (1_000, 1_500, 1_750, 2_000))]
    if sweep:
        best = [one for one in swept(logs) if one.rate("split", "cut in") <= AIM_HARD]
        rows += sorted(best, key=lambda one: one.delay_ms)[:8]
    for row in rows:
        print(line(row))
    print(paired(result, plain))
    return result


def aims(result: Outcome) -> None:
    hard, yields = result.rate("split", "cut in"), result.rate("yielded")
    _, most_hard = result.interval("split", "cut in")
    _, most_yields = result.interval("yielded")
    print("\n## aims, on natural pauses")
    for met, said in (
        (
            hard <= AIM_HARD,
            f"hard cut-ins and split answers {hard:.1%} (to {most_hard:.1%}) <= 2 %",
        ),
        (yields <= AIM_YIELDS, f"yields {yields:.1%} (to {most_yields:.1%}) <= 10 %"),
        (result.delay_ms <= AIM_MS, f"mean delay {result.delay_ms:.0f} ms <= {AIM_MS} ms"),
    ):
        print(f"{'met' if met else 'MISSED':7} {said}")


def conversation(log: TurnLog) -> bool:
    return re.match(r"(dev|trn|trñ|tst)\d\d ", log.name) is not None


def stretched(log: TurnLog) -> bool:
    return log.name.endswith("stretched")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    home = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser()
    parser.add_argument("--cache", type=Path, default=home / "viva" / "turns")
    parser.add_argument("--curve", action="store_true", help="what a shorter wait would cost")
    parser.add_argument("--logs", type=Path, help="replay these event logs instead")
    given = parser.parse_args()
    logs = read_logs(given.logs) if given.logs else made(given.folder, given.cache)
    if not any(conversation(log) for log in logs):
        sys.exit(
            "no conversations: what is left is read aloud, and says nothing of thinking pauses"
        )
    natural = [log for log in logs if not stretched(log)]
    english = [log for log in natural if log.language == "en"]
    korean = [log for log in natural if log.language == "ko"]
    result = report("English, pauses as they were spoken", english, sweep=True)
    conversations = [log for log in english if conversation(log)]
    report("the conversations among them", conversations)
    if given.curve:
        print(*curve(conversations), sep="\n")
    report("English, pauses stretched to 0.3-4 s", _stretched(logs, "en"))
    report("Korean, read aloud: no thinking pause is among them", korean)
    report("the same, stretched", _stretched(logs, "ko"))
    print("\nKorean is unproven: nobody has recorded Korean answers with their pauses for this.")
    if result is not None:
        aims(result)


def _stretched(logs: Sequence[TurnLog], language: str) -> list[TurnLog]:
    return [log for log in logs if stretched(log) and log.language == language]


def made(folder: Path | None, cache: Path) -> list[TurnLog]:
    listener, chance = Listener(), np.random.default_rng(SEED)
    speeches = [*sources(folder, cache), *labelled(KOREAN)]
    logs = [log for one in speeches for log in listener.logs(one, chance)]
    write(logs, cache / "logs.jsonl")
    print(f"event logs of {len(logs)} turns: {cache / 'logs.jsonl'}")
    return logs


if __name__ == "__main__":
    main()
