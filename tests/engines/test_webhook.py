"""Events over real connections: signed, to checked addresses alone, and never by a redirect."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

import pytest

from server.engines import webhook
from server.engines.webhook import Caller, fault_of, may_be_called, signature
from server.ports import HookFailed
from tests.live import TLS, free_port

SECRET, BODY = b"s" * 32, b'{"type":"webhook.test"}'
HERE = (ipaddress.ip_network("127.0.0.0/8"),)


@asynccontextmanager
async def receiver(answer: bytes, *, late: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """An HTTP server of its own; what it was sent, whole."""
    sent: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError), closing(writer):
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
            sent.append(head + await reader.readexactly(int(length)))
            if late:
                await reader.read()  # until whoever asks gives up
            writer.write(b"HTTP/1.1 " + answer + b"\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()

    port = free_port()
    server = await asyncio.start_server(take, "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{port}/hook?x=1", sent
    finally:
        server.close()
        await server.wait_closed()


async def test_it_is_signed_as_any_library_verifies_it() -> None:
    async with receiver(b"204 No Content") as (url, sent):
        assert await Caller(HERE, TLS).call(url, SECRET, "msg-1", BODY) == 204
    head, body = sent[0].split(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if "signature" not in line.lower())
    assert first == "POST /hook?x=1 HTTP/1.1"
    assert (headers["webhook-id"], headers["content-type"], body) == (
        "msg-1",
        "application/json",
        BODY,
    )
    signed = b"msg-1." + headers["webhook-timestamp"].encode() + b"." + body
    expected = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    assert f"v1,{expected}" in head.decode()


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("answer", "status"), [(b"500 Broken", 500), (b"302 Found\r\nlocation: http://127.0.0.1/", 302)]
)
async def test_what_is_no_success_is_a_failure_and_no_redirect_is_followed(
    answer: bytes, status: int
) -> None:
    async with receiver(answer) as (url, sent):
        with pytest.raises(HookFailed) as failed:
            await Caller(HERE, TLS).call(url, SECRET, "m", BODY)
    assert (failed.value.code, failed.value.status, len(sent)) == ("answered", status, 1)


async def test_a_name_that_leads_inside_is_not_called() -> None:
    async with receiver(b"200 OK") as (url, sent):
        for where in (url, url.replace("127.0.0.1", "localhost")):
            with pytest.raises(HookFailed) as failed:
                await Caller((), TLS).call(where.replace("http:", "https:"), SECRET, "m", BODY)
            assert failed.value.code in ("url", "private_address")
        elsewhere = Caller((ipaddress.ip_network("10.0.0.0/8"),), TLS)
        with pytest.raises(HookFailed, match="private_address"):
            await elsewhere.call(url.replace("127.0.0.1", "localhost"), SECRET, "m", BODY)
        assert (
            await Caller((*HERE, ipaddress.ip_network("::1/128")), TLS).call(
                url.replace("127.0.0.1", "localhost"), SECRET, "m", BODY
            )
            == 200
        )
    assert len(sent) == 1


async def test_who_does_not_answer_or_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "ANSWER_S", 1.0)
    monkeypatch.setattr(webhook, "CONNECT_S", 0.2)
    async with receiver(b"200 OK", late=True) as (url, _):
        with pytest.raises(HookFailed, match="took_too_long"):
            await Caller(HERE, TLS).call(url, SECRET, "m", BODY)
        with pytest.raises(HookFailed, match="took_too_long"):
            await Caller(HERE, TLS).call(url.replace("http:", "https:"), SECRET, "m", BODY)
    with pytest.raises(HookFailed, match="no_connection"):
        await Caller(HERE, TLS).call(f"http://127.0.0.1:{free_port()}/", SECRET, "m", BODY)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1",
        "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "ff02::1",
    ],
)  # fmt: skip
def test_private_addresses_of_any_form_are_not_called(address: str) -> None:
    assert not may_be_called(ipaddress.ip_address(address))


def test_public_ones_and_those_that_are_allowed_are() -> None:
    for address in ("93.184.215.14", "2606:2800:21f:cb07::1"):
        assert may_be_called(ipaddress.ip_address(address))
    assert may_be_called(ipaddress.ip_address("127.0.0.9"), HERE)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "https://", "example.com", "https://u:p@example.com/",
        "https://example.com/#x", "https://10.0.0.1/", "https://[::1]/", "https://e xample.com/",
        "https://example.com:99999/", "https://예시.example/", "https://example.com/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_at_once(url: str) -> None:
    assert fault_of(url) is not None


def test_a_plain_address_is_for_allowed_networks() -> None:
    assert fault_of("https://example.com/hooks?token=x") is None
    assert fault_of("http://127.0.0.1:9/", HERE) is None
