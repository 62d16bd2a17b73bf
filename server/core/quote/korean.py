"""Korean: whole eojeols up to the end of a clause, so that “…”라고 하셨는데 can follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.core.quote import korean_words as words_of
from server.core.quote.span import Kind, Span, Word

_LONGEST_WORDS, _LONGEST_SYLLABLES = 8, 27
_FEWEST_POINTS = 2.5
_ENOUGH_FOR_A_CLAUSE = 4


def spans(words: Sequence[Word]) -> Iterator[Span]:
    """The best span of every clause that has one."""
    for clause in _split(words):
        text = " ".join(word.text for word in clause)
        if words_of.NO_ANSWER.search(text) or words_of.BARE.search(text):
            continue
        found = [span for span in _candidates(clause) if span.score >= _FEWEST_POINTS]
        if found:
            yield max(found, key=lambda span: (span.score, -span.start))


def _split(words: Sequence[Word]) -> Iterator[list[Word]]:
    """After endings and before conjunctions; a connective after few words does not end a clause."""
    clause: list[Word] = []
    for word in words:
        if word.text in words_of.CONJUNCTIONS and clause:
            yield clause
            clause = []
        clause.append(word)
        connected = words_of.CONNECTIVE.search(word.text) and len(clause) > _ENOUGH_FOR_A_CLAUSE
        if connected or words_of.SENTENCE.search(word.text):
            yield clause
            clause = []
    if clause:
        yield clause


def _candidates(clause: Sequence[Word]) -> Iterator[Span]:
    for last in range(len(clause)):
        ending = _ending(clause, last)
        if ending is None:
            continue
        for first in range(max(0, last - _LONGEST_WORDS + 1), last + 1):
            fits = _syllables(clause[first : last + 1], ending[0]) <= _LONGEST_SYLLABLES
            if fits and not _says_nothing(clause[first]):
                yield _span(clause, first, last, *ending)


def _ending(clause: Sequence[Word], last: int) -> tuple[int, float] | None:
    """Where a quote that ends with this eojeol ends, and how well that reads."""
    word, closes = clause[last], last == len(clause) - 1
    text = word.text
    if closes and words_of.SENTENCE.search(text):
        hangs = text in words_of.EMPTY and last < (1 if text.endswith("니다") else 2)
        return None if hangs else (word.end, 2.5)
    if _says_nothing(word):
        return None
    if verbal := words_of.VERBAL_NOUN.match(text):
        return word.start + verbal.end("noun"), 1.0
    if closes and words_of.CONNECTIVE.search(text):
        return word.end, 0.0
    noun = words_of.OBJECT.match(text)
    if noun and text not in words_of.NOT_OBJECTS and _agrees(noun["noun"], noun["particle"]):
        return word.start + noun.end("noun"), -1.0
    if closes and not words_of.OPEN_ENDED.search(text):
        return word.end, 0.5
    return None


def _agrees(noun: str, particle: str) -> bool:
    """을 and 이 follow a consonant, 를 and 가 a vowel: else the syllable belongs to the noun."""
    if not "가" <= noun[-1] <= "힣":
        return True
    return bool((ord(noun[-1]) - 0xAC00) % 28) == (particle in "을이")


def _says_nothing(word: Word) -> bool:
    return word.text in words_of.EMPTY or word.text in words_of.CONJUNCTIONS


def _span(clause: Sequence[Word], first: int, last: int, end: int, reads: float) -> Span:
    size = last - first + 1
    text = " ".join(word.text for word in clause[first : last + 1])
    score = reads + 0.6 * min(size, 5) - 0.3 * max(size - 6, 0)
    score += 2.0 * bool(words_of.NUMBER.search(text))
    score += 1.5 * bool(words_of.PROBLEM.search(text))
    score += 1.5 * bool(words_of.DECISION.search(text))
    score += 1.0 * bool(words_of.ACTION.search(text))
    score += 0.8 * min(len(words_of.TERM.findall(text)), 2)
    score -= {1: 2.5, 2: 0.5}.get(size, 0.0)
    score += _beginning(clause, first)
    score -= 2.0 * (first > 0 and bool(words_of.CONNECTIVE.search(clause[first].text)))
    # A noun at the end after a clause of its own leaves the listener waiting for the verb.
    broken = any(words_of.CONNECTIVE.search(word.text) for word in clause[first:last])
    score -= 3.0 * (broken and end < clause[last].end)
    kind = _kind(text)
    score -= 2.0 * (kind == "vague")
    return Span(clause[first].start, end, score, kind)


def _beginning(clause: Sequence[Word], first: int) -> float:
    """Best at the clause's own beginning, next best behind a particle that closes a phrase."""
    if all(_says_nothing(word) for word in clause[:first]):
        return 1.0
    before = clause[first - 1]
    if words_of.MODIFIER.search(before.text):
        return -2.0
    return 0.3 if _says_nothing(before) or words_of.PHRASE_END.search(before.text) else -1.5


def _kind(text: str) -> Kind:
    if words_of.MEASURE.search(text):
        return "measure"
    if words_of.VAGUE.search(text) and not words_of.TERM.search(text):
        return "vague"
    if words_of.DIFFICULTY.search(text) and not words_of.ACTION.search(text.rpartition(" ")[2]):
        return "difficulty"
    if words_of.DUTY.search(text):
        return "duty"
    # The verb comes last: what was done about a problem is asked about as something done.
    verb = text.rpartition(" ")[2]
    done = words_of.ACTION.search(verb)
    if words_of.PROBLEM.search(text) and not done:
        return "problem"
    if words_of.DECISION.search(verb if done else text):
        return "decision"
    if words_of.TEAM.search(text) and (not done or words_of.TOGETHER.search(text)):
        return "team"
    return "action" if words_of.ACTION.search(text) else "plain"


def _syllables(chosen: Sequence[Word], end: int) -> float:
    """Hangul and digits count one, Latin letters half, as they are about that long to say."""
    text = "".join(word.text[: max(0, end - word.start)] for word in chosen)
    return sum(0.5 if c.isascii() and c.isalpha() else 1 for c in text)
