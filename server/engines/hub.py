"""Where Whisper's models are: on disk already, or at the model hub, which may be out of reach.

Whatever needs the network runs in a child process: a name look-up that hangs, or a download that
is no longer wanted, can be ended, which no thread can.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

from server.ports import EngineError

REACH_SECONDS = 5.0
NEEDED = ("model.bin", "tokenizer.json", "config.json")

REACH = """
import sys, urllib.error, urllib.request
from huggingface_hub import constants
if constants.HF_HUB_OFFLINE:
    sys.exit("HF_HUB_OFFLINE is set")
try:
    urllib.request.urlopen(urllib.request.Request(constants.ENDPOINT, method="HEAD"), timeout=4)
except urllib.error.HTTPError as error:
    if error.code >= 500:
        sys.exit(f"it answered HTTP {error.code}")
except OSError as error:
    sys.exit(str(getattr(error, "reason", error)))
"""

DOWNLOAD = """
import sys
from faster_whisper import utils
if len(sys.argv) > 2:
    from tqdm.auto import tqdm
    utils.disabled_tqdm = tqdm  # the hub's own bars, which faster-whisper takes away
try:
    print(utils.download_model(sys.argv[1]))
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}".splitlines()[0])
"""


def model_on_disk(name: str) -> Path | None:
    """A folder of that name, or the hub's cache; complete, and without asking the network."""
    folder = Path(name).expanduser()
    if not folder.is_dir():
        # Late: it takes a second, and only those who want Whisper shall pay it.
        from faster_whisper.utils import download_model  # noqa: PLC0415

        try:
            folder = Path(download_model(name, local_files_only=True))
        # The hub's client has no one error for "not in the cache"; all of them mean that.
        except Exception:  # noqa: BLE001
            return None
    return folder if all((folder / needed).is_file() for needed in NEEDED) else None


async def reachable(seconds: float = REACH_SECONDS) -> tuple[bool, str]:
    """Whether the model hub answers within ``seconds``, start of the process included."""
    try:
        async with asyncio.timeout(seconds):
            await _python(REACH)
    except TimeoutError:
        return False, f"no answer in {seconds:g} s"
    except EngineError as error:
        return False, str(error)
    return True, "it answers"


async def download(name: str, *, shown: bool = False) -> Path:
    """Fetch a model into the hub's cache; it goes on where an earlier one stopped. ``shown``: how
    far it is, on our stderr. Raises EngineError."""
    how = ("shown",) if shown else ()
    return Path((await _python(DOWNLOAD, name, *how, shown=shown)).splitlines()[-1])


async def _python(code: str, *arguments: str, shown: bool = False) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-Ic",
        code,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=None if shown else asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        lines = (err or b"").decode(errors="replace").strip().splitlines()
        raise EngineError(lines[-1][:200] if lines else f"exit status {process.returncode}")
    return out.decode().strip()
