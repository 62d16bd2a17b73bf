"""A release: ``make release VERSION=0.2.0``.

Gives what is unreleased in CHANGELOG.md that number, writes it into pyproject.toml, commits, tags
``v0.2.0`` and builds the wheel into ``dist/``. Pushes nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

UNRELEASED = re.compile(r"^## Unreleased\n(?P<changes>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
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
    heading = f"## Unreleased\n\n## {version} ({day})\n"
    text = changelog.read_text()
    changelog.write_text(text.replace("## Unreleased\n", heading, 1))
    _git(root, "commit", "--quiet", "--all", "--message", f"Release {version}")
    _git(root, "tag", "--annotate", f"v{version}", "--message", changes["changes"].strip())


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
    release(here, " ".join(sys.argv[1:]), f"{datetime.now(UTC):%Y-%m-%d}")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=here, check=True
    )
