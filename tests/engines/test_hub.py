"""A model is fetched from a hub: ours here, on this machine, with the answers of the real one."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import pty
import termios
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from server.engines import hub
from server.mending import NotMended, model_here
from server.settings import Settings

REPOSITORY = "somebody/whisper-of-ours"
COMMIT = "c" * 40
FILES = {name: name.encode() * 50_000 for name in (*hub.NEEDED, "vocabulary.txt")}


class Hub(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        name = self.path.partition("?")[0].rpartition("/")[2]
        headers = {"X-Repo-Commit": COMMIT}
        if self.path.startswith(f"/api/models/{REPOSITORY}/tree/"):
            tree = [{"type": "file", "path": one, "size": 1, "oid": "o" * 40} for one in FILES]
            content = json.dumps(tree).encode()
        elif self.path.startswith(f"/api/models/{REPOSITORY}/"):
            names = [{"rfilename": one} for one in FILES]
            content = json.dumps({"id": REPOSITORY, "sha": COMMIT, "siblings": names}).encode()
        elif name in FILES:
            content = FILES[name]
            headers["ETag"] = f'"{hashlib.sha1(content).hexdigest()}"'
        else:
            self.send_response(404 if self.path != "/" else 200)
            self.end_headers()
            return
        self.send_response(200)
        for header, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(header, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Of a machine whose recogniser's model is at a hub of ours, which is up."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache/hub"))
        Thread(target=server.serve_forever, daemon=True).start()
        yield Settings(stt_model=REPOSITORY, stt_device="cpu", data=tmp_path)
        server.shutdown()


def test_the_doctor_fetches_what_is_not_on_disk(settings: Settings) -> None:
    assert hub.model_on_disk(REPOSITORY) is None
    mend = model_here(settings)
    assert mend is not None
    assert mend().startswith(f"{REPOSITORY} is in ")
    folder = hub.model_on_disk(REPOSITORY)
    assert folder is not None
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES
    assert model_here(settings) is None


def test_on_a_terminal_it_shows_how_far_it_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    kept = os.dup(2)
    os.dup2(terminal, 2)
    try:
        asyncio.run(hub.download(REPOSITORY, shown=True))
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(terminal)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # nobody has the terminal any more
            break
        said += piece
    os.close(ours)
    assert "██".encode() in said
    assert b"2.40MB" in said


def test_a_hub_that_is_not_there_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    mend = model_here(settings)
    assert mend is not None
    with pytest.raises(NotMended, match="hub cannot be reached"):
        mend()
