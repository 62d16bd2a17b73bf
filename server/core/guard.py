"""May this sentence be spoken? The last word on form, whoever wrote it.

What it means is judged beside this, by ``ports.Understanding.fault``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from server.core.events import Exchange
from server.core.pack import Grammar

MAX_SENTENCES = 2
"""Of a follow-up."""
_LONGEST_LOOKED_AT = 2_000
_SAME = 0.85
"""Similarity from which two questions are the same."""
_RUN, _TRUE_FROM = 2, 0.75
"""Of the evidence this share has to stand in the answer, in runs of so many letters."""
_TELLING, _LOOKED_AT = 4, 3
"""Fewer letters are evidence of nothing; so many places are compared."""
_NAMED = 2
"""Words that may stand between quotation marks: the name of something."""

_OURS, _OURS_LETTERS = 4, 24
"""So many words in a row as in our own instructions, of so many letters, were not written for the
candidate."""
QUOTED = re.compile(r"[“\"‘「『][^”\"’」』]{0,400}[”\"’」』]")
_MARKUP = re.compile(
    r"[*`<>{}\[\]|~^\\\n\r\t]|(?<![A-Za-z])\#|(?<!\w)_|_(?!\w)|https?:|www\.|//"
    r"|^\s*(?:[-•]|\d+[.)])\s"
)


def check(
    text: str,
    *,
    grammar: Grammar,
    target_role: str,
    history: Sequence[Exchange],
    follows: str | None = None,
    known: Iterable[str] = (),
    asks: bool = True,
    instructions: str = "",
) -> str | None:
    """None if it may be spoken, else why not, as a short code.

    ``wrong_language``, ``too_long``, ``not_a_question``, ``several_questions``, ``repeated``,
    ``personal_data``, ``leaked_instructions``, ``impolite``, ``markup``, ``quoted``. ``follows``:
    the answer that it follows; then also ``echoed``, and ``invented`` where it names or counts what
    stands neither there nor in the history, the role and ``known``, the texts of the résumé.
    ``asks``: it has to be a question. ``instructions``: what only a model is told.
    """
    if len(text) > _LONGEST_LOOKED_AT:
        return "too_long"

    def given() -> Iterator[str]:
        """Latest first: what is very long is not looked at to its end."""
        yield from (target_role, follows or "")
        for exchange in reversed(history):
            yield from (exchange.question, exchange.answer)
        yield from known

    plain = grammar.plain(text).strip()
    asking = QUOTED.sub(" ", plain)
    if not asking.strip(" .!?"):
        return "not_a_question"
    return (
        ("leaked_instructions" if _leaks(plain, instructions) else None)
        or grammar.unspeakable(plain)
        or ("markup" if _MARKUP.search(text.strip()) or any(map(is_picture, text)) else None)
        or (None if grammar.written(_without(asking, target_role, grammar)) else "wrong_language")
        or ("quoted" if _quotes(plain) else None)
        or ("too_long" if (asks or follows is not None) and grammar.too_long(plain) else None)
        or grammar.form(plain, asking, asks=asks)
        or ("repeated" if asks and _repeats(plain, history) else None)
        or (None if follows is None else _of_answer(plain, grammar, follows))
        or ("invented" if follows is not None and grammar.invents(plain, given()) else None)
    )


def grounded(evidence: str, answer: str) -> bool:
    """Whether the evidence stands in one place of the answer; a recogniser's errors are borne."""
    wanted, said = _bare(evidence[:_LONGEST_LOOKED_AT]), _bare(answer)
    if _letters((wanted,)) < _TELLING:
        return False
    return wanted in said or any(
        _mostly(wanted, said[place : place + 2 * len(wanted)]) for place in _places(wanted, said)
    )


def _places(wanted: str, said: str) -> list[int]:
    """Where it may be: the parts of the answer, half as long as is looked at, that have most in
    common with it. An answer may be of any length and is not compared with all of it."""
    if len(said) <= 2 * len(wanted):
        return [0]
    seen: Counter[int] = Counter()
    for at in range(0, len(wanted) - _RUN, _RUN):
        found = said.find(wanted[at : at + _RUN + 1])
        while found >= 0:
            part = found // len(wanted)
            seen[part] += 1
            found = said.find(wanted[at : at + _RUN + 1], (part + 1) * len(wanted))
    both = {part: seen[part] + seen[part + 1] for one in seen for part in (one - 1, one)}
    most = sorted(both, key=lambda part: -both[part])[:_LOOKED_AT]
    return [max(0, part) * len(wanted) for part in most]


def _mostly(wanted: str, said: str) -> bool:
    matcher = SequenceMatcher(None, wanted, said, autojunk=False)
    found = sum(block.size for block in matcher.get_matching_blocks() if block.size >= _RUN)
    return found >= _TRUE_FROM * len(wanted)


def _leaks(plain: str, instructions: str) -> bool:
    return bool(instructions) and not _runs(plain).isdisjoint(_runs_of_lines(instructions))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Words in a row that together say enough to be known again."""
    words = [_bare(word) for word in text.split()]
    runs = (tuple(words[at : at + _OURS]) for at in range(len(words) - _OURS + 1))
    return frozenset(run for run in runs if _letters(run) >= _OURS_LETTERS)


def _letters(run: tuple[str, ...]) -> int:
    """A syllable counts as the letters it is made of."""
    return len(unicodedata.normalize("NFD", "".join(run)))


@lru_cache(maxsize=16)
def _runs_of_lines(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset[tuple[str, ...]]().union(*map(_runs, text.splitlines()))


def _quotes(plain: str) -> bool:
    """Whether more than a name stands between quotation marks: nobody hears them."""
    return any(len(found[0].split()) > _NAMED for found in QUOTED.finditer(plain))


def _of_answer(plain: str, grammar: Grammar, answer: str) -> str | None:
    """What is wrong with a follow-up next to the answer that it follows."""
    if len(sentences(plain)) > MAX_SENTENCES:
        return "too_long"
    heard = answer[:_LONGEST_LOOKED_AT]
    if _repeats(plain, [Exchange(heard, "")]) or grammar.echoes(plain, heard):
        return "echoed"
    if grammar.several(QUOTED.sub(" ", plain)):
        return "several_questions"
    said, asked = ([_bare(word) for word in text.split()] for text in (answer, plain))
    run = SequenceMatcher(None, asked, said, autojunk=False).find_longest_match().size
    return "quoted" if run >= grammar.read_back else None


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])(?:\s+|$)", text.strip()) if s.strip(" .!?")]


def _without(asking: str, target_role: str, grammar: Grammar) -> str:
    """The role is named as the résumé has it, in whatever language that is."""
    role = grammar.plain(target_role).strip()
    return asking.replace(role, " ") if len(role) > 1 else asking


def _repeats(plain: str, history: Sequence[Exchange]) -> bool:
    new = _bare(plain)
    return any(_same(new, _bare(exchange.question[:_LONGEST_LOOKED_AT])) for exchange in history)


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _same(new: str, old: str) -> bool:
    if not old:
        return False
    if new == old or (len(new) >= 12 and new in old):
        return True
    matcher = SequenceMatcher(None, new, old, autojunk=False)
    return matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME


def is_picture(c: str) -> bool:
    return unicodedata.category(c) in ("So", "Cs", "Co", "Cn") or c in "\ufe0f\u20e3\u200d"
