"""How one variable of the environment is read, and what a wrong value is told.

Each type is for a field of a settings class. What it raises goes on after the variable's name, and
never repeats a value that may be a secret.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address as MailAddress
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class MayBe:
    """What a value may be, in words, where its type does not say."""

    words: str | Callable[[], str]


def may_be(field: FieldInfo) -> str:
    """What a value of this field may be, in words; nothing where anything goes."""
    told = _told_of(field)
    for one in told:
        if isinstance(one, MayBe):
            return one.words if isinstance(one.words, str) else one.words()
    if get_origin(field.annotation) is Literal:
        return ", ".join(get_args(field.annotation))
    least, most = (_bound(told, side) for side in ("ge", "le"))
    return "" if least is None else f"a number from {least} to {most}"


def _told_of(field: FieldInfo) -> list[object]:
    """What stands beside the type, also where the value is optional."""
    inside = [getattr(one, "__metadata__", ()) for one in get_args(field.annotation)]
    return [one for some in (field.metadata, *inside) for one in _unfolded(some)]


def _unfolded(told: Iterable[object]) -> Iterator[object]:
    for one in told:
        yield from one.metadata if isinstance(one, FieldInfo) else (one,)


def _bound(told: Sequence[object], side: str) -> object:
    return next((getattr(one, side) for one in told if hasattr(one, side)), None)


def _plain_number(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", value):
        raise ValueError
    return value


Number = BeforeValidator(_plain_number)
"""Digits as people write them; ``inf``, ``1e3`` and ``1_000`` are not."""


def _address(value: str) -> str:
    try:
        return value if value == "localhost" else str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError(
            f"is {value!r}; it may be localhost or an address such as 127.0.0.1"
        ) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine itself is reached under it."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


Address = Annotated[
    str,
    AfterValidator(_address),
    MayBe("localhost or a loopback address such as 127.0.0.1; another where viva has TLS itself"),
]
Folder = Annotated[Path, AfterValidator(Path.expanduser)]


def _public(value: str) -> str:
    parts = _split(value)
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise ValueError(
            f"is {value!r}; it may be scheme and host alone, such as https://viva.example.com"
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


PublicUrl = Annotated[
    str, AfterValidator(_public), MayBe("scheme and host, such as `https://viva.example.com`")
]


def _addresses(value: object) -> object:
    if not isinstance(value, str):
        return value
    given = tuple(one.strip() for one in value.split(","))
    for one in given:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            raise ValueError(
                f"names {one!r}; it may be addresses and networks, such as 127.0.0.1,10.0.0.0/24"
            ) from None
    return given


Addresses = Annotated[
    tuple[str, ...],
    BeforeValidator(_addresses),
    MayBe("addresses and networks, such as `127.0.0.1,10.0.0.0/24`"),
]


def _host(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError(f"is {value!r}; it may be an address such as 203.0.113.7") from None


Host = Annotated[str, AfterValidator(_host), MayBe("an address, such as 203.0.113.7")]


def _hosts(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(_host(one.strip()) for one in value.split(","))


Hosts = Annotated[
    tuple[str, ...],
    BeforeValidator(_hosts),
    MayBe("addresses, such as `10.0.0.7,fd00::7`"),
]


def _ports(value: object) -> object:
    if not isinstance(value, str):
        return value
    first, _, last = value.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1_024 <= int(first) <= int(last) <= 65_535):
        raise ValueError(f"is {value!r}; it may be first and last, such as 50000-50999")
    return int(first), int(last)


Ports = Annotated[
    tuple[int, int], BeforeValidator(_ports), MayBe("first and last, such as `50000-50999`")
]


def _server(value: str) -> str:
    if "," in value:
        raise ValueError("may name one server; put a router in front of several")
    parts = _split(value)
    if parts.username or parts.password:
        raise ValueError("holds a user or password; put the key in the API_KEY beside it")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            f"is {value!r}; it may be the base URL of an OpenAI-compatible server, "
            "such as http://127.0.0.1:8001/v1"
        )
    return value.rstrip("/")


ServerUrl = Annotated[str, AfterValidator(_server)]


def _store(*schemes: str) -> AfterValidator:
    allowed = " or ".join(f"{scheme}://..." for scheme in schemes)

    def check(secret: SecretStr) -> SecretStr:
        parts = _split(secret.get_secret_value())
        place = parts.path if parts.scheme == "unix" else parts.netloc or parts.query
        if parts.scheme not in schemes or not place:
            raise ValueError(f"is not a URL that viva knows; it may be {allowed}")
        return secret

    return AfterValidator(check)


PostgresUrl = Annotated[SecretStr, _store("postgresql", "postgres"), MayBe("`postgresql://…`")]
RedisUrl = Annotated[
    SecretStr, _store("redis", "rediss", "unix"), MayBe("`redis://…`, `rediss://…`, `unix://…`")
]


def _issuer(value: str) -> str:
    parts = _split(value)
    here = is_loopback(parts.hostname or "")
    if not parts.hostname or (parts.scheme != "https" and not (here and parts.scheme == "http")):
        raise ValueError(f"is {value!r}; it may be the provider's https address")
    return value


Issuer = Annotated[
    str, AfterValidator(_issuer), MayBe("an https address, such as `https://id.example.com`")
]


def _smtp(secret: SecretStr) -> SecretStr:
    parts = _split(secret.get_secret_value())
    more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or more:
        raise ValueError(
            "is no mail server; it may be smtp://user:password@host:587 or smtps://..."
        )
    if bool(parts.username) != bool(parts.password):
        raise ValueError("names a user without a password, or the other way round")
    return secret


SmtpUrl = Annotated[SecretStr, AfterValidator(_smtp), MayBe("`smtp://…` (STARTTLS) or `smtps://…`")]


def _scanner(value: str) -> str:
    parts = _split(value)
    place = parts.path if parts.scheme == "unix" else parts.hostname
    if parts.scheme not in ("tcp", "unix") or not place:
        raise ValueError(f"is {value!r}; it may be tcp://host:3310 or unix:///path")
    return value


ScannerUrl = Annotated[str, AfterValidator(_scanner), MayBe("`tcp://host:3310` or `unix:///path`")]


def _sender(value: str) -> str:
    name, address = parseaddr(value)
    try:
        MailAddress(name, addr_spec=address)
    except (ValueError, IndexError):
        address = ""
    if not address.partition("@")[2]:
        raise ValueError(f"is {value!r}; it may be an address such as viva <viva@example.com>")
    return value


MailSender = Annotated[
    str, AfterValidator(_sender), MayBe("an address, such as `viva <viva@example.com>`")
]


def _sound_key(keys: SecretStr) -> SecretStr:
    for key in keys.get_secret_value().replace(",", " ").split():
        try:
            whole = len(base64.b64decode(key, validate=True)) == SOUND_KEY_BYTES
        except ValueError:
            whole = False
        if not whole:
            raise ValueError("is no key; it may be 32 random bytes: openssl rand -base64 32")
    return keys


SOUND_KEY_BYTES = 32
SoundKey = Annotated[
    SecretStr,
    AfterValidator(_sound_key),
    MayBe("32 bytes in base64, or several of them, with commas between"),
]


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("is not a URL") from None
    return parts


def _program(value: str) -> str:
    if value in ("auto", "off"):
        return value
    path = Path(value).expanduser()
    found = path if path.is_file() and os.access(path, os.X_OK) else shutil.which(value)
    if found is None:
        raise ValueError(f"is {value!r}; it may be auto, off or the path of a program")
    return str(Path(found).absolute())


Program = Annotated[str, AfterValidator(_program), MayBe("auto, off or the path of a program")]


def _words(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tuple(shlex.split(value))
    except ValueError as error:
        raise ValueError(f"cannot be split into arguments: {error}") from None


ShellWords = Annotated[tuple[str, ...], BeforeValidator(_words)]

OURS = ("messages", "model", "response_format", "stream")
"""What a request is about; settings may add to it, not replace it."""


def _json_object(value: object) -> object:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, dict):
        raise ValueError('is no JSON object; it may be one such as {"top_p": 0.9}')
    if taken := [name for name in OURS if name in value]:
        raise ValueError(f"sets {', '.join(taken)}, which viva sets itself; leave that out")
    return value


RequestBody = Annotated[
    Mapping[str, Any],
    BeforeValidator(_json_object),
    MayBe('a JSON object, such as `{"top_p": 0.9}`'),
]


def one_of(names: Callable[[], Sequence[str]]) -> Any:
    """A choice among names that are known late; for ``Annotated``."""

    def words() -> str:
        return ", ".join(names())

    def check(value: str) -> str:
        if value not in names():
            raise ValueError(f"is {value!r}; it may be {words()}")
        return value

    return AfterValidator(check), MayBe(words)


def secret(value: SecretStr | None) -> str | None:
    """The secret itself, for whoever it is meant for."""
    return None if value is None else value.get_secret_value()
