"""A release: ``make release VERSION=0.2.0``.

Gives what is unreleased in CHANGELOG.md that number, writes it into pyproject.toml and, as the tag
of the image, into deploy/kubernetes, commits, tags ``v0.2.0`` and makes ``dist/``: the wheel, built
twice and the same both times, what is in it (CycloneDX), and the sums of both. ``make dist`` does
only the last. Pushes nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

UNRELEASED = re.compile(r"^## Unreleased\n(?P<changes>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
TAG = re.compile(r'newTag: "[\d.]+"')
VERSION = re.compile(r'^version = "(?P<version>[\d.]+)"$', re.MULTILINE)


def release(root: Path, version: str, day: str) -> None:
    """Exits with one line that says what is in the way."""
    project, changelog = root / "pyproject.toml", root / "CHANGELOG.md"
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        sys.exit("viva: say which: make release VERSION=0.2.0")
    if _git(root, "status", "--porcelain"):
        sys.exit("viva: commit or put aside what is not committed")
    now = VERSION.search(project.read_text())
    changes = UNRELEASED.search(changelog.read_text())
    if now is None or _number(version) <= _number(now["version"]):
        sys.exit(f"viva: {version} does not come after {now and now['version']}")
    if changes is None or not changes["changes"].strip():
        sys.exit("viva: CHANGELOG.md has nothing under Unreleased")
    project.write_text(VERSION.sub(f'version = "{version}"', project.read_text(), count=1))
    cluster = root / "deploy" / "kubernetes" / "kustomization.yaml"
    cluster.write_text(TAG.sub(f'newTag: "{version}"', cluster.read_text()))
    heading = f"## Unreleased\n\n## {version} ({day})\n"
    text = changelog.read_text()
    changelog.write_text(text.replace("## Unreleased\n", heading, 1))
    _git(root, "commit", "--quiet", "--all", "--message", f"Release {version}")
    _git(root, "tag", "--annotate", f"v{version}", "--message", changes["changes"].strip())


def made(root: Path, into: Path) -> Path:
    """The wheel, with the time of its commit. Exits where building it again gives other bytes."""
    when = _git(root, "log", "-1", "--format=%ct")
    with tempfile.TemporaryDirectory() as scratch:
        first, second = (_wheel(root, Path(scratch) / name, when) for name in ("a", "b"))
        if first.read_bytes() != second.read_bytes():
            sys.exit(f"viva: {first.name} is another each time that it is built")
        into.mkdir(exist_ok=True)
        return Path(shutil.copy(first, into / first.name))


def _wheel(root: Path, into: Path, when: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    env = {**os.environ, "SOURCE_DATE_EPOCH": when}
    subprocess.run(command, cwd=root, check=True, env=env, stdout=sys.stderr)
    (wheel,) = into.glob("*.whl")
    return wheel


def sums(files: Sequence[Path]) -> str:
    """As sha256sum writes and reads them."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files
    )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, check=False, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"viva: git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


if __name__ == "__main__":
    here = Path(__file__).resolve().parents[1]
    if sys.argv[1:] != ["--only-build"]:
        release(here, " ".join(sys.argv[1:]), f"{datetime.now(UTC):%Y-%m-%d}")
    wheel = made(here, here / "dist")
    parts = wheel.with_name(f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json")
    subprocess.run(["sh", "deploy/sbom.sh", str(parts)], cwd=here, check=True)
    (wheel.parent / "SHA256SUMS").write_text(sums([wheel, parts]))
    sys.stdout.write((wheel.parent / "SHA256SUMS").read_text())
