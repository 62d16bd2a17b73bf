"""What the pages are made of: each has its styles and its script within it, so that it can be used
after one answer; what it loads later lies under addresses that change with it, so that browsers
keep it for good."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from server.web import bundle
from server.web.packed import Packed

TYPES: Final = {
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
}
SHEET = re.compile(r'<link rel="stylesheet" href="/static/css/(\w+)\.css">\n')
LAST = re.compile(
    r'<script type="(?:application/json"|module" src="/static/js/\w+\.js")[^>]*>.*?</script>\n'
)
"""What a page says and does, which comes after what it shows: that is read while this arrives."""
MAIN = re.compile(r'<script type="module" src="/static/(js/\w+)\.js"></script>')
SCRIPT = re.compile(r'(?<=")/static/((?:js|worklets)/(\w+))\.js(?=")')
WITHIN = re.compile(r'<(style|script)(?: type="module")?>(.*?)</\1>', re.DOTALL)
ENDING = re.compile(r"<(?=/script|!--)", re.IGNORECASE)
"""What would end the script it stands in, or begin a comment there."""
PICTURE = re.compile(r'(?<=")/static/(\w+)\.svg(?=")')

KEY = re.compile(r"""["'`](\w+\.|\w+(?=["'`]))""")


class Loaded:
    """Of the pages that were ``named`` so far."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.files: dict[str, Packed] = {}
        """By the last part of the address."""

    def named(self, html: str) -> str:
        """The page with what it is made of, and the addresses of what it loads. Raises
        bundle.NotBundled."""
        sheets = [found[1] for found in SHEET.finditer(html)]
        styles = "".join(self._read(f"css/{name}.css") for name in sheets)
        first = iter([f"<style>\n{styles}</style>\n"])
        html = SHEET.sub(lambda _: next(first, ""), html)
        last = "".join(LAST.findall(html))
        html = LAST.sub("", html).replace("</body>", f"{last}</body>", 1)
        return MAIN.sub(self._main, PICTURE.sub(self._picture, html))

    def _main(self, found: re.Match[str]) -> str:
        script = SCRIPT.sub(self._script, bundle.script(self._directory, found[1]))
        script = ENDING.sub(lambda _: r"\x3c", script)
        return f'<script type="module">\n{script}</script>'

    def groups(self, html: str) -> set[str]:
        """The first parts of all texts that a page as it is ``named`` may say, each with its full
        stop, and keys of one part: it takes them from its elements and its script by keys that
        begin with a literal."""
        return set(KEY.findall(html))

    def _script(self, found: re.Match[str]) -> str:
        """Those it starts, on the audio thread, are scripts of their own."""
        script = bundle.script(self._directory, found[1])
        return self._put(found[2], "js", SCRIPT.sub(self._script, script))

    def _picture(self, found: re.Match[str]) -> str:
        return self._put(found[1], "svg", self._read(f"{found[1]}.svg"))

    def _put(self, name: str, kind: str, content: str) -> str:
        body = content.encode()
        file = f"{name}-{hashlib.sha256(body).hexdigest()[:16]}.{kind}"
        self.files.setdefault(file, Packed(body, TYPES[kind]))
        return f"/loaded/{file}"

    def _read(self, name: str) -> str:
        return (self._directory / name).read_text("utf-8")


def allowed(page: bytes) -> tuple[str, str]:
    """Its styles and its scripts, as its policy names them; nobody else's run."""
    found: dict[str, list[str]] = {"style": [], "script": []}
    for kind, content in WITHIN.findall(page.decode()):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        found[kind].append(f"'sha256-{digest}'")
    return " ".join(found["style"]), " ".join(found["script"])
