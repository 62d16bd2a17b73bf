"""The job that tells an organisation's webhook what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import structlog

from server.language.pages import written
from server.ports import HookFailed
from server.store import webhooks
from server.store.mails import Letter
from server.store.pool import Connection, transaction
from server.store.sealing import Sealed
from server.store.webhooks import Ended
from workers.tools import Tools

GONE: Final = 410
"""Answered by an address that wants no more."""

log = structlog.get_logger()


async def deliver_webhook(ctx: dict[str, Any], delivery_id: str) -> None:
    """Delivered already, or its address is off: nothing happens. A worker that dies between the
    answer and our note of it sends a second time, under the same webhook-id. Raises HookFailed."""
    tools: Tools = ctx["tools"]
    if tools.hooks is None or tools.caller is None:
        raise HookFailed("not_here")
    try:
        due = await tools.hooks.take(tools.pool, UUID(delivery_id))
        if due is None:
            return
        status = await tools.caller.call(due.url, due.secret, delivery_id, due.body)
    except Sealed:
        await webhooks.mark_failed(tools.pool, UUID(delivery_id), None, "other_key")
        raise HookFailed("other_key") from None
    except HookFailed as error:
        gone = error.status == GONE
        ended = await webhooks.mark_failed(
            tools.pool, UUID(delivery_id), error.status, error.code, gone=gone
        )
        if ended is not None:
            await _notice(tools, ended)
        if gone:
            return
        raise
    await webhooks.mark_delivered(tools.pool, UUID(delivery_id), status)
    log.info("webhook delivered", delivery_id=delivery_id, status=status)


async def give_up(connection: Connection, delivery_id: UUID, _: Mapping[str, str]) -> None:
    await webhooks.give_up(connection, delivery_id)


async def _notice(tools: Tools, ended: Ended) -> None:
    """Whoever administers the organisation learns that nothing more is sent there."""
    log.warning("webhook disabled", webhook_id=str(ended.webhook_id), why=ended.why)
    if tools.post is None or not ended.admins:
        return
    packs = tools.packs
    every = [written(packs, language, "webhook") for language in packs.by_language]
    text = "\n\n".join(mail.text.strip().format(link=ended.url) for mail in every)
    subject = written(packs, packs.otherwise, "webhook").subject
    async with transaction(tools.pool) as connection:
        letters = [Letter(address, subject, text) for address in ended.admins]
        await tools.post.put_all(connection, letters)
