"""An archive is verified by itself, and whatever is changed of it is found."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from server.store import bundle
from server.store.bundle import KEY, MANIFEST, SIGNATURE, NoBundle, Writer, verify
from server.store.keys import Keys
from server.store.signing import Signer, fingerprint, public_key

SIGNER, OTHER = Signer(Keys((b"k" * 32,))), Signer(Keys((b"o" * 32,)))
FILES = {"README.txt": "read me, 읽어 주세요\n".encode(), "facts.json": b'[{"seq": 1}]\n'}
ABOUT = {"interview": "7", "at": "2026-11-30T07:00:00Z"}
OURS = fingerprint(public_key(SIGNER.key)[1])


def written(signer: Signer = SIGNER, files: dict[str, bytes] = FILES) -> bytes:
    writer = Writer(signer)
    return b"".join([writer.add(*one) for one in files.items()] + [writer.close(ABOUT)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dossier.zip"


def test_the_same_files_are_the_same_bytes_and_any_zip_program_reads_them(path: Path) -> None:
    path.write_bytes(written())
    assert path.read_bytes() == written()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [*FILES, KEY, MANIFEST, SIGNATURE]
        listed = json.loads(archive.read(MANIFEST))
        assert [one["name"] for one in listed["files"]] == [*FILES, KEY]
    found = verify(path)
    assert (found.whole, found.trusted, found.key) == (True, None, OURS)
    assert found.intact == [*FILES, KEY]
    assert found.about["interview"] == "7"
    assert verify(path, {OURS}).trusted


def test_one_byte_anywhere_is_found(path: Path) -> None:
    whole = written()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        try:
            assert not verify(path).whole, at
        except NoBundle:
            continue
    for other in (whole[:-1], whole + b"\0", b"\0" + whole, whole[:40] + whole[41:]):
        path.write_bytes(other)
        try:
            assert not verify(path).whole
        except NoBundle:
            continue


def test_what_was_changed_is_named(path: Path) -> None:
    def anew(changes: dict[str, bytes | None]) -> None:
        with zipfile.ZipFile(io.BytesIO(written())) as old, zipfile.ZipFile(path, "w") as new:
            files = {name: old.read(name) for name in old.namelist()} | changes
            for name, content in files.items():
                if content is not None:
                    new.writestr(name, content)

    anew({"facts.json": b"[]"})
    found = verify(path)
    assert (found.changed, found.intact, found.forged) == (
        ["facts.json"],
        ["README.txt", KEY],
        None,
    )
    anew({"facts.json": None, "more.txt": b"x"})
    found = verify(path)
    assert (found.missing, found.added) == (["facts.json"], ["more.txt"])
    anew({})
    assert verify(path).container, "the files are the same, packed by somebody else"
    anew({MANIFEST: b'{"about": {}, "files": []}'})
    assert verify(path).forged == "manifest.json is not what was signed"
    for key in (b"[]", b"{}", b"?"):
        anew({KEY: key})
        assert verify(path).forged is not None
    anew({SIGNATURE: SIGNER.sign("viva-erasure-receipt", {}).encode() + b"\n"})
    assert verify(path).forged == "this is no viva-dossier"


def test_whoever_signs_anew_is_somebody_else(path: Path) -> None:
    path.write_bytes(written(OTHER, {**FILES, "facts.json": b"[]"}))
    assert verify(path).whole, "whole in itself"
    found = verify(path, {OURS})
    assert (found.whole, found.trusted) == (False, False)


def test_what_is_none_is_refused(path: Path) -> None:
    for content in (b"", b"PK", b"no archive at all" * 100):
        path.write_bytes(content)
        with pytest.raises(NoBundle, match="no ZIP"):
            verify(path)
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("x", "x")
    with pytest.raises(NoBundle, match=r"no manifest\.json"):
        verify(path)
    with pytest.raises(OSError, match="nothing"):
        verify(path.with_name("nothing"))


def test_nothing_is_unpacked(path: Path) -> None:
    """Else a small file could fill the memory of whoever verifies it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr(KEY, "{}")
        bomb.writestr(SIGNATURE, "x")
        bomb.writestr(MANIFEST, b" " * (bundle.LONGEST + 1))
    with pytest.raises(NoBundle, match="longer than any"):
        verify(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in (KEY, SIGNATURE, MANIFEST):
            packed.writestr(name, b" " * 1_000)
    with pytest.raises(NoBundle, match="packed otherwise"):
        verify(path)
