"""How the head of an entry is set: broken over two rows, listed, in a gutter, told twice."""

from __future__ import annotations

import pytest

from server.document.resume import Resume
from tests.workers.pdfs import Text, page_of
from workers.pdf import read_document
from workers.reading import read_resume
from workers.reading.headings import names_jobs_and_schools, section_kind

TOP: list[Text] = [(50, 40, "Maren Oduya", 22), (50, 66, "maren@example.org", 9)]


async def read(*texts: Text) -> Resume:
    return read_resume(await read_document(page_of(*TOP, *texts)), "cv.pdf")


def found(resume: Resume) -> list[tuple[str | None, str | None, str | None]]:
    return [(work.name, work.position, work.endDate) for work in resume.work]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Erfahrungen und Tätigkeiten", "work"),
        ("工作及教育经历", "work"),
        ("Kenntnisse und Interessen", "skills"),
        ("職務履歴", "work"),
        ("Erfahrung und Kenntnisse", "skills"),
        ("Опыт работы", "work"),
        ("Erfahrungen und Ähnliches", None),
    ],
)
def test_a_heading_of_two_halves_is_what_both_are(heading: str, kind: str | None) -> None:
    assert section_kind(heading) == kind


def test_headings_of_jobs_and_schools() -> None:
    assert names_jobs_and_schools("Bildung und berufliche Laufbahn")
    assert names_jobs_and_schools("Education & Work")
    assert not names_jobs_and_schools("Work Experience")


async def test_schools_and_jobs_in_one_list_are_told_apart() -> None:
    rows = [
        ("Halden GmbH", "Systemadministrator", "seit Januar 2025"),
        ("Morrow AG", "Systemtechniker", "Juni 2021 - Dezember 2024"),
        ("Universität Nordtor", "Bachelor of Science", "2016 - 2020"),
    ]
    texts: list[Text] = [(50, 110, "Bildung und berufliche Laufbahn", 14)]
    for at, row in enumerate(rows):
        texts += [(x, 140 + 18 * at, cell, 10) for x, cell in zip((50, 230, 400), row, strict=True)]
    resume = await read(*texts)
    assert [work.name for work in resume.work] == [row[0] for row in rows[:2]]
    assert [each.institution for each in resume.education] == [rows[2][0]]


async def test_a_head_that_was_broken_at_the_edge_is_one() -> None:
    texts: list[Text] = [(50, 110, "Berufserfahrung", 14)]
    heads = [
        ("Praktikum als Bauphysiker, Halden GmbH, Essen",),
        ("Werkstudent im kaufmännischen Bereich, Morrow und Sohn", "GmbH, Essen"),
        ("Aushilfe im Einzelhandel, Nimbus GmbH, Essen",),
    ]
    top = 140
    for at, head in enumerate(heads):
        texts += [(50, top + 14 * n, line, 12) for n, line in enumerate(head)]
        top += 14 * len(head) + 6
        texts += [(50, top, f"• März {2021 - at} - Mai {2021 - at}", 9)]
        texts += [
            (
                50,
                top + 13,
                "• Unterlagen für drei Häuser gezeichnet und alle alten dort geprüft",
                11,
            )
        ]
        top += 34
    assert found(await read(*texts)) == [
        ("Halden GmbH", "Praktikum als Bauphysiker", "2021-05"),
        ("Morrow und Sohn GmbH", "Werkstudent im kaufmännischen Bereich", "2020-05"),
        ("Nimbus GmbH", "Aushilfe im Einzelhandel", "2019-05"),
    ]


async def test_the_signs_of_a_list_around_lists_say_nothing() -> None:
    texts: list[Text] = [(50, 110, "Expérience professionnelle", 14)]
    heads = [
        "• Novembre 2019 - Mai 2021 : Développeur iOS chez Halden SARL",
        "• Avril 2017 - Juin 2019 : Développeur mobile chez Morrow SA",
    ]
    for at, head in enumerate(heads):
        top = 140 + 60 * at
        texts += [(50, top, head, 10), (80, top + 15, "• Maintenance de solutions internes", 10),
                  (80, top + 30, "• Support technique", 10)]  # fmt: skip
    assert found(await read(*texts)) == [
        ("Halden SARL", "Développeur iOS", "2021-05"),
        ("Morrow SA", "Développeur mobile", "2019-06"),
    ]


async def test_lines_drawn_with_signs_part_no_gutter() -> None:
    jobs = [
        ("Halden Inc. / Engineer", "DEC 2020 - MAY 2023"),
        ("Morrow Ltd / Clerk", "JAN 2018 - NOV 2020"),
    ]
    gutter = {
        "Summary": [("Full-stack engineer of ten years in small firms", "")],
        "Experience": jobs,
        "Education": [("Aoyama University / B.A.", "APR 2010 - MAR 2014")],
    }
    texts, top = list[Text](), 120
    for heading, told in gutter.items():
        texts += [(50, top - 16, "ㅡ", 12), (50, top, heading, 11)]
        for head, when in told:
            texts += [(220, top, head, 11), (220, top + 15, when, 9)]
            texts += [(220, top + 30, "Built what was asked for and kept it running", 9)]
            top += 52
        top += 20
    resume = await read(*[text for text in texts if text[2]])
    assert found(resume) == [
        ("Halden Inc.", "Engineer", "2023-05"),
        ("Morrow Ltd", "Clerk", "2020-11"),
    ]
    assert [each.institution for each in resume.education] == ["Aoyama University"]


async def test_a_table_of_jobs_and_what_is_told_of_each_is_one() -> None:
    texts: list[Text] = [(50, 110, "경력사항", 14)]
    rows = [("회사명", "기간", "직책"), ("한빛소프트", "2023.01 - 현재", "백엔드 개발자"),
            ("가람시스템", "2021.04 - 2022.10", "연구원")]  # fmt: skip
    for at, row in enumerate(rows):
        texts += [(x, 140 + 18 * at, cell, 10) for x, cell in zip((50, 230, 360), row, strict=True)]
    for at, (name, when, _) in enumerate(rows[1:]):
        top = 260 + 70 * at
        texts += [(50, top, name, 12), (430, top, when, 9),
                  (60, top + 16, "• 서비스를 개발하고 운영했습니다", 9)]  # fmt: skip
    assert found(await read(*texts)) == [
        ("한빛소프트", "백엔드 개발자", "present"),
        ("가람시스템", "연구원", "2022-10"),
    ]


async def test_what_stands_in_brackets_and_a_department_are_no_employer() -> None:
    texts: list[Text] = [(50, 110, "Experience", 14)]
    heads = [
        (
            "Feb 2019-present: Analytical Lead, Medicines Analysis Team, Halden",
            "working in R mostly",
        ),
        (
            "Oct 2017-Jan 2019: Research Manager, Central Analytical Unit, Morrow",
            "working in SQL too",
        ),
    ]
    for at, (head, remark) in enumerate(heads):
        top = 140 + 40 * at
        texts += [(50, top, f"{head} ({remark})", 9), (62, top + 14, "• Led a team of nine", 9)]
    assert found(await read(*texts)) == [
        ("Halden", "Analytical Lead", "present"),
        ("Morrow", "Research Manager", "2019-01"),
    ]


async def test_an_employer_stands_before_its_department() -> None:
    rows = [("2022.08", "한빛소프트 성장본부 데이터팀"), ("2023.12", "가람시스템 개발본부")]
    texts: list[Text] = [(50, 110, "경력사항", 14)]
    for at, row in enumerate(rows):
        texts += [(x, 140 + 24 * at, cell, 10) for x, cell in zip((50, 130), row, strict=True)]
    assert [work.name for work in (await read(*texts)).work] == ["한빛소프트", "가람시스템"]
