"""The words of ``viva load``. What they need is imported when it is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from server import here
from server.manual import Bar, Parser, Words, add, add_base, refused


def load(arguments: argparse.Namespace) -> int:
    from server.load.clips import LoadError
    from server.load.command import Order
    from server.load.command import load as speak

    order = Order(
        base=arguments.base or here.base(arguments.settings),
        key=here.key(arguments.settings),
        audio=arguments.audio,
        resume=arguments.resume,
        sessions=arguments.sessions,
        minutes=arguments.minutes,
        metrics=arguments.metrics or (),
        most_errors=arguments.most_errors / 100,
        most_missing=arguments.most_missing,
    )
    try:
        return speak(order, Bar(sys.stderr), as_json=arguments.json)
    except LoadError as error:
        return refused(error)


def add_words(words: Words[Parser]) -> None:
    one = add(
        words,
        "load",
        "speak to a running server as many candidates at once, and check that all of it is stored "
        "and right",
        load,
        more="Speaks the recordings of a folder in real time, and holds what is stored against "
        "what was said. Makes a résumé and interviews there: not on a "
        "server that people use.",
        statuses={
            0: "nothing was lost or doubled, and what was heard is what was said",
            1: "not so: see the lines with FAILED; or the server cannot be reached",
        },
        examples=[("viva load --audio recordings --sessions 20 --minutes 5", "at this machine")],
        gives_json=True,
    )
    add_base(one)
    text = "how many speak at once; default: %(default)s"
    one.add_argument("--sessions", type=_positive(int), default=1, metavar="N", help=text)
    text = "for how long; default: %(default)s"
    one.add_argument("--minutes", type=_positive(float), default=1.0, metavar="M", help=text)
    one.add_argument(
        "--audio",
        type=Path,
        required=True,
        metavar="DIR",
        help="WAV files of 16 bits, each an answer; its text in a .txt beside it, or in a .csv "
        "with the columns file and transcript",
    )
    text = "by which the interviews are made; default: one of the texts that are said"
    one.add_argument("--resume", type=Path, metavar="FILE", help=text)
    one.add_argument(
        "--metrics",
        action="append",
        metavar="URL",
        help="of a server behind the balancer; may be given more than once; default: --base",
    )
    text = "percent of the letters that may be wrong; default: %(default)s"
    one.add_argument("--most-errors", type=float, default=15.0, metavar="P", help=text)
    text = "words in a row that may be missing; default: %(default)s"
    one.add_argument("--most-missing", type=int, default=5, metavar="N", help=text)


def _positive(kind: type[int | float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        if (value := kind(text)) > 0:
            return value
        raise ValueError

    read.__name__ = "positive number"
    return read
