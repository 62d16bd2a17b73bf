"""Jobs under no heading are read as jobs, and what else stands in a header is not."""

from __future__ import annotations

from server.document.resume import Resume
from tests.workers.pdfs import Text, page_of
from workers.pdf import read_document
from workers.reading import read_resume

TOP: list[Text] = [(50, 60, "Maren Oduya", 18), (430, 60, "maren@example.org", 9)]
SIDE: list[Text] = [
    (50, 110, "Skills", 13), (50, 130, "Erlang", 9), (50, 144, "Redis", 9),
    (50, 190, "Education", 13), (50, 210, "Northgate University", 9), (50, 224, "B.Sc. 2014", 9),
]  # fmt: skip


async def read(*texts: Text) -> Resume:
    return read_resume(await read_document(page_of(*TOP, *SIDE, *texts)), "cv.pdf")


def job(top: float, title: str, where: str) -> list[Text]:
    told = ["Kept the lights of nine warehouses on, night after night", "Wrote all of it down"]
    return [
        (220, top, title, 14), (220, top + 20, where, 11),
        *((220, top + 38 + 12 * at, line, 8.5) for at, line in enumerate(told)),
    ]  # fmt: skip


async def test_jobs_under_no_heading() -> None:
    resume = await read(
        *job(110, "IT Consultant", "Halden Inc. Apr 2024 - May 2025"),
        *job(190, "Accountant", "Morrow Ltd Jun 2021 - Mar 2024"),
        *job(270, "QA Engineer", "Yarrow Consulting Feb 2020 - Jun 2021"),
    )
    assert [(work.name, work.position, work.endDate) for work in resume.work] == [
        ("Halden Inc.", "IT Consultant", "2025-05"),
        ("Morrow Ltd", "Accountant", "2024-03"),
        ("Yarrow Consulting", "QA Engineer", "2021-06"),
    ]
    assert resume.header.name == "Maren Oduya"
    assert resume.header.target_role is None


async def test_a_header_with_one_span_of_time_tells_of_no_job() -> None:
    resume = await read((220, 110, "In practice 2015 - 2025, mostly abroad", 9))
    assert not resume.work
