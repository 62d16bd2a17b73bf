"""Made-up résumés set in many styles and printed by Chromium, with labels known by construction.

``python -m bench.resume_pages DIR --count 400 [--seed 1] [--held-out]`` writes ``NNNN.pdf``, the
same page with every word painted in the colour of what it is (``NNNN.marked.pdf``, to learn from)
and ``labels.json``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sys
from itertools import pairwise
from pathlib import Path

from playwright.async_api import async_playwright

from bench.resume_content import CONTENT, LANGUAGES, NOW, Date, Person, make_person
from bench.resume_heads import HEADS
from bench.resume_layouts import sections
from bench.resume_recipes import recipe
from bench.resume_sheet import HELD_OUT, PAGES, Sheet, Style

FONTS = (
    "NanumGothic",
    "NanumMyeongjo",
    "NanumBarunGothic",
    "NanumSquare",
    "DejaVu Sans",
    "DejaVu Serif",
)
EASTERN = {"ja": ("Noto Sans CJK JP",), "zh": ("Noto Sans CJK SC",)}
JOINS = (", ", " | ", " - ", " – ", " · ", " @ ", " / ", ", ")
BULLETS = ("ul", "ul", "dash", "dot", "mid", "ring", "square", "plain", "prose")
DATES = {
    "en": ("name", "name_short", "name_short", "slash", "dot", "iso", "year", "name_two", "space", "yslash", "iso_day"),
    "ko": ("dot", "dot", "dots", "ko", "iso", "two", "apos", "year", "yslash", "space"),
    "de": ("slash", "slash", "dotm", "name", "year"), "ja": ("zh", "dot", "yslash"),
    "zh": ("zh", "zh_wide", "dot", "yslash", "iso"), "fr": ("name", "slash", "year", "name_short"),
}  # fmt: skip
COMMON = ("grouped", "ruled", "bulleted", "captioned", "form")
"""Ways that no composed head has, drawn twice as often as the other fixed ones."""
DASHES = (" - ", " – ", "-", "–", " ~ ", " — ", " ~ ")


def make_style(dice: random.Random, language: str, held_out: bool) -> Style:
    heads = [head for head in HEADS if head != "year_month"]
    pages = list(PAGES)
    if held_out:
        if dice.random() < 0.8:
            heads = list(HELD_OUT["heads"])
        else:
            pages = list(HELD_OUT["pages"])
    else:
        heads = [head for head in heads if head not in HELD_OUT["heads"]]
        pages = [page for page in pages if page not in HELD_OUT["pages"]]
    dash = dice.choice(DASHES)
    if language == "ko" and dice.random() < 0.5:
        dash = " ~ "
    dates = dice.choice(DATES[language])
    if dates in ("iso", "iso_day", "two", "name_two", "space") and dash.strip() == dash:
        dash = " - "
    size = dice.choice([8.5, 9, 10, 11])
    font = dice.choice(EASTERN.get(language, FONTS))
    accent = dice.choice(["#000", "#000", "#1a4f8a", "#8a1a2b", "#444"])
    heading = dice.choice(
        [
            "plain",
            "plain",
            "upper",
            "upper",
            "band",
            "line",
            "line",
            "numbered",
            "marked",
            "colon",
            "icon",
            "like_entries",
        ]
    )
    bold = dice.choice(["bold", "bold", "normal"])
    css = _css(dice, font, size, accent, heading, bold)
    heads += [head for head in (*COMMON, "org_place") if head in heads]
    heads += ["free"] * len(heads)
    own = recipe(dice, held_out)
    school = own if dice.random() < 0.6 else recipe(dice, held_out)
    told = dice.choice(CONTENT["inner_labels"][language].split("|")) if dice.random() < 0.12 else ""
    head = "year_month" if language == "ja" and dice.random() < 0.4 else dice.choice(heads)
    return Style(
        head, dice.choice(pages), dice, language, dates, dash, dice.choice(BULLETS),
        dice.random() < 0.6, accent, css, heading, dice.choice(JOINS), dice.choice([", ", ", ", " | "]),
        1.0, 1.0, own, school, told, dice.random() < 0.25, dice.random() < 0.5,
        dice.random() < 0.3,
    )  # fmt: skip


def _css(dice: random.Random, font: str, size: float, accent: str, heading: str, bold: str) -> str:
    big = size * dice.choice([0.85, 1.0, 1.15, 1.15, 1.3, 1.3, 1.5, 1.9])
    large = size * dice.choice([1.1, 1.2, 1.35])
    if dice.random() < 0.2:  # what heads an entry is no smaller than what heads a section
        large = max(big, large) * dice.choice([1.0, 1.0, 1.15])
    if dice.random() < 0.1:  # as typed: nothing but the words tells a heading
        big, heading = size, "plain"
        weight, accent, gap_over = "normal", "#000", dice.choice([0, 0, 6])
    else:
        weight, gap_over = "", 6
    weight = weight or ("bold" if big <= size * 1.1 or dice.random() < 0.7 else "normal")
    if heading == "like_entries":  # an entry's first row is printed as the headings are
        large, weight = big, "bold"
    spaced = dice.choice([0, 0, 0, 0, 0.1, 0.2])
    other = dice.choice(["inherit"] * 5 + ["'DejaVu Sans Mono'", "'DejaVu Serif'", "'NanumSquare'"])
    cased = dice.choice(["none"] * 7 + ["lowercase"])
    band = {"band": "background:#eee;", "line": "border-bottom:1px solid #555;"}.get(heading, "")
    gap = dice.choice([2, 5, 9])
    italic = dice.choice(["italic", "normal"])
    right = dice.choice(["space-between", "space-between", "space-between", "flex-start"])
    return f"""
@page {{ size: A4; margin: {dice.choice([12, 15, 20])}mm }}
body {{ font: {size}pt/{dice.choice([1.2, 1.35, 1.5])} '{font}','Noto Sans CJK JP',sans-serif; margin:0 }}
h2 {{ font-size:{big}pt; font-weight:{weight}; color:{accent}; margin:{gap_over + gap * (gap_over > 0)}pt 0 {gap * (gap_over > 0)}pt; {band} }}
h2 {{ letter-spacing:{spaced}em; font-family:{other}; text-transform:{cased}; text-align:{dice.choice(["left", "left", "left", "left", "center", "right"])} }}
.bold {{ font-weight:bold }} .italic {{ font-style:italic }} .large {{ font-size:{large}pt }} .accent {{ color:{dice.choice(["#1a4f8a", "#b33", "#087"])} }}
.pair {{ display:flex; gap:12pt }} .pair>b {{ width:{dice.choice([80, 110, 140])}pt; flex:none }}
h1 {{ font-size:{size * dice.choice([1.6, 2, 2.6])}pt; margin:0 0 2pt; font-weight:{dice.choice(["bold", "normal"])} }}
b, th {{ font-weight:{bold} }} i {{ font-style:{italic} }} th {{ background:#f2f2f2 }}
.row {{ display:flex; justify-content:{right}; gap:18pt }} .right {{ white-space:nowrap }}
.entry {{ margin-bottom:{gap}pt }} ul {{ margin:1pt 0; padding-left:{dice.choice([12, 16, 24])}pt }}
.buls {{ padding-left:{dice.choice([0, 0, 8])}pt }} p {{ margin:1pt 0 }}
table {{ border-collapse:collapse; width:100% }} td {{ vertical-align:top; padding:0 2pt }}
.when {{ width:{dice.choice(["98pt; white-space:nowrap", "115pt; white-space:nowrap", "62pt"])} }} .about {{ font-style:{italic} }} .grey {{ color:#777 }} .blue {{ color:#28c }}
.ruled td, .ruled th {{ border:1px solid #888; padding:2pt 4pt; text-align:{dice.choice(["left", "left", "center"])} }}
.rows td, .rows th {{ border-width:{dice.choice(["1px 0", "0", "0 0 1px"])}; background:none }} .org1 {{ font-size:{size * 1.1}pt }}
.chip {{ border:1px solid #aaa; padding:0 4pt; margin:1pt; display:inline-block }} .caps {{ text-transform:uppercase }}
.sheet {{ display:flex; gap:16pt }} .narrow {{ width:{dice.choice([115, 130, 150, 170, 200])}pt; flex:none }} .wide {{ flex:1 }}
.gutter {{ display:flex; margin-top:8pt }} .gutter>h2 {{ width:{dice.choice([70, 85, 110, 140])}pt; flex:none; margin:0; border:0 }} .gutter>div {{ flex:1 }}
.center {{ text-align:center }} .skills {{ max-width:{dice.choice([150, 220, 400])}pt }}
h2, .row {{ break-after: avoid }}
"""


def page_html(person: Person, style: Style) -> str:
    sheet = Sheet(person, style)
    dice = style.dice
    top = f"<h1>{sheet.t('name', person.name)}</h1>"
    if person.role:
        top += f"<div>{sheet.t('role', person.role)}</div>"
    contact = [person.email, person.phone, person.place]
    join = dice.choice([" | ", " · ", "<br>"])
    contacts = join.join(sheet.t("contact", each) for each in contact)
    order: list[str] = []
    shown: dict[str, tuple[str, str]] = {}
    for heading, content in sections(sheet):
        key = f"{len(order)}"
        order.append(key)
        shown[key] = (heading, content)

    def block(key: str) -> str:
        heading, content = shown[key]
        if style.page == "gutter":
            return f"<div class=gutter><h2>{heading}</h2><div>{content}</div></div>"
        return f"<h2>{heading}</h2>{content}" if heading else content

    small = [
        key
        for key in order
        if any(f'class="{mark}' in shown[key][1] for mark in ("skill", "spoken", "item"))
    ]
    schools = dice.random() < 0.6  # beside the jobs, in the narrow column
    small = [
        key
        for key in order
        if key in small or (schools and 'class="degree' in shown[key][1])
        if 'class="project' not in shown[key][1]
        and ('class="org' not in shown[key][1] or ('class="degree' in shown[key][1] and schools))
    ]
    if style.page.startswith("sidebar"):
        aside = f"<div class=narrow>{top}<p>{contacts}</p>{''.join(block(k) for k in small)}</div>"
        main = f"<div class=wide>{''.join(block(k) for k in order if k not in small)}</div>"
        if dice.random() < 0.5:
            aside = f"<div class=narrow><p>{contacts}</p>{''.join(block(k) for k in small)}</div>"
            main = main.replace("<div class=wide>", f"<div class=wide>{top}", 1)
        both = (aside, main) if style.page == "sidebar_left" else (main, aside)
        body = f"<div class=sheet>{''.join(both)}</div>"
    elif style.page == "two_columns":
        main = "".join(block(k) for k in order if k not in small)
        aside = "".join(block(k) for k in small)
        body = f"<div>{top}<p>{contacts}</p></div><div class=sheet><div class=wide>{main}</div><div class=narrow>{aside}</div></div>"
    else:
        place = "center" if style.page == "centred" else ""
        body = (
            f"<div class={place or 'top'}>{top}<p>{contacts}</p></div>{''.join(map(block, order))}"
        )
    return f"<!doctype html><html lang={person.language}><meta charset=utf-8><style>{style.css}</style><body>{body}</body></html>"


def labels_of(person: Person, style: Style) -> dict[str, object]:
    """What a reader should find, as ``structured_data`` would name it."""
    year_only, day = style.dates == "year", "-01" if style.dates == "iso_day" else ""

    def iso(date: Date) -> str:
        if date == NOW:
            return "present"
        return f"{date[0]}" if year_only else f"{date[0]}-{date[1]:02d}{day}"

    return {
        "style": f"{style.head}/{style.page}", "language": person.language,
        "name": person.name, "target_role": person.role,
        "work": [[job.org, None if style.head == "year_month" else job.title, iso(job.start), iso(job.end)] for job in person.jobs],
        "education": [
            [each.org, None if style.only_ends and style.head == "free" else iso(each.start), iso(each.end)]
            for each in person.schools
        ],
        "projects": [each.name for each in person.projects],
        "skills": [word for _, words in person.skills for word in words],
        "languages": [list(each) for each in person.spoken],
        "certificates": [name for name, _, _ in person.certificates],
        "awards": [title for title, _, _ in person.awards],
    }  # fmt: skip


_PAINT = """() => {
  document.querySelectorAll('*').forEach(e => {
    e.style.setProperty('color', '#000', 'important');
    e.style.setProperty('background', 'none', 'important');
  });
  document.querySelectorAll('[data-m]').forEach(e =>
    e.style.setProperty('color', e.dataset.m, 'important'));
}"""


async def print_all(folder: Path, count: int, seed: int, held_out: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = next(found for name in ("chromium", "google-chrome") if (found := shutil.which(name)))
    labels: dict[str, object] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = await browser.new_page()
        for number in range(count):
            dice = random.Random(f"{seed}-{number}-{held_out}")
            language = dice.choices(LANGUAGES, weights=(40, 35, 9, 6, 6, 4))[0]
            person = make_person(dice, language)
            style = make_style(dice, language, held_out)
            if style.head == "grouped":
                for before, job in pairwise(person.jobs):
                    job.org = before.org if dice.random() < 0.5 else job.org
            await page.set_content(page_html(person, style))
            await page.pdf(
                path=folder / f"{number:04}.pdf", prefer_css_page_size=True, print_background=True
            )
            await page.evaluate(_PAINT)
            await page.pdf(path=folder / f"{number:04}.marked.pdf", prefer_css_page_size=True)
            labels[f"{number:04}"] = labels_of(person, style)
        await browser.close()
    text = json.dumps(labels, ensure_ascii=False, indent=0)
    (folder / "labels.json").write_text(text, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true", help="only styles never learned from")
    given = parser.parse_args()
    asyncio.run(print_all(given.folder, given.count, given.seed, given.held_out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
