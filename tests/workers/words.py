"""Word files for tests, written with python-docx, and changed byte by byte where it would not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.shared import Pt

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def word(write: Callable[[Document], None]) -> bytes:
    made = docx.Document()
    write(made)
    return saved(made)


def saved(made: Document) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same file with one part changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            text = old.read(part)
            new.writestr(part.filename, change(text) if part.filename == name else text)
    return out.getvalue()


def put_in(made: Document, xml: str) -> None:
    """XML of the body's, behind what is there."""
    made.element.body.insert(-1, parse_xml(xml.replace("{ns}", NAMESPACES)))


def dated(made: Document, left: str, right: str) -> None:
    """Words at the left, others on the same line at the right margin."""
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(430), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(left).bold = True
    paragraph.add_run(f"\t{right}")


def english(made: Document) -> None:
    made.add_heading("Maren Oduya", 0)
    made.add_paragraph("Senior Backend Engineer")
    made.add_paragraph("maren.oduya@example.org | +44 20 7946 0958 | Leeds")
    made.add_heading("Work Experience", 1)
    dated(made, "Backend Engineer, Alder Analytics Ltd", "Mar 2019 - Present")
    made.add_paragraph("Moved billing to an event log of 40 million rows.", style="List Bullet")
    dated(made, "Junior Developer, Brookfield Systems Inc", "Jan 2016 - Feb 2019")
    made.add_paragraph("Kept the booking service running.", style="List Bullet")
    made.add_heading("Education", 1)
    dated(made, "BSc Computer Science, University of Leeds", "2012 - 2015")
    made.add_heading("Skills", 1)
    made.add_paragraph("Python, PostgreSQL, Kafka, Terraform")


def korean(made: Document) -> None:
    form = made.add_table(rows=3, cols=4, style="Table Grid")
    for row, said in enumerate(
        (
            ("이름", "한서윤", "지원분야", "데이터 엔지니어"),
            ("이메일", "seoyun@example.org", "전화번호", "010-2345-6789"),
            ("주소", "대전광역시 유성구", "생년월일", ""),
        )
    ):
        for cell, text in zip(form.rows[row].cells, said, strict=True):
            cell.text = text
    made.add_heading("경력사항", 1)
    jobs = made.add_table(rows=3, cols=3, style="Table Grid")
    for row, said3 in enumerate(
        (
            ("기간", "회사명", "직위"),
            ("2020.03 ~ 2024.06", "(주)누리데이터", "데이터 엔지니어"),
            ("2017.01 ~ 2020.02", "한빛소프트웨어", "개발자"),
        )
    ):
        for cell, text in zip(jobs.rows[row].cells, said3, strict=True):
            cell.text = text
    made.add_heading("학력", 1)
    made.add_paragraph("2013.03 ~ 2017.02  충남대학교  컴퓨터공학과 졸업")
