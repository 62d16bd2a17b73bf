"""The words for what is kept elsewhere: backups, and receipts."""

from __future__ import annotations

import argparse
from pathlib import Path

from server.manual import Parser, Words, add, add_file

HERE = "Of the database at DATABASE_URL, else of VIVA_DATA, whether viva runs or not."


def add_words(words: Words[Parser]) -> None:
    _add_backup(words)
    _add_restore(words)
    _add_receipt(words)


def _add_backup(words: Words[Parser]) -> None:
    one = add(
        words,
        "backup",
        "write everything that is kept into one sealed file",
        backup,
        more=f"{HERE} It is sealed under the servers' key, and that key is not in it: without it "
        "nobody can open the backup.",
        examples=[
            ("viva backup /backup/today.viva", "every day"),
            ("viva backup FILE --keys KEYS", "once: KEYS is kept apart from the backups"),
        ],
        gives_json=True,
    )
    add_file(one, "to write; must not be there yet")
    one.add_argument(
        "--keys", type=Path, metavar="KEYS", help="write the keys too, to a file of their own"
    )


def _add_restore(words: Words[Parser]) -> None:
    one = add(
        words,
        "restore",
        "put a backup back into an empty place, and delete again who was deleted since",
        restore,
        more="Into the database at DATABASE_URL, else into VIVA_DATA; either has to be empty, and "
        "viva stopped. An older version's backup is brought up to date.",
        statuses={1: "not restored; or some are kept by a legal hold that is younger"},
        examples=[
            (
                "viva restore today.viva --keys KEYS --receipts RECEIPTS",
                "on a new machine; RECEIPTS is what `viva receipt export` wrote",
            )
        ],
        gives_json=True,
    )
    add_file(one, "that `viva backup` wrote")
    one.add_argument("--keys", type=Path, metavar="KEYS", help="what `viva backup --keys` wrote")
    since = one.add_mutually_exclusive_group(required=True)
    since.add_argument(
        "--receipts",
        type=Path,
        action="append",
        metavar="RECEIPTS",
        help="what `viva receipt export` wrote: whom it tells of is deleted again; may be given "
        "more than once",
    )
    since.add_argument(
        "--no-receipts",
        action="store_true",
        help="nobody was deleted since then, or `viva receipt apply` comes before anybody looks",
    )


def _add_receipt(words: Words[Parser]) -> None:
    one = add(words, "receipt", "handle what viva signed: consents and deletions", None)
    what = one.add_subparsers(required=True, metavar="WHAT", parser_class=Parser)
    verifying = add(
        what,
        "verify",
        "check that a receipt is ours and unchanged, and print what it says",
        receipt,
        more="With the keys of VIVA_SOUND_KEY or VIVA_DATA; needs no database.",
        statuses={0: "ours, and unchanged", 1: "not"},
        gives_json=True,
    )
    add_file(verifying, "the receipt")
    exporting = add(
        what,
        "export",
        "add all deletions so far to a file, ids only, one a line",
        export_receipts,
        more=f"{HERE} Often, and not on the database's disk: what was deleted after the last "
        "export comes back with a restore.",
        gives_json=True,
    )
    add_file(exporting, "what it holds stays in it")
    applying = add(
        what,
        "apply",
        "delete again whom a restored backup brought back",
        apply_receipts,
        more=HERE,
        statuses={1: "not done; or some are kept by a legal hold that is younger"},
        gives_json=True,
    )
    add_file(applying, "of receipts", nargs="+")


def backup(arguments: argparse.Namespace) -> int:
    from server import safekeeping

    return safekeeping.backup(arguments)


def restore(arguments: argparse.Namespace) -> int:
    from server import safekeeping

    return safekeeping.restore(arguments)


def export_receipts(arguments: argparse.Namespace) -> int:
    from server import safekeeping

    return safekeeping.export_receipts(arguments)


def apply_receipts(arguments: argparse.Namespace) -> int:
    from server import safekeeping

    return safekeeping.apply_receipts(arguments)


def receipt(arguments: argparse.Namespace) -> int:
    from server.upkeep import receipt as verify

    return verify(arguments)
