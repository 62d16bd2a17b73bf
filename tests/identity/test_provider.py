"""Which tokens of a provider are believed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from server.identity.provider import (
    AddressNotVerified,
    Attempt,
    NotVouched,
    Person,
    Provider,
    is_private,
    person,
)

NOW = datetime(2026, 7, 1, tzinfo=UTC)
ISSUER, CLIENT, NONCE = "https://id.example", "viva", "n-1"
KEY = RSAKey.generate_key(2048, {"kid": "1"})
KEYS = KeySet([KEY])
CLAIMS = {
    "iss": ISSUER, "aud": CLIENT, "sub": "u1", "nonce": NONCE, "email": "Kim@Example.org",
    "email_verified": True, "name": "Kim", "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 300,
}  # fmt: skip
AN_HOUR = 3_600


def token(key: Any = KEY, alg: str = "RS256", **changed: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changed}.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "1"}, claims, key, algorithms=[alg])


def read(given: str, keys: KeySet = KEYS, now: datetime = NOW) -> Person:
    return person(given, keys, issuer=ISSUER, client_id=CLIENT, nonce=NONCE, now=now)


def test_whom_it_vouches_for() -> None:
    assert read(token()) == Person("u1", "kim@example.org", "Kim")
    assert read(token(name=None)).name == "Kim@Example.org"
    assert read(token(aud=[CLIENT, "other"], azp=CLIENT)).subject == "u1"
    key = ECKey.generate_key("P-256", {"kid": "1"})
    assert read(token(key, "ES256"), KeySet([key])).subject == "u1"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": [CLIENT, "other"], "azp": "other"},
        {"aud": [CLIENT, "other"]},
        {"nonce": "n-2"},
        {"nonce": None},
        {"sub": None},
        {"exp": int(NOW.timestamp()) - AN_HOUR},
        {"exp": None},
        {"iat": None},
        {"iat": int(NOW.timestamp()) + AN_HOUR},
        {"nbf": int(NOW.timestamp()) + AN_HOUR},
    ],
)
def test_a_token_that_is_not_of_this_attempt_is_not_believed(changed: dict[str, Any]) -> None:
    with pytest.raises(NotVouched, match="claims"):
        read(token(**changed))


def test_clocks_may_be_a_minute_apart() -> None:
    assert read(token(exp=int(NOW.timestamp()) - 30)).subject == "u1"


def test_a_signature_has_to_be_the_providers() -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "1"})
    guessed = OctKey.import_key("0" * 64, {"kid": "1"})
    forged = [
        token(stranger),
        token(guessed, "HS256"),
        token()[:-6] + "AAAAAA",
        "",
        "a.b.c",
        "x" * 5_000,
    ]
    head, body, _ = token().split(".")
    none = "eyJhbGciOiJub25lIn0"
    forged += [f"{none}.{body}.", f"{head}.{body}."]
    for one in forged:
        with pytest.raises(NotVouched, match="signature"):
            read(one)


@pytest.mark.parametrize(
    "changed",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
    ],
)
def test_an_address_has_to_be_verified(changed: dict[str, Any]) -> None:
    with pytest.raises(AddressNotVerified):
        read(token(**changed))


async def test_an_attempt_is_of_one_browser_and_soon_over() -> None:
    provider = Provider("https://nobody.invalid", CLIENT, None, "x")
    attempt = Attempt("state", NONCE, "verifier", datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(NotVouched, match="state"):
        await provider.finish(attempt, "another", "code", "https://viva.example/sign-in")
    with pytest.raises(NotVouched, match="late"):
        await provider.finish(attempt, "state", "code", "https://viva.example/sign-in")


def test_nobody_on_the_way_reads_along() -> None:
    assert is_private("https://id.example/token")
    assert is_private("http://localhost:8080/token")
    assert not is_private("http://id.example/token")
    assert not is_private("ftp://localhost/token")
