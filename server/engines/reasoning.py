"""Models that think aloud: what keeps them from it, and what never reaches the caller if they do.

Some servers send thoughts beside the reply (``reasoning_content``), which nobody here reads. Others
leave them in the text: between ``<think>`` and ``</think>``, or in a harmony channel. Thoughts are
dropped where their end is seen; where it is not, nothing of the reply can be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

QUIET: tuple[tuple[re.Pattern[str], Mapping[str, object]], ...] = (
    (
        re.compile(
            r"qwen-?3(?!.*(?:thinking|instruct|coder))|glm-?4\.[5-9]|smollm3|exaone-?4|hunyuan",
            re.IGNORECASE,
        ),
        {"chat_template_kwargs": {"enable_thinking": False}},
    ),
    (
        re.compile(r"deepseek-v3\.[1-9]|granite-3\.[23]", re.IGNORECASE),
        {"chat_template_kwargs": {"thinking": False}},
    ),
    (re.compile(r"gpt-oss", re.IGNORECASE), {"reasoning_effort": "low"}),
)
"""By the model's name: what its request has to say so that it answers at once. The sizes of Qwen3
that are made for one way only (Instruct, Thinking, Coder) know no such switch."""
OPENED_BY_TEMPLATE = re.compile(r"thinking|deepseek-?r1|\bqwq\b", re.IGNORECASE)
"""Models whose chat template has written ``<think>`` already: their reply begins with thoughts."""

THOUGHTS = ("think", "thinking", "thought", "reasoning", "reflection")
OPENING = frozenset({*(f"<{name}>" for name in THOUGHTS), "[think]", "◁think▷"})
CLOSING = frozenset({*(f"</{name}>" for name in THOUGHTS), "[/think]", "◁/think▷"})
HEADING = frozenset({"<|start|>", "<|channel|>"})
BODY = "<|message|>"
ENDING = frozenset({"<|end|>", "<|return|>", "<|call|>"})
MARKS = OPENING | CLOSING | HEADING | ENDING | {BODY}
LONGEST = max(map(len, MARKS))
TELLING = 3
"""Letters of a mark that was cut off at the end of a reply; fewer are a sign of their own."""
FINAL = re.compile(r"\bfinal\b")
_MARK = re.compile("|".join(re.escape(mark) for mark in MARKS), re.IGNORECASE)
_BARE = ("analysis", "commentary")
"""How a reply begins whose harmony marks the server removed: ``analysisThe candidate said…``."""
ADVICE = "take a model that answers at once, or a server that keeps thoughts apart"


class ThoughtAloud(Exception):
    """A reply in which thoughts cannot be told from words."""

    def __init__(self, how: str) -> None:
        super().__init__(f"thought aloud {how}; {ADVICE}")


def quiet(model: str) -> Mapping[str, object]:
    """What a request's body says so that this model answers without thinking first."""
    return next((body for name, body in QUIET if name.search(model)), {})


class Words:
    """The words of one streamed reply, without its thoughts. Pure.

    ``hear`` takes each delta and returns what of it may be told; ``rest`` ends the reply. Both
    raise ThoughtAloud. A mark may come in pieces: what may be the beginning of one is held back.
    """

    def __init__(self, model: str = "") -> None:
        self._thinking = bool(OPENED_BY_TEMPLATE.search(model))
        self._apart = False
        self._heading: str | None = None
        self._held = ""
        self._said = False

    @property
    def thinking(self) -> bool:
        """Whether it thinks now, so far as is known."""
        return self._thinking or self._heading is not None or (self._apart and not self._said)

    def think_apart(self) -> None:
        """The server sends thoughts beside the text, so none are in it."""
        if not self._apart:
            self._apart, self._thinking = True, False

    def hear(self, delta: str) -> str:
        self._held += delta
        told = ""
        while (mark := _MARK.search(self._held)) is not None:
            told += self._plain(self._held[: mark.start()])
            self._held = self._held[mark.end() :]
            self._turn(mark[0].lower())
        keep = len(self._held) if self._may_be_bare() else _cut_off(self._held)
        whole, self._held = _split(self._held, keep)
        return told + self._plain(whole)

    def rest(self) -> str:
        """What was held back, now that no more comes."""
        if self._thinking or self._heading is not None or _cut_off(self._held) >= TELLING:
            raise ThoughtAloud("and came to no end")
        rest, self._held = self._held, ""
        return self._plain(rest)

    def _turn(self, mark: str) -> None:
        if mark in OPENING:
            self._thinking = True
        elif mark in CLOSING:
            if self._said and not self._thinking:
                raise ThoughtAloud("before it answered")
            self._thinking = False
        elif mark in HEADING:
            self._heading, self._thinking = "", False
        elif mark == BODY:
            if self._heading is None:
                raise ThoughtAloud("in a channel without a name")
            self._thinking = FINAL.search(self._heading) is None
            self._heading = None
        else:  # the end of a message: its thoughts, if it was of them, are over
            self._heading, self._thinking = None, False

    def _plain(self, text: str) -> str:
        """Of text between two marks, what may be told."""
        if self._heading is not None:
            self._heading += text
            return ""
        if self._thinking:
            return ""
        if not self._said:
            text = text.lstrip()
            if any(_glued(text, word) for word in _BARE):
                raise ThoughtAloud("in a channel without marks")
            self._said = bool(text)
        return text

    def _may_be_bare(self) -> bool:
        """Whether the reply so far is the beginning of a bare channel's name, or just that name."""
        if self._said or self._thinking or self._heading is not None:
            return False
        begun = self._held.lstrip()
        return bool(begun) and any(word.startswith(begun) for word in _BARE)


def _glued(text: str, word: str) -> bool:
    """Whether the text begins with the word and a new sentence, without a space between them."""
    return text.startswith(word) and text[len(word) : len(word) + 1].isupper()


def _cut_off(text: str) -> int:
    """How many characters at the end may be the beginning of a mark."""
    end = text[-LONGEST:].lower()
    for length in range(min(len(end), LONGEST - 1), 0, -1):
        if any(mark.startswith(end[-length:]) for mark in MARKS):
            return length
    return 0


def _split(text: str, keep: int) -> tuple[str, str]:
    return text[: len(text) - keep], text[len(text) - keep :]
