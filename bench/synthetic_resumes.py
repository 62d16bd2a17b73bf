"""Writes a folder of made-up résumés in many layouts, with labels.csv: a hold-out without people.

``python -m bench.synthetic_resumes DIR [--count 200] [--seed 1]``
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bench.synthetic_words import (
    CITIES,
    FIELDS_OF_WORK,
    HEADINGS,
    MAIL_LABELS,
    NAME_LABELS,
    NAMES,
    OBJECTIVES,
    ODD,
    PAST,
    ROLE_LABELS,
    ROLES,
    TAGLINES,
    TRAPS,
)

WIDTH, HEIGHT = A4
SOURCES = (
    "form", "label", "headline", "headline", "headline_odd", "tagline", "objective", "running",
    "title", "filename", "none", "none", "none",
)  # fmt: skip
LAYOUTS = ("single", "centred", "sidebar_left", "sidebar_right", "two_column", "stacked")


@dataclass
class Plan:
    """One résumé: what it states and how it is set."""

    number: int
    language: str
    layout: str
    source: str
    name: str
    email: str
    role: str | None
    dice: random.Random
    traps: list[tuple[str, str]] = field(default_factory=list)

    def pick(self, table: dict[str, list[str]]) -> str:
        return self.dice.choice(table[self.language])


class Sheet:
    """A canvas with a cursor; Korean letters get a CID font that needs no file."""

    def __init__(self, path: Path, plan: Plan) -> None:
        self.canvas = Canvas(str(path), pagesize=A4)
        self.plan = plan
        self.x, self.y, self.width = 50.0, HEIGHT - 50.0, WIDTH - 100.0
        self.serif = plan.dice.random() < 0.4
        self.accent = plan.dice.choice([(0, 0, 0), (0.1, 0.3, 0.6), (0.6, 0.1, 0.1)])

    def font(self, text: str, bold: bool) -> str:
        if any("가" <= letter <= "힣" for letter in text):
            return "HYSMyeongJo-Medium" if self.serif else "HYGothic-Medium"
        base = "Times" if self.serif else "Helvetica"
        return f"{base}-Bold" if bold else {"Times": "Times-Roman"}.get(base, base)

    def put(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 10,
        bold: bool = False,
        color: tuple[float, float, float] = (0, 0, 0),
        centre: bool = False,
    ) -> float:
        font = self.font(text, bold)
        self.canvas.setFont(font, size)
        self.canvas.setFillColorRGB(*color)
        width = pdfmetrics.stringWidth(text, font, size)
        self.canvas.drawString(x - width / 2 if centre else x, y, text)
        return x + float(width)

    def line(self, text: str, size: float = 10, bold: bool = False, accent: bool = False,
             centre: bool = False) -> None:  # fmt: skip
        while size > 8 and pdfmetrics.stringWidth(text, self.font(text, bold), size) > self.width:
            size -= 1
        self.y -= size * 1.4
        x = self.x + self.width / 2 if centre else self.x
        self.put(x, self.y, text, size, bold, self.accent if accent else (0, 0, 0), centre)

    def heading(self, kind: str) -> None:
        plan = self.plan
        text = plan.pick({key: table[kind] for key, table in HEADINGS.items()})
        if plan.language == "en" and plan.number % 5 == 0:
            text = " ".join(text.upper())
        self.y -= 10
        self.line(text, 12.5, bold=True, accent=True)
        self.canvas.line(self.x, self.y - 3, self.x + self.width, self.y - 3)
        self.y -= 4


def body(sheet: Sheet, kinds: tuple[str, ...]) -> None:
    plan, dice = sheet.plan, sheet.plan.dice
    korean = plan.language == "ko"
    for kind in kinds:
        sheet.heading(kind)
        if kind == "work":
            for start in (2021, 2018):
                where = dice.choice(
                    ["한빛소프트", "가온시스템즈"] if korean else ["Northwind Ltd", "Acme Corp"]
                )
                sheet.line(where, 10.5, bold=True)
                past = plan.pick(PAST)
                span = (
                    f"{start}.03 - {start + 2}.02" if korean else f"Mar {start} - Feb {start + 2}"
                )
                sheet.line(f"{past}   {span}" if sheet.width < 300 else past, 10)
                if sheet.width >= 300:
                    sheet.put(sheet.x + sheet.width - 110, sheet.y, span, 9)
                for _ in range(2):
                    sheet.line("• 결제 서버의 응답 시간을 절반으로 줄임" if korean
                               else "• Cut response time of the service in half", 9.5)  # fmt: skip
        elif kind == "education":
            sheet.line(
                "한국대학교 컴퓨터공학 학사" if korean else "Example University, B.Sc. Physics", 10
            )
            sheet.line("2014.03 - 2018.02" if korean else "2014 - 2018", 9)
        elif kind == "skills":
            sheet.line("Python, SQL, Docker", 10)
            sheet.line("Kubernetes, Linux", 10)
        elif kind == "projects":
            sheet.line("무인 주차 정산 시스템" if korean else "Parking kiosk", 10, bold=True)
            sheet.line(
                "• 담당업무: 서버 개발자" if korean else "• Role: Lead Developer of the team", 9.5
            )
        elif kind == "references":
            sheet.line("김추천 교수" if korean else "Prof. Alma Referee", 10)
            sheet.line("referee@college.example.edu", 10)


def headline(plan: Plan) -> str | None:
    if plan.source in ("headline", "headline_odd"):
        years = plan.dice.choice(["", "", " · 7년 차" if plan.language == "ko" else " | 7 years"])
        return f"{plan.role}{years}"
    if plan.source == "tagline":
        return plan.pick(TAGLINES).format(role=plan.role)
    return None


def top(sheet: Sheet, centre: bool, contacts: bool = True) -> None:
    plan, dice = sheet.plan, sheet.plan.dice
    if dice.random() < 0.25:
        title = "이 력 서" if plan.language == "ko" else dice.choice(["RESUME", "Curriculum Vitae"])
        sheet.line(title, dice.choice([11, 16, 22]), bold=True, centre=centre)
        sheet.y -= 8
    name = plan.name.upper() if plan.language == "en" and dice.random() < 0.3 else plan.name
    line = headline(plan)
    if line and plan.source == "headline" and dice.random() < 0.2:
        sheet.line(f"{name} | {line}", 16, bold=True, centre=centre)
        line = None
    elif plan.layout == "stacked" and plan.language == "en" and len(name.split()) == 2:
        for part in name.split():
            sheet.line(part, 26, bold=True, centre=centre)
    else:
        sheet.line(name, dice.choice([14, 20, 28, 34]), bold=True, centre=centre)
    if line:
        sheet.line(line, dice.choice([10.5, 12, 14]), accent=True, centre=centre)
    if contacts:
        contact_lines(sheet, centre)


def contact_lines(sheet: Sheet, centre: bool) -> None:
    plan, dice = sheet.plan, sheet.plan.dice
    parts = [
        plan.pick(CITIES),
        plan.email,
        "010-1234-5678" if plan.language == "ko" else "+351 912 345 678",
    ]
    dice.shuffle(parts)
    if sheet.width < 220 or dice.random() < 0.4:
        for part in parts:
            sheet.line(part, 9.5, centre=centre)
    else:
        sheet.line(dice.choice([" | ", "   ", " · "]).join(parts), 9.5, centre=centre)
    for label, value in ([stated(plan)] if plan.source == "label" else []) + plan.traps:
        mark = dice.choice([" : ", ": "])
        sheet.line(f"{label}{mark}{value}", 10)


def stated(plan: Plan) -> tuple[str, str]:
    return plan.pick(ROLE_LABELS), plan.role or ""


def objective(sheet: Sheet) -> None:
    if sheet.plan.source == "objective":
        sheet.heading("objective")
        sheet.line(sheet.plan.pick(OBJECTIVES).format(role=sheet.plan.role), 10)


def draw_form(sheet: Sheet) -> None:
    """A ruled form: labels and values in cells, then the usual sections."""
    plan, dice = sheet.plan, sheet.plan.dice
    sheet.line(
        "이 력 서" if plan.language == "ko" else "Application Form", 20, bold=True, centre=True
    )
    pairs = [(plan.pick(NAME_LABELS), plan.name), (plan.pick(MAIL_LABELS), plan.email),
             ("생년월일" if plan.language == "ko" else "Date of birth", "1997. 03. 11"),
             *([stated(plan)] if plan.source == "form" else []), *plan.traps]  # fmt: skip
    dice.shuffle(pairs)
    sheet.y -= 20
    per_row = dice.choice([1, 2])
    cell = sheet.width / (2 * per_row)
    for start in range(0, len(pairs), per_row):
        for place, (label, value) in enumerate(pairs[start : start + per_row]):
            for offset, text in ((0, label), (1, value)):
                x = sheet.x + (2 * place + offset) * cell
                sheet.canvas.rect(x, sheet.y - 24, cell, 24)
                size = (
                    9 if pdfmetrics.stringWidth(text, sheet.font(text, False), 9) < cell - 8 else 6
                )
                sheet.put(x + 5, sheet.y - 16, text, size)
        sheet.y -= 24
    body(sheet, ("education", "work", "skills"))


def draw_columns(sheet: Sheet, side: str) -> None:
    dice = sheet.plan.dice
    narrow = 165.0
    side_x = 40.0 if side == "left" else WIDTH - 40 - narrow
    main_x, main_width = (235.0, WIDTH - 275) if side == "left" else (40.0, WIDTH - 290)
    dark = dice.random() < 0.3
    if dark:
        sheet.canvas.setFillColorRGB(0.92, 0.92, 0.95)
        sheet.canvas.rect(side_x - 15, 0, narrow + 30, HEIGHT, stroke=0, fill=1)

    def aside() -> None:
        sheet.x, sheet.y, sheet.width = side_x, HEIGHT - 50, narrow
        top(sheet, centre=False)
        body(sheet, ("skills", "education"))

    def main() -> None:
        sheet.x, sheet.y, sheet.width = main_x, HEIGHT - 50, main_width
        objective(sheet)
        body(sheet, ("work", "projects", "references"))

    for draw in (main, aside) if dice.random() < 0.5 else (aside, main):
        draw()


def draw_two_columns(sheet: Sheet) -> None:
    top(sheet, centre=sheet.plan.dice.random() < 0.5)
    objective(sheet)
    start = sheet.y
    sheet.width = 290.0
    body(sheet, ("work", "projects"))
    sheet.x, sheet.y, sheet.width = 380.0, start, 170.0
    body(sheet, ("skills", "education", "references"))


def draw(path: Path, plan: Plan) -> None:
    sheet = Sheet(path, plan)
    if plan.source == "title":
        sheet.canvas.setTitle(f"{plan.name} - {plan.role} - CV")
    if plan.source == "form" or (plan.source == "none" and plan.number % 4 == 0):
        draw_form(sheet)
    elif plan.layout.startswith("sidebar"):
        draw_columns(sheet, plan.layout.removeprefix("sidebar_"))
    elif plan.layout == "two_column":
        draw_two_columns(sheet)
    else:
        top(sheet, centre=plan.layout == "centred")
        objective(sheet)
        body(sheet, ("work", "education", "skills", "projects", "references"))
    if plan.source == "running":
        sheet.put(WIDTH / 2, HEIGHT - 24, f"{plan.name} | {plan.role}", 8, centre=True)
        sheet.canvas.showPage()
        sheet.put(WIDTH / 2, HEIGHT - 24, f"{plan.name} | {plan.role}", 8, centre=True)
        sheet.y = HEIGHT - 60
        body(sheet, ("projects",))
    sheet.canvas.save()


def make_plan(number: int, seed: int) -> Plan:
    dice = random.Random(f"{seed}-{number}")
    language = dice.choice(["ko", "en"])
    source = dice.choice(SOURCES)
    role: str | None = dice.choice(ROLES[language])
    if source == "headline_odd":
        language, role = "en", dice.choice(ODD)
    elif source == "form" and language == "ko" and dice.random() < 0.5:
        role = dice.choice(FIELDS_OF_WORK)
    elif source == "none":
        role = None
    name = dice.choice(NAMES[language])
    local = dice.choice(
        [
            "hello",
            "contact.me",
            "dev_1997",
            "".join(c for c in name.lower() if c.isascii() and c.isalpha()) or "me",
        ]
    )
    email = f"{local}@{dice.choice(['example.com', 'mail.example.org', 'post.example.co.kr'])}"
    traps = dice.sample(TRAPS[language], k=dice.choice([0, 0, 1, 2]))
    return Plan(number, language, dice.choice(LAYOUTS), source, name, email, role, dice, traps)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for font in ("HYSMyeongJo-Medium", "HYGothic-Medium"):
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    given.folder.mkdir(parents=True, exist_ok=True)
    with (given.folder / "labels.csv").open("w", encoding="utf-8", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(["file", "origin", "pages", "language", "layout", "name", "email",
                       "target_role", "role_source", "target_company", "notes"])  # fmt: skip
        for number in range(given.count):
            plan = make_plan(number, given.seed)
            file = f"{number:03}.pdf"
            if plan.source == "filename":
                file = (
                    f"{number:03}_{plan.role} 이력서.pdf".replace("/", "")
                    if plan.language == "ko"
                    else f"{number:03} {plan.role} resume.pdf"
                )
                plan.role = plan.role.replace("/", "") if plan.role else None
            draw(given.folder / file, plan)
            rows.writerow([file, "made", 1, plan.language, plan.layout, plan.name, plan.email,
                           plan.role or "none", plan.source, "none", ""])  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
