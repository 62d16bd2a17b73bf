"""What viva signed is known again, by older keys too, and by anybody with the public ones."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.store.keys import Keys
from server.store.signing import Forged, Signer

OLD, NEW = bytes(32), b"k" * 32
CLAIMS = {"deleted": {"answers": 3}, "at": "2026-11-30"}


def test_older_keys_verify_and_the_newest_signs() -> None:
    before, after = Signer(Keys((OLD,))), Signer(Keys((NEW, OLD)))
    assert after.verify("receipt", before.sign("receipt", CLAIMS)) == CLAIMS
    signed = after.sign("receipt", CLAIMS)
    assert Signer(Keys((NEW,))).verify("receipt", f" {signed}\n") == CLAIMS
    with pytest.raises(Forged, match="not known here"):
        before.verify("receipt", signed)


def test_one_byte_makes_it_nothing() -> None:
    signer = Signer(Keys((NEW,)))
    signed = signer.sign("receipt", CLAIMS)
    for at, letter in enumerate(signed):
        changed = signed[:at] + ("A" if letter != "A" else "B") + signed[at + 1 :]
        with pytest.raises(Forged):
            signer.verify("receipt", changed)


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "é.é.é", "e30.e30.e30", "W10.W10.W10"])
def test_what_is_nothing_of_ours_is_refused(text: str) -> None:
    with pytest.raises(Forged, match="no receipt"):
        Signer(Keys((NEW,))).verify("receipt", text)


def test_one_kind_is_no_other() -> None:
    signer = Signer(Keys((NEW,)))
    with pytest.raises(Forged, match="no receipt"):
        signer.verify("receipt", signer.sign("consent", CLAIMS))


def test_anybody_verifies_with_the_public_key() -> None:
    signer = Signer(Keys((NEW, OLD)))
    (key, older) = signer.public()
    assert key["kid"] != older["kid"]
    assert "d" not in key
    signed, _, signature = signer.sign("receipt", CLAIMS).rpartition(".")
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    public.verify(base64.urlsafe_b64decode(signature + "=="), signed.encode())
