"""Which section a heading opens, in the languages of résumés."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, cast

from workers.reading.dates import without_dates
from workers.reading.labels import squash
from workers.reading.words import is_hangul, pattern, phrases, singles, words

SectionKind = Literal[
    "header", "personal", "summary", "objective", "work", "education", "projects", "certificates",
    "awards", "skills", "languages", "self_introduction", "publications", "references",
    "volunteer", "interests", "training", "military", "other",
]  # fmt: skip

_ENGLISH: dict[SectionKind, str] = {
    "summary": "summary profile about overview highlights biography bio introduction statement",
    "objective": "objective objectives goal goals",
    "work": "experience experiences employment career work appointments positions internships "
    "internship history jobs",
    "education": "education academics academic qualification qualifications coursework courses "
    "degrees degree schooling studies",
    "projects": "projects project portfolio",
    "certificates": "certifications certification certificates certificate licenses licences "
    "license credentials",
    "awards": "awards award honors honours honor achievements accomplishments scholarships grants "
    "fellowships prizes recognition",
    "skills": "skills skill technologies technology competencies competences expertise tools "
    "proficiencies strengths toolbox stack abilities programming",
    "languages": "languages language",
    "publications": "publications publication papers patents patent talks presentations "
    "conferences articles books invited lectures writing research",
    "references": "references reference referees",
    "volunteer": "volunteer volunteering leadership activities extracurricular involvement "
    "community service outreach affiliations memberships organizations",
    "interests": "interests hobbies interest hobby",
    "training": "training trainings workshops seminars",
    "personal": "personal contact contacts details information facts",
}
_MODIFIERS = frozenset(
    """and & / of in the my me a an professional work technical selected key core relevant other
    additional main major personal recent past industry industrial academic research teaching
    open source open-source side notable related summary history background profile statement
    areas area section information details earlier computer software it soft hard social
    foreign programming executive qualifications list overview career areas for on campus
    short about open practical special specialized further professional""".split()
)
_PRIORITY: tuple[SectionKind, ...] = (
    "references", "certificates", "awards", "volunteer", "objective", "projects", "languages",
    "work", "publications", "education", "skills", "training", "interests", "summary", "personal",
)  # fmt: skip
_MANY = 3
_KIND_OF = {word: kind for kind, listed in _ENGLISH.items() for word in listed.split()}

_WHOLE = {squash(name): cast("SectionKind", kind) for name, kind in phrases("headings").items()}
_STEMS = cast("dict[str, SectionKind]", singles("stems"))
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_TAIL = re.compile(rf"(?:{pattern('heading_tails')})$")
_HEAD = re.compile(rf"^(?:{pattern('heading_heads')})")
_AND = re.compile(pattern("heading_joints"))
_NUMBERED = re.compile(
    rf"^\s*(?:[0-9]{{1,2}}|[IVX]{{1,4}}|[a-zA-Z]|{pattern('counting')})\s*[.)\]:]\s*"
)
_JOINTS = re.compile(
    rf"\s(?:{'|'.join(sorted(words('lists', 'joints')))})\s|\s?[/&|,・·]\s?"
    r"|(?<=[\u3400-\u9fff])(?:及び|及|和|与)(?=[\u3400-\u9fff])",
    re.IGNORECASE,
)
_EAST = re.compile(r"[\u3400-\u9fff]")
_ENDING = 2
_TRANSLATED = re.compile(r"(?<=[\uac00-\ud7a3]) [A-Za-z][A-Za-z/,& ]*$")
_GAP = re.compile(r"(?<=[A-Za-z]) (?=[a-z])")
_PAPERS = words("titles", "papers")
_DOCUMENT = frozenset(squash(title) for title in words("titles", "documents"))


def is_document_title(text: str) -> bool:
    """'Curriculum Vitae': what the paper is, not who or what for."""
    return squash(text) in _DOCUMENT


@lru_cache(8_192)
def section_kind(text: str) -> SectionKind | None:
    """The section that a line of exactly this text opens; None where it is no known heading."""
    if not 2 <= len(text) <= 48:
        return None
    plain = _NUMBERED.sub("", text).strip(" •·|:：<>[]【】■-–—_*#~")
    key = squash(plain)
    if key in _PAPERS:
        return None
    if key in _WHOLE:
        return _WHOLE[key]
    if is_hangul(plain):
        return _parts_of(key) or _joined(_TRANSLATED.sub("", plain))
    return _english(plain) or _joined(plain) or _with_ligature(plain)


def names_jobs_and_schools(text: str) -> bool:
    """'Education and career': which of the two an entry below it is, the heading does not say."""
    told = re.findall(r"[^\W\d_]+", text.casefold())
    kinds = set(_halves(text)) | {_KIND_OF.get(word) for word in told}
    return {"work", "education"} <= kinds


def _joined(plain: str) -> SectionKind | None:
    """'Erfahrungen und Tätigkeiten': what each of its halves is known as."""
    kinds = _halves(plain)
    if len(kinds) < 2 or None in kinds:
        return None
    if set(kinds) == {"work", "skills"}:  # what is known by experience, not where it was had
        return "skills"
    return next((kind for kind in _PRIORITY if kind in kinds), None)


def _halves(plain: str) -> list[SectionKind | None]:
    """Of halves that end alike the end is said once: '工作及教育经历'."""
    halves = [half for half in _JOINTS.split(plain.strip()) if half and half.strip()]
    if len(halves) < 2:
        return []
    end = halves[-1][-_ENDING:] if _EAST.search(halves[-1]) else ""
    return [_half(half) or (_half(half + end) if end else None) for half in halves]


def _half(text: str) -> SectionKind | None:
    key = squash(text)
    return _WHOLE.get(key) or _STEMS.get(key) or _english(text.strip())


def _with_ligature(plain: str) -> SectionKind | None:
    """'Certi cations': the font says nothing of what its ligature stands for."""
    if not _GAP.search(plain):
        return None
    whole = (_english(_GAP.sub(each, plain, count=1)) for each in ("fi", "fl", "ff", "ffi"))
    return next((kind for kind in whole if kind is not None), None)


def _parts_of(key: str) -> SectionKind | None:
    for trimmed in (_TAIL.sub("", key), _HEAD.sub("", key)):
        if len(trimmed) >= 2 and trimmed in _WHOLE:
            return _WHOLE[trimmed]
    halves = _AND.split(key)
    if len(halves) == 2 and all(half in _WHOLE for half in halves):
        return _WHOLE[halves[0]]
    # a heading with its English translation beside it
    own = re.sub(r"[a-z]+", "", key)
    return _WHOLE.get(own) if own != key else None


def _english(plain: str) -> SectionKind | None:
    told = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*|&|/", plain.casefold())
    if not 1 <= len(told) <= 6 or not plain[:1].isalpha() or re.search(r"\d|[.!?@]", plain):
        return None
    kinds = {_KIND_OF[word] for word in told if word in _KIND_OF}
    if not kinds or any(word not in _KIND_OF and word not in _MODIFIERS for word in told):
        return None
    if {"work", "employment"} & set(told) and not {"volunteer", "volunteering"} & set(told):
        return "work"
    return next(kind for kind in _PRIORITY if kind in kinds)


def _hangul(plain: str) -> SectionKind | None:
    """Without its translation into English beside it, or by its halves."""
    own = _TRANSLATED.sub("", plain)
    if own != plain:
        return loose_kind(own)
    return _joined(plain) if is_hangul(plain) else None


def _of_many(plain: str) -> SectionKind | None:
    """'Experience / Activities / Courses': three or more in one."""
    kinds = {_WHOLE.get(squash(each)) for each in re.split(r"[/·,|]", plain)}
    if len(re.split(r"[/·,|]", plain)) < _MANY or None in kinds:
        return None
    return next((kind for kind in _PRIORITY if kind in kinds), None)


@lru_cache(8_192)
def loose_kind(text: str) -> SectionKind | None:
    """As ``section_kind``, also for headings of which only a part is known: 'Nursing Experience'.

    To be asked of what is set as a heading only: sentences hold such words too.
    """
    if kind := section_kind(text):
        return kind
    plain = " ".join(without_dates(_ASIDE.sub(" ", _NUMBERED.sub("", text))).split())
    plain = plain.strip(" •·|:：<>[]【】■-–—_*#~/")
    if kind := section_kind(plain):
        return kind
    if kind := _of_many(plain) or _hangul(plain):
        return kind
    told = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", plain.casefold())
    if not 1 <= len(told) <= 6:
        return None
    if squash(told[0]) in _WHOLE and is_hangul(told[0]):
        return _WHOLE[squash(told[0])]
    for word in (told[-1], told[0]):
        if word in _STEMS:
            return _STEMS[word]
    for stem, kind in _STEMS.items():
        if len(stem) >= 6 and told[-1].endswith(stem):
            return kind
    return None
