"""A Word file -> words with a place, in an operating system process of its own that has limits."""

from __future__ import annotations

from server.document.pages import Document
from workers.pdf import asked
from workers.pdf_order import Limits


async def read_word(content: bytes, *, limits: Limits = Limits()) -> Document:  # noqa: B008
    """What the file says, laid out roughly as it would be on paper, so that it is read like other
    documents; ``paged`` is False. Raises PdfRefused."""
    return await asked("workers.word_child", content, limits)
