"""Word files are read like other documents, and what is hostile in them does nothing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordFile
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_BREAK
from docx.shared import Pt, RGBColor

from server.document.kinds import kind_of
from server.document.pages import BULLET, Document
from tests.workers import words
from tests.workers.pdfs import text_of
from tests.workers.words import changed, put_in, saved, word
from workers.pdf import Limits, PdfRefused
from workers.reading import read_resume
from workers.word import read_word

SAFE = Limits(seconds=20)


async def read(content: bytes) -> Document:
    return await read_word(content, limits=SAFE)


async def refusal(content: bytes) -> str:
    with pytest.raises(PdfRefused) as caught:
        await read(content)
    return caught.value.code


async def test_an_english_one_is_understood() -> None:
    content = word(words.english)
    document = await read(content)
    assert (kind_of(content), document.paged, document.hidden) == ("docx", False, ())
    resume = read_resume(document, "cv.docx")
    header = resume.header
    assert (header.name, header.email) == ("Maren Oduya", "maren.oduya@example.org")
    assert header.target_role == "Senior Backend Engineer"
    assert [(w.name, w.position, w.startDate, w.endDate) for w in resume.work] == [
        ("Alder Analytics Ltd", "Backend Engineer", "2019-03", "present"),
        ("Brookfield Systems Inc", "Junior Developer", "2016-01", "2019-02"),
    ]
    assert resume.education[0].institution == "University of Leeds"
    assert resume.skills[0].keywords == ("Python", "PostgreSQL", "Kafka", "Terraform")


async def test_a_korean_one_made_of_tables_is_understood() -> None:
    document = await read(word(words.korean))
    assert len(document.pages[0].tables) == 2
    resume = read_resume(document, "이력서.docx")
    header = resume.header
    assert (header.name, header.phone) == ("한서윤", "010-2345-6789")
    assert (header.target_role, header.target_role_source) == ("데이터 엔지니어", "form_cell")
    assert [work.name for work in resume.work] == ["(주)누리데이터", "한빛소프트웨어"]
    assert resume.education[0].institution == "충남대학교"


def _parts(made: WordFile) -> None:
    section = made.sections[0]
    section.header.paragraphs[0].text = "running head"
    section.footer.paragraphs[0].text = "running foot"
    first = made.add_paragraph("one ")
    first.add_run("wo").bold = True
    first.add_run("rd")
    put_in(
        made,
        "<w:p {ns}><w:r><w:t>before</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>"
        "<wps:txbx><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></wps:txbx>"
        "</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r>"
        "</w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    )
    put_in(
        made,
        "<w:p {ns}><w:ins><w:r><w:t>put in</w:t></w:r></w:ins><w:del><w:r><w:delText>struck"
        "</w:delText></w:r></w:del></w:p>",
    )
    put_in(
        made,
        "<w:sdt {ns}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r>"
        "<w:t>Your name here</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    put_in(
        made,
        "<w:sdt {ns}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r>"
        "<w:t>Education</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    put_in(
        made,
        "<w:sdt {ns}><w:sdtContent><w:p><w:r><w:t>filled in</w:t></w:r></w:p></w:sdtContent>"
        "</w:sdt>",
    )
    made.add_paragraph("listed", style="List Bullet")
    table = made.add_table(1, 2)
    table.rows[0].cells[0].text = "left cell"
    table.rows[0].cells[1].add_table(1, 1).rows[0].cells[0].text = "within"


async def test_everything_is_read_in_order() -> None:
    document = await read(word(_parts))
    assert text_of(document) == (
        f"running head one word before boxed put in Education filled in {BULLET} listed left "
        "cell within running foot"
    )
    page = document.pages[0]
    by_text = {each.text: each for each in page.words}
    assert by_text["within"].box.x0 > by_text["cell"].box.x1
    assert by_text["within"].box.top < by_text["cell"].box.bottom
    assert page.tables == ()  # no line is drawn around these cells


async def test_a_long_one_fills_several_sheets() -> None:
    def write(made: WordFile) -> None:
        for number in range(120):
            made.add_paragraph(f"line {number}")
        made.add_section(WD_SECTION.NEW_PAGE)
        made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        made.add_paragraph("the end")

    document = await read(word(write))
    assert (document.page_count, len(document.pages)) == (1, 5)
    assert all(0 < each.box.top < 842 for page in document.pages for each in page.words)
    assert document.pages[-1].words[-1].text == "end"


async def test_what_cannot_be_seen_is_not_read() -> None:
    def write(made: WordFile) -> None:
        plain = made.add_paragraph("seen ")
        for reason in ("vanish", "white", "tiny"):
            font = plain.add_run(f"{reason} words ").font
            if reason == "vanish":
                font.hidden = True
            elif reason == "white":
                font.color.rgb = RGBColor(255, 255, 255)
            else:
                font.size = Pt(1)
        put_in(
            made,
            '<w:p {ns}><w:pPr><w:shd w:val="clear" w:fill="1F3864"/></w:pPr><w:r><w:rPr>'
            '<w:color w:val="FFFFFF"/></w:rPr><w:t>banner</w:t></w:r><w:r><w:rPr>'
            '<w:color w:val="1F3864"/></w:rPr><w:t>sunk</w:t></w:r></w:p>',
        )

    document = await read(word(write))
    assert text_of(document) == "seen banner"
    assert {(each.reason, each.excerpt) for each in document.hidden} == {
        ("invisible", "vanish words"), ("same_color", "white words"), ("tiny", "tiny words"),
        ("same_color", "sunk"),
    }  # fmt: skip


async def test_nobody_is_accused_where_something_floats_behind_white_text() -> None:
    def write(made: WordFile) -> None:
        put_in(made, "<w:p {ns}><w:r><w:drawing><wp:anchor/></w:drawing></w:r></w:p>")
        made.add_paragraph("plain").add_run(" white").font.color.rgb = RGBColor(255, 255, 255)

    document = await read(word(write))
    assert (text_of(document), document.hidden) == ("plain", ())
    assert document.warnings == ("white_text",)


async def test_paths_of_parts_as_windows_writes_them() -> None:
    content = word(words.english)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            text = old.read(part)
            if part.filename.endswith("document.xml.rels"):
                text = text.replace(b'Target="theme/', b'Target="theme\\')
            new.writestr(part.filename.replace("word/theme/", "word\\theme\\"), text)
    assert text_of(await read(out.getvalue())) == text_of(await read(content))


def _bomb() -> bytes:
    return changed(word(words.english), "word/styles.xml", lambda text: text + b" " * 200_000_000)


def _entities(text: bytes) -> bytes:
    declared = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    return text.replace(b"?>", b"?>" + declared, 1).replace(b"Leeds", b"&b;")


def _outside(text: bytes) -> bytes:
    declared = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return text.replace(b"?>", b"?>" + declared, 1).replace(b"Leeds", b"&a;")


def _nested(text: bytes) -> bytes:
    return text.replace(b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * 5_000, 1)


def _macros(text: bytes) -> bytes:
    return text.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )


def _many_files() -> bytes:
    out = io.BytesIO(word(words.english))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(3_000):
            archive.writestr(f"word/media/{number}.bin", b"")
    return out.getvalue()


async def test_hostile_ones_are_refused() -> None:
    good = word(words.english)
    main = "word/document.xml"
    for content in (
        _bomb(), _many_files(), good[: len(good) // 2], b"PK\x03\x04word/document.xml",
        changed(good, main, _entities), changed(good, main, _outside),
        changed(good, main, _nested), changed(good, main, lambda _: b"<x/>"),
        changed(good, main, lambda text: text[:-40]),
        changed(good, "[Content_Types].xml", _macros),
    ):  # fmt: skip
        assert await refusal(content) == "unreadable"
    assert await refusal(word(lambda _: None)) == "needs_ocr"
    assert "Oduya" in text_of(await read(good))  # and the next one is read


async def test_too_much_text_is_refused() -> None:
    def write(made: WordFile) -> None:
        made.add_paragraph("word " * 80_000)

    assert await refusal(word(write)) == "too_much_memory"


async def test_nothing_outside_the_file_is_asked_for(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    _write(secret)
    made = docx.Document()
    made.add_paragraph("plain")
    made.part.relate_to(secret.as_uri(), f"{words.RELATIONS}/attachedTemplate", is_external=True)
    made.part.relate_to("http://127.0.0.1:9/x", f"{words.RELATIONS}/image", is_external=True)
    assert text_of(await read(saved(made))) == "plain"


def _write(path: Path) -> None:
    path.write_text("secret")


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04mimetypeapplication/hwp+zip", b"\xd0\xcf\x11\xe0 old Word"]
)
def test_others_are_none_of_them(content: bytes) -> None:
    assert kind_of(content) is None
