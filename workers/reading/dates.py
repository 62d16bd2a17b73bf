"""Dates and spans as résumés write them, in many languages: 'Mar 2021 ~ now' -> ISO 8601.

The forms are here, the words (months, seasons, signs, 'present') in ``words/*.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from workers.reading.words import eras, months, words

_MONTHS = months()
_ERAS = eras("eras")
_LETTERS = eras("era_letters")
_NEXT_CENTURY = 60
"""Two digits below this are of this century."""


def _any(options: Iterable[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(options, key=len, reverse=True))


_NAME = rf"(?:{_any(_MONTHS)})"
_Y = "(?:19|20)[0-9]{2}"
_M = "(?:1[0-2]|0?[1-9])"
_D = "(?:3[01]|[12][0-9]|0?[1-9])"
_YS, _MS, _DS = (f"(?:{_any(words('dates', key))})" for key in ("year", "month", "day"))
_TO_WORDS = _any(words("dates", "to"))
_G = r"\s{0,2}"
_SEP = r"\s?[.\-/]\s?"
_FORMS = (
    (
        rf"(?P<ny>(?<![^\W\d_])(?:{_D}(?:st|nd|rd|th|\.)?\s(?:de\s)?)?{_NAME}\.?[,/-]?{_G}(?:de\s|of\s)?"
        rf"(?:(?P<nd>{_D})(?:st|nd|rd|th)?(?:,\s?|\s))?{_G}(?P<nyy>{_Y})(?![0-9]))"
    ),
    rf"(?P<n2>(?<![^\W\d_]){_NAME}\.?,?\s?['’]?(?P<n2y>[0-9]{{2}})(?![0-9,.]))",
    rf"(?P<nm>(?<![^\W\d_]){_NAME}\.?(?=\s?(?:[-–—~]|(?:{_TO_WORDS})\s)\s?{_NAME}\b))",
    rf"(?P<yn>(?<![0-9.,/\-]){_Y},?\s{_NAME}\.?(?![^\W\d_]|\s?[0-9]))",
    rf"(?P<signs>{_Y}{_G}{_YS}{_G}(?P<sm>{_M}{_G}{_MS}(?:{_G}(?P<sd>{_D}){_G}{_DS})?)?)",
    rf"(?P<era>(?:{_any(_ERAS)}){_G}(?:[0-9]{{1,2}}|元){_G}{_YS}(?:{_G}{_M}{_G}{_MS})?)",
    rf"(?P<letter>(?<!\w)[{''.join(_LETTERS)}]\s?[0-9]{{1,2}}[./]{_M}(?![0-9]))",
    rf"(?P<mdy>(?<![0-9]){_M}/(?:3[01]|2[0-9]|1[3-9])/{_Y}(?![0-9]))",
    rf"(?P<dmy>(?<![0-9]){_D}{_SEP}{_M}{_SEP}{_Y}(?![0-9]))",
    rf"(?P<ym>(?<![0-9]){_Y}{_SEP}{_M}(?![0-9])(?:(?:\s?[./]\s?|-)(?P<yd>{_D})(?![0-9]))?\.?)",
    rf"(?P<yspace>(?<![0-9.,/]){_Y}\s(?:0[1-9]|1[0-2])(?=\s?[-–—~〜～]|\s\s|$))",
    rf"(?P<my>(?<![0-9./Qq]){_M}(?:\s?[./\-]\s?|\s){_Y}(?![0-9]))",
    rf"(?P<yy>['’][0-9]{{2}}[.\-/]\s?{_M}(?![0-9]))",
    r"(?P<y2>(?<!\w)['’][0-9]{2}(?![0-9]))",
    rf"(?P<ys>(?<![0-9.]){_Y}[-–/][0-9]{{2}}(?![0-9.\-/]))",
    rf"(?P<y>(?<![0-9.,/]){_Y}(?![0-9]|[.,][0-9]{{3}}))",
    rf"(?P<two>(?<![0-9.\-/+]){'[0-9]{2}'}[./]{_M}(?![0-9.\-/]))",
)
_DATE = re.compile(rf"(?=\S)(?:{'|'.join(_FORMS)})", re.IGNORECASE)
_NOW = re.compile(
    rf"(?:{_any(each.replace(chr(45), chr(32)) for each in words('dates', 'now'))})(?![a-z])",
    re.IGNORECASE,
)
_TO = re.compile(
    rf"[\s.,)]{{0,3}}(?:[-–—−‐~〜～→〰]{{1,3}}|(?:{_TO_WORDS})(?=[\s\d]))[\s(]{{0,3}}",
    re.IGNORECASE,
)
_SINCE = re.compile(rf"(?<!\w)(?:{_any(words('dates', 'since'))})\s{{1,2}}$", re.IGNORECASE)
_UNIT = _any(words("dates", "units"))
_LONG = re.compile(
    rf"[(·,]?\s?(?<![\w.])[0-9]{{1,2}}\+?\s?(?:{_UNIT})(?![^\W\d_])\.?"
    rf"(?:,?\s{{0,2}}[0-9]{{1,2}}\s?(?:{_UNIT})(?![^\W\d_])\.?)?\s?\)?",
    re.IGNORECASE,
)
_MONTH_OF_YEAR = re.compile(rf"({_M})(?:{_MS})?(?=\s*(?:$|[)\]|,])|\s\s)")
"""The last month of a span within a year that is said once: '2021.03 - 08'."""
_TO_MONTH = len("2021-03")
_MONTH_ALONE = re.compile(rf"{_M}月?")


@dataclass(frozen=True, slots=True)
class Span:
    """``first`` and ``last`` are places in the text; ``end`` is 'present' where it goes on."""

    first: int
    last: int
    start: str | None
    end: str | None

    @property
    def ranged(self) -> bool:
        return self.end is not None


@lru_cache(8_192)
def find_spans(text: str) -> tuple[Span, ...]:
    """Every date or span of dates, from left to right."""
    if not any(letter.isdigit() for letter in text):
        return ()
    found: list[Span] = []
    matches = list(_DATE.finditer(text))
    at = 0
    while at < len(matches):
        one = matches[at]
        following = matches[at + 1] if at + 1 < len(matches) else None
        span, used = _span(text, one, following)
        at += used
        if span is not None:
            found.append(span)
    return tuple(found)


def _span(
    text: str, one: re.Match[str], following: re.Match[str] | None
) -> tuple[Span | None, int]:
    begin = iso_of(one)
    joint = _TO.match(text, one.end())
    if following is not None and joint is not None and _meets(text, joint, following):
        end = iso_of(following)
        if one.lastgroup == "nm" and end is not None:
            begin = f"{end[:4]}-{_MONTHS[one.group().casefold().strip('. ')]:02d}"
        return Span(one.start(), following.end(), begin, end), 2
    if joint is not None and (whole := _within_a_year(text, one, joint, begin)) is not None:
        return whole, 1
    now = _NOW.match(text, joint.end() if joint else one.end() + _gap(text, one.end()))
    if now is not None and (joint is not None or len(now.group()) > 1):
        return Span(one.start(), now.end(), begin, "present"), 1
    alone = one.lastgroup == "n2" and not _stands_alone(text, one)
    if alone or one.lastgroup in ("two", "nm"):
        return None, 1
    if one.lastgroup == "ys":
        year = one.group()[:4]
        return Span(one.start(), one.end(), year, year[:2] + one.group()[-2:]), 1
    if since := _SINCE.search(text[max(0, one.start() - 12) : one.start()]):
        return Span(one.start() - len(since.group()), one.end(), begin, "present"), 1
    if joint is not None and joint.end() >= len(text.rstrip(" )")):
        return Span(one.start(), joint.end(), begin, "present"), 1
    return Span(one.start(), one.end(), begin, None), 1


def _within_a_year(
    text: str, one: re.Match[str], joint: re.Match[str], begin: str | None
) -> Span | None:
    last = _MONTH_OF_YEAR.match(text, joint.end())
    if last is None or begin is None or len(begin) != _TO_MONTH:
        return None
    if one.lastgroup not in ("ym", "signs", "yspace"):
        return None
    return Span(one.start(), last.end(), begin, f"{begin[:4]}-{int(last[1]):02d}")


def _meets(text: str, joint: re.Match[str], following: re.Match[str]) -> bool:
    """Nothing stands between, or only that it is expected: 'März 2024 - voraussichtlich 2025'."""
    between = text[joint.end() : following.start()].strip(" .")
    return not between or between.casefold() in words("dates", "expected")


def _gap(text: str, at: int) -> int:
    return 1 if text[at : at + 1] == " " else 0


def _stands_alone(text: str, one: re.Match[str]) -> bool:
    return "'" in one.group() or "’" in one.group() or len(text.strip()) <= len(one.group()) + 2


def iso_of(found: re.Match[str]) -> str | None:
    """The date that the pattern found, as 'YYYY', 'YYYY-MM' or 'YYYY-MM-DD'."""
    text, kind = found.group().casefold(), found.lastgroup
    if kind == "nm":
        return None
    return _in_numbers(found, text) or text[:4]


def _in_numbers(found: re.Match[str], text: str) -> str | None:
    kind = found.lastgroup
    numbers = [int(each) for each in re.findall(r"[0-9]+", text)]
    if kind in ("ny", "n2", "yn"):
        years = {"ny": found["nyy"], "yn": text[:4], "n2": found["n2y"]}[kind]
        year = int(years) if kind != "n2" else _century(int(years))
        return f"{year}-{_named(text):02d}"
    if kind == "era":
        return _era(text, numbers)
    if kind == "letter":
        return f"{_LETTERS[found.group()[0].upper()] + numbers[0]}-{numbers[1]:02d}"
    if kind == "mdy":
        return f"{numbers[2]}-{numbers[0]:02d}-{numbers[1]:02d}"
    if kind == "dmy":
        return f"{numbers[2]}-{numbers[1]:02d}-{numbers[0]:02d}"
    if kind == "my":
        return f"{numbers[1]}-{numbers[0]:02d}"
    if kind == "y2":
        return f"{_century(numbers[0])}"
    if kind in ("yy", "two"):
        return f"{_century(numbers[0])}-{numbers[1]:02d}"
    if kind in ("signs", "ym", "yspace"):
        return "-".join(f"{each:02d}" for each in numbers)
    return None


def _named(text: str) -> int:
    return next(_MONTHS[word] for word in re.findall(r"[^\W\d_]+", text) if word in _MONTHS)


def _era(text: str, numbers: list[int]) -> str:
    first = next(year for name, year in _ERAS.items() if text.startswith(name.casefold()))
    if "元" in text:
        numbers = [1, *numbers]
    month = f"-{numbers[1]:02d}" if len(numbers) > 1 else ""
    return f"{first + numbers[0]}{month}"


def _century(year: int) -> int:
    return (2000 if year < _NEXT_CENTURY else 1900) + year


def without_dates(text: str) -> str:
    """The text without its dates and without how long something took."""
    for span in reversed(find_spans(text)):
        text = f"{text[: span.first]} {text[span.last :]}"
    return _LONG.sub(" ", text)


def is_date(text: str) -> bool:
    """The whole text is a date or a span of dates, with or without how long it was."""
    if not find_spans(text):
        return False
    return len(re.sub(r"[\W_\d]", "", without_dates(text))) <= 1


def is_month(text: str) -> bool:
    """The whole text is a month in a column of its own: '7', '07', '7月'."""
    return _MONTH_ALONE.fullmatch(text) is not None


def is_duration(text: str) -> bool:
    """The whole text says how long something took: '1 year 4 months'."""
    return bool(_LONG.search(text)) and not re.sub(r"[\W_]", "", _LONG.sub("", text))


def find_span(text: str) -> tuple[str | None, str | None, str] | None:
    """Start, end ('present' where it goes on) and the text without the dates; None without any."""
    spans = find_spans(text)
    if not spans:
        return None
    span = spans[0]
    rest = (text[: span.first] + " " + text[span.last :]).strip(" ()[]|,·•-–—~")
    return span.start, span.end, " ".join(rest.split())
