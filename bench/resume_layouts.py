"""Sections of made-up résumés as HTML in many styles.

A style is how the head of an entry is laid out (``HEADS``) on a kind of page (``PAGES``); those of
``HELD_OUT`` are never learned from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile

from bench.resume_content import NOW, Date, Job, School, Work
from bench.resume_heads import HEADS, joined, row
from bench.resume_inner import inner
from bench.resume_sheet import Parts, Sheet


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
    if job.about:
        told = f"<div class=about>{s.t('body', job.about)}</div>{told}"
    if tech and s.dice.random() < 0.12:
        told += f"<div>{s.t('tech', 'Tech: ' + ', '.join(tech))}</div>"
    if s.style.inner and s.dice.random() < 0.85:
        told += inner(s, job)
    return {
        "a": s.t("org", job.org) if s.dice.random() < s.style.named else "",
        "b": s.t("title", job.title) if s.dice.random() < s.style.titled else "",
        "date": s.span(job.start, job.end), "stacked": s.stacked(job.start, job.end),
        "place": s.t("place", job.place) if s.style.places else "",
        "extra": s.t("dept", job.dept) if job.dept else "", "body": told,
        "long": "yes",
    }  # fmt: skip


def school_parts(s: Sheet, number: int, school: School) -> Parts:
    s.entry = number
    degree, area = s.t("degree", school.degree), s.t("area", school.area)
    asian = s.style.language in ("ko", "ja", "zh")
    join = " in " if s.style.language == "en" and s.dice.random() < 0.6 else ", "
    b = joined(" ", area, degree) if asian else joined(join, degree, area)
    label = s.dice.choice(["GPA: ", "GPA ", "CGPA "]) if not asian else "학점 "
    score = s.t("score", label + school.score) if school.score else ""
    told = s.body(school.body)
    in_head = s.dice.random() < 0.5
    ended = s.style.only_ends and s.style.head == "free"
    when = s.t("date", s.date(school.end)) if ended else s.span(school.start, school.end)
    return {
        "a": s.t("org", school.org), "b": b, "date": when,
        "stacked": when if ended else s.stacked(school.start, school.end),
        "place": s.t("place", school.place) if s.style.places else "",
        "extra": score if in_head else "", "body": ("" if in_head else f"<div>{score}</div>") + told,
        "long": "", "degree": degree, "area": area,
    }  # fmt: skip


def grouped_jobs(s: Sheet) -> str:
    """As LinkedIn exports: the employer once, with how long in all, then each post held there;
    or from when to when in all."""
    found = []
    person = s.person
    spanned = s.once("whole", ("", "beside", "under"))
    for number, job in enumerate(person.jobs):
        s.entry = number
        again = number and person.jobs[number - 1].org == job.org
        if not again:
            whole = s.span(first_day(person.jobs[number:]), job.end)
            long = s.t("duration", "2 years 1 month")
            org = s.t("org", job.org, s.once("whole print", ("", "bold", "large bold")))
            found.append(row(org, whole) if spanned == "beside" else f"<div class=org1>{org}</div>")
            if spanned != "beside":
                found.append(f"<div class=grey>{whole if spanned else long}</div>")
        when = s.span(job.start, job.end)
        long = s.t("duration", s.dice.choice(["(1 year 4 months)", "(10 months)", "· 2 yrs"]))
        found.append(f"<div>{s.t('title', job.title)}</div><div class=grey>{when} {long}</div>")
        if s.style.places:
            found.append(f"<div class=grey>{s.t('place', job.place)}</div>")
        found.append(s.body(job.body))
        if s.style.inner:
            found.append(inner(s, job))
    return "".join(found)


def first_day(jobs: Sequence[Job]) -> Date:
    """Of the time at the employer of the first of them."""
    here = takewhile(lambda each: each.org == jobs[0].org, jobs)
    return [each.start for each in here][-1]


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
    return f"<table class='ruled{' rows' * s.style.unruled}'>{''.join(rows)}</table>"


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
    if s.style.heading in ("band", "upper", "line"):  # the form's own: the heading is a column's
        s.section = section
        title = s.heading(section)
        rows.append(
            f"<tr><th>{s.t('label', '年')}</th><th>{s.t('label', '月')}</th><th>{title}</th></tr>"
        )
        s.section = section
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
    form = s.dice.choice(["head", "line", "labels", "tech", "undated", "undated", "linked"])
    found = []
    for number, each in enumerate(s.person.projects):
        s.entry = number
        found.append(project(s, each, form))
    return "".join(found)


def project(s: Sheet, each: Work, form: str) -> str:
    name, when = s.t("project", each.name), s.span(each.start, each.end)
    if form == "line":
        return f"<div>• <b>{name}</b>: {s.t('body', each.body[0])}</div>"
    told = s.t("body", " ".join(f"{line}." for line in each.body))
    if form == "undated":
        return f"<div><b>{name}</b></div><div>{s.t('title', each.role)}</div><p>{told}</p>"
    if form == "linked":
        return f"<div><b>{name}</b> {s.t('text', 'github.com/sample')}</div>" + s.body(each.body)
    if form == "tech":
        return row(f"<b>{name}</b> | <i>{s.t('tech', each.tech)}</i>", when) + s.body(each.body)
    if form == "labels":
        asian = s.style.language == "ko"
        labels = f"<div>{s.t('body', ('역할: ' if asian else 'Role: ') + each.role)}</div>"
        labels += f"<div>{s.t('body', ('사용 기술: ' if asian else 'Tech: ') + each.tech)}</div>"
        return f"<div><b>{name}</b> ({when})</div>{labels}{s.body(each.body)}"
    return row(f"<b>{name}</b>", when) + f"<div>{s.t('title', each.role)}</div>" + s.body(each.body)


def skills(s: Sheet) -> str:
    form = s.dice.choice(["label", "label", "bold", "list", "chips", "plain", "over", "table"])
    found = []
    for group, words in s.person.skills:
        marked = ", ".join(s.t("skill", word) for word in words)
        if form == "label":
            found.append(f"<div class=skills>{s.t('group', group)}: {marked}</div>")
        elif form == "bold":
            found.append(f"<div class=skills><b>{s.t('group', group)}</b> {marked}</div>")
        elif form == "list":
            found += [f"<div>• {s.t('skill', word)}</div>" for word in words]
        elif form == "over":
            told = marked if s.dice.random() < 0.5 else "<br>".join(s.t("skill", w) for w in words)
            found.append(f"<div><b>{s.t('group', group)}</b></div><div>{told}</div>")
        elif form == "table":
            found.append(f"<div class=pair><b>{s.t('group', group)}</b><span>{marked}</span></div>")
        elif form == "chips":
            found.append("<div>" + " ".join(s.t("skill", w, "chip") for w in words) + "</div>")
        else:
            found.append(f"<div class=skills>{marked}</div>")
    return "".join(found)


def spoken(s: Sheet) -> str:
    form = s.dice.choice([": ", " - ", " (", " "])
    tail = ")" if form == " (" else ""
    rows = [
        f"<div>{s.t('spoken', f'{one}{form}{level}{tail}')}</div>" for one, level in s.person.spoken
    ]
    return "".join(rows)


def items(s: Sheet, listed: Sequence[tuple[str, str, Date]]) -> str:
    form = s.dice.choice(["right", "left", "comma", "bullet", "stack", "stack", "spaced"])
    found = []
    for number, (name, issuer, date) in enumerate(listed):
        s.entry = number
        one, by, when = s.t("item", name), s.t("issuer", issuer), s.t("date", s.date(date))
        forms = {"right": row(f"{one}, {by}", when), "left": f"<div>{when} {one} {by}</div>",
                 "comma": f"<div>{one}, {by}, {when}</div>", "bullet": f"<div>• {one} – {by} ({when})</div>",
                 "stack": f"<div class=entry><div><b>{one}</b></div><div>{by}</div><div>{when}</div></div>",
                 "spaced": row(f"<b>{one}</b>&emsp;<span class=grey>{by}</span>", when)}  # fmt: skip
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
    if s.style.head == "year_month" and s.style.heading in ("band", "upper", "line"):
        found = [("" if "<th>" in content else heading, content) for heading, content in found]
    for title, told in person.others:
        heading = s.heading("other", title)
        content = happened(s, told) if s.dice.random() < 0.4 else s.body(told)
        found.insert(s.dice.randint(2, len(found)), (heading, content))
    return found


def happened(s: Sheet, told: Sequence[str]) -> str:
    """What is dated as jobs are, under a heading that opens no jobs."""
    form = s.dice.choice(["right", "left", "over", "table"])
    found = []
    for line in told:
        year = s.dice.randint(2012, 2022)
        when, what = s.span((year, 3), (year + s.dice.randint(0, 2), 9)), s.t("body", line, "bold")
        if form == "right":
            found.append(row(what, when))
        elif form == "table":
            found.append(f"<table><tr><td class=when>{when}</td><td>{what}</td></tr></table>")
        else:
            found.append(
                f"<div>{when} {what}</div>"
                if form == "left"
                else f"<div>{when}</div><div>{what}</div>"
            )
    return "".join(found)
