"""Entries whose values stand after what they are, in rows and in ruled tables."""

from __future__ import annotations

from server.document.resume import Resume
from tests.workers.pdfs import Text, page_of
from workers.pdf import read_document
from workers.reading import read_resume

TOP: list[Text] = [(50, 70, "Maren Oduya", 24), (50, 100, "maren@example.org", 9)]


async def read(*texts: Text) -> Resume:
    return read_resume(await read_document(page_of(*TOP, *texts)), "cv.pdf")


def rows(top: float, *lines: str) -> list[Text]:
    return [(50, top + 14 * at, line, 9) for at, line in enumerate(lines)]


async def test_a_caption_says_what_stands_after_it() -> None:
    resume = await read(
        (50, 140, "Work Experience", 14),
        *rows(165, "Company: Quillfeather", "Location: Tarnwick", "Position: Pathfinder",
              "Period: 03/2019 - 02/2022", "Kept the lights on"),
        *rows(245, "Company: Umbra", "Location: Tarnwick", "Position: Lamplighter",
              "Period: 01/2016 - 02/2019", "Counted coins"),
    )  # fmt: skip
    assert [(w.name, w.position, w.startDate, w.endDate) for w in resume.work] == [
        ("Quillfeather", "Pathfinder", "2019-03", "2022-02"),
        ("Umbra", "Lamplighter", "2016-01", "2019-02"),
    ]


async def test_captions_may_stand_in_cells_and_two_in_a_row() -> None:
    cells = [
        [("학교명", "누리고등학교"), ("전공", "인문계"), ("기간", "2012.03 ~ 2015.02")],
        [("학교명", "가온대학교"), ("전공", "소프트웨어학부"), ("기간", "2015.03 ~ 2019.02")],
    ]
    listed = [
        (x, 165 + 60 * entry + 16 * at, text, 9)
        for entry, pairs in enumerate(cells)
        for at, (caption, value) in enumerate(pairs)
        for x, text in ((50, caption), (150, value))
    ]
    jobs = rows(
        325, "회사명 : 미르전자 | 직위 : 사원", "기간 : 2019.03 ~ 2021.02",
        "회사명 : 가온테크 | 직위 : 대리", "기간 : 2021.03 ~ 2023.02",
    )  # fmt: skip
    resume = await read((50, 140, "학력", 14), *listed, (50, 300, "경력", 14), *jobs)
    assert [(e.institution, e.startDate) for e in resume.education] == [
        ("누리고등학교", "2012-03"),
        ("가온대학교", "2015-03"),
    ]
    assert [(w.name, w.position, w.endDate) for w in resume.work] == [
        ("미르전자", "사원", "2021-02"),
        ("가온테크", "대리", "2023-02"),
    ]


async def test_what_tells_of_an_entry_keeps_its_label() -> None:
    resume = await read(
        (50, 140, "Experience", 14),
        *rows(165, "Web Developer at Northwind Ltd, 03/2019 - 02/2022", "Team: four people"),
        *rows(200, "Data Analyst at Redwood Bank, 01/2016 - 02/2019", "Team: nine people"),
    )  # fmt: skip
    assert [w.name for w in resume.work] == ["Northwind Ltd", "Redwood Bank"]
    assert [w.summary for w in resume.work] == ["Team: four people", "Team: nine people"]


async def test_captions_below_a_head_say_what_it_leaves_open() -> None:
    resume = await read(
        (50, 140, "Work Experience", 14),
        (50, 165, "1. Quillfeather Ltd", 12),
        *rows(179, "Title: Pathfinder", "Dates employed: 06/2017 - Present",
              "Kept the lights on and wrote of it"),
        (50, 245, "2. Umbra Ltd", 12),
        *rows(259, "Title: Lamplighter", "Dates employed: 04/2013 - 05/2017",
              "Counted the coins and wrote of it"),
        (50, 330, "Skills", 14),
        *rows(350, "HEC-RAS; Python and R; stream gauging", "Route planning, Excel and Access"),
    )  # fmt: skip
    assert [(w.name, w.position, w.startDate, w.endDate) for w in resume.work] == [
        ("Quillfeather Ltd", "Pathfinder", "2017-06", "present"),
        ("Umbra Ltd", "Lamplighter", "2013-04", "2017-05"),
    ]
    words = [word for skill in resume.skills for word in skill.keywords]
    assert words == [
        "HEC-RAS", "Python", "R", "stream gauging", "Route planning", "Excel", "Access",
    ]  # fmt: skip
