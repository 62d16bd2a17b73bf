"""How much is heard of recordings with transcripts, by the recogniser that interviews use.

``python -m bench.eval_stt DIR``: every recording that a table in DIR names, cut into segments as an
interview cuts it, each heard with the words before it, and where that is not sure once more as a
whole, of which the better one stands. Prints errors, times, memory, and whether words are as sure
as they say; ``--degraded`` adds noise and babble to each recording, ``--fit`` fits the doubt to all
of them.
"""

from __future__ import annotations

import argparse
import logging
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import structlog

from bench.heard_answers import PER_MS, segments_of
from bench.readings import Reading, Samples, read_aloud, readings, units, words
from server.core.turn.listening import CONTEXT_CHARS
from server.doubt import DOUBTED
from server.engines import doubt
from server.engines.utterance import Heard, Utterance
from server.engines.whisper import WhisperSpeech
from server.engines.whisper_base import NAME, weights
from server.load.alignment import alignment
from server.ports import CANDIDATE_RATE
from server.realtime.mending import is_worth_rehearing, reads_better

SILENCE = np.zeros(CANDIDATE_RATE, np.int16)
BINS = (0.0, 0.5, 0.8, 0.95, 1.0)
NOISE_DB = (20, 10, 5, 0)


@dataclass(frozen=True)
class Believed:
    """A word that was heard: how sure, and whether it was said."""

    sure: float
    right: bool


@dataclass
class Score:
    """Of all recordings of one language. Times in seconds. ``at_first``: errors before some was
    heard once more; ``apart``: errors and units of each recording."""

    errors: int = 0
    at_first: int = 0
    units: int = 0
    audio_s: float = 0.0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    believed: list[Believed] = field(default_factory=list)
    apart: list[tuple[int, int]] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.errors / self.units if self.units else 0.0

    def add(self, other: Score) -> None:
        self.errors += other.errors
        self.at_first += other.at_first
        self.apart += other.apart
        self.units += other.units
        self.audio_s += other.audio_s
        self.wall_s += other.wall_s
        self.cpu_s += other.cpu_s
        self.believed += other.believed


def hear(speech: WhisperSpeech, reading: Reading) -> list[tuple[float, Heard]]:
    """Each segment with its length in seconds, as an interview hears it."""
    answer = ""
    found: list[tuple[float, Heard]] = []
    for _, closed in segments_of(np.concatenate([reading.samples, SILENCE])):
        pcm = reading.samples[closed.start_ms * PER_MS : closed.end_ms * PER_MS].tobytes()
        context = "" if found and found[-1][1].doubtful else answer[-CONTEXT_CHARS:]
        (heard,) = speech.hear([Utterance(pcm, reading.language, context)])
        answer = f"{answer} {heard.text}".strip()
        found.append((len(pcm) / 2 / CANDIDATE_RATE, heard))
    return found


def heard_whole(
    speech: WhisperSpeech, reading: Reading, found: Sequence[tuple[float, Heard]]
) -> str | None:
    """What stands after an answer was heard once more; None where it is not, or what was heard at
    first is better."""
    heard = [one for _, one in found if one.text]
    told = [(one.sure, len(one.text.split())) for one in heard if one.sure is not None]
    if not told or len(told) < len(heard):
        return None
    sure = sum(one * words for one, words in told) / sum(words for _, words in told)
    if not is_worth_rehearing(len(found), sure, round(reading.seconds * 1000)):
        return None
    (whole,) = speech.hear([Utterance(reading.samples.tobytes(), reading.language)])
    text = " ".join(one.text for one in heard)
    return whole.text if reads_better((whole.text, whole.sure), (text, sure)) else None


def score(speech: WhisperSpeech, reading: Reading, into: Score) -> str:
    """Adds a recording; returns what stands of it in the end."""
    began, used = time.perf_counter(), time.process_time()
    found = hear(speech, reading)
    into.wall_s += time.perf_counter() - began
    into.cpu_s += time.process_time() - used
    into.audio_s += reading.seconds
    at_first = " ".join(heard.text for _, heard in found)
    text = heard_whole(speech, reading, found) or at_first
    errors, count = errors_in(text, reading)
    into.errors += errors
    into.at_first += errors_in(at_first, reading)[0]
    into.units += count
    into.apart.append((errors, count))
    into.believed += _believed(reading, [heard for _, heard in found])
    return text


def errors_in(text: str, reading: Reading) -> tuple[int, int]:
    """The fewest errors against any way to read the transcript aloud, and its length."""
    heard = units(text, reading.language)
    ways = [units(way, reading.language) for way in read_aloud(reading)]
    return min((alignment(said, heard).errors, len(said)) for said in ways)


def interval(apart: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """95 % of the share of errors, by drawing recordings again: errors come in company."""
    drawn = np.random.default_rng(7).integers(0, len(apart), (2_000, len(apart)))
    sums = np.array(apart)[drawn].sum(axis=1)
    low, high = np.percentile(sums[:, 0] / np.maximum(1, sums[:, 1]), (2.5, 97.5))
    return float(low), float(high)


def _believed(reading: Reading, found: Sequence[Heard]) -> Iterator[Believed]:
    """Words are compared letter by letter: where they are put apart is a matter of taste."""
    heard = [word for one in found for word in one.words]
    letters = ["".join(words(word.text, reading.language)) for word in heard]
    said = list("".join(words(reading.transcript, reading.language)))
    right = alignment(said, list("".join(letters))).right
    at = 0
    for word, spelled in zip(heard, letters, strict=True):
        if spelled and word.sure is not None:
            all_right = all(right[at : at + len(spelled)])
            yield Believed(word.sure, all_right)
        at += len(spelled)


def degraded(all_of_it: Sequence[Reading]) -> Iterator[Reading]:
    random = np.random.default_rng(7)
    for at, one in enumerate(all_of_it):
        for decibels in NOISE_DB:
            noise = random.normal(0, 1, len(one.samples))
            yield replace(one, samples=_mixed(one.samples, noise, decibels))
            other = all_of_it[(at + 1) % len(all_of_it)].samples
            babble = np.resize(other, len(one.samples)).astype(np.float64)
            yield replace(one, samples=_mixed(one.samples, babble, decibels + 5))


def _mixed(samples: Samples, noise: np.ndarray, decibels: float) -> Samples:
    speech = samples.astype(np.float64)
    loud = np.sqrt(np.mean(speech**2)) or 1.0
    level = np.sqrt(np.mean(noise**2)) or 1.0
    mixed = speech + noise * (loud / level / 10 ** (decibels / 20))
    return np.clip(mixed, -32_768, 32_767).astype(np.int16)


def calibration(believed: Sequence[Believed]) -> Iterator[str]:
    """Of words of each degree of sureness, how many were said; and how well it tells them apart."""
    sure = np.array([one.sure for one in believed])
    right = np.array([one.right for one in believed])
    yield "| sure | words | mean | right |\n| --- | --- | --- | --- |"
    apart = 0.0
    for low, high in pairwise(BINS):
        inside = (sure >= low) & ((sure < high) | (high == BINS[-1]))
        if inside.any():
            mean, share = sure[inside].mean(), right[inside].mean()
            apart += abs(mean - share) * inside.mean()
            yield f"| {low:g} to {high:g} | {inside.sum()} | {mean:.2f} | {share:.2f} |"
    yield (
        f"\n{len(sure)} words; off by {apart:.3f} on average; "
        f"tells right from wrong (AUC) {auc(sure, right):.2f}"
    )
    yield "\n| underlined below | of the wrong words | of the right ones |\n| --- | --- | --- |"
    for below in (0.5, 0.6, DOUBTED, 0.7, 0.8):
        marked = sure < below
        yield f"| {below:g} | {_share(marked[~right])} | {_share(marked[right])} |"


def _share(marked: np.ndarray) -> str:
    return f"{marked.sum()} of {len(marked)}, {marked.mean():.2f}" if len(marked) else "none"


def auc(sure: np.ndarray, right: np.ndarray) -> float:
    good, bad = sure[right], sure[~right]
    if not len(good) or not len(bad):
        return float("nan")
    above = (good[:, None] > bad).mean() + 0.5 * (good[:, None] == bad).mean()
    return float(above)


def fitted(speech: WhisperSpeech, all_of_it: Sequence[Reading]) -> str:
    """Weights of ``doubt`` that make words as sure as they are right, by logistic regression."""
    languages = sorted({one.language for one in all_of_it})
    signs: list[tuple[float, float]] = []
    of_word = doubt.of_word

    def noted(probability: float, log_probability: float, language: str = "") -> float:  # noqa: ARG001
        signs.append((doubt.log_odds(probability), log_probability))
        return len(signs) - 1.0  # its number, for the one who compares

    rows: list[tuple[float, ...]] = []
    doubt.of_word = noted
    try:
        for reading in all_of_it:
            heard = [one for _, one in hear(speech, reading)]
            rows += [
                (
                    *signs[int(believed.sure)],
                    *(float(reading.language == one) for one in languages),
                    float(believed.right),
                )
                for believed in _believed(reading, heard)
            ]
    finally:
        doubt.of_word = of_word
    table = np.array(rows)
    x, right = table[:, :-1], table[:, -1]
    weights_ = np.zeros(x.shape[1])
    for _ in range(50):  # Newton's method: a few weights, so the matrix is small
        p = 1 / (1 + np.exp(-x @ weights_))
        hessian = (x.T * (p * (1 - p))) @ x + 1e-6 * np.eye(len(weights_))
        weights_ += np.linalg.solve(hessian, x.T @ (right - p))
    bias = ", ".join(
        f'"{one}": {weight:.2f}' for one, weight in zip(languages, weights_[2:], strict=True)
    )
    return f"LIKELIHOOD, WHOLE = {weights_[0]:.2f}, {weights_[1]:.2f}; BIAS = {{{bias}}}"


def main(argv: Sequence[str]) -> int:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("folder", type=Path)
    said.add_argument("--model", type=Path, help="a Whisper in CTranslate2's form; default: base")
    said.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    said.add_argument("--degraded", action="store_true")
    said.add_argument("--fit", action="store_true")
    said.add_argument("--limit-cer", type=float, help="fail where Korean has more errors")
    said.add_argument("--limit-wer", type=float, help="fail where English has more errors")
    given = said.parse_args(argv)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    folder = given.model or weights()
    recordings = list(readings(given.folder)) if given.folder.is_dir() else []
    if folder is None or not recordings:
        missing = "the weights" if folder is None else f"recordings with a table in {given.folder}"
        print(f"eval-stt: {missing} cannot be found", file=sys.stderr)
        return 2
    speech = WhisperSpeech(folder, given.device, NAME if given.model is None else "")
    speech.load()
    if given.fit:
        print(fitted(speech, [*recordings, *degraded(recordings)]))
        return 0
    if given.degraded:
        recordings = list(degraded(recordings))
    return report(speech, recordings, {"ko": given.limit_cer, "en": given.limit_wer})


def report(
    speech: WhisperSpeech, recordings: Sequence[Reading], most: Mapping[str, float | None]
) -> int:
    """0: no language has more errors than it may."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    for reading in recordings:
        alone = Score()
        score(speech, reading, alone)
        scores[reading.language].add(alone)
        print(f"{reading.name}: {alone.errors} of {alone.units}", flush=True)
    print(f"\n{speech.name}\n\n| language | at first | in the end | of | share | 95 % |", end="")
    print(" CPU s per s | wall s per s |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    for language, one in scores.items():
        low, high = interval(one.apart)
        times = f"{one.cpu_s / one.audio_s:.3f} | {one.wall_s / one.audio_s:.3f}"
        print(
            f"| {language} | {one.at_first} | {one.errors} | {one.units} | {one.share:.3f} "
            f"| {low:.3f} to {high:.3f} | {times} |"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nmemory, at most: {peak} MiB")
    for language, one in scores.items():
        print(f"\ndoubt, {language}\n", *calibration(one.believed), sep="\n")
    too_many = [one for one, limit in most.items() if limit and scores[one].share > limit]
    for language in too_many:
        print(f"eval-stt: more errors in {language} than {most[language]}", file=sys.stderr)
    return 1 if too_many else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
