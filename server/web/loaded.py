"""What the pages load: one script and one style sheet each, under addresses that change with them,
so that browsers keep them for good."""

from __future__ import annotations

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
SCRIPT = re.compile(r'(?<=")/static/((?:js|worklets)/(\w+))\.js(?=")')
PICTURE = re.compile(r'(?<=")/static/(\w+)\.svg(?=")')

OURS = re.compile(r'"/loaded/([^"]+\.js)"')
KEY = re.compile(r"""["'`](\w+\.|\w+(?=["'`]))""")


class Loaded:
    """Of the pages that were ``named`` so far."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.files: dict[str, Packed] = {}
        """By the last part of the address."""

    def named(self, html: str) -> str:
        """The page with the addresses of what it loads. Raises bundle.NotBundled."""
        sheets = [found[1] for found in SHEET.finditer(html)]
        styles = "".join(self._read(f"css/{name}.css") for name in sheets)
        link = f'<link rel="stylesheet" href="{self._put("-".join(sheets), "css", styles)}">\n'
        first = iter([link])
        html = SHEET.sub(lambda _: next(first, ""), html)
        return SCRIPT.sub(self._script, PICTURE.sub(self._picture, html))

    def groups(self, html: str) -> set[str]:
        """The first parts of all texts that a page as it is ``named`` may say, each with its full
        stop, and keys of one part: it takes them from its elements and its script by keys that
        begin with a literal."""
        scripts = (self.files[name].plain.decode() for name in OURS.findall(html))
        return {found for text in (html, *scripts) for found in KEY.findall(text)}

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
