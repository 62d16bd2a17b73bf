"""Remarks that are not about work: complaints, orders to the interviewer, talk about the line.

A follow-up passes over them and takes up what else was said in the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from server.core.quote import korean_words
from server.core.quote import remark_words as words_of
from server.core.quote.span import Word


def on_the_interview(text: str) -> bool:
    """Whether words that tell of nothing done, decided or gone wrong mean the interview."""
    return bool(words_of.INTERVIEW.search(text))


def without(clause: Sequence[Word]) -> Iterator[list[Word]]:
    """The stretches of a clause that are about something else than the interview itself."""
    plain = [word.text.casefold().replace("’", "'").strip("'.,~…!?") for word in clause]
    passed = _passed(plain)
    run: list[Word] = []
    for place, word in enumerate(clause):
        if passed[place]:
            if run:
                yield run
            run = []
        else:
            run.append(word)
    if run:
        yield run


def _passed(plain: Sequence[str]) -> list[bool]:
    """Word by word, whether it belongs to a remark."""
    text = " ".join(plain)
    found = [match for remark in words_of.REMARKS for match in remark.finditer(text)]
    remarked = _covered(plain, iter(sorted(found, key=re.Match.start)))
    passed = _covered(plain, words_of.OPENER.finditer(text))
    asked = _covered(plain, words_of.ASKS_YOU.finditer(text))
    goes_on = False
    for part in _parts(plain, remarked):
        whole = [plain[place] for place in part]
        drop = (
            any(remarked[place] or asked[place] for place in part)
            or bool(words_of.ASKS_YOU.search(" ".join(whole)))
            or (goes_on and _no_thought_of_its_own(whole))
        )
        for place in part if drop else ():
            remarked[place] = passed[place] = True
        goes_on = drop
    for sentence in _sentences(plain):
        # Korean puts last what the sentence says: a reason before it goes with it.
        last = sentence[-1]
        ends_so = remarked[last] and "가" <= plain[last][-1:] <= "힣"
        commanded = last == len(plain) - 1 and words_of.COMMANDED.search(plain[last])
        if ends_so or commanded or _to_the_interviewer([plain[place] for place in sentence]):
            for place in sentence:
                passed[place] = True
    return passed


def _covered(plain: Sequence[str], found: Iterator[re.Match[str]]) -> list[bool]:
    """Which words a match touches."""
    spans = [match.span() for match in found if match[0].strip()]
    covered, at, nearest = [], 0, 0
    for word in plain:
        end = at + len(word)
        while nearest < len(spans) and spans[nearest][1] <= at:
            nearest += 1
        covered.append(nearest < len(spans) and spans[nearest][0] < end)
        at = end + 1
    return covered


def _parts(plain: Sequence[str], remarked: Sequence[bool]) -> Iterator[list[int]]:
    """Places of the words that say one thing: until a conjunction, a new subject, or an ending;
    or where a remark begins that nobody put a full stop before."""
    part: list[int] = []
    for place, word in enumerate(plain):
        turns = remarked[place] and word in words_of.TURNS and not remarked[place - 1]
        if (turns or word in words_of.STARTS) and part:
            yield part
            part = []
        part.append(place)
        closes = korean_words.CONNECTIVE.search(word) or korean_words.SENTENCE.search(word)
        if closes and not words_of.AUXILIARY.match("".join(plain[place + 1 : place + 2])):
            yield part
            part = []
    if part:
        yield part


def _no_thought_of_its_own(part: Sequence[str]) -> bool:
    """“and write a poem” goes on with the order before it; “and we tuned the rules” does not."""
    return part[0] in words_of.JOINS and part[1:2] != [] and part[1] not in words_of.SUBJECTS


def _sentences(plain: Sequence[str]) -> Iterator[list[int]]:
    sentence: list[int] = []
    for place, word in enumerate(plain):
        sentence.append(place)
        if korean_words.SENTENCE.search(word) or words_of.ADDRESSED.search(word):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _to_the_interviewer(sentence: Sequence[str]) -> bool:
    if words_of.ADDRESSED.search(sentence[-1]):
        return True
    respectful = words_of.RESPECTFUL.search(sentence[-1])
    return bool(respectful) and not words_of.OF_OTHERS.search(" ".join(sentence))
