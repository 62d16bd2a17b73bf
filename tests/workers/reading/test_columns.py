"""What stands side by side: columns of a page, of one section, headings and dates in the margin."""

from __future__ import annotations

from server.document.resume import Resume
from tests.workers.pdfs import Text, page_of
from workers.pdf import read_document
from workers.reading import read_resume

TOP: list[Text] = [(50, 70, "Maren Oduya", 24), (50, 100, "maren@example.org", 9)]


async def read(*texts: Text) -> Resume:
    return read_resume(await read_document(page_of(*TOP, *texts)), "cv.pdf")


def card(x: float, top: float, *lines: str) -> list[Text]:
    sizes = (11.5, *[9.0] * len(lines))
    return [(x, top + 14 * at, line, sizes[at]) for at, line in enumerate(lines)]


async def test_entries_side_by_side_are_of_the_heading_above_both() -> None:
    resume = await read(
        (250, 140, "Experience", 14),
        *card(50, 165, "Northwind Ltd", "Web Developer", "March 2019 - Present", "Kept lights on"),
        *card(310, 165, "Redwood Bank", "Data Analyst", "June 2016 - March 2019", "Counted coins"),
        (250, 240, "Education", 14),
        *card(50, 265, "Example University", "B.Sc. Physics", "Sep 2012 - June 2016"),
    )
    assert [(work.name, work.position, work.startDate) for work in resume.work] == [
        ("Northwind Ltd", "Web Developer", "2019-03"),
        ("Redwood Bank", "Data Analyst", "2016-06"),
    ]
    assert resume.education[0].institution == "Example University"


async def test_a_margin_of_headings_and_dates_is_no_column() -> None:
    told = [(150, 200 + 14 * at, f"Kept light number {at} on", 9) for at in range(3)]
    more = [(150, 280 + 14 * at, f"Counted coin number {at}", 9) for at in range(2)]
    resume = await read(
        (50, 160, "Experience", 11.5),
        (50, 180, "2019-07 - 2022-03", 9), (150, 180, "Web Developer at Northwind Ltd", 11.5),
        *told,
        (50, 262, "2016-05 - 2019-06", 9), (150, 262, "Data Analyst at Redwood Bank", 11.5), *more,
        (50, 320, "Education", 11.5),
        (50, 340, "2012-09 - 2016-04", 9), (150, 340, "Example University", 11.5),
        (150, 354, "B.Sc. Physics", 9),
    )  # fmt: skip
    assert [(work.name, work.endDate) for work in resume.work] == [
        ("Northwind Ltd", "2022-03"),
        ("Redwood Bank", "2019-06"),
    ]
    assert [each.institution for each in resume.education] == ["Example University"]


async def test_a_label_that_recurs_in_every_entry_opens_no_section() -> None:
    texts: list[Text] = [(50, 140, "Work", 16)]
    for at, (name, title, when) in enumerate(
        [
            ("Northwind Ltd", "Web Developer", "Mar 2019 - Present"),
            ("Redwood Bank", "Data Analyst", "Jun 2016 - Mar 2019"),
            ("Tidewater Labs", "Research Intern", "May 2015 - Jun 2016"),
        ]
    ):
        top = 165 + 90 * at
        texts += [(50, top, name, 12), (430, top, when, 9), (50, top + 16, title, 10)]
        texts += [(50, top + 32, "Highlights", 10), (70, top + 48, "• Kept the lights on", 9)]
    resume = await read(*texts)
    assert [work.name for work in resume.work] == [
        "Northwind Ltd",
        "Redwood Bank",
        "Tidewater Labs",
    ]


async def test_a_hyphen_that_hangs_before_and_joins_nothing() -> None:
    resume = await read(
        (50, 140, "Kenntnisse", 16),
        (50, 165, "Excel, Teamleitung, Datenpflege, Terminplanung, Ablage, Verwaltungs-", 9),
        (50, 177, "und Rechnungswesen, Kassenführung, Kundenbetreuung, Projekt-", 9),
        (50, 189, "planung", 9),
    )  # fmt: skip
    words = [word for skill in resume.skills for word in skill.keywords]
    assert words[-4:] == [
        "Verwaltungs- und Rechnungswesen", "Kassenführung", "Kundenbetreuung", "Projekt-planung",
    ]  # fmt: skip


async def test_lists_of_skills_side_by_side() -> None:
    resume = await read(
        (170, 140, "Skills and Tools", 16),
        (50, 165, "Databases", 12), (200, 165, "Tools", 12),
        (50, 182, "PostgreSQL", 9), (200, 182, "Git, Docker", 9),
        (170, 210, "Languages", 16),
        (50, 230, "French", 12), (200, 230, "German", 12),
        (50, 246, "Native", 9), (200, 246, "B2", 9),
    )  # fmt: skip
    assert [(skill.name, skill.keywords) for skill in resume.skills] == [
        ("Databases", ("PostgreSQL",)),
        ("Tools", ("Git", "Docker")),
    ]
    assert [(each.language, each.fluency) for each in resume.languages] == [
        ("French", "Native"),
        ("German", "B2"),
    ]


async def test_dates_beside_their_jobs_next_to_a_side_column_are_a_margin() -> None:
    side: list[Text] = [
        (40, 150, "Skills", 13), (40, 171, "Fortran, Python", 9), (40, 184, "Qt, Tomcat", 9),
        (40, 210, "Languages", 13), (40, 231, "German: native", 9),
    ]  # fmt: skip
    jobs = [("Northwind Ltd", "Web Developer", "2019-07 - 2022-03"),
            ("Redwood Bank", "Data Analyst", "2016-05 - 2019-06"),
            ("Tidewater Labs", "Research Intern", "2014-05 - 2016-04")]  # fmt: skip
    main: list[Text] = [(210, 150, "Experience", 13)]
    for at, (employer, title, when) in enumerate(jobs):
        top = 171 + 45 * at
        main += [(210, top, when, 9), (330, top, employer, 9), (330, top + 13, title, 9),
                 (330, top + 26, "Kept lights and counted coins on time", 9)]  # fmt: skip
    resume = await read(*side, *main)
    found = [(w.name, w.position, f"{w.startDate} - {w.endDate}") for w in resume.work]
    assert found == jobs
    assert "Fortran" in [word for skill in resume.skills for word in skill.keywords]


async def test_a_large_heading_in_a_gutter_is_level_with_what_it_overlaps() -> None:
    resume = await read(
        (40, 143, "Experience", 16), (160, 142, "2019-07 - 2022-03", 9),
        (160, 156, "Web Developer", 9), (160, 170, "Northwind Ltd", 9),
        (160, 184, "Kept lights on", 9),
        (160, 206, "2016-05 - 2019-06", 9), (160, 220, "Data Analyst", 9),
        (160, 234, "Redwood Bank", 9), (160, 248, "Counted coins", 9),
        (40, 273, "Education", 16), (160, 272, "2012-09 - 2016-04", 9),
        (160, 286, "Example University", 9), (160, 300, "B.Sc. Physics", 9),
    )  # fmt: skip
    assert [(w.startDate, w.endDate) for w in resume.work] == [
        ("2019-07", "2022-03"), ("2016-05", "2019-06"),
    ]  # fmt: skip
    assert [each.institution for each in resume.education] == ["Example University"]


async def test_sections_as_wide_as_the_page_are_read_across() -> None:
    resume = await read(
        (50, 140, "Experience", 13),
        (50, 165, "Northwind Ltd", 9),
        (200, 165, "Web Developer", 9),
        (50, 179, "2019.03 - present", 8),
        (200, 179, "Kept the lights on", 9),
        (50, 207, "Redwood Bank", 9),
        (200, 207, "Data Analyst", 9),
        (50, 221, "2016.06 - 2019.02", 8),
        (200, 221, "Counted the coins", 9),
        (50, 260, "Skills", 13),
        (50, 285, "Kotlin", 9),
        (110, 285, "Kafka", 9),
        (200, 285, "Terraform", 9),
        (270, 285, "Ansible", 9),
    )
    assert [(work.name, work.position) for work in resume.work] == [
        ("Northwind Ltd", "Web Developer"),
        ("Redwood Bank", "Data Analyst"),
    ]
    assert [each.keywords for each in resume.skills] == [
        ("Kotlin", "Kafka", "Terraform", "Ansible")
    ]


async def test_a_heading_below_side_by_side_cards_heads_what_follows() -> None:
    resume = await read(
        (50, 140, "Services", 13),
        *card(50, 165, "Brand Strategy", "Voice and", "position"),
        *card(310, 165, "Brand Audit", "A review with", "a report", "of four pages"),
        (50, 240, "Experience", 13),
        (50, 265, "Brand Consultant - Northwind Ltd", 10),
        (450, 265, "2021 - Present", 9),
        (60, 281, "Completed more than twenty engagements for clients in four countries so far", 9),
        (50, 300, "Brand Strategist - Redwood Bank", 10),
        (450, 300, "2017 - 2021", 9),
        (
            60,
            316,
            "Led the strategy of the brand for enterprise clients before going independent",
            9,
        ),
    )
    assert [work.name for work in resume.work] == ["Northwind Ltd", "Redwood Bank"]
