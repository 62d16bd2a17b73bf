"""Mail by SMTP, over TLS but to this machine itself."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from time import monotonic
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from server.engines.breaker import Breaker
from server.ports import MailFailed, MailRefused

ANSWER_S: Final = 10.0
"""The longest that one answer of the server may take."""
PORTS: Final = {"smtp": 587, "smtps": 465}
FOR_GOOD: Final = 500
SILENT: Final = ("no_answer", "not_reached")


class SmtpMail:
    """``url``: ``smtp://`` begins TLS by STARTTLS, ``smtps://`` with the connection; user and
    password stand in it. ``sender``: an address, with or without a name. ``tls``: whom to trust."""

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        tls: ssl.SSLContext | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._port = parts.port or PORTS[parts.scheme]
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._at_once = parts.scheme == "smtps"
        # To this machine it may go as it is: nobody else can hear it.
        self._later = None if _is_here(self._host) else True
        self._tls = tls or ssl.create_default_context()
        self._name, self._address = parseaddr(sender)
        self._answer_s = answer_s
        # Jobs are few at a time: a server that hangs must not hold up the reading of résumés.
        self._breaker = Breaker()

    async def send(self, to: str, subject: str, text: str, *, mail_id: str) -> None:
        try:
            message = self._message(to, subject, text, mail_id)
        except (ValueError, IndexError) as error:  # what email makes of no address
            raise MailRefused("no_address") from error
        if not self._breaker.allows(_now_ms()):
            raise MailFailed("resting")
        self._breaker.begin(_now_ms())
        try:
            async with asyncio.timeout(2 * self._answer_s):
                await self._hand_over(message, to)
        except asyncio.CancelledError:
            self._breaker.abandoned(_now_ms())
            raise
        except (SMTPException, OSError, ValueError) as error:
            failure = _failure(error)
            if failure.code in SILENT:
                self._breaker.failed(_now_ms())
            else:
                self._breaker.succeeded()
            raise failure from None  # its words may name the recipient
        self._breaker.succeeded()

    async def _hand_over(self, message: EmailMessage, to: str) -> None:
        await aiosmtplib.send(
            message,
            sender=self._address,
            recipients=[to],
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            timeout=self._answer_s,
            use_tls=self._at_once,
            start_tls=None if self._at_once else self._later,
            tls_context=self._tls,
        )

    def _message(self, to: str, subject: str, text: str, mail_id: str) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self._name, addr_spec=self._address)
        message["To"] = Address(addr_spec=to)
        message["Subject"] = subject
        message["Date"] = formatdate()
        # A mail that comes twice, where the server's word was lost, is known as the same.
        message["Message-ID"] = f"<{mail_id}@{self._address.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message


def _failure(error: Exception) -> MailFailed:
    """Whether trying again may help, and a word for why not now."""
    if isinstance(error, SMTPAuthenticationError):
        return MailFailed("login_refused")
    if isinstance(error, SMTPRecipientsRefused):
        for_good = all(one.code >= FOR_GOOD for one in error.recipients)
        return MailRefused("recipient_refused") if for_good else MailFailed("recipient_deferred")
    if isinstance(error, SMTPNotSupported) or type(error) is SMTPException:
        return MailFailed("not_supported")  # such as STARTTLS, without which nothing is told
    if isinstance(error, SMTPResponseException) and error.code >= FOR_GOOD:
        refused = isinstance(error, SMTPSenderRefused)
        return MailRefused("sender_refused" if refused else "mail_refused")
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return MailFailed("no_trust")
    if isinstance(error, TimeoutError):
        return MailFailed("no_answer")
    return MailFailed("not_reached")


def _now_ms() -> int:
    return int(monotonic() * 1_000)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
