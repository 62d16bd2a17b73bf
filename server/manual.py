"""How the words of the command ``viva`` explain themselves: help, exit statuses, examples, JSON."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

Command = Callable[[argparse.Namespace], int]
"""Answers the exit status. ``arguments.settings`` is the environment, read."""

OK, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
STATUSES: Final[Mapping[int, str]] = {
    OK: "done",
    FAILED: "not done; stderr says why",
    WRONG: "the command line or a variable is wrong; nothing was begun",
    INTERRUPTED: "broken off by Ctrl-C",
}
"""Of every word that says nothing else."""

WIDEST: Final = 96


class Help(argparse.HelpFormatter):
    """Paragraphs stay paragraphs, and lines that are set in stay lines."""

    def __init__(self, prog: str) -> None:
        columns = int(os.environ.get("COLUMNS") or 0)
        if not columns:
            with_terminal = sys.stdout is not None and sys.stdout.isatty()
            columns = os.get_terminal_size(sys.stdout.fileno()).columns if with_terminal else WIDEST
        super().__init__(prog, max_help_position=28, width=max(40, min(columns - 2, WIDEST)))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = (one.strip("\n") for one in text.split("\n\n"))
        return "\n\n".join(
            one if one.startswith("  ") or "\n  " in one else textwrap.fill(one, width)
            for one in paragraphs
        )


class Parser(argparse.ArgumentParser):
    """``statuses``: what each exit status means; ``examples``: command lines, each with what it is
    for; ``groups``: under which headings its words stand."""

    statuses: Mapping[int, str] = {}
    examples: Sequence[tuple[str, str]] = ()
    groups: Mapping[str, Sequence[str]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("formatter_class", Help)
        super().__init__(*args, **options)

    def words(self) -> dict[str, tuple[str, Parser]]:
        """Those that come after it, each with what it does."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - it has no other name
                does = {one.dest: one.help or "" for one in action._choices_actions}  # noqa: SLF001
                return {
                    name: (does[name], one)
                    for name, one in action.choices.items()
                    if isinstance(one, Parser)
                }
        return {}

    def arguments(self) -> list[argparse.Action]:
        """What may stand behind it, other words and ``--help`` aside."""
        none = argparse._SubParsersAction, argparse._HelpAction  # noqa: SLF001
        return [
            one
            for one in self._actions
            if not isinstance(one, none) and one.help != argparse.SUPPRESS
        ]

    def format_help(self) -> str:
        formatter = self._get_formatter()
        formatter.add_usage(self.usage, self._actions, self._mutually_exclusive_groups)
        formatter.add_text(self.description)
        for group in self._action_groups:
            if group.title == "positional arguments" and self.groups:
                self._add_groups(formatter)
                continue
            formatter.start_section(group.title)
            formatter.add_text(group.description)
            formatter.add_arguments(group._group_actions)  # noqa: SLF001
            formatter.end_section()
        formatter.add_text(self.told())
        return formatter.format_help()

    def _add_groups(self, formatter: argparse.HelpFormatter) -> None:
        words = self.words()
        for title, names in self.groups.items():
            formatter.start_section(title)
            formatter.add_arguments(
                [argparse.Action([], name, metavar=name, help=words[name][0]) for name in names]
            )
            formatter.end_section()

    def told(self) -> str:
        """Examples and exit statuses, as they stand below."""
        parts = []
        if self.examples:
            lines = "\n".join(f"  {line}\n      {what}" for line, what in self.examples)
            parts.append(f"examples:\n{lines}")
        if self.statuses:
            lines = "\n".join(f"  {status:<4} {what}" for status, what in self.statuses.items())
            parts.append(f"exit status:\n{lines}")
        return "\n\n".join(parts)


Words = argparse._SubParsersAction  # noqa: SLF001 - argparse gives it no other name


def add(
    words: Words[Parser],
    name: str,
    does: str,
    command: Command | None,
    *,
    more: str = "",
    statuses: Mapping[int, str] | None = None,
    examples: Sequence[tuple[str, str]] = (),
    gives_json: bool = False,
) -> Parser:
    """One more word. ``does``: a sentence without its full stop; ``more``: what else is to be known
    before it is used; ``statuses``: those that mean something else here; ``gives_json``: it has
    ``--json``, and its command calls ``tell``."""
    described = f"{does[0].upper()}{does[1:]}." + (f"\n\n{more}" if more else "")
    one = words.add_parser(name, help=does, description=described)
    one.examples = examples
    if command is not None:
        one.set_defaults(command=command)
        one.statuses = {**STATUSES, **(statuses or {})}
    if gives_json:
        one.add_argument("--json", action="store_true", help="print one JSON object, not text")
    return one


def add_base(one: Parser, *names: str) -> None:
    """Which server: under ``--base`` and perhaps other names."""
    default = "this machine's, at VIVA_PORT"
    text = f"address of the server; default: {default}"
    one.add_argument("--base", *names, dest="base", metavar="URL", help=text)


def add_file(one: Parser, text: str, **options: Any) -> None:
    one.add_argument("file", type=Path, metavar="FILE", help=text, **options)


def tell(text: str, *, as_json: bool, **data: Any) -> None:
    """What came of it: the text for people, or with ``--json`` the data on one line."""
    told = json.dumps(data, ensure_ascii=False, default=str) if as_json else text
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()


def refused(reason: object) -> int:
    """The reason on stderr; the status that says so."""
    sys.stderr.write(f"viva: {str(reason) or type(reason).__name__}\n")
    sys.stderr.flush()
    return FAILED


class Bar:
    """How far something long is, in one line that is written over; only on a terminal."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._shown = 0
        self.visible = stream.isatty()

    def show(self, part: float, what: str) -> None:
        """``part`` of it is done, in [0, 1]."""
        if not self.visible:
            return
        done = round(BAR * min(1.0, max(0.0, part)))
        line = f"{'█' * done}{'░' * (BAR - done)} {part:4.0%}  {what}"
        self._stream.write(f"\r{line:<{self._shown}}")
        self._stream.flush()
        self._shown = len(line)

    def clear(self) -> None:
        """Something else is said, or it is over."""
        if self._shown:
            self._stream.write(f"\r{' ' * self._shown}\r")
            self._stream.flush()
            self._shown = 0


BAR: Final = 24
"""Signs."""

NO_BAR: Final = Bar(io.StringIO())
