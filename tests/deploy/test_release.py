"""A release, in a repository of its own."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = "deploy/kubernetes/kustomization.yaml"
CHANGELOG = "# Changelog\n\n## Unreleased\n\n- Doors open.\n\n## 0.1.0 (2026-11-01)\n\n- Walls.\n"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def command() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / "deploy" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "viva"\nversion = "0.1.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "deploy" / "kubernetes").mkdir(parents=True)
    (tmp_path / CLUSTER).write_text('images:\n  - {name: viva, newTag: "0.1.0"}\n')
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.name", "Somebody")
    git(tmp_path, "config", "user.email", "somebody@example.org")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    return tmp_path


def test_what_was_unreleased_gets_number_day_and_tag(command: ModuleType, project: Path) -> None:
    command.release(project, "0.2.0", "2026-12-01")
    assert 'version = "0.2.0"' in (project / "pyproject.toml").read_text()
    assert 'newTag: "0.2.0"' in (project / CLUSTER).read_text()
    changelog = (project / "CHANGELOG.md").read_text()
    assert "## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n- Doors open.\n" in changelog
    assert git(project, "tag", "--list") == "v0.2.0"
    assert "Doors open." in git(project, "tag", "--list", "--format=%(contents)")
    assert git(project, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("", "say which"),
        ("next", "say which"),
        ("0.1.0", "does not come after 0.1.0"),
        ("0.0.9", "does not come after"),
    ],
)
def test_a_wrong_number_is_refused(
    command: ModuleType, project: Path, version: str, why: str
) -> None:
    with pytest.raises(SystemExit, match=why):
        command.release(project, version, "2026-12-01")
    assert git(project, "status", "--porcelain") == ""


def test_uncommitted_work_is_not_released(command: ModuleType, project: Path) -> None:
    (project / "new").write_text("something")
    with pytest.raises(SystemExit, match="not committed"):
        command.release(project, "0.2.0", "2026-12-01")


def test_an_empty_release_is_refused(command: ModuleType, project: Path) -> None:
    command.release(project, "0.2.0", "2026-12-01")
    with pytest.raises(SystemExit, match="nothing under Unreleased"):
        command.release(project, "0.3.0", "2026-12-02")


def test_the_version_stands_in_one_place_and_the_cluster_runs_it(command: ModuleType) -> None:
    version = command.VERSION.search((ROOT / "pyproject.toml").read_text())["version"]
    assert command.TAG.findall((ROOT / CLUSTER).read_text()) == [f'newTag: "{version}"']
