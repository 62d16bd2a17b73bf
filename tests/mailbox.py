"""A real mail server that keeps what it is handed, for tests."""

from __future__ import annotations

import asyncio
import email
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.live import free_port

USER, PASSWORD = "viva@mail.example", "p@ss:word/1"
TAKEN = "250 OK"


@dataclass
class Mailbox:
    """``answer``: what it says to a recipient; ``hangs``: it says nothing more at all."""

    port: int
    answer: str = TAKEN
    hangs: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - as SMTP calls it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.hangs:
            await asyncio.sleep(3_600)
        if self.answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        self.secure.append(session.ssl is not None or isinstance(server.transport, _Secure))
        self.signed_in.append(bool(session.authenticated))
        return TAKEN

    @property
    def texts(self) -> list[str]:
        return [str(mail.get_content()) for mail in self.mails]


_Secure = asyncio.sslproto._SSLProtocolTransport


@contextmanager
def mailbox(
    tls: ssl.SSLContext | None = None, *, at_once: bool = False, sign_in: bool = False
) -> Iterator[Mailbox]:
    """Listens on 127.0.0.1 in a thread of its own. ``tls``: by STARTTLS, which is then demanded, or
    ``at_once``; ``sign_in``: only USER with PASSWORD may."""
    box = Mailbox(free_port())

    def checked(_: Any, __: Any, ___: Any, ____: str, shown: Any) -> AuthResult:
        assert isinstance(shown, LoginPassword)
        fine = (shown.login.decode(), shown.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=fine, handled=False)

    options: dict[str, Any] = {"authenticator": checked, "auth_required": sign_in}
    if at_once:
        options |= {"ssl_context": tls, "auth_require_tls": False}
    elif tls is not None:
        options |= {"tls_context": tls, "require_starttls": True}
    else:
        options |= {"auth_require_tls": False}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
