"""Signing in by a provider of OpenID Connect: authorization code with PKCE.

Everything is checked that could be another's: state and nonce are of this browser's own attempt,
the token is signed by one of the provider's keys, for us, now, about an address that it verified.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote, urlsplit

import httpx
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

SCOPE: Final = "openid email profile"
ALGORITHMS: Final = ["RS256", "PS256", "ES256", "ES384", "RS384", "RS512", "PS384", "PS512"]
"""Of a key that only the provider has: no HMAC, and never none."""
ANSWER_S: Final = 5.0
KNOWN_FOR: Final = timedelta(hours=1)
"""How long what the provider says of itself is taken for true. Its keys are asked for again
whenever a token is signed with none of them."""
ATTEMPT_LASTS: Final = timedelta(minutes=10)
CLOCKS_S: Final = 60
"""How far its clock and ours may be apart."""
LARGEST: Final = 256 * 1024
VERIFIER: Final = 48


class ProviderAway(Exception):
    """The provider could not be reached, or said what is no OpenID Connect. ``code``: what."""


class NotVouched(Exception):
    """The provider does not vouch for this attempt. ``code``: why, in a word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AddressNotVerified(Exception):
    """It vouches for somebody, and not for their address."""


class Attempt(msgspec.Struct, frozen=True):
    """To be kept by the browser that began it, where nobody reads or changes it."""

    state: str
    nonce: str
    verifier: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """``subject``: who it is to the provider, for good. ``email``: lower case, verified."""

    subject: str
    email: str
    name: str


class _Metadata(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str


class Provider:
    """``name``: as people call it. ``issuer``: its address, as it is in its tokens."""

    def __init__(self, issuer: str, client_id: str, client_secret: str | None, name: str) -> None:
        self.name = name
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._metadata: tuple[_Metadata, datetime] | None = None
        self._keys: KeySet | None = None

    async def begin(self, back: str) -> tuple[str, Attempt]:
        """Where the browser is sent, and what it keeps. ``back``: where it comes back to. Raises
        ProviderAway."""
        metadata = await self._known()
        attempt = Attempt(
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(VERIFIER),
            datetime.now(UTC) + ATTEMPT_LASTS,
        )
        url = prepare_grant_uri(
            metadata.authorization_endpoint,
            self._client_id,
            "code",
            redirect_uri=back,
            scope=SCOPE,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )
        return str(url), attempt

    async def finish(self, attempt: Attempt, state: str, code: str, back: str) -> Person:
        """Who came back. Raises NotVouched, AddressNotVerified, ProviderAway."""
        if not secrets.compare_digest(attempt.state.encode(), state.encode()):
            raise NotVouched("state")
        if attempt.until < datetime.now(UTC):
            raise NotVouched("late")
        token = await self._token(await self._known(), attempt, code, back)
        now = datetime.now(UTC)
        if self._keys is not None:
            try:
                return self._person(token, self._keys, attempt.nonce, now)
            except NotVouched as error:
                if error.code != "signature":
                    raise
        # None of its keys: it may have new ones.
        self._keys = await self._new_keys()
        return self._person(token, self._keys, attempt.nonce, now)

    def _person(self, token: str, keys: KeySet, nonce: str, now: datetime) -> Person:
        return person(
            token, keys, issuer=self._issuer, client_id=self._client_id, nonce=nonce, now=now
        )

    async def _token(self, metadata: _Metadata, attempt: Attempt, code: str, back: str) -> str:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
            "client_id": self._client_id,
        }
        secret = self._client_secret
        shown = None
        if secret is not None:
            shown = httpx.BasicAuth(quote(self._client_id, ""), quote(secret, ""))
        try:
            async with httpx.AsyncClient(timeout=ANSWER_S, auth=shown) as client:
                answer = await client.post(metadata.token_endpoint, data=asked)
            if answer.is_client_error:
                raise NotVouched("code")
            answer.raise_for_status()
            return msgspec.json.decode(answer.content, type=_Tokens).id_token
        except (httpx.HTTPError, httpx.InvalidURL, msgspec.DecodeError) as error:
            raise ProviderAway("token") from error

    async def _known(self) -> _Metadata:
        now = datetime.now(UTC)
        if self._metadata is not None and now - self._metadata[1] < KNOWN_FOR:
            return self._metadata[0]
        answer = await self._asked(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            metadata = msgspec.json.decode(answer, type=_Metadata)
        except msgspec.DecodeError as error:
            raise ProviderAway("configuration") from error
        places = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        if metadata.issuer != self._issuer or not all(map(is_private, places)):
            raise ProviderAway("configuration")
        self._metadata = metadata, now
        return metadata

    async def _new_keys(self) -> KeySet:
        answer = await self._asked((await self._known()).jwks_uri)
        try:
            return KeySet.import_key_set(msgspec.json.decode(answer))
        except (JoseError, msgspec.DecodeError, ValueError, KeyError, TypeError) as error:
            raise ProviderAway("keys") from error

    async def _asked(self, url: str) -> bytes:
        try:
            async with httpx.AsyncClient(timeout=ANSWER_S) as client:
                answer = await client.get(url)
                answer.raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderAway("configuration") from error
        if len(answer.content) > LARGEST:
            raise ProviderAway("configuration")
        return answer.content


def person(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> Person:
    """Whom an ID token vouches for. Raises NotVouched, AddressNotVerified."""
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotVouched("signature") from error
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
            "sub": {"essential": True},
        },
        {"nonce": nonce, "client_id": client_id},
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=CLOCKS_S)
    except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
        raise NotVouched("claims") from error
    email, subject = claims.get("email"), claims["sub"]
    if claims.get("email_verified") is not True or not isinstance(email, str) or "@" not in email:
        raise AddressNotVerified
    name = claims.get("name")
    return Person(str(subject), email.lower(), name if isinstance(name, str) and name else email)


def is_private(url: str) -> bool:
    """Nobody on the way can read it: TLS, or this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    )
