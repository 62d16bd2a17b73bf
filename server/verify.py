"""``viva verify``: whether an archive of an interview is as it was when it was signed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Final

import msgspec

from server.manual import tell
from server.store import bundle
from server.store.bundle import NoBundle, Verdict
from server.store.signing import Forged, fingerprint, public_key

INTACT, CHANGED, NONE, UNVOUCHED = 0, 1, 2, 3
VERDICTS: Final = {INTACT: "intact", CHANGED: "changed", UNVOUCHED: "unvouched"}
FINGERPRINT_CHARS: Final = 43


class NoKey(Exception):
    """What was given as the key is none; it says what it may be."""


def verify(path: Path, key: str | None, *, as_json: bool = False) -> int:
    """Tells what of it is intact, what was changed and who signed. 0: intact, and signed by
    ``key`` (a fingerprint, or a file with a public key or a set of them); 1: not; 2: no such
    archive, or no such key; 3: intact in itself, but nobody said whose key it has to be."""
    try:
        trusted = None if key is None else _fingerprints(key)
        found = bundle.verify(path, trusted)
    except (NoBundle, NoKey, OSError) as error:
        why = error.strerror or error if isinstance(error, OSError) else error
        tell(f"cannot be verified: {why}", as_json=as_json, verdict="none", why=str(why))
        return NONE
    status = CHANGED if not found.whole else INTACT if found.trusted else UNVOUCHED
    text = "\n".join(told(found))
    tell(text, as_json=as_json, verdict=VERDICTS[status], **asdict(found))
    return status


def told(found: Verdict) -> list[str]:
    lines = [f"intact   {name}" for name in found.intact]
    lines += [f"CHANGED  {name}" for name in found.changed]
    lines += [f"MISSING  {name}" for name in found.missing]
    lines += [
        f"ADDED    {name}: it was not there when the archive was signed" for name in found.added
    ]
    if found.container:
        lines.append("CHANGED  the archive around its files: it was packed anew or added to")
    if found.forged:
        lines.append(f"SIGNATURE DOES NOT HOLD: {found.forged}")
    for name, value in found.about.items():
        lines.append(f"signed   {name}: {value}")
    lines.append(f"key      {found.key or 'none'}")
    return [*lines, _sum(found)]


def _sum(found: Verdict) -> str:
    if found.trusted is False:
        return "NOT AS IT WAS SIGNED: it was not signed by the key that you trust."
    if not found.whole:
        return "NOT AS IT WAS SIGNED: do not rely on it."
    if found.trusted is None:
        return (
            "Intact in itself: it is as whoever has this key signed it. Who that is was not "
            "checked; ask who gave it to you for their key, and give it with --key."
        )
    return "Intact, and signed by the key that you trust."


def _fingerprints(key: str) -> set[str]:
    """Raises NoKey, OSError."""
    path = Path(key)
    if len(key) == FINGERPRINT_CHARS and not path.exists():
        return {key}
    try:
        said = msgspec.json.decode(path.read_bytes())
        keys = said["keys"] if isinstance(said, dict) and "keys" in said else [said]
        return {fingerprint(public_key(one)[1]) for one in keys}
    except (msgspec.DecodeError, Forged, TypeError) as error:
        raise NoKey(
            "--key takes the fingerprint of a key, or a file with a public key as JSON"
        ) from error
