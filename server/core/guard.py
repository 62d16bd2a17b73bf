"""May this question be spoken? The last word on whatever a model wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from server.core import wording
from server.core.events import Exchange, Language
from server.core.lists import topics, unspeakable, uptake
from server.core.lists.patterns import joined

MAX_WORDS = 40
MAX_SYLLABLES = 90
_LONGEST_LOOKED_AT = 2_000
_SAME = 0.85
"""Similarity from which two questions are the same."""

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
) -> str | None:
    """None if the question may be spoken, else why not, as a short code.

    ``wrong_language``, ``too_long``, ``not_a_question``, ``several_questions``, ``repeated``,
    ``forbidden_topic:`` and which, ``personal_data``, ``leaked_instructions``, ``praise``,
    ``verdict``, ``impolite``, ``answer_given``, ``markup``. ``follows``: the answer that the
    question is to follow up; then also ``echoed``, ``misquoted`` and ``ungrounded``.
    """
    if len(text) > _LONGEST_LOOKED_AT:
        return "too_long"
    plain = topics.normal(text).strip()
    asking = _QUOTED.sub(" ", plain)
    if not asking.strip(" .!?"):
        return "not_a_question"
    return (
        _content(plain, asking)
        or ("markup" if _MARKUP.search(text.strip()) or any(map(_is_picture, text)) else None)
        or (None if _in_language(_without(asking, target_role), language) else "wrong_language")
        or ("too_long" if _too_long(plain, language) else None)
        or _form(plain, asking, language)
        or ("repeated" if _repeats(plain, history) else None)
        or (None if follows is None else _uptake(plain, asking, follows))
    )


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
    """One spoken question out of a model's reply: no thoughts, labels, marks, praise or second
    question. What it cannot mend, ``check`` refuses."""
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
    return _without_praise(_first_question(text))


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


def _without_praise(text: str) -> str:
    """Whole sentences of praise before the question are dropped, praise inside it is not."""
    sentences = re.split(r"(?<=[.!])\s+", text)
    while len(sentences) > 1 and unspeakable.PRAISE.search(sentences[0]):
        sentences.pop(0)
    return " ".join(sentences)


def _content(plain: str, asking: str) -> str | None:
    """What is wrong with the words themselves, whatever their form."""
    topic = topics.forbidden(plain)
    if topic is not None:
        return f"forbidden_topic:{topic}"
    if _runs(plain) & _INSTRUCTIONS:
        return "leaked_instructions"
    patterns = (
        ("personal_data", unspeakable.PERSONAL_DATA),
        ("leaked_instructions", unspeakable.LEAK),
        ("verdict", unspeakable.VERDICT),
        ("impolite", unspeakable.RUDE),
        ("answer_given", unspeakable.GIVES_AWAY),
    )
    if reason := next((reason for reason, pattern in patterns if pattern.search(plain)), None):
        return reason
    # The candidate's own words may praise; ours are looked at sentence by sentence.
    sentences = re.split(r"(?<=[.!?])\s+", asking.strip())
    return (
        "praise"
        if any(unspeakable.PRAISE.search(sentence.strip()) for sentence in sentences)
        else None
    )


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Words in a row; in Korean, which has longer words, fewer."""
    words = [_bare(word) for word in text.split()]
    length = 4 if _HANGUL.search(text) else _OURS
    return frozenset(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _uptake(plain: str, asking: str, answer: str) -> str | None:
    """A follow-up is about what was said: it neither invents words nor lectures before it asks."""
    if _repeats(plain, [Exchange(answer[:_LONGEST_LOOKED_AT], "")]):
        return "echoed"
    if uptake.misquotes(plain, answer):
        return "misquoted"
    if not uptake.takes_up(plain, answer):
        return "ungrounded"
    *before, _ = re.split(r"(?<=[.!?])\s+", asking.strip())
    lectures = (
        s
        for s in before
        if unspeakable.EXPLAINS.search(s) and not unspeakable.OF_THE_CANDIDATE.search(s)
    )
    return "answer_given" if any(lectures) else None


def _without(asking: str, target_role: str) -> str:
    """The role is named as the résumé has it, in whatever language that is."""
    role = topics.normal(target_role).strip()
    return asking.replace(role, " ") if len(role) > 1 else asking


def _in_language(asking: str, language: Language) -> bool:
    letters = [c for c in asking if c.isalpha()]
    if any(not _known_letter(c) for c in letters):
        return False
    hangul = len(_HANGUL.findall(asking))
    if language == "en":
        return hangul == 0 and bool(unspeakable.ENGLISH_WORDS.search(asking))
    return hangul >= 4 and hangul >= 2 * len(_LATIN_WORD.findall(asking))


def _known_letter(c: str) -> bool:
    return "가" <= c <= "힣" or c < "\u0250" or c in "μµ"


def _too_long(plain: str, language: Language) -> bool:
    if language == "en":
        return len(plain.split()) > MAX_WORDS or len(plain) > 12 * MAX_WORDS
    syllables = len(re.findall(r"[가-힣0-9]", plain)) + 2 * len(_LATIN_WORD.findall(plain))
    return syllables > MAX_SYLLABLES or len(plain) > 4 * MAX_SYLLABLES


def _form(plain: str, asking: str, language: Language) -> str | None:
    sentences = [s for s in re.split(r"(?<=[.!?])(?:\s+|$)", asking.strip()) if s.strip(" .!?")]
    if not sentences:
        return "not_a_question"
    if language == "en":
        asks = [s.endswith("?") for s in sentences]
        if not asks[-1] and not unspeakable.ENGLISH_REQUEST.match(sentences[-1].strip()):
            return "not_a_question"
        return (
            "several_questions"
            if sum(asks) > 1 or plain.count("?") > asking.count("?") + 1
            else None
        )
    bodies = [s.strip(" .!?…·,'\"”’") for s in sentences]
    asks = [
        s.endswith("?") or bool(unspeakable.ASKS.search(b))
        for s, b in zip(sentences, bodies, strict=True)
    ]
    if not asks[-1]:
        return "impolite" if unspeakable.PLAIN_ORDER.search(bodies[-1]) else "not_a_question"
    if not unspeakable.POLITE.search(bodies[-1]):
        return "impolite"
    return "several_questions" if sum(asks) > 1 else None


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
