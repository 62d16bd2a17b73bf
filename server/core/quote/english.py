"""English: three to eight words that begin and end with something, cut where phrases end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from server.core.quote import english_words as words_of
from server.core.quote.span import Kind, Span, Word

_SHORTEST, _LONGEST = 3, 8
_FEWEST_POINTS = 3.0
_PLAINEST = 6
_OPENERS = words_of.CLAUSE_BREAKS | {"and", "so", "but", "or", "well", "as", "then", "because"}


def spans(words: Sequence[Word]) -> Iterator[Span]:
    """The best span of every clause that has one."""
    if words_of.NO_ANSWER.search(" ".join(word.text for word in words)):
        return
    for clause in _split(words):
        found = [span for span in _candidates(clause) if span.score >= _FEWEST_POINTS]
        if found:
            yield max(found, key=lambda span: (span.score, -span.start))


def whole(words: Sequence[Word]) -> Iterator[Span]:
    """For an answer in which nothing stands out: the plain words of a clause, longer ones first."""
    if words_of.NO_ANSWER.search(" ".join(word.text for word in words)):
        return
    start = next((at for at, word in enumerate(words) if _plain(word) not in _OPENERS), len(words))
    chosen = words[start : start + _LONGEST]
    while chosen and start + len(chosen) < len(words) and not _says_something(chosen[-1]):
        chosen = chosen[:-1]
    if len(chosen) >= _PLAINEST:
        vague = words_of.VAGUE.search(" ".join(map(_plain, chosen)))
        kind: Kind = "vague" if vague else "plain"
        yield Span(chosen[0].start, _end(chosen[-1]), len(chosen) / 100, kind)


def _split(words: Sequence[Word]) -> Iterator[list[Word]]:
    """At conjunctions, which begin another thought."""
    clause: list[Word] = []
    for place, word in enumerate(words):
        plain = _plain(word)
        joins_nouns = plain in ("and", "or") and _goes_on(words[place + 1 : place + 2])
        if plain in words_of.CLAUSE_BREAKS and not joins_nouns:
            yield clause
            clause = []
        else:
            clause.append(word)
    yield clause


def _goes_on(following: Sequence[Word]) -> bool:
    """Python and pandas, but not: and we moved, and moved."""
    return any(_says_something(word) and not _is_verb(word) for word in following)


def _candidates(clause: Sequence[Word]) -> Iterator[Span]:
    for first in range(len(clause)):
        if not _can_begin(clause, first):
            continue
        for last in range(first + _SHORTEST - 1, min(first + _LONGEST, len(clause))):
            if _says_something(clause[last]):
                yield _span(clause, first, last)


def _can_begin(clause: Sequence[Word], first: int) -> bool:
    """Not in the middle of a noun phrase: what stands before has to be a small word or nothing."""
    if not _says_something(clause[first]):
        return False
    return first == 0 or not _says_something(clause[first - 1]) or _is_verb(clause[first])


def _span(clause: Sequence[Word], first: int, last: int) -> Span:
    chosen = clause[first : last + 1]
    plain = [_plain(word) for word in chosen]
    content = sum(_says_something(word) for word in chosen)
    score = content - 0.5 * (len(chosen) - content)
    worth = [_worth(word) for word in plain]
    score += sum(map(max, *worth)) if len(worth) > 1 else sum(worth[0])
    score += 1.0 * min(sum(_is_term(word.text) for word in chosen), 2)
    score += 1.5 * _is_verb(chosen[0])
    score -= 2.0 * (first > 0 and _plain(clause[first - 1]) in words_of.DETERMINERS)
    score -= 2.0 * (first > 0 and _plain(clause[first - 1]) == "of")
    score -= 3.0 * (content < 2)
    score += _ending(clause, last)
    kind = _kind(plain)
    score -= 2.0 * (kind == "vague")
    return Span(chosen[0].start, _end(chosen[-1]), score, kind)


@lru_cache(maxsize=4_096)
def _worth(plain: str) -> tuple[float, float, float, float]:
    """Of a number, something that went wrong, a choice and a deed. A word is in many spans."""
    return (
        2.5 * bool(words_of.NUMBER.search(plain)),
        1.5 * bool(words_of.PROBLEM.match(plain)),
        1.5 * bool(words_of.DECISION.match(plain)),
        1.0 * bool(words_of.ACTION.match(plain)),
    )


@lru_cache(maxsize=4_096)
def _is_term(text: str) -> bool:
    return bool(words_of.TERM.search(text))


def _ending(clause: Sequence[Word], last: int) -> float:
    if last == len(clause) - 1:
        return 1.5
    following = _plain(clause[last + 1])
    if _plain(clause[last]) in words_of.PREPOSITIONS:
        return -4.0
    if following in words_of.PREPOSITIONS:
        return -0.5 if following == "of" else 0.5
    return -0.5 if following in words_of.FUNCTION else -4.0


def _kind(plain: Sequence[str]) -> Kind:
    if words_of.MEASURE.search(" ".join(plain)):
        return "measure"
    if words_of.VAGUE.search(" ".join(plain)):
        return "vague"
    if any(map(words_of.DIFFICULTY.match, plain)):
        return "difficulty"
    if any(map(words_of.PROBLEM.match, plain)):
        return "problem"
    if any(map(words_of.DECISION.match, plain)):
        return "decision"
    if plain[0] in words_of.DUTY:
        return "duty"
    alone = words_of.ACTION.match(plain[0]) and plain[0] not in words_of.WITH_OTHERS
    if any(map(words_of.TEAM.match, plain)) and not alone:
        return "team"
    return "action" if any(map(words_of.ACTION.match, plain)) else "plain"


def _plain(word: Word) -> str:
    return _bare(word.text)


@lru_cache(maxsize=4_096)
def _bare(text: str) -> str:
    return text.lower().replace("’", "'").strip("'.,")


def _says_something(word: Word) -> bool:
    plain = _plain(word)
    return plain not in words_of.FUNCTION and any(c.isalnum() for c in plain)


def _is_verb(word: Word) -> bool:
    plain = _plain(word)
    _, _, decision, action = _worth(plain)
    return bool(decision or action) and not plain.endswith("s")


def _end(word: Word) -> int:
    return word.end - (len(word.text) - len(word.text.rstrip("'’.,-/")))
