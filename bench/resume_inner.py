"""What was done within one job: projects with names and dates of their own, which are no jobs."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bench.resume_content import CONTENT, NOW, Date, Job, choices
from bench.resume_sheet import Sheet

_TODAY = (2025, 6)
_FORMS = (
    "right", "right", "bracket", "under", "over", "captioned", "captioned", "left", "last", "open",
)  # fmt: skip
_SIGNS = (
    "{}",
    "{}",
    "{}",
    "{}",
    "• {}",
    "□ {}",
    "▶ {}",
    "- {}",
    "[{}]",
    "【{}】",
    "『{}』",
    "{n}. {}",
    "{n}) {}",
)
_PRINTS = ("bold", "bold", "plain", "italic", "accent", "large bold", "grey")


def inner(s: Sheet, job: Job) -> str:
    """HTML of one to three of them, all of it marked as what is told of the job."""
    names = list(choices("inner_names", s.style.language))
    listed = s.dice.sample(names, s.dice.choice((1, 2, 2, 3)))
    form, sign = s.once("inner form", _FORMS), s.once("inner sign", _SIGNS)
    css = s.once("inner print", _PRINTS)
    set_in = s.once("inner inset", ("0", "0", "0", "8", "16"))
    bar = s.once("inner bar", ("", "", "; border-left:2px solid #ccc"))
    found = []
    for number, name in enumerate(listed, start=1):
        head = s.t("body", sign.format(name, n=number), css)
        found.append(f"<div style='margin-left:{set_in}pt{bar}'>{_one(s, job, head, form)}</div>")
    return "".join(found)


def _one(s: Sheet, job: Job, head: str, form: str) -> str:
    start, end = within(s.dice, job)
    until = "" if form == "open" else s.date(end)
    grey = s.once("inner date", ("grey", "", ""))
    when = s.t("body", f"{s.date(start)}{s.style.dash}{until}".rstrip(), grey)
    captions = CONTENT["inner_captions"][s.style.language].split("|")
    period, *others = (s.once(each, each.split(";")) for each in captions)
    colon = s.once("inner colon", (": ", " : ", "："))
    post = s.dice.choice(choices("project_roles", s.style.language))
    if s.once("inner post", ("", "beside", "", "")):
        head += s.t("body", f" · {post}")
    told = _told(s, job, post, [f"{other}{colon}" for other in others])
    over = f"<div>{head}</div>"
    beside = f"<div class=row><span>{head}</span><span class=right>{when}</span></div>"
    opened, closed, comma = (s.t("body", sign) for sign in ("(", ")", ", "))
    forms = {
        "right": beside, "open": beside, "under": f"{over}<div>{when}</div>",
        "over": f"<div>{when}</div>{over}", "bracket": f"<div>{head} {opened}{when}{closed}</div>",
        "captioned": f"{over}<div>{s.t('body', period + colon)}{when}</div>",
        "last": f"<div>{head}{comma}{when}</div>",
    }  # fmt: skip
    if form == "left":
        return f"<table><tr><td class=when>{when}</td><td>{over}{told}</td></tr></table>"
    return f"{forms[form]}{told}"


def _told(s: Sheet, job: Job, post: str, captions: Sequence[str]) -> str:
    """What is told below: role, aim and means after their captions, as the document has them."""
    role, aim, means = captions
    tools = ", ".join(s.dice.sample(choices("skills", "all"), 3))
    rows = {"role": role + post, "aim": aim + (job.body or [""])[0], "means": means + tools}
    shown = {name: text for name, text in rows.items() if s.once(f"inner {name}", ("", "shown"))}
    if s.once("bare post", ("", "", "shown")):
        shown["role"] = post
    over = [shown[name] for name in ("role", "aim") if name in shown]
    below = [shown[name] for name in ("means",) if name in shown]
    lines = [*(f"<div>{s.t('body', each)}</div>" for each in over), s.body(job.body[:2])]
    return "".join([*lines, *(f"<div>{s.t('body', each)}</div>" for each in below)])


def within(dice: random.Random, job: Job) -> tuple[Date, Date]:
    """From and to, in the time of the job."""
    first, last = _month(job.start), _month(_TODAY if job.end == NOW else job.end)
    last = max(first, last)
    start = dice.randint(first, last)
    end = dice.randint(start, last)
    return _date(start), NOW if job.end == NOW and end == last else _date(end)


def _month(date: Date) -> int:
    return date[0] * 12 + date[1] - 1


def _date(month: int) -> Date:
    return month // 12, month % 12 + 1
