"""How far something is, on a terminal only; and what is told, as text or as JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from server.manual import Bar, Parser, add, tell


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_one_line_that_is_written_over_and_taken_away() -> None:
    terminal = Terminal()
    bar = Bar(terminal)
    bar.show(0.5, "of ten interviews")
    bar.show(1.2, "over")
    bar.clear()
    first, second, *gone = terminal.getvalue().lstrip("\r").split("\r")
    assert first == f"{'█' * 12}{'░' * 12}  50%  of ten interviews"
    assert second.rstrip().endswith("over")
    assert len(second) == len(first)
    assert not "".join(gone).strip()
    assert "\n" not in terminal.getvalue()


def test_elsewhere_there_is_none() -> None:
    log = io.StringIO()
    bar = Bar(log)
    bar.show(0.5, "of it")
    bar.clear()
    assert not bar.visible
    assert log.getvalue() == ""


def test_what_is_told_is_text_or_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    tell("two lines\nof text", as_json=False, file=Path("a"), said="안녕")
    assert capsys.readouterr().out == "two lines\nof text\n"
    tell("two lines\nof text", as_json=True, file=Path("a"), said="안녕")
    told = capsys.readouterr().out
    assert told.count("\n") == 1
    assert "안녕" in told
    assert json.loads(told) == {"file": "a", "said": "안녕"}


def test_help_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Parser(prog="viva").add_subparsers(parser_class=Parser)
    one = add(words, "sing", "sing " + "la " * 60, lambda _: 0, examples=[("viva sing", "so")])
    for columns in (60, 80):
        monkeypatch.setenv("COLUMNS", str(columns))
        text = one.format_help()
        assert max(map(len, text.partition("options:")[0].splitlines())) < columns
        assert "examples:\n  viva sing\n      so\n\nexit status:\n  0    done" in text
