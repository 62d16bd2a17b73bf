"""The words of ``viva demo``. What they need is imported when it is asked for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from server.environment import secret
from server.settings import Settings

KEPT = "interviewer.key"


def demo(arguments: argparse.Namespace) -> int:
    import asyncio

    from server.demo.command import Order, demonstrate
    from server.load.clips import LoadError

    settings: Settings = arguments.settings
    base = arguments.base or f"http://127.0.0.1:{settings.port}"
    key = secret(settings.interviewer_key) or _kept(settings.data / KEPT)
    order = Order(base, key, arguments.remove)
    try:
        asyncio.run(demonstrate(order, _say))
    except LoadError as error:
        sys.stderr.write(f"viva: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _say(said: str) -> None:
    sys.stdout.write(f"viva: {said}\n")
    sys.stdout.flush()


def _kept(place: Path) -> str | None:
    """What `viva up` made for itself, where we may read it."""
    try:
        return place.read_text().strip() or None
    except OSError:
        return None


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "a company that does not exist, with six interviews, at a running server"
    one = commands.add_parser(
        "demo",
        help=text,
        description=f"{text}: in Korean and English, typed, held now through all of viva; five are "
        "over after a minute, with reports, three of them rated and decided, one disputed, one "
        "with a line that broke; the sixth goes on. Exit status 0: there, or gone; 1: not.",
    )
    one.set_defaults(command=demo)
    default = "that of this machine, at VIVA_PORT"
    one.add_argument("--base", metavar="URL", help=f"of the server; default: {default}")
    one.add_argument("--remove", action="store_true", help="take it away again, people and all")
