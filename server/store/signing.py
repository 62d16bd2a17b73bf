"""What viva signs for people to keep: JSON Web Signatures (RFC 7515, 8037) by Ed25519, which
anybody can verify with the public keys."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server.store.keys import Keys

LONGEST: Final = 64 * 1024
ERASURE: Final = "viva-erasure-receipt"
CONSENT: Final = "viva-consent-receipt"
RECORDING: Final = "viva-recording-deletion"
"""That an interview's recording was deleted, told to whoever restores a backup."""
RECEIPTS: Final = (ERASURE, CONSENT)
DOSSIER: Final = "viva-dossier"


class Forged(Exception):
    """Nothing of ours, or changed, or signed by a key that is not known here; it says which."""


class Signer:
    """Signs by the newest key and verifies what any of them signed."""

    def __init__(self, keys: Keys) -> None:
        private = [
            Ed25519PrivateKey.from_private_bytes(one.secret) for one in keys.of("signatures")
        ]
        self._private = private[0]
        self._public = {_name(one.public_key()): one.public_key() for one in private}

    def sign(self, kind: str, claims: dict[str, Any]) -> str:
        """``kind`` says what it is, so that none passes for another. Claims are JSON."""
        header = {"alg": "EdDSA", "kid": _name(self._private.public_key()), "typ": kind}
        signed = f"{_written(_json(header))}.{_written(_json(claims))}"
        return f"{signed}.{_written(self._private.sign(signed.encode()))}"

    def verify(self, kind: str, text: str) -> dict[str, Any]:
        """What was signed. Raises Forged."""
        return self.read((kind,), text)[1]

    def read(self, kinds: Collection[str], text: str) -> tuple[str, dict[str, Any]]:
        """Which of these it is, and what was signed. Raises Forged."""
        return read(self._public, kinds, text)

    @property
    def key(self) -> dict[str, str]:
        """The JSON Web Key with which what is signed from now on is verified."""
        return self.public()[0]

    def public(self) -> list[dict[str, str]]:
        """JSON Web Keys, the newest first, each with what people compare it by."""
        return [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "kid": name,
                "x": _written(key.public_bytes_raw()),
                "fingerprint": fingerprint(key),
            }
            for name, key in self._public.items()
        ]


def read(
    public: Mapping[str, Ed25519PublicKey], kinds: Collection[str], text: str
) -> tuple[str, dict[str, Any]]:
    """``public``: who may have signed it, by the name of their key. Raises Forged."""
    what = " and no ".join(kinds)
    signed, _, signature = text.strip().rpartition(".")
    try:
        header, claims = (msgspec.json.decode(_read(one)) for one in signed.split("."))
        key = public.get(header["kid"])
        fits = header["alg"] == "EdDSA" and header["typ"] in kinds and isinstance(claims, dict)
        if len(text) > LONGEST or not fits:
            raise Forged(f"this is no {what}")
        if key is None:
            raise Forged("it was signed by a key that is not known here")
        key.verify(_read(signature), signed.encode())
    except InvalidSignature as error:
        raise Forged("it was changed, or was signed by somebody else") from error
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Forged(f"this is no {what}") from error
    return header["typ"], dict(claims)


def public_key(said: object) -> tuple[str, Ed25519PublicKey]:
    """The key of a JSON Web Key, with its name. Raises Forged."""
    try:
        if not isinstance(said, dict) or (said["kty"], said["crv"]) != ("OKP", "Ed25519"):
            raise Forged("this is no public key of Ed25519")
        key = Ed25519PublicKey.from_public_bytes(_read(said["x"]))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise Forged("this is no public key of Ed25519") from error
    return _name(key), key


def fingerprint(key: Ed25519PublicKey) -> str:
    """Its thumbprint (RFC 7638): what people compare to know a key again."""
    said = {"crv": "Ed25519", "kty": "OKP", "x": _written(key.public_bytes_raw())}
    return _written(hashlib.sha256(_json(said)).digest())


def _name(key: Ed25519PublicKey) -> str:
    return _written(key.public_bytes_raw())[:8]


def _json(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """Raises ValueError, also where its last letter has bits that say nothing."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _written(data) != text:
        raise ValueError("not written as base64url is")
    return data
