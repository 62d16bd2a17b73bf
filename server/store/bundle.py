"""A ZIP archive of which not one byte can be changed unseen: a manifest with the hash of every
file, signed. It is written while it is sent, and verified without anything but itself.

Nothing in it is compressed and its dates are fixed, so the same files are the same bytes, and
whoever verifies writes the container anew and compares it.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.store.signing import DOSSIER, Forged, Signer, fingerprint, public_key, read

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.txt"
KEY: Final = "public-key.json"
OUTSIDE: Final = (MANIFEST, SIGNATURE)
"""What the manifest cannot list: itself, and what is made of it."""
BROKEN: Final = (
    zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError,
    struct.error,
)  # fmt: skip
"""What ``zipfile`` raises at what is none, or not any more."""
LONGEST: Final = 16 * 1024 * 1024
"""Of the three above."""
CHUNK: Final = 1024 * 1024
YEAR: Final = (1980, 1, 1, 0, 0, 0)


class NoBundle(Exception):
    """It is not one of ours at all; it says why."""


class Listed(msgspec.Struct, frozen=True):
    """``size`` in bytes."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """``about``: what the signature says too."""

    about: dict[str, str]
    files: list[Listed]


@dataclass(slots=True)
class Verdict:
    """``intact`` and ``changed``, ``missing``, ``added``: names of files; ``forged``: why the
    signature says nothing; ``container``: the files are as listed, and something around them is
    not. ``about``: what was signed. ``trusted``: whether ``key``, a fingerprint, is one of those
    that were given; None where none were."""

    intact: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    forged: str | None = None
    container: bool = False
    about: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    trusted: bool | None = None

    @property
    def whole(self) -> bool:
        wrong = self.changed or self.missing or self.added or self.forged or self.container
        return not wrong and self.trusted is not False


class Writer:
    """Each call answers the bytes that are to be sent then; what was sent is held no longer."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._sent = Sent()
        self._zip = zipfile.ZipFile(self._sent, "w", zipfile.ZIP_STORED)
        self._files: list[Listed] = []

    def add(self, name: str, content: bytes) -> bytes:
        """``name`` in ASCII, each once."""
        digest = hashlib.sha256(content).hexdigest()
        self._files.append(Listed(name, len(content), digest))
        return self._write(name, content)

    def close(self, about: dict[str, str]) -> bytes:
        """``about``: what is signed besides the hash of the manifest."""
        sent = self.add(KEY, _json(self._signer.key))
        manifest = _json(Manifest(about, self._files))
        claims = {**about, "manifest": hashlib.sha256(manifest).hexdigest()}
        sent += self._write(MANIFEST, manifest)
        sent += self._write(SIGNATURE, self._signer.sign(DOSSIER, claims).encode() + b"\n")
        self._zip.close()
        return sent + self._sent.taken()

    def _write(self, name: str, content: bytes) -> bytes:
        _put(self._zip, name, len(content), iter((content,)))
        return self._sent.taken()


def verify(path: Path, trusted: Collection[str] | None = None) -> Verdict:
    """``trusted``: fingerprints of keys of which one has to have signed it. Memory is bounded,
    whatever the file holds. Raises NoBundle, and OSError where it cannot be read."""
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                return _verdict(archive, path, trusted)
        except BROKEN as error:
            raise NoBundle("it is no ZIP archive, or a broken one") from error


def _verdict(archive: zipfile.ZipFile, path: Path, trusted: Collection[str] | None) -> Verdict:
    names = archive.namelist()
    if not {KEY, MANIFEST, SIGNATURE} <= set(names):
        raise NoBundle(f"it has no {MANIFEST}, {SIGNATURE} and {KEY}")
    verdict = Verdict()
    manifest = _short(archive, MANIFEST)
    _who(archive, manifest, verdict)
    if trusted is not None:
        verdict.trusted = verdict.key in trusted
    try:
        listed = {one.name: one for one in msgspec.json.decode(manifest, type=Manifest).files}
    except msgspec.DecodeError as error:
        raise NoBundle(f"its {MANIFEST} is none") from error
    for name, one in listed.items():
        if name not in names:
            verdict.missing.append(name)
        elif _digest(archive, name) == one:
            verdict.intact.append(name)
        else:
            verdict.changed.append(name)
    twice = {name for name, count in Counter(names).items() if count > 1}
    verdict.added = sorted(twice | set(names) - set(listed) - set(OUTSIDE))
    if verdict.whole or verdict.trusted is False:
        verdict.container = not _as_written(archive, path)
    return verdict


def _who(archive: zipfile.ZipFile, manifest: bytes, verdict: Verdict) -> None:
    """Whose signature it is, and what it says."""
    signature = _short(archive, SIGNATURE)
    try:
        name, key = public_key(msgspec.json.decode(_short(archive, KEY)))
        verdict.key = fingerprint(key)
        _, claims = _signed(name, key, signature)
    except msgspec.DecodeError:
        verdict.forged = "the public key in it is none"
    except Forged as error:
        verdict.forged = str(error)
    else:
        verdict.about = claims
        if claims.get("manifest") != hashlib.sha256(manifest).hexdigest():
            verdict.forged = f"{MANIFEST} is not what was signed"


def _signed(name: str, key: Ed25519PublicKey, signature: bytes) -> tuple[str, dict[str, Any]]:
    text = signature.decode("ascii", "replace")
    if text != text.strip() + "\n":
        raise Forged("it was changed, or was signed by somebody else")
    return read({name: key}, (DOSSIER,), text)


def _short(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LONGEST:
        raise NoBundle(f"its {name} is longer than any of ours")
    return b"".join(_pieces(archive, archive.getinfo(name)))


def _digest(archive: zipfile.ZipFile, name: str) -> Listed | None:
    digest, size = hashlib.sha256(), 0
    try:
        for piece in _pieces(archive, archive.getinfo(name)):
            digest.update(piece)
            size += len(piece)
    except NoBundle:
        return None
    return Listed(name, size, digest.hexdigest())


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Never unpacked: of ours nothing is compressed or encrypted. Raises NoBundle."""
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
        raise NoBundle(f"its {info.filename} is packed otherwise than viva does")
    try:
        with archive.open(info) as opened:
            while piece := opened.read(CHUNK):
                yield piece
    except BROKEN as error:
        raise NoBundle(f"its {info.filename} is broken") from error


def _as_written(archive: zipfile.ZipFile, path: Path) -> bool:
    """Whether the container, byte by byte, is what the writer makes of these files."""
    with path.open("rb") as file:
        compared = _Compared(file)
        try:
            with zipfile.ZipFile(compared, "w", zipfile.ZIP_STORED) as anew:
                for info in archive.infolist():
                    _put(anew, info.filename, info.file_size, _pieces(archive, info))
        except (NoBundle, *BROKEN):
            return False
        return compared.same and not file.read(1)


def _put(archive: zipfile.ZipFile, name: str, size: int, pieces: Iterator[bytes]) -> None:
    info = zipfile.ZipInfo(name, YEAR)
    info.create_system = 3
    info.external_attr = 0o600 << 16
    info.file_size = size
    with archive.open(info, "w") as opened:
        for piece in pieces:
            opened.write(piece)


class Sent(io.RawIOBase):
    """What was written since it was last taken. It cannot go back, so the archive is a stream."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


class _Compared(io.RawIOBase):
    """What is written has to stand in the file already."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.same = True

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.same = self.same and self._file.read(len(data)) == bytes(data)
        return len(data)


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic")) + b"\n"
