"""Who reads a file ends with whoever waits for it, and takes nothing along."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.workers.pdfs import flate, lines_of, text_of, with_content
from workers.isolation import NotIsolated
from workers.pdf import Limits, PdfRefused, read_document


@pytest.mark.skipif(sys.platform == "darwin", reason="reads /proc")
async def test_the_process_ends_with_its_parent(tmp_path: Path) -> None:
    slow = tmp_path / "slow.pdf"
    _write(slow, with_content(flate(b"0 0 500 700 re f " * 400_000)))
    script = (
        "import asyncio, pathlib, sys\n"
        "from workers.pdf import Limits, read_document\n"
        "asyncio.run(read_document(pathlib.Path(sys.argv[1]).read_bytes(),"
        " limits=Limits(seconds=60, megabytes=2000)))\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(slow), cwd=Path(__file__).parents[2]
    )
    child = await _reader_of(parent.pid)
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()
    for _ in range(100):
        if not _lives(child):
            return
        await asyncio.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the extraction process outlived its parent")


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _lives(pid: int) -> bool:
    try:
        return _stat(pid)[0] != "Z"
    except FileNotFoundError:
        return False


def _stat(pid: int) -> list[str]:
    """State, parent and so on, as the kernel lists them behind the name."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def _environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


async def _reader_of(pid: int) -> int:
    """The extraction process: a child of the warm process, which is a child of ``pid``. Others of
    its children, a database perhaps, have children too."""
    for _ in range(500):
        warm = [child for child in _children(pid) if b"workers.nursery" in _command(child)]
        if found := [each for child in warm for each in _children(child)]:
            await asyncio.sleep(0.5)
            return found[0]
        await asyncio.sleep(0.02)
    raise AssertionError("no extraction process was started")


@pytest.mark.skipif(sys.platform == "darwin", reason="reads /proc")
@pytest.mark.parametrize("turns", range(8))
async def test_cancelling_at_once_leaves_nothing_open(turns: int) -> None:
    await read_document(lines_of("Maren Oduya"))
    before = _open_descriptors()
    reading = asyncio.create_task(read_document(lines_of("Maren Oduya")))
    for _ in range(turns):
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.sleep(0)
    assert _open_descriptors() == before


def _open_descriptors() -> set[str]:
    return {each.name for each in Path("/proc/self/fd").iterdir()}


async def test_cancelling_ends_the_process() -> None:
    slow = with_content(flate(b"0 0 500 700 re f " * 400_000))
    reading = asyncio.create_task(read_document(slow, limits=Limits(seconds=30, megabytes=2000)))
    child = await _reader_of(os.getpid())
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not _lives(child)


async def test_a_reader_that_is_killed_costs_its_own_file_only() -> None:
    slow = with_content(flate(b"0 0 500 700 re f " * 400_000))
    reading = asyncio.create_task(read_document(slow, limits=Limits(seconds=30, megabytes=2000)))
    child = await _reader_of(os.getpid())
    other = await read_document(lines_of("Maren Oduya", "Engineer"))
    os.kill(child, signal.SIGKILL)
    with pytest.raises(PdfRefused) as caught:
        await reading
    assert caught.value.code == "too_much_memory"
    assert "Engineer" in text_of(other)


async def test_the_warm_process_is_started_again_when_it_was_killed() -> None:
    await read_document(lines_of("Maren Oduya"))
    slow = with_content(flate(b"0 0 500 700 re f " * 400_000))
    reading = asyncio.create_task(read_document(slow, limits=Limits(seconds=30, megabytes=2000)))
    child = await _reader_of(os.getpid())
    os.kill(int(_stat(child)[1]), signal.SIGKILL)
    with pytest.raises(NotIsolated):  # not the file's fault: the job is tried again
        await reading
    assert "Maren" in text_of(await read_document(lines_of("Maren Oduya")))
    assert not _lives(child)


async def test_nothing_of_one_file_is_left_for_the_next() -> None:
    first, second = await read_document(lines_of("Maren")), await read_document(lines_of("Oduya"))
    assert (text_of(first), text_of(second)) == ("Maren", "Oduya")


async def test_the_server_s_secrets_do_not_reach_the_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    slow = with_content(flate(b"0 0 500 700 re f " * 400_000))
    reading = asyncio.create_task(read_document(slow, limits=Limits(seconds=30, megabytes=2000)))
    child = await _reader_of(os.getpid())
    environment = _environment(child)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert b"PATH=" in environment
    assert b"secret" not in environment
