"""Sections of made-up résumés as HTML in many styles; every word is marked as what it is.

A style is how the head of an entry is laid out (``HEADS``) on a kind of page (``PAGES``); those of
``HELD_OUT`` are never learned from.
"""

from __future__ import annotations

import html
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.resume_content import NOW, Date, Job, Person, School, Work

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
HEADINGS = {
    "en": {
        "summary": "Summary|Profile|About Me|Professional Summary",
        "work": "Experience|Work Experience|Professional Experience|Employment History|"
        "Relevant Experience|Work History|Career History|Computer Engineering Experience|"
        "Nursing Experience|Leadership and Work Experience",
        "education": "Education|Education & Training|Academic Background",
        "projects": "Projects|Personal Projects|Selected Projects",
        "skills": "Skills|Technical Skills|Core Skills|Skills & Tools",
        "languages": "Languages|Language Skills",
        "certificates": "Certifications|Certificates|Licenses & Certifications",
        "awards": "Awards|Honors & Awards|Achievements",
    },
    "ko": {
        "summary": "소개|자기소개|간단 소개|About Me",
        "work": "경력|경력사항|경력 사항|주요 경력|Work Experience|업무 경험|경력 총 4년 2개월",
        "education": "학력|학력사항|학력 사항|최종학력|Education|학력 대학교 졸업",
        "projects": "프로젝트|주요 프로젝트|Projects|프로젝트 경험",
        "skills": "기술 스택|보유 기술|Skills|스킬|보유 역량",
        "languages": "외국어|어학|어학 능력",
        "certificates": "자격증|자격 사항|자격증 및 면허",
        "awards": "수상|수상 내역|수상 경력",
    },
    "de": {
        "summary": "Profil|Kurzprofil|Über mich", "work": "Berufserfahrung|Beruflicher Werdegang|"
        "Berufliche Erfahrungen|Berufspraxis", "education": "Ausbildung|Bildungsweg|Schulbildung|"
        "Studium und Ausbildung", "projects": "Projekte", "skills": "Kenntnisse|EDV-Kenntnisse|Fähigkeiten",
        "languages": "Sprachen|Sprachkenntnisse", "certificates": "Zertifikate|Weiterbildung",
        "awards": "Auszeichnungen",
    },
    "ja": {
        "summary": "職務要約|自己紹介", "work": "職歴|職務経歴|職務経歴詳細", "education": "学歴", "projects": "プロジェクト|開発実績",
        "skills": "スキル|活用できる経験・知識・スキル|技術スキル", "languages": "語学|語学力",
        "certificates": "免許・資格|資格", "awards": "表彰|受賞歴",
    },
    "zh": {
        "summary": "个人简介|个人总结", "work": "工作经历|工作经验|实习经历", "education": "教育背景|教育经历",
        "projects": "项目经历|项目经验", "skills": "专业技能|技能", "languages": "语言能力", "certificates": "证书|资格证书",
        "awards": "荣誉奖项|获奖情况",
    },
    "fr": {
        "summary": "Profil|À propos", "work": "Expérience professionnelle|Expériences|Parcours professionnel",
        "education": "Formation|Formations|Études", "projects": "Projets", "skills": "Compétences|"
        "Compétences techniques", "languages": "Langues", "certificates": "Certifications",
        "awards": "Distinctions|Prix",
    },
}  # fmt: skip


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

    def t(self, kind: str, text: str, css: str = "") -> str:
        mark = Mark(kind, self.entry, self.section)
        return f'<span data-m="{mark.color()}" class="{kind} {css}">{html.escape(text)}</span>'

    def heading(self, section: str, title: str = "") -> str:
        if not title:
            title = self.dice.choice(HEADINGS[self.style.language][section].split("|"))
        self.section, self.entry = section, 0
        number = {"numbered": "1. ", "marked": "■ ", "colon": ""}.get(self.style.heading, "")
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
            "dotm": f"{month:02d}.{year}",
        }  # fmt: skip
        return forms[form]

    def span(self, start: Date, end: Date) -> str:
        text = f"{self.date(start)}{self.style.dash}{self.date(end)}"
        return self.t("date", text)

    def body(self, lines: Sequence[str], kind: str = "body") -> str:
        if not lines:
            return ""
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


def row(left: str, right: str = "") -> str:
    return f'<div class=row><span>{left}</span><span class=right>{right}</span></div>'


Parts = dict[str, str]
"""What a head shows: a, the first in rank (employer or school), b (title, degree), place, date,
extra and body, as marked HTML; absent ones are empty."""


def _and(join: str, *parts: str) -> str:
    return join.join(part for part in parts if part)


def head_org_place(s: Sheet, p: Parts) -> str:
    return row(f"<b>{p['a']}</b>", p["place"]) + row(f"<i>{_and(', ', p['b'], p['extra'])}</i>", p["date"])


def head_title_place(s: Sheet, p: Parts) -> str:
    return row(f"<b>{_and(', ', p['b'], p['extra'])}</b>", p["date"]) + row(p["a"], p["place"])


def head_title_org(s: Sheet, p: Parts) -> str:
    return row(_and(s.style.join, f"<b>{p['b']}</b>", p["a"], p["extra"], p["place"]), p["date"])


def head_org_title(s: Sheet, p: Parts) -> str:
    return row(_and(s.style.join, f"<b>{p['a']}</b>", p["extra"], p["b"], p["place"]), p["date"])


def head_one_line(s: Sheet, p: Parts) -> str:
    return f"<div>{_and(s.style.join, p['b'], p['a'], p['extra'], p['date'])}</div>"


def head_left_dates(s: Sheet, p: Parts) -> str:
    tail = _and(s.style.comma, f"<b>{p['b']}</b>", f"<i>{p['a']}</i>", p["extra"], p["place"])
    return f"<td class=when>{p['date']}</td><td>{tail}"


def head_left_title_org(s: Sheet, p: Parts) -> str:
    rest = _and(s.style.join, p["b"], p["extra"], p["place"])
    return f"<td class=when>{p['date']}</td><td><div><b>{p['a']}</b></div><div>{rest}</div>"


def head_left_spaced(s: Sheet, p: Parts) -> str:
    """As job portals print: dates at the left with how long below, all else spaced apart."""
    long = s.t("duration", s.dice.choice(["7개월", "2년 4개월", "1 yr 3 mos"])) if p["long"] else ""
    rest = _and(" ", p["a"], p["extra"], p["b"])
    rest = f"<b>{rest}</b>" if s.style.join == " | " else rest
    return f"<td class=when>{p['date']}<div class=blue>{long}</div></td><td><div>{rest}</div>"


def head_stacked(s: Sheet, p: Parts) -> str:
    rows = (f"<b>{p['a']}</b>", p["b"], p["extra"], _and(s.style.join, p["date"], p["place"]))
    return "".join(f"<div>{each}</div>" for each in rows if each)


def head_stacked_title(s: Sheet, p: Parts) -> str:
    rows = (f"<b>{p['b']}</b>", p["date"], _and(" - ", p["a"], p["place"]), p["extra"])
    return "".join(f"<div>{each}</div>" for each in rows if each)


def head_title_at_org(s: Sheet, p: Parts) -> str:
    return row(_and(" at " if s.style.language == "en" else " · ", f"<b>{p['b']}</b>", p["a"])) + (
        f"<div class=grey>{_and(' | ', p['date'], p['place'], p['extra'])}</div>"
    )


def head_title_dates_org(s: Sheet, p: Parts) -> str:
    return row(f"<b>{p['b']}</b> ({p['date']})") + f"<div>{_and(', ', p['a'], p['place'])}</div>"


def head_dates_over(s: Sheet, p: Parts) -> str:
    when = f"<div class=grey>{_and(' – ', p['date'], p['place'])}</div>"
    return f"{when}<div><b class=caps>{p['b']}</b></div><div>{_and(', ', p['a'], p['extra'])}</div>"


def head_org_with_dates(s: Sheet, p: Parts) -> str:
    return f"<div><b>{p['a']}</b> | {p['date']}</div><div>{_and(' / ', p['extra'], p['b'])}</div>"


def head_org_dates(s: Sheet, p: Parts) -> str:
    return row(f"<b>{p['a']}</b>", p["date"]) + row(_and(s.style.join, p["b"], p["extra"]), p["place"])


HEADS: dict[str, Callable[[Sheet, Parts], str]] = {
    "org_place": head_org_place, "title_place": head_title_place, "title_org": head_title_org,
    "org_title": head_org_title, "one_line": head_one_line, "left_dates": head_left_dates,
    "left_spaced": head_left_spaced, "left_title_org": head_left_title_org, "stacked": head_stacked,
    "stacked_title": head_stacked_title, "title_at_org": head_title_at_org,
    "title_dates_org": head_title_dates_org, "dates_over": head_dates_over, "org_dates": head_org_dates,
    "org_with_dates": head_org_with_dates, "grouped": head_stacked, "bulleted": head_org_place,
    "ruled": head_org_place, "year_month": head_org_place,
}  # fmt: skip


def entries(s: Sheet, all_parts: Sequence[Parts]) -> str:
    found = []
    for number, parts in enumerate(all_parts):
        head = HEADS[s.style.head](s, parts)
        if head.startswith("<td"):
            found.append(f"<table class=entry><tr>{head}{parts['body']}</td></tr></table>")
        elif s.style.head == "bulleted":
            found.append(f"<li>{head}{parts['body']}</li>")
        else:
            found.append(f"<div class=entry>{head}{parts['body']}</div>")
        s.entry = number
    whole = "".join(found)
    return f"<ul>{whole}</ul>" if s.style.head == "bulleted" else whole


def job_parts(s: Sheet, number: int, job: Job) -> Parts:
    s.entry = number
    tech = s.person.skills[0][1][:4]
    told = s.body(job.body)
    if tech and s.dice.random() < 0.12:
        told += f"<div>{s.t('tech', 'Tech: ' + ', '.join(tech))}</div>"
    return {
        "a": s.t("org", job.org), "b": s.t("title", job.title), "date": s.span(job.start, job.end),
        "place": s.t("place", job.place) if s.style.places else "",
        "extra": s.t("dept", job.dept) if job.dept else "", "body": told,
        "long": "yes",
    }  # fmt: skip


def school_parts(s: Sheet, number: int, school: School) -> Parts:
    s.entry = number
    degree, area = s.t("degree", school.degree), s.t("area", school.area)
    asian = s.style.language in ("ko", "ja", "zh")
    join = " in " if s.style.language == "en" and s.dice.random() < 0.6 else ", "
    b = _and(" ", area, degree) if asian else _and(join, degree, area)
    label = s.dice.choice(["GPA: ", "GPA ", "CGPA "]) if not asian else "학점 "
    score = s.t("score", label + school.score) if school.score else ""
    told = s.body(school.body)
    in_head = s.dice.random() < 0.5
    return {
        "a": s.t("org", school.org), "b": b, "date": s.span(school.start, school.end),
        "place": s.t("place", school.place) if s.style.places else "",
        "extra": score if in_head else "", "body": ("" if in_head else f"<div>{score}</div>") + told,
        "long": "",
    }  # fmt: skip


def grouped_jobs(s: Sheet) -> str:
    """As LinkedIn exports: the employer once, with how long in all, then each post held there."""
    found = []
    person = s.person
    for number, job in enumerate(person.jobs):
        s.entry = number
        again = number and person.jobs[number - 1].org == job.org
        if not again:
            found.append(f"<div class=org1>{s.t('org', job.org)}</div>")
            found.append(f"<div class=grey>{s.t('duration', '2 years 1 month')}</div>")
        when = s.span(job.start, job.end)
        long = s.t("duration", s.dice.choice(["(1 year 4 months)", "(10 months)", "· 2 yrs"]))
        found.append(f"<div>{s.t('title', job.title)}</div><div class=grey>{when} {long}</div>")
        if s.style.places:
            found.append(f"<div class=grey>{s.t('place', job.place)}</div>")
        found.append(s.body(job.body))
    return "".join(found)


COLUMNS = {
    "ko": ("기간", "회사명", "부서", "직위", "담당업무"), "en": ("Period", "Company", "Department", "Position", "Duties"),
    "de": ("Zeitraum", "Firma", "Abteilung", "Position", "Aufgaben"), "ja": ("期間", "会社名", "部署", "役職", "業務内容"),
    "zh": ("时间", "公司", "部门", "职位", "工作内容"), "fr": ("Période", "Entreprise", "Service", "Poste", "Missions"),
}  # fmt: skip
SCHOOL_COLUMNS = {
    "ko": ("기간", "학교명", "전공", "구분"), "en": ("Period", "School", "Major", "Degree"),
    "de": ("Zeitraum", "Schule", "Fachrichtung", "Abschluss"), "ja": ("期間", "学校名", "専攻", "学位"),
    "zh": ("时间", "学校", "专业", "学历"), "fr": ("Période", "Établissement", "Domaine", "Diplôme"),
}  # fmt: skip


def ruled(s: Sheet, section: str) -> str:
    titles = (COLUMNS if section == "work" else SCHOOL_COLUMNS)[s.style.language]
    rows = ["<tr>" + "".join(f"<th>{s.t('label', title)}</th>" for title in titles) + "</tr>"]
    for number, job in enumerate(s.person.jobs if section == "work" else []):
        s.entry = number
        cells = (s.span(job.start, job.end), s.t("org", job.org), s.t("dept", job.dept or "-"),
                 s.t("title", job.title), s.t("body", job.body[0] if job.body else "-"))  # fmt: skip
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    for number, school in enumerate(s.person.schools if section == "education" else []):
        s.entry = number
        cells4 = (s.span(school.start, school.end), s.t("org", school.org),
                  s.t("area", school.area), s.t("degree", school.degree))  # fmt: skip
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells4) + "</tr>")
    return f"<table class=ruled>{''.join(rows)}</table>"


def year_month(s: Sheet, section: str) -> str:
    """The Japanese form: year, month and what happened; it begins and ends in rows of its own."""
    told: list[tuple[int, Date, str]] = []
    for number, school in enumerate(reversed(s.person.schools) if section == "education" else []):
        at = len(s.person.schools) - 1 - number
        s.entry = at
        name = f"{s.t('org', school.org)} {s.t('area', school.area)}"
        told += [(at, school.start, f"{name} 入学"), (at, school.end, f"{name} 卒業")]
    for number, job in enumerate(reversed(s.person.jobs) if section == "work" else []):
        at = len(s.person.jobs) - 1 - number
        s.entry = at
        name = s.t("org", job.org)
        told.append((at, job.start, f"{name} 入社"))
        if job.end != NOW:
            told.append((at, job.end, f"{name} {s.dice.choice(['退社', '退職'])}"))
    rows = []
    for at, (year, month), text in told:
        s.entry = at
        cells = (s.t("date", str(year)), s.t("date", str(month)), text)
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    if section == "work" and s.person.jobs[0].end == NOW:
        rows.append("<tr><td></td><td></td><td>現在に至る</td></tr>")
    return f"<table class=ruled>{''.join(rows)}</table>"


def work(s: Sheet) -> str:
    if s.style.head == "year_month":
        return year_month(s, "work")
    if s.style.head == "grouped":
        return grouped_jobs(s)
    if s.style.head == "ruled":
        return ruled(s, "work")
    return entries(s, [job_parts(s, number, job) for number, job in enumerate(s.person.jobs)])


def education(s: Sheet) -> str:
    if s.style.head == "year_month":
        return year_month(s, "education")
    if s.style.head == "ruled":
        return ruled(s, "education")
    listed = [school_parts(s, number, each) for number, each in enumerate(s.person.schools)]
    return entries(s, listed)


def projects(s: Sheet) -> str:
    form = s.dice.choice(["head", "line", "labels", "tech"])
    found = []
    for number, each in enumerate(s.person.projects):
        s.entry = number
        found.append(project(s, each, form))
    return "".join(found)


def project(s: Sheet, each: Work, form: str) -> str:
    name, when = s.t("project", each.name), s.span(each.start, each.end)
    if form == "line":
        return f"<div>• <b>{name}</b>: {s.t('body', each.body[0])}</div>"
    if form == "tech":
        return row(f"<b>{name}</b> | <i>{s.t('tech', each.tech)}</i>", when) + s.body(each.body)
    if form == "labels":
        asian = s.style.language == "ko"
        labels = f"<div>{s.t('body', ('역할: ' if asian else 'Role: ') + each.role)}</div>"
        labels += f"<div>{s.t('body', ('사용 기술: ' if asian else 'Tech: ') + each.tech)}</div>"
        return f"<div><b>{name}</b> ({when})</div>{labels}{s.body(each.body)}"
    return row(f"<b>{name}</b>", when) + f"<div>{s.t('title', each.role)}</div>" + s.body(each.body)


def skills(s: Sheet) -> str:
    form = s.dice.choice(["label", "label", "bold", "list", "chips", "plain"])
    found = []
    for group, words in s.person.skills:
        marked = ", ".join(s.t("skill", word) for word in words)
        if form == "label":
            found.append(f"<div class=skills>{s.t('group', group)}: {marked}</div>")
        elif form == "bold":
            found.append(f"<div class=skills><b>{s.t('group', group)}</b> {marked}</div>")
        elif form == "list":
            found += [f"<div>• {s.t('skill', word)}</div>" for word in words]
        elif form == "chips":
            found.append("<div>" + " ".join(s.t("skill", w, "chip") for w in words) + "</div>")
        else:
            found.append(f"<div class=skills>{marked}</div>")
    return "".join(found)


def spoken(s: Sheet) -> str:
    form = s.dice.choice([": ", " - ", " (", " "])
    tail = ")" if form == " (" else ""
    rows = [f"<div>{s.t('spoken', f'{one}{form}{level}{tail}')}</div>" for one, level in s.person.spoken]
    return "".join(rows)


def items(s: Sheet, listed: Sequence[tuple[str, str, Date]]) -> str:
    form = s.dice.choice(["right", "left", "comma", "bullet"])
    found = []
    for number, (name, issuer, date) in enumerate(listed):
        s.entry = number
        one, by, when = s.t("item", name), s.t("issuer", issuer), s.t("date", s.date(date))
        forms = {"right": row(f"{one}, {by}", when), "left": f"<div>{when} {one} {by}</div>",
                 "comma": f"<div>{one}, {by}, {when}</div>", "bullet": f"<div>• {one} – {by} ({when})</div>"}  # fmt: skip
        found.append(forms[form])
    return "".join(found)


def sections(s: Sheet) -> list[tuple[str, str]]:
    """Heading and content, in the order of the page; the names of sections are ``SECTIONS``."""
    person = s.person
    makers: dict[str, tuple[bool, Callable[[], str]]] = {
        "summary": (s.dice.random() < 0.6, lambda: f"<p>{s.t('text', person.summary)}</p>"),
        "work": (True, lambda: work(s)),
        "education": (True, lambda: education(s)),
        "projects": (bool(person.projects), lambda: projects(s)),
        "skills": (True, lambda: skills(s)),
        "languages": (bool(person.spoken), lambda: spoken(s)),
        "certificates": (bool(person.certificates), lambda: items(s, person.certificates)),
        "awards": (bool(person.awards), lambda: items(s, person.awards)),
    }
    order = ["summary", *s.dice.choice([["work", "education"], ["education", "work"]])]
    rest = ["projects", "skills", "languages", "certificates", "awards"]
    s.dice.shuffle(rest)
    found = []
    for name in order + rest:
        wanted, make = makers[name]
        if wanted:
            found.append((s.heading(name), make()))
    for title, told in person.others:
        found.insert(s.dice.randint(2, len(found)), (s.heading("other", title), s.body(told)))
    return found
