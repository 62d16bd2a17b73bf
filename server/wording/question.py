"""A question out of whatever a model wrote around it."""

from __future__ import annotations

import re
import unicodedata

from server.language.grammar import QUOTED, is_picture

_LONGEST = 4_000
_LABEL = re.compile(r"^[^\W\d_]++(?:[ -][^\W\d_]++){0,2}(?: ?\d{1,3})?\s?[:：]\s*")
_PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "«": "»"}


def clean(text: str) -> str:
    """One spoken question out of a model's reply: no thoughts, labels, marks or second one.

    What it cannot mend, the guard refuses.
    """
    text = re.sub(r"<think>.*?</think>|```\w*", " ", text[:_LONGEST], flags=re.DOTALL)
    text = "".join(c for c in text if not is_picture(c) and unicodedata.category(c) != "Cf")
    text = re.sub(r"`+([^`]*)`+", r"\1", text)
    text = re.sub(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_\n]+)(?<=\S)\1(?![\w*])", r"\2", text)
    text = re.sub(r"(?m)^[^\S\n]*+(?:#{1,6}|[-•>*]|\d+[.)])\s++", "", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = _LABEL.sub("", text)
    text = _unwrapped(text)
    text = _LABEL.sub("", text)
    return _first_question(text)


def _unwrapped(text: str) -> str:
    """Without quotation marks around the whole, and only those."""
    while len(text) > 1 and _PAIRS.get(text[0]) == text[-1]:
        inside = text[1:-1]
        if text[0] in inside or text[-1] in inside:
            break
        text = inside.strip()
    return text


def _first_question(text: str) -> str:
    """Up to the first question mark outside quotation marks, where there is one."""
    hidden = QUOTED.sub(lambda found: "·" * len(found[0]), text)
    end = re.search(r"[?？]+", hidden)
    return text[: end.start()].rstrip() + "?" if end else text
