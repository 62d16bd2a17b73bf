"""Dates and spans as résumés write them, in Korean and English: '2021.03 ~ 현재' -> ISO 8601."""

from __future__ import annotations

import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|"
        "sep sept september|oct october|nov november|dec december".split("|"),
        start=1,
    )
    for name in names.split()
}
_SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
_NAME = "|".join(sorted([*_MONTHS, *_SEASONS], key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:(?:{_NAME})\.?,?\s+(?:\d{{1,2}},?\s+)?{_YEAR}"
    rf"|{_YEAR}\s*(?:년\s*(?:\d{{1,2}}\s*월(?:\s*\d{{1,2}}\s*일)?)?"
    rf"|[.\-/]\s?(?:1[0-2]|0?[1-9])(?!\d)(?:[.\-/]\s?\d{{1,2}}(?!\d))?\.?)"
    rf"|(?<!\d)(?:1[0-2]|0?[1-9])/{_YEAR}|(?<!\d)'\d\d\.\s?\d{{1,2}}|(?<![\d.]){_YEAR}(?!\d))"
)
_NOW = r"(?:현재|재직\s*중|재직중|진행\s*중|present|now|current|ongoing|today|date|至今|現在)"
_TO = r"\s*(?:~|-|–|—|−|〜|to|until|till|부터|bis|至)\s*"
SPAN = re.compile(rf"({_DATE})(?:{_TO}({_DATE}|{_NOW}|(?={_TO}|\s|$|\)))?)?", re.IGNORECASE)


def is_date(text: str) -> bool:
    """The whole text is a date or a span of dates."""
    rest = SPAN.sub("", text, count=2)
    found = SPAN.search(text)
    return found is not None and len(re.sub(r"[\W_]|개월|years?|months?|\d", "", rest)) <= 3


def find_span(text: str) -> tuple[str | None, str | None, str] | None:
    """Start, end ('present' where it goes on) and the text without the dates; None without any."""
    found = SPAN.search(text)
    if found is None:
        return None
    begin = iso(found.group(1))
    end = iso(found.group(2)) if found.group(2) else None
    rest = (text[: found.start()] + " " + text[found.end() :]).strip(" ()[]|,·•-–—~")
    return begin, end, " ".join(rest.split())


def iso(text: str) -> str | None:
    """'2023 년 7 월' -> '2023-07'; open ends -> 'present'."""
    plain = text.strip().casefold()
    if re.fullmatch(_NOW, plain):
        return "present"
    if short := re.match(r"'(\d\d)\.\s?(\d{1,2})", plain):
        year = int(short.group(1))
        return f"{1900 + year if year > 60 else 2000 + year}-{int(short.group(2)):02d}"
    year_found = re.search(_YEAR, plain)
    if year_found is None:
        return None
    year_text = year_found.group()
    word = re.match(r"[a-z]+", plain)
    if word:
        month = _MONTHS.get(word.group()) or _SEASONS.get(word.group())
        return f"{year_text}-{month:02d}" if month else year_text
    numbers = [int(each) for each in re.findall(r"\d+", plain.replace(year_text, " ", 1))]
    if numbers and 1 <= numbers[0] <= 12:
        day = f"-{numbers[1]:02d}" if len(numbers) > 1 and 1 <= numbers[1] <= 31 else ""
        return f"{year_text}-{numbers[0]:02d}{day}"
    return year_text
