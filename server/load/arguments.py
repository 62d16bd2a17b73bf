"""The words of ``viva load``. What they need is imported when it is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from server.environment import secret


def load(arguments: argparse.Namespace) -> int:
    from server.load.clips import LoadError
    from server.load.command import Order
    from server.load.command import load as speak

    order = Order(
        base=arguments.base,
        key=secret(arguments.settings.interviewer_key),
        audio=arguments.audio,
        resume=arguments.resume,
        sessions=arguments.sessions,
        minutes=arguments.minutes,
        metrics=arguments.metrics or (),
        most_errors=arguments.most_errors / 100,
        most_missing=arguments.most_missing,
    )
    try:
        return speak(order)
    except LoadError as error:
        sys.stderr.write(f"viva: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "many who speak at once to a running server, and whether all of it is stored and right"
    one = commands.add_parser(
        "load",
        help=text,
        description=f"{text}. Makes a résumé and interviews there. Exit status 0: nothing was lost "
        "or doubled, and what was heard is what was said; 1: not.",
    )
    one.set_defaults(command=load)
    one.add_argument(
        "--base", default="http://127.0.0.1:8000", metavar="URL", help="default: %(default)s"
    )
    one.add_argument("--sessions", type=_positive(int), default=1, metavar="N", help="at once")
    one.add_argument("--minutes", type=_positive(float), default=1.0, metavar="M")
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
