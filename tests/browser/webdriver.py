"""WebKitGTK's MiniBrowser, driven by WebKitWebDriver over W3C WebDriver, on a screen of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, Final

import httpx

from tests.live import free_port

DRIVER: Final = shutil.which("WebKitWebDriver")
SCREEN: Final = shutil.which("Xvfb")
PLACES: Final = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec")
MINI: Final = next(
    (str(one) for place in PLACES for one in sorted(Path(place).glob("webkit2gtk-*/MiniBrowser"))),
    None,
)
ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
PATIENT_S: Final = 90.0


class MiniBrowser:
    """One window."""

    def __init__(self, http: httpx.AsyncClient, session: dict[str, Any]) -> None:
        self._http, self._at = http, f"/session/{session['sessionId']}"
        self.version: str = session["capabilities"]["browserVersion"]

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        answer = await self._http.request(
            method, f"{self._at}{path}", json=body if method == "POST" else None
        )
        value = answer.json()["value"]
        assert answer.is_success, value
        return value

    async def goto(self, url: str) -> None:
        await self.ask("POST", "/url", url=url)

    async def do(self, script: str, *given: Any) -> Any:
        return await self.ask("POST", "/execute/sync", script=script, args=given)

    async def until(self, script: str, *given: Any) -> Any:
        """What the script answers once it is something."""
        ends = monotonic() + PATIENT_S
        while not (found := await self.do(script, *given)):
            assert monotonic() < ends, (
                f"{script}\n{await self.do('return document.body.innerText')}"
            )
            await asyncio.sleep(0.2)
        return found

    async def choose(self, testid: str, file: Path) -> None:
        css = f'[data-testid="{testid}"]'
        element = await self.ask("POST", "/element", using="css selector", value=css)
        await self.ask("POST", f"/element/{element[ELEMENT]}/value", text=str(file))

    async def click(self, testid: str) -> None:
        """Once it can be pressed."""
        await self.until(
            "const one = document.querySelector(`[data-testid='${arguments[0]}']`);"
            "const fit = one?.offsetParent && !one.disabled && one.ariaDisabled !== 'true';"
            "if (fit) one.click(); return Boolean(fit);",
            testid,
        )

    async def floor(self, state: str) -> None:
        await self.until(
            "return document.getElementById('floor').dataset.floor === arguments[0]", state
        )

    async def says(self, testid: str) -> str:
        said: str = await self.do(
            "return document.querySelector(`[data-testid='${arguments[0]}']`).textContent.trim()",
            testid,
        )
        return said


@asynccontextmanager
async def mini_browser(folder: Path) -> AsyncIterator[MiniBrowser]:
    """What it keeps is in ``folder``; the microphone is WebKit's own pretended one."""
    assert DRIVER
    assert SCREEN
    assert MINI
    reads, writes = os.pipe()
    screen = await asyncio.create_subprocess_exec(
        SCREEN, "-displayfd", str(writes), "-screen", "0", "1366x900x24", "-nolisten", "tcp",
        pass_fds=(writes,), stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writes)
    number = (await asyncio.to_thread(os.read, reads, 16)).decode().strip()
    os.close(reads)
    own = {"DISPLAY": f":{number}", "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    own |= {
        "LC_ALL": "C.UTF-8",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        # As root, who tests here, its own does not start.
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    }
    port = free_port()
    with (folder / "webkit.log").open("wb") as log:
        driver = await asyncio.create_subprocess_exec(
            DRIVER, f"--port={port}", env=os.environ | own, stdout=log, stderr=log
        )
    try:
        base = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=base, timeout=PATIENT_S) as http:
            options = {"binary": MINI, "args": ["--automation", *PRETENDED]}
            wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
            yield MiniBrowser(http, await _begun(http, wanted))
    finally:
        for one in (driver, screen):
            with suppress(ProcessLookupError):
                one.terminate()
            await one.wait()


PRETENDED: Final = (
    "--enable-media-stream=true",
    "--enable-mock-capture-devices=true",
    "--media-playback-requires-user-gesture=false",
)


async def _begun(http: httpx.AsyncClient, wanted: dict[str, Any]) -> dict[str, Any]:
    ends = monotonic() + PATIENT_S
    while True:
        try:
            answer = await http.post("/session", json={"capabilities": wanted})
            break
        except httpx.ConnectError:
            assert monotonic() < ends, "WebKitWebDriver does not answer"
            await asyncio.sleep(0.2)
    begun: dict[str, Any] = answer.json()["value"]
    assert answer.is_success, begun
    return begun
