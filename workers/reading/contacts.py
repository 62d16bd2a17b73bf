"""How to reach the candidate: e-mail, phone, links; not the referees' or the template's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.document.pages import BULLET, Box, Document
from server.document.resume import Link
from workers.reading.fields import Field
from workers.reading.headings import section_kind
from workers.reading.labels import squash
from workers.reading.lines import Line
from workers.reading.places import is_place
from workers.reading.words import pattern

_EMAIL = re.compile(
    r"(?<![\w.+-])([A-Za-z0-9_][\w.+-]{0,63})\s?@\s?((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,18})(?![\w@])"
)
_SPELT = re.compile(
    r"([\w.+-]{2,40})\s*[\[({<]\s*(?:at|@|\uace8\ubc45\uc774)\s*[\])}>]\s*([\w-]+(?:\s*(?:\.|[\[({]\s*(?:dot|\.)\s*[\])}])\s*[\w-]+)+)",
    re.IGNORECASE,
)
_DOT = re.compile(r"(?:(?<!\s)\s++)?(?:[\[({]\s*+(?:dot|\.)\s*+[\])}]|\.)\s*+")
_WRAPPED = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w.-]*+$")
_REFEREE = re.compile(
    rf"referee|reference|advis[oe]r|supervisor|mentor|{pattern('referees')}|template|author of",
    re.IGNORECASE,
)
_PHONES = (
    re.compile(
        r"(?<!\d)(?:\(?\+?82\)?[-\s.)]*)?\(?0?1[016789]\)?[-\s.)]*\d{3,4}[-\s.]*\d{4}(?!\d)"
    ),
    re.compile(r"(?<![\d.])\(?\+\d{1,3}\)?(?:[-\s.·()]*\d){6,13}(?!\d)"),
    re.compile(r"(?<!\d)\(?\d{2,4}\)?\s?[-.·\s]\s?\d{3,4}\s?[-.·\s]\s?\d{4}(?!\d)"),
)
_URL = re.compile(
    r"(?:https?://|www\.)[^\s,|•()<>]+|(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:com|io|dev|me|org|net|co|kr|"
    r"ai|app|so|page|blog|tech|xyz)(?:/[^\s,|•()<>]*)?(?![\w@])",
    re.IGNORECASE,
)
_NETWORKS = {
    "linkedin.": "LinkedIn", "github.com": "GitHub", "github.io": "GitHub", "gitlab.": "GitLab",
    "twitter.": "Twitter", "x.com": "X", "stackoverflow.": "Stack Overflow", "medium.com": "Medium",
    "notion.": "Notion", "velog.io": "Velog", "tistory.": "Tistory", "blog.naver": "Naver Blog",
    "behance.": "Behance", "dribbble.": "Dribbble", "orcid.org": "ORCID", "facebook.": "Facebook",
    "scholar.google": "Google Scholar", "kaggle.": "Kaggle", "instagram.": "Instagram",
    "youtube.": "YouTube", "huggingface.co": "Hugging Face", "leetcode.": "LeetCode",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    value: str
    line: Line


def emails_in(text: str) -> Iterator[str]:
    for found in _EMAIL.finditer(text):
        yield f"{found.group(1)}@{found.group(2)}".strip(".")
    for found in _SPELT.finditer(text):
        domain = _DOT.sub(".", found.group(2))
        yield f"{found.group(1)}@{domain}"


def all_emails(pages: Sequence[Sequence[Line]]) -> list[Found]:
    found: list[Found] = []
    for lines in pages[:3]:
        for line in lines:
            if "@" in line.text or "[at]" in line.text or "(at)" in line.text:
                text = _with_wrap(line, lines)
                found += (Found(email, line) for email in emails_in(text))
    return found


def _with_wrap(line: Line, lines: Sequence[Line]) -> str:
    """A narrow sidebar may break an address; the rest stands on the line below."""
    if not _WRAPPED.search(line.text) or next(emails_in(line.text), None):
        return line.text
    for below in lines:
        gap = below.box.top - line.box.bottom
        if below.row > line.row and gap < line.size and abs(below.box.x0 - line.box.x0) < 30:
            joined = line.text + below.text.split()[0]
            return joined if next(emails_in(joined), None) else line.text
    return line.text


def choose_email(
    found: Sequence[Found],
    fields: Sequence[Field],
    name: str | None,
    near: Box | None,
    pages: Sequence[Sequence[Line]],
) -> str | None:
    """The visible address nearest the name; a labelled one or one like the name goes first."""
    labelled = {e for f in fields if f.kind == "email" for e in emails_in(f.value)}
    best: tuple[float, str] | None = None
    for each in found:
        score = -6.0 * (each.line.page - 1)
        if name and _alike(each.value, name):
            score += 12.0
        elif _is_referees(each.line, pages[each.line.page - 1]):
            score -= 30.0
        score += 6.0 if each.value in labelled else 0.0
        if near is not None and each.line.page == 1:
            score -= min(8.0, abs(each.line.box.top - near.bottom) / 60)
        if best is None or score > best[0]:
            best = (score, each.value)
    return best[1] if best and best[0] > -20.0 else None


def _alike(email: str, name: str) -> bool:
    local = squash(email.partition("@")[0])
    return any(squash(token) in local for token in name.split() if len(squash(token)) > 2)


def _is_referees(line: Line, lines: Sequence[Line]) -> bool:
    """Under a heading 'References', or beside a word that says whose address it is."""
    if _REFEREE.search(line.text):
        return True
    above = [
        each
        for each in lines
        if each.row < line.row and each.box.x0 < line.box.x1 and each.box.x1 > line.box.x0 - 80
    ]
    for each in reversed(above):
        kind = section_kind(each.text)
        if kind is not None:
            return kind == "references"
    return False


def linked_email(document: Document) -> str | None:
    """The address behind a link such as 'Email', where no address is printed."""
    found: dict[str, None] = {}
    for page in document.pages[:1]:
        for link in page.links:
            if link.uri.casefold().startswith("mailto:"):
                address = link.uri[7:].partition("?")[0].strip()
                if link.box.top < page.height * 0.4 and _EMAIL.fullmatch(address):
                    found[address] = None
    return next(iter(found)) if len(found) == 1 else None


def find_phone(lines: Sequence[Line], fields: Sequence[Field], near: Box | None) -> str | None:
    texts = [field.value for field in fields if field.kind == "phone"]
    ordered = sorted(lines, key=lambda line: abs(line.box.top - near.top) if near else line.row)
    texts += [line.text for line in ordered[:60]]
    for text in texts:
        if section_kind(text):
            continue
        for form in _PHONES:
            found = form.search(text)
            if found and not re.search(r"(?:19|20)\d\d\s?[-.]\s?\d{4}", found.group()):
                return " ".join(found.group().split())
    return None


def find_links(document: Document, lines: Sequence[Line], below: float) -> tuple[Link, ...]:
    """Links printed in the header or attached to it, each once."""
    urls: dict[str, str] = {}
    for line in lines:
        if line.box.top <= below:
            for found in _URL.finditer(_EMAIL.sub(" ", line.text)):
                urls.setdefault(_key(found.group()), found.group().rstrip("."))
    for link in document.pages[0].links if document.pages else ():
        if link.uri.startswith("http") and link.box.top <= below:
            urls[_key(link.uri)] = link.uri
    return tuple(Link(_network(url), url) for url in list(urls.values())[:20])


def _key(url: str) -> str:
    plain = re.sub(r"^https?://(?:www\.)?|^www\.", "", url.casefold())
    return plain.rstrip("/.")


def _network(url: str) -> str:
    plain = _key(url)
    return next((name for part, name in _NETWORKS.items() if part in plain), "website")


def find_location(lines: Sequence[Line], fields: Sequence[Field], below: float) -> str | None:
    for field in fields:
        if field.kind == "address" and 1 < len(field.value) <= 100 and "@" not in field.value:
            return field.value
    for line in lines:
        if line.box.top <= below:
            for part in re.split(rf"\s*[{BULLET}|│]\s*|\s{{3,}}", line.text):
                if 3 < len(part) <= 100 and "@" not in part and is_place(part):
                    return part.strip()
    return None
