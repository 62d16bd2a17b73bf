"""The words of ``viva demo``. What they need is imported when it is asked for."""

from __future__ import annotations

import argparse
import sys

from server import here
from server.manual import Bar, Parser, Words, add, add_base, refused


def demo(arguments: argparse.Namespace) -> int:
    import asyncio

    from server.demo.command import Order, demonstrate
    from server.load.clips import LoadError

    settings = arguments.settings
    base = arguments.base or here.base(settings)
    order = Order(base, here.key(settings), arguments.remove)
    bar = Bar(sys.stderr)

    def say(said: str) -> None:
        bar.clear()
        sys.stdout.write(f"viva: {said}\n")
        sys.stdout.flush()

    try:
        asyncio.run(demonstrate(order, say, bar))
    except LoadError as error:
        bar.clear()
        return refused(error)
    finally:
        bar.clear()
    return 0


def add_words(words: Words[Parser]) -> None:
    one = add(
        words,
        "demo",
        "fill a running server with a company that does not exist, and six interviews",
        demo,
        more="In Korean and English, typed, held now through all of viva: five are over after a "
        "minute, with reports, three of them rated and decided, one disputed, one with a line that "
        "broke; the sixth goes on while you watch. `viva up` has to be running.",
        statuses={0: "it is there, or gone"},
        examples=[
            ("viva demo", "beside `viva up`, in another terminal"),
            ("viva demo --remove", "and all of it is gone"),
        ],
    )
    add_base(one)
    one.add_argument("--remove", action="store_true", help="take it away again, people and all")
