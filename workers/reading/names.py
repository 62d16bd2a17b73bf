"""Whose résumé is it: what has the shape of a person's name, and how well it stands out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.document.pages import BULLET, Box
from workers.reading.fields import Field
from workers.reading.headings import is_document_title, section_kind
from workers.reading.labels import label_kind, squash
from workers.reading.lines import Line
from workers.reading.places import is_place
from workers.reading.roles import has_role_word, is_role_word
from workers.reading.words import is_hangul, pattern, words

SURNAMES = words("names", "surnames")
_HANGUL = re.compile(r"[\uac00-\ud7a3]{2,5}")
_KANJI = re.compile(r"[\u3400-\u9fff々〆ヶ]{1,4}[ ]?[\u3040-\u30ff\u3400-\u9fff々]{1,5}")
_LATIN_TOKEN = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:['’.-][^\W\d_]+)*\.?")
_PARTICLES = frozenset(
    "de da do dos das del della di du la le van von der den ter ten bin ibn al el y e of st".split()
)
_TITLES = re.compile(r"^(?:dr|mr|mrs|ms|mx|prof|professor|sir|dame|ing|dipl)\.?\s+", re.IGNORECASE)
_DEGREES = re.compile(
    r"(?:,\s++|(?<!\s)\s++)\(?(?:ph\.?\s?d\.?|m\.?d\.?|mba|m\.?sc\.?|b\.?sc\.?|m\.?s\.?|m\.?a\.?|b\.?a\.?|cpa|cfa|pmp|"
    r"esq\.?|jr\.?|sr\.?|p\.?e\.?|r\.?n\.?|cissp|b\.?tech|m\.?tech|ll\.?m\.?|j\.?d\.?)\)?"
    r"(?:,?\s++(?:ph\.?\s?d\.?|mba|pmp|cpa|cfa|p\.?e\.?)){0,5}\s*+$",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"\b(?:curriculum\s+vitae|résumé|resume|cv|cover\s+letter|lebenslauf)\b(?:\s+(?:of|for)\b)?"
    rf"|{pattern('papers_of')}",
    re.IGNORECASE,
)
_SAMPLE = re.compile(r"\b(?:sample|template|example|format)\b", re.IGNORECASE)
_SIGNED = re.compile(rf"(?:{pattern('signed')})\s*[:：]?\s{{0,4}}([\uac00-\ud7a3]{{2,4}})")
_PARTS = re.compile(
    r"(?:(?<!\s)\s++)?[|│\u3163/•·∙:：,;]\s*+|(?<!\s)\s++[-–—]\s++|\t|\s{3,}|[()（）\[\]]"
)
_ENGLISH_STOP = frozenset(
    """the and for with from page summary email phone address university college
    institute school department company inc ltd corp llc gmbh team group project projects software
    data science computer technology technologies systems bachelor master degree resume template
    last updated date birth welcome hello hi about me contact skills experience education github
    linkedin website portfolio certified award awards research laboratory lab center centre bank
    hospital foundation association society conference journal street avenue road city state
    java python javascript react linux docker kubernetes aws sql html css git english korean
    japanese chinese french german spanish native fluent machine learning cloud web mobile
    full stack frontend backend back-end front-end product senior junior""".split()
)
_NEVER = words("names", "never")
_SAYS = (
    re.compile(rf"(?:^|[\s,.!])([\uac00-\ud7a3]{{2,4}})\s?(?:{pattern('names_oneself')})"),
    re.compile(
        r"\b(?:i['’]?m|i am|my name is)\s+([A-Z][\w'’-]+(?:\s+[A-Z][\w'’.-]+){1,2})", re.IGNORECASE
    ),
)
_OF_OTHERS = ("work", "education", "projects", "references", "publications", "awards", "skills")
_ENOUGH = 18.0


@dataclass(frozen=True, slots=True)
class Named:
    """The name with the line or lines it stands in; ``rest`` is what else is on the line."""

    text: str
    alt: str | None
    line: Line
    box: Box
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """What else speaks for a name: PDF title and author, file name, e-mail addresses."""

    documents: tuple[str, ...]
    emails: tuple[str, ...]


def find_name(
    lines: Sequence[Line], fields: Sequence[Field], height: float, hints: Hints
) -> Named | None:
    """``lines`` are the first page's, ``height`` is that page's."""
    here = [field for field in fields if field.line.page == 1]
    labelled = _labelled(here) or _signed(lines)
    if labelled is not None:
        return labelled
    body = body_size(lines)
    best: tuple[float, Named] | None = None
    for named in _candidates(lines):
        score = _score(named, lines, body, height, hints)
        if score >= _ENOUGH and (best is None or score > best[0] + 0.01):
            best = (score, named)
    return best[1] if best else _labelled(fields)


def body_size(lines: Sequence[Line]) -> float:
    """The letter size that most of the text has."""
    weights: dict[float, int] = {}
    for line in lines:
        size = round(line.size * 2) / 2
        weights[size] = weights.get(size, 0) + len(line.text)
    return max(weights, key=lambda size: weights[size], default=10.0)


def _labelled(fields: Sequence[Field]) -> Named | None:
    alt = next((f.value for f in fields if f.kind == "name_alt" and len(f.value) < 40), None)
    for field in fields:
        if field.kind != "name":
            continue
        for text, other in _shapes(field.value):
            if _plausible(text):
                return Named(text, other or alt, field.line, field.line.box)
    return None


def _signed(lines: Sequence[Line]) -> Named | None:
    """What the applicant is called and the name, on a line of their own."""
    for line in lines:
        found = _SIGNED.fullmatch(line.text.strip())
        if found and found[1][0] in SURNAMES and _plausible(found[1]):
            return Named(found[1], None, line, line.box)
        label, _, value = " ".join(line.text.split()).partition(" ")
        if label_kind(label) == "name" and _KANJI.fullmatch(value) and _plausible(value):
            return Named(value, None, line, line.box)
    return None


def _candidates(lines: Sequence[Line]) -> Iterator[Named]:
    for index, line in enumerate(lines):
        if len(line.text) > 120:
            continue
        for text, alt in _shapes(line.text):
            yield Named(text, alt, line, line.box, _rest(line.text, text, alt))
        for says in _SAYS:
            if found := says.search(line.text):
                if _HANGUL.fullmatch(found.group(1)) and found.group(1)[0] not in SURNAMES:
                    continue
                yield Named(found.group(1), None, line, line.box, line.text)
        for other in _continuations(lines, index):
            yield from _joined(line, other)


def _joined(line: Line, other: Line) -> Iterator[Named]:
    """First and last name on two lines, or far apart on one."""
    one, two = _clean(line.text), _clean(other.text)
    if len(one.split()) > 2 or len(two.split()) > 2:
        return
    both = one + two if _HANGUL.fullmatch(one + two) else f"{one} {two}"
    whole = _shape(both)
    if whole is not None and not is_role_word(two) and not is_role_word(one):
        box = Box(
            min(line.box.x0, other.box.x0), min(line.box.top, other.box.top),
            max(line.box.x1, other.box.x1), max(line.box.bottom, other.box.bottom),
        )  # fmt: skip
        yield Named(whole, None, line, box)


def _continuations(lines: Sequence[Line], index: int) -> Iterator[Line]:
    line = lines[index]
    for other in lines[index + 1 : index + 12]:
        single = len(other.text.split()) == len(line.text.split()) == 1 and line.size > 14
        alike = abs(other.size - line.size) < 0.05 * line.size and (
            other.font == line.font or single
        )
        if not alike or len(other.text) > 30 or len(line.text) > 30:
            continue
        gap = other.box.top - line.box.bottom
        aligned = abs(other.box.x0 - line.box.x0) < line.size or (
            abs(other.middle - line.middle) < line.size
        )
        if (other.row == line.row and other.box.x0 - line.box.x1 < 8 * line.size) or (
            other.row > line.row and aligned and gap < 0.8 * line.size
        ):
            yield other


def _is_titled(text: str) -> bool:
    """'Functional Resume Sample': what the paper is called, with words on both sides."""
    found = _PAPER.search(text)
    if found is None:
        return False
    before, after = text[: found.start()].strip(" -–—:|"), text[found.end() :].strip(" -–—:|")
    return bool(_SAMPLE.search(before) or _SAMPLE.search(after)) and found.group()[:1].isascii()


def _clean(text: str) -> str:
    text = _PAPER.sub(" ", text.replace(BULLET, " ")).strip(" \"'“”‘’|·,-–—:：_")
    text = re.sub(r"['’]s$", "", " ".join(text.split()))
    text = _DEGREES.sub("", _TITLES.sub("", text))
    return text.strip(" ,.-") if not re.search(r"\b[A-Z]\.$", text) else text.strip(" ,-")


def _shapes(text: str) -> Iterator[tuple[str, str | None]]:
    """Names within a line, with another spelling that stands beside one."""
    if _is_titled(text):
        return
    whole = _shape(_clean(text))
    if whole is not None and not ("," in whole and has_role_word(whole)):
        yield whole, None
        return
    parts = [shaped for part in _PARTS.split(text) if (shaped := _shape(_clean(part)))]
    mixed = re.fullmatch(r"([\uac00-\ud7a3]{2,5})\s+([A-Za-z][A-Za-z ,.'-]+)", _clean(text))
    if mixed and _shape(mixed.group(1)) and _shape(mixed.group(2)):
        yield mixed.group(1), mixed.group(2)
        return
    for one, two in pairwise([*parts, ""]):
        yield one, two if two and bool(_HANGUL.match(one)) != bool(_HANGUL.match(two)) else None
    yield from _beside_role(_clean(text))


def _beside_role(text: str) -> Iterator[tuple[str, str | None]]:
    """A name of three syllables before or after the name of a job."""
    tokens = text.split()
    if not 2 <= len(tokens) <= 5 or not has_role_word(text):
        return
    for place in (0, -1):
        token = tokens[place]
        others = tokens[1:] if place == 0 else tokens[:-1]
        person = re.fullmatch(r"[\uac00-\ud7a3]{3}", token) and token[0] in SURNAMES
        if person and not is_role_word(token) and is_role_word(others[-1]):
            yield token, None


def _shape(text: str) -> str | None:
    """The text, if it has a name's shape; letter-spaced Korean names are closed up."""
    if not 2 <= len(text) <= 50 or is_document_title(text):
        return None
    close = text.replace(" ", "")
    if _HANGUL.fullmatch(close):
        parts = text.split()
        spread = all(len(part) <= 2 for part in parts) and len(parts) <= 5
        if (len(close) <= 4 and (len(parts) == 1 or spread)) or close[:2] in SURNAMES:
            return close if close not in _NEVER else None
        return None
    if _KANJI.fullmatch(text):
        return text
    return text if _is_latin_name(text) else None


def _is_latin_name(text: str) -> bool:
    tokens = text.split()
    if not 1 <= len(tokens) <= 5:
        return False
    for token in tokens:
        if not _LATIN_TOKEN.fullmatch(token.strip(",\"'“”")) or is_hangul(token):
            return False
        cased = token[0].isupper() or not token[0].islower()
        if not cased and token.casefold() not in _PARTICLES and not _all_small(text):
            return False
    return len(text.replace(".", "")) >= 3


def _all_small(text: str) -> bool:
    """Some designs print the name without capitals; size must then speak for it."""
    return text.islower() and text.isascii() and len(text.split()) <= 3


def _plausible(text: str) -> bool:
    if section_kind(text) or label_kind(text) or is_document_title(text):
        return False
    return not re.search(r"[○●Oo]{2,3}$", text) or len(text) > 5


def _rest(line: str, name: str, alt: str | None) -> str:
    for part in (name, alt or ""):
        line = _without(line, "".join(part.split()))
    return line.strip(f" |│\u3163/,·-–—:：()（）[]{BULLET}")


def _without(line: str, letters: str) -> str:
    """The line without the first run of these letters, whatever space stands between them."""
    places = [at for at, letter in enumerate(line) if not letter.isspace()]
    first = "".join(line.split()).find(letters) if letters else -1
    if first < 0:
        return line
    return f"{line[: places[first]]} {line[places[first + len(letters) - 1] + 1 :]}"


def _score(named: Named, lines: Sequence[Line], body: float, height: float, hints: Hints) -> float:
    text, line = named.text, named.line
    if line.box.top > 0.72 * height or section_kind(text) or label_kind(text):
        return 0.0
    if _all_small(text) and line.size < 1.8 * body:
        return 0.0
    score = 14.0 * min(line.size / body - 1, 1.5) + (4.0 if line.bold else 0.0)
    score += 12.0 * (0.5 - line.box.top / height)
    largest = max(
        each.size
        for each in lines
        if each is line or (each.box.top < 0.5 * height and not is_document_title(each.text))
    )
    score += 12.0 if line.size >= 0.97 * largest else 0.0
    score += 5.0 if line.row <= 1 else 0.0
    score += _shape_score(text) + _hint_score(text, hints)
    score -= 14.0 if _is_told_of(line, lines) else 0.0
    score -= 8.0 if named.rest and not has_role_word(named.rest) else 0.0
    return score - (40.0 if is_place(text) and line.size < 0.97 * largest else 0.0)


def _is_told_of(line: Line, lines: Sequence[Line]) -> bool:
    """Below a heading such as 'Work' or 'References' of its own column stand other names."""
    return any(
        section_kind(each.text) in _OF_OTHERS
        for each in lines
        if each.row < line.row and each.box.x0 < line.box.x1 and line.box.x0 < each.box.x1
    )


def _shape_score(text: str) -> float:
    told = [word.casefold().strip(".,") for word in text.split()]
    stopped = sum(word in _ENGLISH_STOP for word in told)
    if has_role_word(text) or stopped:
        return -50.0 if stopped == len(told) else -30.0 if has_role_word(text) else -16.0
    if _HANGUL.fullmatch(text):
        known = text[0] in SURNAMES or text[:2] in SURNAMES
        return (14.0 if known else -6.0) + (6.0 if len(text) == 3 else -4.0)
    if _KANJI.fullmatch(text):
        return 8.0
    return {1: -6.0, 2: 12.0, 3: 10.0}.get(len(told), 2.0)


def _hint_score(text: str, hints: Hints) -> float:
    score = 0.0
    tokens = [squash(token) for token in text.split() if len(squash(token)) > 1]
    if not tokens:
        return score
    for document in hints.documents:
        plain = squash(document)
        if all(token in plain for token in tokens):
            score += 9.0
    local = [squash(email.partition("@")[0]) for email in hints.emails]
    if any(token in each for each in local for token in tokens if len(token) > 2):
        score += 9.0
    return min(score, 20.0)
