"""Mail over a real connection to a real server: TLS, sign-in, refusals, silence."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from server.engines import mail
from server.engines.mail import SmtpMail
from server.ports import MailFailed, MailRefused
from tests.certificates import certificate
from tests.live import free_port
from tests.mailbox import PASSWORD, USER, mailbox

SENDER = "비바 <viva@company.example>"
TO = "kim@example.org"


async def send(server: SmtpMail, to: str = TO, subject: str = "초대 · Invitation") -> None:
    await server.send(
        to, subject, "안녕하세요.\n\nhttps://viva.example/sign-in#link=x\n", mail_id="m1"
    )


async def test_it_arrives_as_it_was_written() -> None:
    with mailbox() as box:
        await send(SmtpMail(f"smtp://127.0.0.1:{box.port}", SENDER))
    (arrived,) = box.mails
    assert arrived["subject"] == "초대 · Invitation"
    assert arrived["from"] == SENDER
    assert arrived["to"] == TO
    assert arrived["message-id"] == "<m1@company.example>"
    assert arrived["auto-submitted"] == "auto-generated"
    assert "안녕하세요." in box.texts[0]
    assert "https://viva.example/sign-in#link=x" in box.texts[0]
    assert box.recipients == [[TO]]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd does not see TLS that came first
async def test_over_tls_and_signed_in(tmp_path: Path) -> None:
    made = certificate(tmp_path)
    user = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"
    for scheme, at_once in (("smtp", False), ("smtps", True)):
        with mailbox(made.served(), at_once=at_once, sign_in=True) as box:
            url = f"{scheme}://{user}@localhost:{box.port}"
            await send(SmtpMail(url, SENDER, tls=made.trust()))
            assert (box.secure, box.signed_in) == ([True], [True])
            wrong = SmtpMail(url.replace("word", "other"), SENDER, tls=made.trust())
            with pytest.raises(MailFailed, match="login_refused"):
                await send(wrong)
            with pytest.raises(MailFailed) as failed:
                await send(SmtpMail(url, SENDER))  # a certificate that nobody vouches for
            assert failed.value.code in {"no_trust", "not_reached"}
            assert len(box.mails) == 1


async def test_nothing_is_told_in_the_clear_over_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_is_here", lambda _: False)
    with mailbox() as box:
        with pytest.raises(MailFailed, match="not_supported"):
            await send(SmtpMail(f"smtp://127.0.0.1:{box.port}", SENDER))
        assert box.mails == []


@pytest.mark.parametrize(
    ("answer", "code", "for_good"),
    [
        ("550 no such user", "recipient_refused", True),
        ("450 greylisted, come back", "recipient_deferred", False),
        ("421 too busy", "recipient_deferred", False),
    ],
)
async def test_what_the_server_says(answer: str, code: str, for_good: bool) -> None:
    with mailbox() as box:
        box.answer = answer
        with pytest.raises(MailFailed) as failed:
            await send(SmtpMail(f"smtp://127.0.0.1:{box.port}", SENDER))
    assert failed.value.code == code
    assert isinstance(failed.value, MailRefused) == for_good
    assert TO not in repr(failed.value)


@pytest.mark.parametrize(
    "to", ["a@b.example, c@d.example", "a@b\r\nBcc: x@y.example", "nobody", ""]
)
async def test_what_is_not_one_address_is_refused(to: str) -> None:
    with mailbox() as box:
        with pytest.raises(MailRefused, match="no_address"):
            await send(SmtpMail(f"smtp://127.0.0.1:{box.port}", SENDER), to)
        assert box.recipients == []


async def test_a_subject_is_one_line() -> None:
    with mailbox() as box:
        with pytest.raises(MailRefused, match="no_address"):
            await send(
                SmtpMail(f"smtp://127.0.0.1:{box.port}", SENDER), subject="x\r\nBcc: y@z.example"
            )
        assert box.mails == []


@asynccontextmanager
async def silent() -> AsyncIterator[int]:
    """A port that takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield listening.getsockname()[1]


async def test_a_server_that_hangs_is_left_alone_for_a_while() -> None:
    async with silent() as port:
        server = SmtpMail(f"smtp://127.0.0.1:{port}", SENDER, answer_s=0.05)
        codes = []
        for _ in range(5):
            with pytest.raises(MailFailed) as failed:
                await send(server)
            codes.append(failed.value.code)
        assert codes == ["no_answer"] * 3 + ["resting"] * 2


async def test_a_server_that_hangs_in_the_middle() -> None:
    with mailbox() as box:
        box.hangs = True
        with pytest.raises(MailFailed, match="no_answer"):
            await send(SmtpMail(f"smtp://127.0.0.1:{box.port}", SENDER, answer_s=0.2))


async def test_nobody_listens() -> None:
    with pytest.raises(MailFailed, match="not_reached"):
        await send(SmtpMail(f"smtp://127.0.0.1:{free_port()}", SENDER))


async def test_a_mail_that_is_not_waited_for_any_more() -> None:
    async with silent() as port:
        server = SmtpMail(f"smtp://127.0.0.1:{port}", SENDER)
        sending = asyncio.create_task(send(server))
        await asyncio.sleep(0)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
