"""What README and CONTRIBUTING tell to type, typed on a fresh clone of what is committed.

``make fresh``: it takes minutes, and the network. ``tests/test_readme.py`` looks whether every
command is here, or run by what it is told to be.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx

from tests.resumes import ENGLISH_RESUME, resume_pdf

ROOT: Final = Path(__file__).resolve().parents[1]
FENCED: Final = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND: Final = re.compile(r"(?:make|sh|(?:\.venv/bin/)?viva)\b|VIVA_\w+=")
ANSWER: Final = ROOT / "tests" / "fixtures" / "en-readings"
LINE: Final = '{"id": "1", "language": "en", "role": "Nurse", "question": "What went wrong?", '
READY: Final = "All commands of viva"
ENDED: Final = (0, 2, 130, -signal.SIGINT)
"""How it ends at Ctrl-C, by itself, or as make and the shell tell of it."""
START_S: Final = 900.0
WORD_S: Final = 600.0
CHECKED_S: Final = 3_600.0
"""A check of everything, with nothing of it done before, on a machine with much else to do."""

ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "sh deploy/run.sh": ("Makefile", "@sh deploy/run.sh"),
    "sh deploy/test.sh": ("Makefile", "@sh deploy/test.sh"),
    "make test": (".ci/run", "make test ONLY='unit or database'"),
    "make docs": (".ci/run", "make docs-build"),
    "make test-clients": (".ci/run", "sh deploy/test_clients.sh"),
    "make chaos": (".ci/run", "make test ONLY=chaos"),
    "viva serve": ("tests/server/test_serving.py", '"server.cli", "serve"'),
}
"""Where the others are run, and by which words."""


def commands(page: str) -> set[str]:
    """Whatever of a page is to be typed, each as it stands there but for its comment."""
    lines = [
        line.partition(" #")[0].strip()
        for block in FENCED.findall(page)
        for line in block.splitlines()
    ]
    inline = re.findall(r"`([^`\n]+)`", FENCED.sub("", page))
    return {one for one in (*lines, *inline) if COMMAND.match(one)}


class Clone:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
        path = f"{folder}/.venv/bin:{kept['PATH']}"
        who = {
            f"GIT_{role}_{what}": "somebody"
            for role in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        self.env = {**kept, **who, "PATH": path, "VIVA_PORT": str(self.port)}

    @contextmanager
    def begun(self, command: str, until: Callable[[str], bool], within_s: float) -> Iterator[str]:
        """What it says until it has said enough; then Ctrl-C."""
        process = subprocess.Popen(
            ["sh", "-c", command], cwd=self.folder, env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        said, deadline = "", time.monotonic() + within_s
        try:
            while not until(said):
                line = process.stdout.readline()
                assert line, f"{command} ended:\n{said}"
                assert time.monotonic() < deadline, f"{command} takes too long:\n{said}"
                said += line
            yield said
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=120)
        assert process.returncode in ENDED, f"{command}: {process.returncode}"

    def typed(self, command: str, given: str = "", within_s: float = WORD_S) -> str:
        done = subprocess.run(
            ["sh", "-euc", command], cwd=self.folder, env=self.env, input=given, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=within_s, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}"
        return done.stdout


def _command_lines() -> Iterator[bytes]:
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield one.read_bytes()


def contributed(clone: Clone) -> None:
    """The first patch of CONTRIBUTING, as far as it is commands."""
    page = (clone.folder / "CONTRIBUTING.md").read_text("utf-8")
    for block in FENCED.findall(page.partition("## Your first patch")[2].partition("\n## ")[0]):
        clone.typed(block, within_s=CHECKED_S)


def looked_at(clone: Clone) -> None:
    """README's commands beside a running `make run`."""
    with clone.begun("VIVA_RTC=1 make run", lambda said: READY in said, START_S) as said:
        links = re.findall(r"http://\S+", said)
        assert len(links) >= 2, said
        for link in links[:2]:
            assert httpx.get(link.partition("#")[0]).status_code == 200
        assert b"\0rtc\0" in b"".join(_command_lines())
        assert "usage: viva" in clone.typed(".venv/bin/viva --help")
        assert "MISSING" not in clone.typed(".venv/bin/viva doctor")
        clone.typed("viva doctor --fix")
        with clone.begun(
            ".venv/bin/viva demo", lambda said: "is in the interview now" in said, WORD_S
        ):
            pass
        assert "gone:" in clone.typed("viva demo --remove")
        (clone.folder / "cv.pdf").write_bytes(resume_pdf(ENGLISH_RESUME))
        shutil.copy(next(ANSWER.glob("*.wav")), clone.folder / "answer.wav")
        talk = "viva talk --resume cv.pdf --wav answer.wav"
        with clone.begun(
            talk, lambda said: len(re.findall(r"^> ", said, re.MULTILINE)) > 1, WORD_S
        ):
            pass
        assert '"act"' in clone.typed("viva understand", f'{LINE}"utterance": "Pardon?"}}\n')
        assert '"say"' in clone.typed("viva probe", f'{LINE}"answer": "We ran out of beds."}}\n')
        assert '"allowed": true' in clone.typed(
            "viva guard", f'{LINE}"text": "What did you do then?"}}\n'
        )


HERE: Final = {
    "VIVA_RTC=1", "make run", "viva", ".venv/bin/viva", ".venv/bin/viva doctor",
    ".venv/bin/viva demo", "viva demo --remove",
    "viva talk --resume cv.pdf --wav answer.wav", "viva understand",
    "viva probe", "viva guard",
}  # fmt: skip
"""What ``looked_at`` types."""


def main() -> int:
    # Where a shell has put this behind it, Ctrl-C would reach nobody whom it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="viva-fresh-") as folder:
        clone = Clone(Path(folder) / "viva")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone.folder)], check=True)
        for part in (looked_at, contributed):
            began = time.monotonic()
            part(clone)
            print(f"{part.__name__}: {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
