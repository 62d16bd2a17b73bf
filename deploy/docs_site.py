"""What the documentation needs to be a site: pages from beside ``docs``, and links that lead there.

``mkdocs.yml`` names it as a hook. On the site README.md is the first page; what else links point to
outside ``docs`` is source, which the site does not have: it is named, not linked.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parents[1]
BESIDE: Final = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "reporting.md",
    "data/understanding/README.md": "understanding.md",
}
"""Pages from outside ``docs``, by the place that they have on the site."""

PLACES: Final = {site: source for source, site in BESIDE.items()}
LINK: Final = re.compile(r"(!?)\[([^\]]*)\]\(([^()\s]+)\)")
FENCED: Final = re.compile(r"(^```.*?^```)", re.DOTALL | re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for source, site in BESIDE.items():
        text = (ROOT / source).read_text("utf-8")
        files.append(File.generated(config, site, content=text))
    files.append(File.generated(config, "decisions/index.md", content=_decisions()))
    return files


def _decisions() -> str:
    """Their headings, each the name of what was decided."""
    lines = ["# Decisions", "", "Why viva is as it is. Read one before you undo it.", ""]
    for path in sorted((ROOT / "docs" / "decisions").glob("0*.md")):
        title = path.read_text("utf-8").partition("\n")[0].lstrip("# ")
        number, _, name = title.partition(". ")
        lines.append(f"- {number} [{name}]({path.name})")
    return "\n".join(lines) + "\n"


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Links as they stand in the repository, made those of the site."""
    if page.file.src_uri == "decisions/index.md":
        return markdown
    here = posixpath.dirname(PLACES.get(page.file.src_uri, f"docs/{page.file.src_uri}"))
    at = posixpath.dirname(page.file.src_uri)

    def led(match: re.Match[str]) -> str:
        mark, text, target = match.groups()
        if "://" in target or target.startswith(("#", "mailto:")):
            return match[0]
        path, hash_, anchor = target.partition("#")
        place = posixpath.normpath(posixpath.join(here, path))
        found = _site(place)
        if found is None:
            return f"{text} (`{place}`)"
        return f"{mark}[{text}]({posixpath.relpath(found, at or '.')}{hash_}{anchor})"

    parts = FENCED.split(markdown)
    return "".join(part if number % 2 else LINK.sub(led, part) for number, part in enumerate(parts))


def _site(place: str) -> str | None:
    """Where a file of the repository is on the site."""
    if place in BESIDE:
        return BESIDE[place]
    if place == "docs/decisions":
        return "decisions/index.md"
    return place.removeprefix("docs/") if place.startswith("docs/") else None
