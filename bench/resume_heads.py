"""The ways in which the head of an entry is laid out: employer, title, dates, place."""

from __future__ import annotations

from collections.abc import Callable

from bench.resume_content import CONTENT
from bench.resume_recipes import head_free
from bench.resume_sheet import Parts, Sheet


def row(left: str, right: str = "") -> str:
    return f"<div class=row><span>{left}</span><span class=right>{right}</span></div>"


def joined(join: str, *parts: str) -> str:
    return join.join(part for part in parts if part)


def head_org_place(s: Sheet, p: Parts) -> str:
    return row(f"<b>{p['a']}</b>", p["place"]) + row(
        f"<i>{joined(', ', p['b'], p['extra'])}</i>", p["date"]
    )


def head_title_place(s: Sheet, p: Parts) -> str:
    return row(f"<b>{joined(', ', p['b'], p['extra'])}</b>", p["date"]) + row(p["a"], p["place"])


def head_title_org(s: Sheet, p: Parts) -> str:
    return row(joined(s.style.join, f"<b>{p['b']}</b>", p["a"], p["extra"], p["place"]), p["date"])


def head_org_title(s: Sheet, p: Parts) -> str:
    return row(joined(s.style.join, f"<b>{p['a']}</b>", p["extra"], p["b"], p["place"]), p["date"])


def head_one_line(s: Sheet, p: Parts) -> str:
    return f"<div>{joined(s.style.join, p['b'], p['a'], p['extra'], p['date'])}</div>"


def head_left_dates(s: Sheet, p: Parts) -> str:
    tail = joined(s.style.comma, f"<b>{p['b']}</b>", f"<i>{p['a']}</i>", p["extra"], p["place"])
    return f"<td class=when>{p['date']}</td><td>{tail}"


def head_left_title_org(s: Sheet, p: Parts) -> str:
    rest = joined(s.style.join, p["b"], p["extra"], p["place"])
    return f"<td class=when>{p['date']}</td><td><div><b>{p['a']}</b></div><div>{rest}</div>"


def head_left_spaced(s: Sheet, p: Parts) -> str:
    """As job portals print: dates at the left with how long below, all else spaced apart."""
    long = s.t("duration", s.dice.choice(["7개월", "2년 4개월", "1 yr 3 mos"])) if p["long"] else ""
    rest = joined(" ", p["a"], p["extra"], p["b"])
    rest = f"<b>{rest}</b>" if s.style.join == " | " else rest
    return f"<td class=when>{p['date']}<div class=blue>{long}</div></td><td><div>{rest}</div>"


def head_stacked(s: Sheet, p: Parts) -> str:
    rows = (f"<b>{p['a']}</b>", p["b"], p["extra"], joined(s.style.join, p["date"], p["place"]))
    return "".join(f"<div>{each}</div>" for each in rows if each)


def head_stacked_title(s: Sheet, p: Parts) -> str:
    rows = (f"<b>{p['b']}</b>", p["date"], joined(" - ", p["a"], p["place"]), p["extra"])
    return "".join(f"<div>{each}</div>" for each in rows if each)


def head_title_at_org(s: Sheet, p: Parts) -> str:
    return row(
        joined(" at " if s.style.language == "en" else " · ", f"<b>{p['b']}</b>", p["a"])
    ) + (f"<div class=grey>{joined(' | ', p['date'], p['place'], p['extra'])}</div>")


def head_title_dates_org(s: Sheet, p: Parts) -> str:
    return row(f"<b>{p['b']}</b> ({p['date']})") + f"<div>{joined(', ', p['a'], p['place'])}</div>"


def head_dates_over(s: Sheet, p: Parts) -> str:
    when = f"<div class=grey>{joined(' – ', p['date'], p['place'])}</div>"
    return (
        f"{when}<div><b class=caps>{p['b']}</b></div><div>{joined(', ', p['a'], p['extra'])}</div>"
    )


def head_org_with_dates(s: Sheet, p: Parts) -> str:
    return f"<div><b>{p['a']}</b> | {p['date']}</div><div>{joined(' / ', p['extra'], p['b'])}</div>"


def head_org_dates(s: Sheet, p: Parts) -> str:
    return row(f"<b>{p['a']}</b>", p["date"]) + row(
        joined(s.style.join, p["b"], p["extra"]), p["place"]
    )


_CAPTIONED = ("a", "b", "date", "place", "extra")
_ORDERS = (
    "a b date place extra",
    "a date b extra place",
    "date a extra b place",
    "b a place date extra",
    "a place extra b date",
)


def _captioned(s: Sheet, p: Parts) -> list[tuple[str, str]]:
    """Each value of the entry with its caption, in the document's order."""
    section = "education" if s.section == "education" else "work"
    told = CONTENT["captions"][section][s.style.language].split("|")
    values = {**p, "b": p.get("degree", p["b"]), "extra": p.get("area", p["extra"])}
    names = dict(zip(_CAPTIONED, told, strict=True))
    order = s.once(f"order {section}", _ORDERS).split()
    return [(s.once(part, names[part].split(";")), values[part]) for part in order if values[part]]


def head_captioned(s: Sheet, p: Parts) -> str:
    """'Company: Northgate' a row, or two side by side."""
    form = s.once("captions", ("{}: ", "{}: ", "{} : ", "{}：", "pair"))
    strong = s.once("strong", ("b", "span"))
    if form == "pair":
        rows = (
            f"<div class=pair><b>{s.t('label', name)}</b><span>{value}</span></div>"
            for name, value in _captioned(s, p)
        )
        return "".join(rows)
    told = [
        f"<{strong}>{s.t('label', form.format(name))}</{strong}>{value}"
        for name, value in _captioned(s, p)
    ]
    if s.once("beside", ("", "", "two")):
        join = s.once("between", (" | ", "&emsp;&emsp;"))
        return "".join(
            f"<div>{join.join(told[at : at + 2])}</div>" for at in range(0, len(told), 2)
        )
    mark = s.once("mark", ("", "", "• "))
    return "".join(f"<div>{s.t('text', mark) if mark else ''}{each}</div>" for each in told)


def head_form(s: Sheet, p: Parts) -> str:
    """A ruled table to an entry, captions beside values."""
    wide = int(s.once("wide", ("1", "2")))
    cells = [f"<th>{s.t('label', name)}</th><td>{value}</td>" for name, value in _captioned(s, p)]
    rows = [f"<tr>{''.join(cells[at : at + wide])}</tr>" for at in range(0, len(cells), wide)]
    return f"<table class=ruled>{''.join(rows)}</table>"


HEADS: dict[str, Callable[[Sheet, Parts], str]] = {
    "org_place": head_org_place, "title_place": head_title_place, "title_org": head_title_org,
    "org_title": head_org_title, "one_line": head_one_line, "left_dates": head_left_dates,
    "left_spaced": head_left_spaced, "left_title_org": head_left_title_org, "stacked": head_stacked,
    "stacked_title": head_stacked_title, "title_at_org": head_title_at_org,
    "title_dates_org": head_title_dates_org, "dates_over": head_dates_over, "org_dates": head_org_dates,
    "org_with_dates": head_org_with_dates, "grouped": head_stacked, "bulleted": head_org_place,
    "ruled": head_org_place, "free": head_free, "year_month": head_org_place,
    "captioned": head_captioned, "form": head_form,
}  # fmt: skip
