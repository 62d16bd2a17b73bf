"""The words for what is kept elsewhere, as an operator types them."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from server.manual import Parser
from server.words import safekeeping


def parsed(*words: str) -> argparse.Namespace:
    parser = Parser()
    safekeeping.add_words(parser.add_subparsers(required=True))
    return parser.parse_args(words)


def test_each_word_has_its_command() -> None:
    for words, command in (
        (("backup", "f"), safekeeping.backup),
        (("restore", "f", "--no-receipts"), safekeeping.restore),
        (("receipt", "verify", "f"), safekeeping.receipt),
        (("receipt", "export", "f"), safekeeping.export_receipts),
        (("receipt", "apply", "f", "g"), safekeeping.apply_receipts),
    ):
        assert parsed(*words).command is command


def test_a_restore_says_what_of_those_who_were_deleted() -> None:
    asked = parsed("restore", "f", "--receipts", "a", "--receipts", "b")
    assert asked.receipts == [Path("a"), Path("b")]
    for words in (("restore", "f"), ("restore", "f", "--no-receipts", "--receipts", "a")):
        with pytest.raises(SystemExit):
            parsed(*words)
