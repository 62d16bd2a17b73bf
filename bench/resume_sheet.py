"""A made-up résumé as HTML in which every word is marked as what it is."""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.resume_content import CONTENT, NOW, Date, Person

if TYPE_CHECKING:
    from bench.resume_recipes import Recipe

KINDS = (
    "text", "name", "role", "contact", "heading", "org", "title", "place", "date", "dept", "body",
    "area", "degree", "score", "project", "tech", "issuer", "item", "skill", "group", "label", "spoken",
    "duration",
)  # fmt: skip
SECTIONS = (
    "header", "summary", "work", "education", "projects", "skills", "languages", "certificates",
    "awards", "other",
)  # fmt: skip
PAGES = ("single", "sidebar_left", "sidebar_right", "gutter", "centred", "two_columns")
HELD_OUT = {
    "heads": ("title_at_org", "title_dates_org", "dates_over", "org_with_dates", "left_title_org"),
    "pages": ("sidebar_right",),
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
NOW_WORDS = {
    "en": ["Present", "present", "Current", "Now", "PRESENT"], "ko": ["현재", "재직 중", "재직중", "현재"],
    "de": ["heute", "heute", "jetzt"], "ja": ["現在"], "zh": ["至今", "现在"],
    "fr": ["présent", "aujourd'hui", "à ce jour"],
}  # fmt: skip


Parts = dict[str, str]
"""What a head shows: a, the first in rank (employer or school), b (title, degree), place, date,
extra and body, as marked HTML; absent ones are empty."""


def headings(language: str, section: str) -> list[str]:
    found: list[str] = CONTENT["headings"][language][section].split("|")
    return found


@dataclass
class Style:
    """How one document is set; drawn once and kept through it."""

    head: str
    page: str
    dice: random.Random
    language: str
    dates: str
    dash: str
    bullets: str
    places: bool
    accent: str
    css: str
    heading: str
    join: str
    comma: str
    named: float
    titled: float
    recipe: Recipe
    school_recipe: Recipe
    told: str
    """What stands over the body of each entry ('Highlights'); empty for nothing."""
    only_ends: bool
    """Of schools only the end is told."""
    unruled: bool
    """Tables have no lines between their columns."""
    inner: bool
    """Jobs hold projects with dates of their own."""


@dataclass(frozen=True)
class Mark:
    """What a word is, as its colour: red is the kind, green the entry, blue the section."""

    kind: str
    entry: int
    section: str

    def color(self) -> str:
        return f"rgb({6 * KINDS.index(self.kind)},{self.entry},{12 * SECTIONS.index(self.section)})"


def mark_of(color: int) -> Mark | None:
    red, green, blue = color >> 16, color >> 8 & 255, color & 255
    kind, section = round(red / 6), round(blue / 12)
    if kind >= len(KINDS) or section >= len(SECTIONS):
        return None
    return Mark(KINDS[kind], green, SECTIONS[section])


class Sheet:
    """HTML of one résumé; every value goes through ``t``, which marks it."""

    def __init__(self, person: Person, style: Style) -> None:
        self.person, self.style, self.dice = person, style, style.dice
        self.section, self.entry = "header", 0
        self._shown: dict[str, str] = {}
        self._chosen: dict[str, int] = {}

    def t(self, kind: str, text: str, css: str = "") -> str:
        mark = Mark(kind, self.entry, self.section)
        return f'<span data-m="{mark.color()}" class="{kind} {css}">{html.escape(text)}</span>'

    def once(self, name: str, options: Sequence[str]) -> str:
        """The same one of the options each time in this document."""
        if name not in self._chosen:
            self._chosen[name] = self.dice.randrange(1000)
        return options[self._chosen[name] % len(options)]

    def heading(self, section: str, title: str = "") -> str:
        if not title:
            title = self.dice.choice(headings(self.style.language, section))
        self.section, self.entry = section, 0
        number = {"numbered": "1. ", "marked": "■ ", "icon": "\uf0b1 "}.get(self.style.heading, "")
        tail = ":" if self.style.heading == "colon" else ""
        if self.style.heading == "upper":
            title = title.upper()
        return self.t("heading", number + title + tail)

    def date(self, date: Date) -> str:
        if date == NOW:
            language = self.style.language
            if "now" not in self._shown:
                self._shown["now"] = self.dice.choice(NOW_WORDS[language])
            return self._shown["now"]
        year, month = date
        form = self.style.dates
        if form in ("name", "name_short", "name_two"):
            months = MONTHS.get(self.style.language, MONTHS["en"]).split()
            name = months[month - 1]
            if form != "name":
                name = name[:3] + self.style.comma.replace(",", ".")[:1].strip()
            return f"{name} {year % 100:02d}" if form == "name_two" else f"{name} {year}"
        forms = {
            "dot": f"{year}.{month:02d}", "dots": f"{year}. {month}.", "slash": f"{month:02d}/{year}",
            "iso": f"{year}-{month:02d}", "year": f"{year}", "ko": f"{year}년 {month}월",
            "zh": f"{year}年{month}月", "zh_wide": f"{year} 年 {month} 月", "two": f"{year % 100:02d}.{month:02d}",
            "space": f"{month:02d} {year}", "yslash": f"{year}/{month:02d}", "apos": f"'{year % 100:02d}.{month:02d}",
            "dotm": f"{month:02d}.{year}", "iso_day": f"{year}-{month:02d}-01",
        }  # fmt: skip
        return forms[form]

    def span(self, start: Date, end: Date) -> str:
        text = f"{self.date(start)}{self.style.dash}{self.date(end)}"
        return self.t("date", text)

    def stacked(self, start: Date, end: Date) -> str:
        """The end right over the start."""
        return "".join(f"<div>{self.t('date', self.date(each))}</div>" for each in (end, start))

    def body(self, lines: Sequence[str], kind: str = "body") -> str:
        if not lines:
            return ""
        over = f"<div><b>{self.t(kind, self.style.told)}</b></div>" if self.style.told else ""
        return over + self._told(lines, kind)

    def _told(self, lines: Sequence[str], kind: str) -> str:
        if self.style.bullets == "prose":
            return f"<p class=prose>{self.t(kind, ' '.join(f'{line}.' for line in lines))}</p>"
        signs = {"dash": "- ", "dot": "• ", "mid": "· ", "ring": "○ ", "square": "▪ "}
        sign = signs.get(self.style.bullets)
        if sign is not None:
            rows = "".join(f"<div class=bul>{self.t(kind, sign + line)}</div>" for line in lines)
            return f"<div class=buls>{rows}</div>"
        if self.style.bullets == "plain":
            return "".join(f"<div>{self.t(kind, line)}</div>" for line in lines)
        return "<ul>" + "".join(f"<li>{self.t(kind, line)}</li>" for line in lines) + "</ul>"
