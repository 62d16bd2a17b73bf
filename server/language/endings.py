"""How the words of an answer end: a form of the language, not what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from server.core.understanding import Reading

# Connective endings and particles that promise more to come.
_KO_TRAILING = re.compile(
    r"(그리고|그래서|그런데|하지만|그러니까|또한|또|왜냐하면|예를 들어|예를 들면"
    r"|음|어|그|저|[가-힣](는데|은데|인데|지만|니까|아서|어서|해서|하고|하며|면서|거나|려고|고"
    r"|다가|을|를|이랑|에서|에게|으로|부터|까지|처럼))[.,…\s]*$"
)
_KO_QUESTION = re.compile(r"[습입합됩]니까[.!?\s]*$")
"""니까 ends a polite question (합니까) and a clause (하니까)."""
_KO_COMPLETE = re.compile(
    r"((니다|니까|습니다|입니다|어요|아요|여요|예요|에요|해요|네요|죠|지요|군요|세요)[.!?\s]*"
    r"|[가-힣]다[.!?]\s*)$"
)
_EN_TRAILING = re.compile(
    r"\b(and|but|so|or|because|then|well|like|to|the|a|an|of|for|with|in|on|at|from|by|about|into"
    r"|as|than|while|until|unless|although|though|except|including|my|our|your|his|her|their|its"
    r"|i|we|they|he|she|it's|there's|i'm|we're|they're|that|which|who|whose|what|where|how|why"
    r"|when|if|whether|is|are|was|were|be|been|have|has|had|will|would|can|could|should|might|must"
    r"|do|does|did|not|very|really|just|some|any|every|this|these|those|more|um+|uh+|er+|erm|hmm+"
    r"|also|for example|for instance|such as|i mean|you know|kind of|sort of|in order|due)"
    r"[.,…\s]*$",
    re.IGNORECASE,
)
_EN_COMPLETE = re.compile(r"[.!?]\s*$")


def korean(text: str) -> Reading:
    if _KO_QUESTION.search(text):
        return "complete"
    return _read(text, _KO_TRAILING, _KO_COMPLETE)


def english(text: str) -> Reading:
    return _read(text, _EN_TRAILING, _EN_COMPLETE)


def unknown(_text: str) -> Reading:
    """Of a language of which no code knows the endings."""
    return "unsure"


ENDINGS: Mapping[str, Callable[[str], Reading]] = {"ko": korean, "en": english}


@lru_cache(maxsize=1)  # it is asked several times of the same words, one after the other
def _read(text: str, trailing: re.Pattern[str], complete: re.Pattern[str]) -> Reading:
    text = text.strip()
    if text.endswith(("...", "…", ",")) or trailing.search(text):
        return "trailing"
    return "complete" if complete.search(text) else "unsure"
