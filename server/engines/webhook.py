"""Hands an event over to an address that somebody outside chose, as Standard Webhooks asks.

Such an address may lead into our own network. So its name is resolved here, every address that it
has must be a public one, or of a network that whoever runs viva allows, and one of those, no other,
is connected to. Redirects are not followed.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import httpcore

from server.ports import HookFailed

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

ANSWER_S: Final = 15.0
CONNECT_S: Final = 5.0
LONGEST_URL: Final = 2_000
TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that a translator leads to an IPv4 one."""


def networks(said: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks as they are set."""
    return tuple(ipaddress.ip_network(one, strict=False) for one in said)


def fault_of(url: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why this is no address for webhooks, as far as it can be told without asking anybody."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it cannot be read as a URL"
    if len(url) > LONGEST_URL or not url.isascii() or any(letter <= " " for letter in url):
        return "it is too long, or has letters that no URL has"
    if not host or parts.scheme not in ("http", "https"):
        return "it must begin with https:// and name a host"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "it may hold neither a password nor a #"
    if parts.scheme == "http" and not allowed:
        return "it must begin with https://, so that nobody on the way reads or changes it"
    literal = _literal(host)
    if literal is not None and not may_be_called(literal, allowed):
        return "it leads into a private network"
    return None


def may_be_called(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether it is public, whatever it is translated to, or of an allowed network."""
    if any(address in network for network in allowed):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return may_be_called(inner, allowed)
        if address in TRANSLATED or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def signature(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Of Standard Webhooks, version 1."""
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


class Caller:
    """``allowed``: private networks that may be called, and without TLS."""

    def __init__(self, allowed: Sequence[Network] = (), tls: ssl.SSLContext | None = None) -> None:
        self._allowed = tuple(allowed)
        self._tls = tls or ssl.create_default_context()

    async def call(self, url: str, secret: bytes, message_id: str, body: bytes) -> int:
        """The status of the answer, 200 to 299. Raises HookFailed."""
        if fault_of(url, self._allowed) is not None:
            raise HookFailed("url")
        timestamp = int(time.time())
        headers = {
            "host": urlsplit(url).netloc,
            "content-type": "application/json",
            "user-agent": "viva",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(secret, message_id, timestamp, body),
        }
        backend = _Checked(urlsplit(url).scheme == "http", self._allowed)
        try:
            async with (
                asyncio.timeout(ANSWER_S),
                httpcore.AsyncConnectionPool(
                    ssl_context=self._tls, network_backend=backend, max_connections=1
                ) as connections,
                connections.stream(
                    "POST",
                    url,
                    headers=list(headers.items()),
                    content=body,
                    # Given up from outside, a handshake would leave its socket open.
                    extensions={"timeout": {"connect": CONNECT_S}},
                ) as answer,
            ):
                status: int = answer.status  # what else it says is not read
        except _Private as error:
            raise HookFailed("private_address") from error
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise HookFailed("took_too_long") from error
        except socket.gaierror as error:
            raise HookFailed("no_such_host") from error
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            tls = isinstance(error.__context__, ssl.SSLError)
            raise HookFailed("tls" if tls else "no_connection") from error
        if not 200 <= status < 300:
            raise HookFailed("answered", status)
        return status


class _Private(Exception):
    """It leads into a network that may not be called."""


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to an address only after all that the name has were looked at."""

    def __init__(self, plain: bool, allowed: Sequence[Network]) -> None:
        self._plain = plain
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        for address in addresses:
            known = any(address in network for network in self._allowed)
            if not may_be_called(address, self._allowed) or (self._plain and not known):
                raise _Private
        for address in addresses[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._inner.connect_tcp(
                    str(address), port, CONNECT_S, local_address, socket_options
                )
        return await self._inner.connect_tcp(
            str(addresses[-1]), port, CONNECT_S, local_address, socket_options
        )

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
