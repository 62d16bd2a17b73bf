"""Tables without lines: what stands under known heads of columns is not parted into columns."""

from __future__ import annotations

from server.document.resume import Resume
from tests.workers.pdfs import Text, page_of
from workers.pdf import read_document
from workers.reading import read_resume

TOP: list[Text] = [
    (250, 60, "이력서", 20),
    (50, 90, "홍길동", 14),
    (50, 110, "hong@example.org", 9),
]


async def read(*texts: Text) -> Resume:
    return read_resume(await read_document(page_of(*TOP, *texts)), "cv.pdf")


def row(top: float, *cells: tuple[float, str]) -> list[Text]:
    return [(x, top, text, 9) for x, text in cells]


async def test_cells_stand_under_heads_of_columns() -> None:
    resume = await read(
        (50, 140, "학력사항", 12),
        *row(165, (80, "재학기간"), (254, "학교명"), (380, "전공"), (490, "소재지")),
        *row(182, (66, "2020. 03 ~ 2024. 02"), (240, "누리대학교"), (370, "소프트웨어학부"),
             (476, "강원도 춘천시")),
        (50, 220, "경력사항", 12),
        *row(245, (80, "근무기간"), (254, "회사명"), (380, "직위")),
        *row(262, (66, "2024. 03 ~ 2025. 02"), (240, "(주)가온테크"), (380, "사원")),
        *row(279, (66, "2022. 03 ~ 2023. 12"), (240, "미르전자"), (380, "인턴")),
    )  # fmt: skip
    assert [(e.institution, e.area, e.startDate, e.endDate) for e in resume.education] == [
        ("누리대학교", "소프트웨어학부", "2020-03", "2024-02")
    ]
    assert [(w.name, w.position, w.startDate) for w in resume.work] == [
        ("(주)가온테크", "사원", "2024-03"),
        ("미르전자", "인턴", "2022-03"),
    ]


async def test_rows_that_are_level_throughout_are_no_columns() -> None:
    groups = ["Languages", "Frameworks", "Domains", "Systems"]
    listed = ["Fortran, Python", "Qt, Tomcat", "Forensics", "Linux, BSD"]
    rows = [
        each
        for at, (group, told) in enumerate(zip(groups, listed, strict=True))
        for each in row(165 + 16 * at, (60, group), (250, told))
    ]
    resume = await read((50, 140, "보유 기술", 12), *rows)
    keywords = [word for skill in resume.skills for word in skill.keywords]
    assert {"Fortran", "Python", "Qt", "Tomcat", "Linux", "BSD"} <= set(keywords)
    assert not resume.languages
