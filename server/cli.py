"""The command ``viva``: all of its words, and what it refuses."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from server import log
from server.demo import arguments as demo
from server.load import arguments as load
from server.manual import INTERRUPTED, WRONG, Command, Parser, add
from server.settings import Settings, SettingsError, unknown_names
from server.words import running, safekeeping, trying, upkeep

GROUPS = {
    "to run it": ("up", "restart", "serve", "work", "rtc", "llm"),
    "to see it": ("demo", "talk", "load"),
    "to look after it": ("doctor", "migrate", "sign-in", "organisation", "reseal", "scrub"),
    "to come back": ("backup", "restore", "receipt"),
    "to prove it": ("audit", "verify"),
    "to change what it says and understands": ("understand", "guard", "probe"),
    "for your shell": ("completion",),
}


def main(argv: Sequence[str] | None = None) -> int:
    """What the words say their exit statuses are (docs/cli.md)."""
    given = sys.argv[1:] if argv is None else list(argv)
    known = parser()
    if not given:
        known.print_help(sys.stderr)
        return WRONG
    arguments = known.parse_args(given)
    command: Command = arguments.command
    if command is completion:
        return command(arguments)
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        print(f"viva: {error}", file=sys.stderr)
        return WRONG
    log.configure(settings.log, settings.log_level)
    for name in unknown_names(os.environ):
        print(f"viva: {name} is not a setting of viva and does nothing", file=sys.stderr)
    for doubt in settings.doubts():
        print(f"viva: {doubt}", file=sys.stderr)
    arguments.settings = settings
    try:
        return command(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def parser() -> Parser:
    known = Parser(
        prog="viva",
        description="A voice interview server that candidates need not be afraid of: it asks, "
        "listens without cutting in, and stores every word; people rate and decide.\n\n"
        "`viva up` runs all of it, `viva COMMAND --help` explains one command. Variables set "
        "everything else (docs/settings.md).",
    )
    known.add_argument(
        "--version", action="version", version=f"viva {version('viva')}", help="print it"
    )
    words = known.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    running.add_words(words)
    demo.add_words(words)
    load.add_words(words)
    upkeep.add_words(words)
    safekeeping.add_words(words)
    trying.add_words(words)
    one = add(
        words,
        "completion",
        "print what lets your shell complete viva's commands and options",
        completion,
        examples=[
            ("viva completion bash > ~/.local/share/bash-completion/completions/viva", "for bash"),
            ("viva completion zsh > ~/.zsh/completions/_viva", "a folder of your fpath"),
            ("viva completion fish > ~/.config/fish/completions/viva.fish", "for fish"),
        ],
    )
    one.add_argument("shell", choices=("bash", "zsh", "fish"), help="whose")
    known.groups = GROUPS
    return known


def completion(arguments: argparse.Namespace) -> int:
    import shtab

    known = parser()
    _paths(known)
    print(shtab.complete(known, shell=arguments.shell))
    return 0


def _paths(one: Parser) -> None:
    """Where a file is asked for, files are offered."""
    import shtab

    for action in one.arguments():
        if action.type is Path:
            folder = action.metavar == "DIR"
            action.complete = shtab.DIRECTORY if folder else shtab.FILE  # type: ignore[attr-defined]
    for _, inner in one.words().values():
        _paths(inner)


if __name__ == "__main__":
    sys.exit(main())
