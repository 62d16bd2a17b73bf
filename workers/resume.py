"""The jobs that read a résumé, as text or as pictures of text, and draw its pages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
import structlog

from server.document import ocr
from server.document.kinds import PICTURES, kind_of
from server.document.pages import Document
from server.document.resume import Resume
from server.store import resumes
from server.store.pool import Connection
from server.store.resumes import ResumeFile
from workers.pdf import PdfRefused, read_document
from workers.pictures import draw_pages
from workers.reading import read_resume
from workers.reading.lines import document_lines
from workers.scan import read_scan
from workers.scan_doubt import doubted
from workers.second_reading import fill_gaps
from workers.tools import Tools
from workers.word import read_word

log = structlog.get_logger()


async def parse_resume(ctx: dict[str, Any], resume_id: str) -> None:
    """Read the stored file; the row becomes ready or failed. Done already: nothing happens.
    Pictures of text are left to ``read_pictures``."""
    tools: Tools = ctx["tools"]
    stored = await resumes.get_file(tools.pool, UUID(resume_id))
    if stored is None or stored.status != "queued":
        return
    kind = kind_of(stored.content)
    if kind in PICTURES:
        await resumes.want_scan(tools.pool, UUID(resume_id))
        return
    read = read_word if kind == "docx" else read_document
    try:
        await _understand(tools, resume_id, stored, await read(stored.content))
    except PdfRefused as refused:
        if refused.code == "needs_ocr" and kind != "docx" and ocr.missing() is None:
            await resumes.want_scan(tools.pool, UUID(resume_id))
            return
        await _refuse(tools, resume_id, refused)


async def read_pictures(ctx: dict[str, Any], resume_id: str) -> None:
    """The same for what was scanned or photographed."""
    tools: Tools = ctx["tools"]
    stored = await resumes.get_file(tools.pool, UUID(resume_id))
    if stored is None or stored.status != "queued":
        return
    try:
        await _understand(tools, resume_id, stored, await read_scan(stored.content))
    except PdfRefused as refused:
        await _refuse(tools, resume_id, refused)


async def _understand(tools: Tools, resume_id: str, stored: ResumeFile, document: Document) -> None:
    resume = await asyncio.to_thread(read_resume, document, stored.filename)
    if tools.reader is not None:
        resume = await fill_gaps(tools.reader, document, resume)
    resume = doubted(_as_drawn(resume, document), document)
    await resumes.mark_ready(tools.pool, UUID(resume_id), msgspec.to_builtins(resume))
    log.info("resume read", resume_id=resume_id, role_stated=resume.header.target_role is not None)


async def _refuse(tools: Tools, resume_id: str, refused: PdfRefused) -> None:
    log.info("resume refused", resume_id=resume_id, code=refused.code)
    await resumes.mark_failed(tools.pool, UUID(resume_id), refused.code, refused.detail)


async def draw_resume(ctx: dict[str, Any], resume_id: str) -> None:
    """Pictures of the pages of a résumé that was read; those there already stay."""
    tools: Tools = ctx["tools"]
    stored = await resumes.get_file(tools.pool, UUID(resume_id))
    if stored is None:
        return
    pictures = await draw_pages(stored.content)
    rows = [(each.page, each.width, each.height, each.image) for each in pictures]
    await resumes.add_pages(tools.pool, UUID(resume_id), rows)


def _as_drawn(resume: Resume, document: Document) -> Resume:
    """A place on a page that had to be turned to be read is none on its picture, and where a file
    has no pages of its own there is none at all."""
    if not document.paged:
        rows = [
            "   ".join(line.text for line in row)
            for page in document_lines(document)
            for _, row in groupby(page, key=lambda line: line.row)
        ]
        meta = replace(resume.meta, paged=False)
        resume = replace(resume, meta=meta, text="\n".join(rows))
    evidence = resume.header.target_role_evidence
    turned = {page.number for page in document.pages if page.turn}
    if evidence is None or (document.paged and evidence.page not in turned):
        return resume
    nowhere = replace(evidence, bbox=None, page=evidence.page if document.paged else 0)
    return replace(resume, header=replace(resume.header, target_role_evidence=nowhere))


async def give_up(connection: Connection, resume_id: UUID, error: Mapping[str, str]) -> None:
    """Nobody waits for a résumé that cannot be read: it failed, and may be uploaded again."""
    code = error["code"] if error["code"] == "took_too_long" else "resume_failed"
    await resumes.mark_failed(connection, resume_id, code, error["detail"])
