"""What stands among jobs, or where jobs are told of, and is none."""

from __future__ import annotations

import pytest

from server.document.resume import Resume
from tests.workers.pdfs import Text, page_of
from workers.pdf import read_document
from workers.pdf_child import answer
from workers.pdf_order import Limits, Order, Read
from workers.reading import read_resume
from workers.reading.dates import Span
from workers.reading.entry import Entry
from workers.reading.headings import loose_kind
from workers.reading.lines import Line, document_lines
from workers.reading.rows import section_rows
from workers.reading.settled import is_signed, settled
from workers.reading.times import lies_within

TOP: list[Text] = [(50, 60, "Maren Oduya", 18), (50, 84, "maren@example.org", 9)]


async def read(*texts: Text) -> Resume:
    return read_resume(await read_document(page_of(*TOP, *texts)), "cv.pdf")


def job(top: float, employer: str, title: str, when: str) -> list[Text]:
    return [
        (50, top, employer, 11), (430, top, when, 9), (50, top + 15, title, 10),
        (60, top + 29, "• Kept the lights of nine warehouses on, night after night", 9),
        (60, top + 42, "• Wrote all of it down", 9),
    ]  # fmt: skip


def found(resume: Resume) -> list[tuple[str | None, str | None, str | None]]:
    return [(work.name, work.position, work.endDate) for work in resume.work]


async def test_a_school_among_jobs_is_a_school() -> None:
    resume = await read(
        (50, 110, "Education & Career", 14),
        *job(134, "Northgate University", "B.Sc.", "Mar 2014 - Feb 2018"),
        *job(200, "Halden Inc.", "Analyst", "Jan 2020 - Aug 2022"),
        *job(266, "Morrow Ltd", "Intern", "Mar 2018 - Dec 2019"),
    )
    assert found(resume) == [
        ("Halden Inc.", "Analyst", "2022-08"),
        ("Morrow Ltd", "Intern", "2019-12"),
    ]
    assert [(each.institution, each.studyType, each.startDate) for each in resume.education] == [
        ("Northgate University", "B.Sc.", "2014-03")
    ]


def entry(*texts: str, first: float = 100) -> list[Line]:
    """Lines set one below the other."""
    page = page_of(*((50, first + 15 * at, text, 10) for at, text in enumerate(texts)))
    document = answer(page, Order(len(page), "", Limits()))
    assert isinstance(document, Read)
    return list(document_lines(document.document)[0])


@pytest.mark.parametrize(
    "told",
    [
        ("Analyses made for courses:",),
        ("저는 백엔드 개발자입니다.",),
        ("All of the above is true and complete.", "22 July 2025"),
        ("위의 모든 내용은 사실과 다름이 없음을 확인합니다.", "2025년 7월 22일"),
    ],
)
def test_what_is_only_said_heads_nothing(told: tuple[str, ...]) -> None:
    said, job = (
        Entry(rows=section_rows(entry(*texts)), start=start, end=end)
        for texts, start, end in (
            (told, "2025-07-22" if len(told) > 1 else None, None),
            (("Morrow Ltd.", "Clerk", "Mar 2018 - Dec 2019"), "2018-03", "2019-12"),
        )
    )
    assert settled([job, said], "work") == [job]
    assert settled([said, job], "work") == [job]


def test_an_employers_name_is_no_sentence() -> None:
    job = Entry(
        rows=section_rows(entry("Northgate and Daughters Trading Inc.", "2018")), start="2018"
    )
    assert settled([job], "work") == [job]


async def test_a_posts_own_time_goes_before_the_time_at_the_employer() -> None:
    resume = await read(
        (50, 110, "Experience", 14),
        (50, 134, "Halden Inc.", 12), (430, 134, "Jan 2015 - Aug 2022", 9),
        (50, 150, "Lead Engineer", 10), (430, 150, "Mar 2019 - Aug 2022", 9),
        (60, 164, "• Kept the lights of nine warehouses on, night after night", 9),
        (50, 190, "Engineer", 10), (430, 190, "Jan 2015 - Mar 2019", 9),
        (60, 204, "• Wrote all of it down", 9),
    )  # fmt: skip
    assert [(work.name, work.position, work.startDate) for work in resume.work] == [
        ("Halden Inc.", "Lead Engineer", "2019-03"),
        ("Halden Inc.", "Engineer", "2015-01"),
    ]


async def test_what_was_done_at_a_job_under_a_sign_of_its_own_is_none() -> None:
    told = "- 설계부터 운영까지 맡아 제때 끝냈습니다."
    resume = await read(
        (50, 110, "경력", 14),
        (50, 134, "한빛소프트", 11), (430, 134, "2018.04 ~ 2022.03", 10),
        (60, 150, told, 10),
        (50, 166, "□ 사내 시스템 개편", 10), (50, 182, "기간 : 2018.04 ~ 2020.03", 10),
        (60, 198, told, 10),
        (50, 214, "□ 예약 서비스 운영", 10), (50, 230, "기간 : 2020.04 ~ 2022.03", 10),
        (60, 246, told, 10),
        (50, 270, "가람물류", 11), (430, 270, "2015.04 ~ 2018.03", 10),
        (60, 286, told, 10),
        (50, 302, "□ 창고 관리", 10), (50, 318, "기간 : 2015.04 ~ 2018.03", 10),
        (60, 334, told, 10),
    )  # fmt: skip
    assert [(work.name, work.startDate, work.endDate) for work in resume.work] == [
        ("한빛소프트", "2018-04", "2022-03"),
        ("가람물류", "2015-04", "2018-03"),
    ]


@pytest.mark.parametrize("sign", ["□ ", "【", "▶ ", "["])
def test_a_sign_before_a_name(sign: str) -> None:
    assert is_signed(f"{sign}Relaunch of the shop")


@pytest.mark.parametrize("text", ["Relaunch", "(주)한빛", "㈜한빛", "「見本」", "“Quoted” Ltd"])
def test_no_sign_before_a_name(text: str) -> None:
    assert not is_signed(text)


async def test_a_title_of_papers_heads_a_section_among_others() -> None:
    heads = ["· 경력", "· 자격증", "· 자기소개", "· 강점"]
    resume = await read(
        (50, 110, heads[0], 14), *job(134, "한빛소프트", "백엔드 개발자", "2020.01 - 2022.08"),
        (50, 210, heads[1], 14), (50, 230, "정보처리기사", 10),
        (50, 260, heads[2], 14), (50, 280, "가람대학교 수학과 졸업(2012.03 - 2016.02)", 10),
        (50, 310, heads[3], 14), (50, 330, "계획을 세워 끝까지 해 봅니다.", 10),
    )  # fmt: skip
    assert [work.name for work in resume.work] == ["한빛소프트"]
    assert "summary" in [section.kind for section in resume.sections]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("경험/활동/교육", "volunteer"), ("자격/어학/수상", "certificates"),
        ("Akademische Laufbahn", "education"), ("Languages and Frameworks", "skills"),
    ],
)  # fmt: skip
def test_headings_of_several_things(heading: str, kind: str) -> None:
    assert loose_kind(heading) == kind


async def test_a_label_of_a_form_heads_no_section() -> None:
    resume = await read(
        (50, 110, "Career", 12), (150, 110, "new", 12), (300, 110, "Phone", 12),
        (380, 110, "010-1234-5678", 12),
        (50, 130, "Birth", 12), (150, 130, "1998.10.30", 12), (300, 130, "E-mail", 12),
        (380, 130, "maren@example.org", 12),
        (50, 180, "Education", 12), (50, 200, "Northgate University", 11),
    )  # fmt: skip
    assert not resume.work
    assert "work" not in [section.kind for section in resume.sections]


@pytest.mark.parametrize(
    ("inner", "outer", "within"),
    [
        (("2019-03", "2019-08"), ("2019-01", "2020-02"), True),
        (("2019-03", "2019-08"), ("2019", "2019"), True),
        (("2019-03", "present"), ("2018-01", "present"), True),
        (("2019-03", None), ("2018-01", "2020"), True),
        (("2019-03", "present"), ("2018-01", "2020"), False),
        (("2018-01", "2020"), ("2018-01", "2020"), False),
        (("2017-12", "2018-03"), ("2018-01", "2020"), False),
        ((None, None), ("2018-01", "2020"), False),
    ],
)
def test_what_lies_in_a_part_of_the_time(
    inner: tuple[str | None, str | None], outer: tuple[str | None, str | None], within: bool
) -> None:
    assert lies_within(Span(0, 1, *inner), Span(0, 1, *outer)) is within
