"""The job that reads a résumé."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import structlog

from server.document.pages import Document
from server.document.resume import Resume
from server.store import resumes
from server.store.pool import Connection
from workers.pdf import PdfRefused, read_document
from workers.pictures import draw_pages
from workers.reading import read_resume
from workers.second_reading import fill_gaps
from workers.tools import Tools

log = structlog.get_logger()


async def parse_resume(ctx: dict[str, Any], resume_id: str) -> None:
    """Read the stored PDF; the row becomes ready or failed. Done already: nothing happens."""
    tools: Tools = ctx["tools"]
    stored = await resumes.get_file(tools.pool, UUID(resume_id))
    if stored is None or stored.status != "queued":
        return
    try:
        document = await read_document(stored.content)
        read = await asyncio.to_thread(read_resume, document, stored.filename)
        resume = _as_drawn(read, document)
        if tools.reader is not None:
            resume = await fill_gaps(tools.reader, document, resume)
    except PdfRefused as refused:
        log.info("resume refused", resume_id=resume_id, code=refused.code)
        await resumes.mark_failed(tools.pool, UUID(resume_id), refused.code, refused.detail)
        return
    pictures = await draw_pages(stored.content)
    rows = [(each.page, each.width, each.height, each.image) for each in pictures]
    await resumes.add_pages(tools.pool, UUID(resume_id), rows)
    await resumes.mark_ready(tools.pool, UUID(resume_id), msgspec.to_builtins(resume))
    log.info("resume read", resume_id=resume_id, role_stated=resume.header.target_role is not None)


def _as_drawn(resume: Resume, document: Document) -> Resume:
    """A place on a page that had to be turned to be read is none on its picture."""
    evidence = resume.header.target_role_evidence
    turned = {page.number for page in document.pages if page.turn}
    if evidence is None or evidence.page not in turned:
        return resume
    nowhere = replace(evidence, bbox=None)
    return replace(resume, header=replace(resume.header, target_role_evidence=nowhere))


async def give_up(connection: Connection, resume_id: UUID, error: Mapping[str, str]) -> None:
    """Nobody waits for a résumé that cannot be read: it failed, and may be uploaded again."""
    code = error["code"] if error["code"] == "took_too_long" else "resume_failed"
    await resumes.mark_failed(connection, resume_id, code, error["detail"])
