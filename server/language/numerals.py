"""Numbers as they are written and spoken, and the sound of a name in either alphabet."""

from __future__ import annotations

import re
from collections.abc import Iterator


def _in_order(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ORDINARY = _in_order("""
    i i'm i'd i'll i've ok okay it pc ai hr tv id qr pm am ceo cto cfo kpi sns url app web vs q&a
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december english korean mr mrs ms dr
    """)
"""Words with capitals, or in Latin letters, that name nothing in particular."""
HANGUL = re.compile(r"[가-힣]")


_ONES_ENGLISH = _in_order("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
    """)
_TENS_ENGLISH = _in_order("twenty thirty forty fifty sixty seventy eighty ninety")
_ENGLISH = {word: number for number, word in enumerate(_ONES_ENGLISH)} | {
    word: 10 * number for number, word in enumerate(_TENS_ENGLISH, start=2)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SPOKEN = re.compile(rf"\b(?:{'|'.join([*_ENGLISH, *_SCALES, 'point'])})\b", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[\s-]+(?:and\s+)?)?$", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?![A-Za-z]{3})")

_SINO = {c: n for n, c in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "두": 2, "세": 3, "네": 4}
_UNITS = {"십": 10, "백": 100, "천": 1_000}
_GROUPS = {"만": 10_000, "억": 100_000_000, "조": 1_000_000_000_000}
_TENS = {"스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70,
         "여든": 80, "아흔": 90}  # fmt: skip
_ONES = {"하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5,
         "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9}  # fmt: skip
_COUNTED = (
    r"(?=\s*(?:명|건|개|대|원|퍼센트|프로|배|시간|분|초|일|주|달|개월|년|회|번|곳|점|살|세|권|장|병"
    r"|톤|킬로|미터|평|층|가지|마리|채|통|%))"
)
_KOREAN = re.compile(
    rf"(?<![가-힣\d.,])[{''.join(_SINO)}{''.join(_UNITS)}{''.join(_GROUPS)}\d.]{{1,16}}+{_COUNTED}"
)
_NATIVE = re.compile(rf"(?<![가-힣])({'|'.join(_TENS)})({'|'.join(_ONES)})?(?![가-힣]{{3}})")


def numbers(text: str) -> Iterator[float]:
    """Every number in ``text``, in digits or in words of either language."""
    for found in _DIGITS.finditer(text):
        yield float(found[0].replace(",", ""))
    yield from _spoken(text)
    for found in _KOREAN.finditer(text):
        value = _sino(found[0].replace(" ", ""))
        if value is not None:
            yield value
    for found in _NATIVE.finditer(text):
        yield _TENS[found[1]] + _ONES.get(found[2] or "", 0)


def _spoken(text: str) -> Iterator[float]:
    run: list[str] = []
    end = 0
    for found in [*_SPOKEN.finditer(text), None]:
        if run and (found is None or not _BETWEEN.fullmatch(text[end : found.start()])):
            value = _english(run)
            if value is not None:
                yield value
            run = []
        if found is not None:
            run.append(found[0].lower())
            end = found.end()


def _english(run: list[str]) -> float | None:
    if all(word in _SCALES or word == "point" for word in run):
        return float(_SCALES[run[0]]) if run[0] in _SCALES else None
    total, current, decimal = 0.0, 0.0, 0.0
    for word in run:
        if word == "point":
            decimal = 0.1
        elif word in _ENGLISH and decimal:
            current += _ENGLISH[word] * decimal
            decimal /= 10
        elif word in _ENGLISH:
            current += _ENGLISH[word]
        else:
            decimal = 0.0
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] > 100:
                total, current = total + current, 0.0
    return total + current


def _sino(text: str) -> float | None:
    total, section, digits = 0.0, 0.0, ""
    for c in text:
        if c.isdigit() or c == ".":
            digits += c
        elif c in _SINO:
            digits += str(_SINO[c])
        elif c in _UNITS:
            section += float(digits or 1) * _UNITS[c]
            digits = ""
        else:
            section += float(digits or 0)
            total += max(section, 1) * _GROUPS[c]
            section, digits = 0.0, ""
    try:
        return total + section + float(digits or 0)
    except ValueError:
        return None


_INITIALS = _in_order("g g n d d r m b b s s - j j c k t p h")
_FINALS = _in_order("- g g g n n n d r r r r r r r r m b b s s n j c k t p h")
_ALIKE = str.maketrans({"c": "g", "k": "g", "q": "g", "x": "g", "t": "d", "p": "b", "f": "b",
                        "v": "b", "l": "r", "z": "j"})  # fmt: skip


def sound(word: str) -> str:
    """The consonants alone, those that Korean does not tell apart as one: Kafka and 카프카."""
    found = ""
    for c in word.casefold():
        if "가" <= c <= "힣":
            at = ord(c) - 0xAC00
            found += (_INITIALS[at // 588] + _FINALS[at % 28]).replace("-", "")
        elif c.isascii() and c.isalpha() and c not in "aeiouyw":
            found += c
    return re.sub(r"(.)\1+", r"\1", found.translate(_ALIKE).replace("ng", "n"))
