"""What most entries of a section have in one place, the others have there too."""

from __future__ import annotations

from server.document.resume import Resume
from tests.workers.pdfs import Text, page_of
from workers.pdf import read_document
from workers.reading import read_resume

TOP: list[Text] = [(50, 70, "Maren Oduya", 24), (50, 100, "maren@example.org", 9)]


async def read(*texts: Text) -> Resume:
    return read_resume(await read_document(page_of(*TOP, *texts)), "cv.pdf")


async def test_an_employer_that_no_word_tells_stands_where_the_others_do() -> None:
    employers = ["Nimbus", "Duskfield Inc.", "Pinnacle", "Yarrow Ltd"]
    titles = ["INTERN", "PEER TUTOR", "RESEARCH INTERN", "STORE MANAGER"]
    texts: list[Text] = [(50, 140, "Experience", 14)]
    for at, (employer, title) in enumerate(zip(employers, titles, strict=True)):
        year, top = 2023 - 2 * at, 165 + 70 * at
        texts += [(50, top, f"Mar. {year} — May. {year + 1} – Austin, TX", 9),
                  (50, top + 13, title, 9), (50, top + 26, employer, 9),
                  (62, top + 39, "Led a team of nine engineers", 9)]  # fmt: skip
    resume = await read(*texts)
    assert [(work.name, work.position) for work in resume.work] == list(
        zip(employers, titles, strict=True)
    )


async def test_projects_are_named_alike() -> None:
    told = ["Viewer: shows logs in a window.", "Toolkit: a library of small parts.",
            "Ledger: counts coins every night."]  # fmt: skip
    resume = await read(
        (50, 140, "Projects", 14), *((50, 165 + 16 * at, line, 9) for at, line in enumerate(told))
    )
    assert [each.name for each in resume.projects] == ["Viewer", "Toolkit", "Ledger"]
