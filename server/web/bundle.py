"""The modules of a page as one script.

What is written stays plain ES modules, which tests and type checks read; a browser would ask for
forty of them, one level of imports after the other. Each becomes a function that returns what it
exports, in the order in which they need one another; the page's own module comes last. The same
is done for what runs on the audio thread.

Only the forms that are written here are known, each at the start of a line: named imports from
modules in ``js``, and exported functions, classes and constants.
"""

from __future__ import annotations

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([^{}]*)\} from "(?:\.|\.\./js)/([a-z]+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*/\*\*(?:[^*]|\*(?!/))*\*/\n", re.MULTILINE)
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
"""No text of ours over several lines means anything by it."""
ALIAS = re.compile(r"\b(\w+) as (\w+)")


class NotBundled(Exception):
    """The modules of this page are not written in the forms that are known."""


def script(directory: Path, entry: str) -> str:
    """``entry`` ("js/candidate") of the static files and all it imports, without their
    documentation. What ``entry`` itself exports is for whoever loads it later. Raises
    NotBundled."""
    order: dict[str, str] = {}
    _add(directory, entry, order, ())
    return "".join(order.values())


def _add(directory: Path, module: str, order: dict[str, str], inside: tuple[str, ...]) -> None:
    if module in order:
        return
    if module in inside:
        raise NotBundled(f"modules import one another: {' > '.join((*inside, module))}")
    source = COMMENT.sub("", (directory / f"{module}.js").read_text("utf-8"))
    for needed in IMPORT.finditer(source):
        _add(directory, f"js/{needed[2]}", order, (*inside, module))
    bare = EXPORT.sub("", IMPORT.sub(_taken, source))
    if strange := UNKNOWN.search(bare):
        raise NotBundled(f"{module}.js: {strange[0]!r} is no form of import or export known here")
    bare = INDENT.sub("", bare)
    given = ", ".join(found[1] for found in EXPORT.finditer(source))
    if not inside and not given:  # it may wait for something, and nobody imports it
        order[module] = f"{{\n{bare}}}\n"
        return
    if not inside:
        order[module] = (
            f"export const {{ {given} }} = (() => {{\n{bare}return {{ {given} }};\n}})();\n"
        )
        return
    name = module.partition("/")[2]
    order[module] = f"const $_{name} = (() => {{\n{bare}return {{ {given} }};\n}})();\n"


def _taken(found: re.Match[str]) -> str:
    names = ALIAS.sub(r"\1: \2", found[1])
    return f"const {{{names}}} = $_{found[2]};"
