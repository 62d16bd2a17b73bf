"""May this sentence be spoken? The last word on form, whoever wrote it.

What it means is judged beside this, by ``ports.Understanding.fault``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from server.core import wording
from server.core.events import Exchange, Language
from server.core.invented import invented
from server.core.lists import unspeakable
from server.core.lists.patterns import joined
from server.core.lists.topics import normal

MAX_WORDS = 40
MAX_SYLLABLES = 90
MAX_SENTENCES = 2
"""Of a follow-up."""
_LONGEST_LOOKED_AT = 2_000
_SAME = 0.85
"""Similarity from which two questions are the same."""
_READ_BACK = {"ko": 5}
_READ_BACK_ELSE = 8
"""So many words in a row of the answer are read back to the candidate."""
_FEW_WORDS = 4
_RUN, _TRUE_FROM = 2, 0.75
"""Of the evidence this share has to stand in the answer, in runs of so many letters."""
_NAMED = 2
"""Words that may stand between quotation marks: the name of something."""

_OURS = 5
"""So many words in a row as in our own instructions were not written for the candidate."""
_QUOTED = re.compile(r"[“\"‘「『][^”\"’」』]{0,400}[”\"’」』]")
_HANGUL = re.compile(r"[가-힣]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’+#.-]*")
_MARKUP = re.compile(
    joined(r"""
    [*`<>{}\[\]|~^\\\n\r\t]|(?<![A-Za-z])\#|(?<!\w)_|_(?!\w)|https?:|www\.|//|^\s*(?:[-•]
    |\d+[.)])\s
    """)
)
_PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "«": "»"}


def check(
    text: str,
    *,
    language: Language,
    target_role: str,
    history: Sequence[Exchange],
    follows: str | None = None,
    known: Iterable[str] = (),
    asks: bool = True,
) -> str | None:
    """None if it may be spoken, else why not, as a short code.

    ``wrong_language``, ``too_long``, ``not_a_question``, ``several_questions``, ``repeated``,
    ``personal_data``, ``leaked_instructions``, ``impolite``, ``markup``, ``quoted``. ``follows``:
    the answer that it follows; then also ``echoed``, and ``invented`` where it names or counts what
    stands neither there nor in the history, the role and ``known``, the texts of the résumé.
    ``asks``: it has to be a question.
    """
    if len(text) > _LONGEST_LOOKED_AT:
        return "too_long"

    def given() -> Iterator[str]:
        """Latest first: what is very long is not looked at to its end."""
        yield from (target_role, follows or "")
        for exchange in reversed(history):
            yield from (exchange.question, exchange.answer)
        yield from known

    plain = normal(text).strip()
    asking = _QUOTED.sub(" ", plain)
    if not asking.strip(" .!?"):
        return "not_a_question"
    return (
        _content(plain)
        or ("markup" if _MARKUP.search(text.strip()) or any(map(_is_picture, text)) else None)
        or (None if _in_language(_without(asking, target_role), language) else "wrong_language")
        or ("quoted" if _quotes(plain) else None)
        or ("too_long" if (asks or follows is not None) and _too_long(plain, language) else None)
        or _form(plain, asking, language, asks=asks)
        or ("repeated" if asks and _repeats(plain, history) else None)
        or (None if follows is None else _of_answer(plain, language, follows))
        or ("invented" if follows is not None and invented(plain, language, given()) else None)
    )


def grounded(evidence: str, answer: str) -> bool:
    """Whether the evidence stands in the answer; a recogniser's errors are borne."""
    wanted, said = _bare(evidence), _bare(answer[: 10 * _LONGEST_LOOKED_AT])
    if not wanted:
        return False
    if wanted in said:
        return True
    matcher = SequenceMatcher(None, wanted, said, autojunk=False)
    found = sum(block.size for block in matcher.get_matching_blocks() if block.size >= _RUN)
    return found >= _TRUE_FROM * len(wanted)


def whole(text: str) -> bool:
    """Whether a reply that is still being written holds its first question to the end, so that
    nothing after it will be spoken."""
    *_, text = text.rpartition("</think>")
    seen = _QUOTED.sub(lambda found: "·" * len(found[0]), text)
    end = re.search(r"[?？][^\w\s]{0,9}\s", seen)
    if end is None or "<think>" in seen:
        return False
    before = seen[: end.start()]
    return before.count('"') % 2 == 0 and not re.search(r"[“「『]", before)


def clean(text: str) -> str:
    """One spoken question out of a model's reply: no thoughts, labels, marks or second one.

    What it cannot mend, ``check`` refuses.
    """
    text = re.sub(
        r"<think>.*?</think>|```\w*", " ", text[: _LONGEST_LOOKED_AT * 2], flags=re.DOTALL
    )
    text = "".join(c for c in text if not _is_picture(c) and unicodedata.category(c) != "Cf")
    text = re.sub(r"`+([^`]*)`+", r"\1", text)
    text = re.sub(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_\n]+)(?<=\S)\1(?![\w*])", r"\2", text)
    text = re.sub(r"(?m)^[^\S\n]*+(?:#{1,6}|[-•>*]|\d+[.)])\s++", "", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = unspeakable.LABEL.sub("", text)
    text = _unwrapped(text)
    text = unspeakable.LABEL.sub("", text)
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
    hidden = _QUOTED.sub(lambda found: "·" * len(found[0]), text)
    end = re.search(r"[?？]+", hidden)
    return text[: end.start()].rstrip() + "?" if end else text


def _content(plain: str) -> str | None:
    """What is wrong with the words themselves, whatever their form."""
    if _runs(plain) & _INSTRUCTIONS:
        return "leaked_instructions"
    patterns = (
        ("personal_data", unspeakable.PERSONAL_DATA),
        ("leaked_instructions", unspeakable.LEAK),
        ("impolite", unspeakable.RUDE),
    )
    return next((reason for reason, pattern in patterns if pattern.search(plain)), None)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Words in a row; in Korean, which has longer words, fewer."""
    words = [_bare(word) for word in text.split()]
    length = 4 if _HANGUL.search(text) else _OURS
    return frozenset(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _quotes(plain: str) -> bool:
    """Whether more than a name stands between quotation marks: nobody hears them."""
    return any(len(found[0].split()) > _NAMED for found in _QUOTED.finditer(plain))


def _of_answer(plain: str, language: Language, answer: str) -> str | None:
    """What is wrong with a follow-up next to the answer that it follows."""
    if len(_sentences(plain)) > MAX_SENTENCES:
        return "too_long"
    if _repeats(plain, [Exchange(answer[:_LONGEST_LOOKED_AT], "")]):
        return "echoed"
    said, asked = ([_bare(word) for word in text.split()] for text in (answer, plain))
    run = SequenceMatcher(None, asked, said, autojunk=False).find_longest_match().size
    return "quoted" if run >= _READ_BACK.get(language, _READ_BACK_ELSE) else None


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])(?:\s+|$)", text.strip()) if s.strip(" .!?")]


def _without(asking: str, target_role: str) -> str:
    """The role is named as the résumé has it, in whatever language that is."""
    role = normal(target_role).strip()
    return asking.replace(role, " ") if len(role) > 1 else asking


def _in_language(asking: str, language: Language) -> bool:
    letters = [c for c in asking if c.isalpha()]
    if any(not _known_letter(c) for c in letters):
        return False
    hangul = len(_HANGUL.findall(asking))
    if language != "ko":
        few = len(asking.split()) <= _FEW_WORDS
        return hangul == 0 and (few or bool(unspeakable.ENGLISH_WORDS.search(asking)))
    return hangul >= 1 and hangul >= 2 * len(_LATIN_WORD.findall(asking))


def _known_letter(c: str) -> bool:
    return "가" <= c <= "힣" or c < "\u0250" or c in "μµ"


def _too_long(plain: str, language: Language) -> bool:
    if language == "en":
        return len(plain.split()) > MAX_WORDS or len(plain) > 12 * MAX_WORDS
    syllables = len(re.findall(r"[가-힣0-9]", plain)) + 2 * len(_LATIN_WORD.findall(plain))
    return syllables > MAX_SYLLABLES or len(plain) > 4 * MAX_SYLLABLES


def _form(plain: str, asking: str, language: Language, *, asks: bool) -> str | None:
    sentences = _sentences(asking)
    if not sentences:
        return "not_a_question"
    if language == "en":
        questions = [s.endswith("?") for s in sentences]
        request = unspeakable.ENGLISH_REQUEST.match(sentences[-1].strip())
        if asks and not questions[-1] and not request:
            return "not_a_question"
        marks = plain.count("?") > asking.count("?") + 1
        return "several_questions" if sum(questions) > 1 or marks else None
    bodies = [s.strip(" .!?…·,'\"”’") for s in sentences]
    questions = [
        s.endswith("?") or bool(unspeakable.ASKS.search(b))
        for s, b in zip(sentences, bodies, strict=True)
    ]
    if unspeakable.PLAIN_ORDER.search(bodies[-1]) or (
        questions[-1] and not unspeakable.POLITE.search(bodies[-1])
    ):
        return "impolite"
    if asks and not questions[-1]:
        return "not_a_question"
    said_first = [b for b in bodies[:-1] if unspeakable.ANNOUNCES.search(b)]
    return "several_questions" if sum(questions) - len(said_first) > 1 else None


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


def _is_picture(c: str) -> bool:
    return unicodedata.category(c) in ("So", "Cs", "Co", "Cn") or c in "\ufe0f\u20e3\u200d"


_INSTRUCTIONS = frozenset[tuple[str, ...]]().union(
    *(_runs(line) for told in wording.TOLD for line in told.splitlines())
)
