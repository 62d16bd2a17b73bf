"""Lines that must not be lost without a test noticing: each is broken in turn, on a copy.

``python -m tests.mutants`` fails where the tests named beside a line pass without it. A line is
found by its text, in whatever file of ``server`` it stands.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONDUCTOR = "tests/realtime/test_conductor.py"
REGISTRY = "tests/realtime/test_registry.py"
LEDGER = "tests/realtime/test_ledger.py"
SESSION = "tests/core/test_session.py"
TAKING_BACK = "tests/core/test_taking_back.py"
BACKGROUND = "tests/core/test_background.py"
NO_AUDIO = "tests/realtime/test_no_audio.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """``text`` stands exactly once in ``server``; ``tests`` must fail when ``instead`` does."""

    name: str
    text: str
    instead: str
    tests: str


MUTANTS = (
    Mutant(
        "a line that carries no sound is told of by nobody",
        "return [AudioMissed(state.turn, audio_ms)] if self._looks(self._since_ms, now_ms) else []",
        "return []",
        f"{NO_AUDIO} -k stops",
    ),
    Mutant(
        "who types on a new connection is taken for deaf",
        "self._missed, self._since_ms, self._sound_ms = False, None, None",
        "self._missed, self._since_ms = False, None",
        f"{NO_AUDIO} -k anew",
    ),
    Mutant(
        "a stock client that is still between words is taken for deaf",
        "if not (listening and self._sends_always):",
        "if not listening:",
        f"{NO_AUDIO} -k stock",
    ),
    Mutant(
        "a television is part of the answer",
        "return tuple(one for one in self.heard if one.background)",
        "return ()",
        f"{BACKGROUND} -k stored",
    ),
    Mutant(
        "an answer is heard once more with a television in it",
        "or not answer.heard or answer.background:",
        "or not answer.heard:",
        f"{BACKGROUND} -k once_more",
    ),
    Mutant(
        "the rest of an answer is the answer to the next question",
        "Sign.BARGED_IN:\n                return self._takes_floor()",
        "Sign.BARGED_IN:\n                return self._talked_over()",
        f"{TAKING_BACK}::test_the_rest_of_an_answer_is_not_the_answer_to_the_next_question",
    ),
    Mutant(
        "a question that could be replied to is taken back",
        "not self._asking.playback.mostly(heard_ms)",
        "True",
        f"{TAKING_BACK} -k short_question",
    ),
    Mutant(
        "a turn that was taken back gives its number to another",
        "return max(self.turn, self.turns) + 1",
        "return self.turn + 1",
        f"{TAKING_BACK} -k number",
    ),
    Mutant(
        "a question is spoken before it is durable",
        "        await self._ledger.durable(seq)\n",
        "",
        f"{CONDUCTOR}::test_nothing_is_said_aloud_before_it_is_durable",
    ),
    Mutant(
        "nobody is given up after five minutes",
        "case Sign.GIVEN_UP:",
        "case Sign.GIVEN_UP if False:",
        f"{CONDUCTOR}::test_who_says_nothing_is_asked_again_and_waited_for_five_minutes",
    ),
    Mutant(
        "five minutes are one",
        "give_up_ms: int = 300_000",
        "give_up_ms: int = 60_000",
        f"{CONDUCTOR} -k five_minutes",
    ),
    Mutant(
        "an answer that stalls is never over",
        "self.patience.give_up_ms if patient else",
        "10**9 if patient else",
        f"{CONDUCTOR}::test_who_has_spoken_is_waited_for_five_minutes_even_without_sound",
    ),
    Mutant(
        "a typed answer is taken in a pause",
        "self._state.over or self._state.paused:\n            return []\n        effects = self._",
        "self._state.over:\n            return []\n        effects = self._",
        f"{CONDUCTOR}::test_what_is_typed_in_a_pause_is_no_answer",
    ),
    Mutant(
        "the turn model's word on an older turn is believed",
        "if event.turn != self._state.turn:\n            return []\n        self._turn.scored(",
        "self._turn.scored(",
        f"{SESSION} -k score",
    ),
    Mutant(
        "the turn model's word on an older segment is believed",
        "if segment == self._last_segment:",
        "if True:",
        f"{SESSION} -k score",
    ),
    Mutant(
        "a write that broke is not tried again",
        "await self._pool.expire_connections()\n            return False",
        "raise",
        f"{LEDGER}::test_a_write_that_breaks_is_tried_again_for_as_long_as_it_takes",
    ),
    Mutant(
        "sound is forgotten as soon as it was judged",
        "return min(heard_ms if since_ms is None else since_ms, heard_ms - KEEP_MS)",
        "return heard_ms",
        f"{CONDUCTOR}::test_a_spoken_answer_is_heard_whole_and_followed_by_the_next_question",
    ),
    Mutant(
        "the turn model hears the last segment only",
        "KEEP_MS = 9_000",
        "KEEP_MS = 0",
        f"{CONDUCTOR}::test_an_answer_too_long_for_one_segment_loses_nothing",
    ),
    Mutant(
        "nobody there is waited for one minute",
        "call_later(LINGER_S, self.stop)",
        "call_later(60, self.stop)",
        f"{CONDUCTOR}::test_nobody_there_is_waited_for_ten_minutes_and_no_longer",
    ),
    Mutant(
        "nobody there is waited for without end",
        "call_later(LINGER_S, self.stop)",
        "call_later(10**6, self.stop)",
        f"{CONDUCTOR}::test_nobody_there_is_waited_for_ten_minutes_and_no_longer",
    ),
    Mutant(
        "who came back in time is dropped all the same",
        "        self._lingering.cancel()\n        shown = ",
        "        shown = ",
        f"{CONDUCTOR}::test_nobody_there_is_waited_for_ten_minutes_and_no_longer",
    ),
    Mutant(
        "a spoken end is done without asking",
        """    "wish_end": Row("confirm", "wait"),""",
        """    "wish_end": Row("close", "end"),""",
        "tests/core/test_reactions.py::test_a_spoken_end_is_confirmed_first",
    ),
    Mutant(
        "after comfort the same question is asked again",
        "if state.current.reason in LEFT and",
        "if False and",
        "tests/core/test_reactions.py -k distress",
    ),
    Mutant(
        "what is not understood in time is waited for",
        "            self._meaning.give_up()\n            return self._next_question()",
        "            return []",
        "tests/core/test_reactions.py -k never_answers",
    ),
    Mutant(
        "two connections at once make two conductors",
        "async with self._opening[interview.id]:\n            if gone()",
        "if True:\n            if gone()",
        f"{REGISTRY}::test_two_connections_at_once_get_one_conductor",
    ),
)


def main(names: Sequence[str]) -> int:
    """The mutants whose name has one of ``names`` in it, or all; the number that survived."""
    chosen = [one for one in MUTANTS if not names or any(name in one.name for name in names)]
    with tempfile.TemporaryDirectory(prefix="viva-mutants-") as folder:
        copy = Path(folder)
        _copy(copy)
        failing = [one for one in {mutant.tests: mutant for mutant in chosen}.values()
                   if not _pass(copy, one.tests)]  # fmt: skip
        if failing:
            print("these fail without a mutant:", *(one.tests for one in failing), sep="\n  ")
            return len(failing)
        survivors = []
        for mutant in chosen:
            with _broken(copy, mutant):
                survived = _pass(copy, mutant.tests)
            print("SURVIVED" if survived else "killed  ", mutant.name, flush=True)
            survivors += [mutant] if survived else []
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} killed")
    return len(survivors)


def place(root: Path, text: str) -> Path:
    """The one file in which ``text`` stands, once. Raises LookupError."""
    found = [path for path in sorted((root / "server").rglob("*.py")) if text in path.read_text()]
    if len(found) != 1 or found[0].read_text().count(text) != 1:
        raise LookupError(f"stands in {len(found)} files, or more than once in one: {text!r}")
    return found[0]


@contextmanager
def _broken(copy: Path, mutant: Mutant) -> Iterator[None]:
    path = place(copy, mutant.text)
    whole = path.read_text()
    path.write_text(whole.replace(mutant.text, mutant.instead))
    try:
        yield
    finally:
        path.write_text(whole)


def _pass(copy: Path, tests: str) -> bool:
    """Raises RuntimeError where pytest could not run them."""
    # A file that is broken and mended within a second must not be taken from the byte code.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *tests.split(" ")],
        cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{tests}: {done.stdout[-2_000:]}{done.stderr[-2_000:]}")
    return done.returncode == 0


def _copy(to: Path) -> None:
    """What git knows and what is new, as it stands in the working tree."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
