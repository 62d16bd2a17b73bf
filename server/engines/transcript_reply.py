"""What an OpenAI-compatible transcription server replies, read with suspicion.

Servers differ: words beside the segments or in them, with probabilities or without, streams as
OpenAI's (``transcript.text.delta``) or as vLLM's (``transcription.chunk``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.core.events import Word
from server.engines import doubt
from server.engines.whisper_batch import Decoded, Window, compression


class Unreadable(Exception):
    """It is no transcript."""


@dataclass(frozen=True, slots=True)
class Told:
    """``words``: times in ms from the start of the sound; ``sure`` where the server says it.
    ``log_probability``: the mean over the tokens; None where the server does not tell."""

    text: str
    words: tuple[Word, ...] = ()
    log_probability: float | None = None
    no_speech: float = 0.0

    def decoded(self, window: Window) -> Decoded:
        """As if Whisper had been decoded here. A word of which nothing is said is as likely as
        all; where nothing is said of these either, what is made of it is not to be told."""
        mean, words = self.mean, self.words
        if self.log_probability is not None:
            words = tuple(
                w if w.sure is not None else replace(w, sure=math.exp(mean)) for w in words
            )
        repeats = compression(self.text)
        return Decoded(self.text, (), mean, self.no_speech, repeats, window.language, words=words)

    @property
    def mean(self) -> float:
        return min(self.log_probability or 0.0, 0.0)


def read(reply: object, length_ms: int) -> Told:
    """``length_ms``: of the sound, within which words lie. Raises Unreadable."""
    if not isinstance(reply, Mapping) or not isinstance(text := reply.get("text"), str):
        raise Unreadable
    segments = [one for one in _list(reply.get("segments")) if isinstance(one, Mapping)]
    return Told(
        " ".join(text.split()),
        tuple(_words(reply, segments, length_ms)),
        _of_segments(segments) if segments else _mean(_logprobs(reply)),
        min((_number(one.get("no_speech_prob")) or 0.0 for one in segments), default=0.0),
    )


def sure(parts: Sequence[Told]) -> float | None:
    """How sure to be of all of them, where no word has a probability; by their length."""
    letters = sum(len(one.text) for one in parts)
    if not letters:
        return None
    each = [len(one.text) * doubt.of_word(math.exp(one.mean), one.mean) for one in parts]
    return round(sum(each) / letters, 3)


class Incoming:
    """A transcript that comes in pieces."""

    def __init__(self) -> None:
        self._text = ""

    def hear(self, event: object) -> str:
        """All that is known of it now; of a piece that says nothing too. Raises Unreadable."""
        if not isinstance(event, Mapping):
            raise Unreadable
        if event.get("type") == "transcript.text.done":
            self._text = _text(event.get("text"))
        elif event.get("type") == "transcript.text.delta":
            self._text += _text(event.get("delta"))
        for choice in _list(event.get("choices")):
            delta = choice.get("delta") if isinstance(choice, Mapping) else None
            if isinstance(delta, Mapping) and delta.get("content") is not None:
                self._text += _text(delta["content"])
        return " ".join(self._text.split())


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unreadable
    return value


def _words(
    reply: Mapping[str, Any], segments: list[Mapping[str, Any]], length_ms: int
) -> Iterator[Word]:
    listed = _list(reply.get("words")) or [w for one in segments for w in _list(one.get("words"))]
    for one in listed:
        if not isinstance(one, Mapping) or not isinstance(text := one.get("word"), str):
            continue
        start, end = _number(one.get("start")), _number(one.get("end"))
        if start is None or end is None or not text.strip():
            continue
        start_ms, end_ms = (min(max(0, round(at * 1_000)), length_ms) for at in (start, end))
        yield Word(text.strip(), start_ms, max(start_ms, end_ms), _share(one.get("probability")))


def _of_segments(segments: list[Mapping[str, Any]]) -> float | None:
    """By the length of what each says; one that does not tell tells nothing of the whole."""
    told = [
        (len(str(one.get("text", ""))) or 1, _number(one.get("avg_logprob"))) for one in segments
    ]
    if any(mean is None for _, mean in told):
        return None
    letters = sum(length for length, _ in told)
    return sum(length * (mean or 0.0) for length, mean in told) / letters


def _logprobs(reply: Mapping[str, Any]) -> list[float]:
    tokens = [one for one in _list(reply.get("logprobs")) if isinstance(one, Mapping)]
    found = [_number(one.get("logprob")) for one in tokens]
    return [one for one in found if one is not None]


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _share(value: object) -> float | None:
    share = _number(value)
    return None if share is None else min(max(share, 0.0), 1.0)
