"""The job that hands a mail over to the mail server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from server.ports import MailFailed, MailRefused
from server.store import mails
from server.store.pool import Connection
from server.store.sealing import Sealed
from workers.tools import Tools

log = structlog.get_logger()


async def deliver_mail(ctx: dict[str, Any], mail_id: str) -> None:
    """Handed over already, or given up: nothing happens. A worker that dies between the server's
    word and ours sends a second time, under the same Message-ID. Raises MailFailed."""
    tools: Tools = ctx["tools"]
    if tools.mail is None or tools.post is None:
        raise MailFailed("no_mail_server")
    try:
        letter = await tools.post.take(tools.pool, UUID(mail_id))
        if letter is None:
            return
        await tools.mail.send(letter.to, letter.subject, letter.text, mail_id=mail_id)
    except (MailRefused, Sealed) as error:
        code = error.code if isinstance(error, MailRefused) else "other_key"
        log.warning("mail refused", mail_id=mail_id, code=code)
        await mails.mark_failed(tools.pool, UUID(mail_id), code)
        return
    await mails.mark_sent(tools.pool, UUID(mail_id))
    log.info("mail handed over", mail_id=mail_id)


async def give_up(connection: Connection, mail_id: UUID, error: Mapping[str, str]) -> None:
    await mails.mark_failed(connection, mail_id, error["code"])
