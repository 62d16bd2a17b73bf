"""The words of the command ``viva`` for what is kept elsewhere: backups, and receipts."""

from __future__ import annotations

import argparse
from pathlib import Path


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


BY_ARGUMENTS = backup, restore, export_receipts, apply_receipts, receipt
Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives it no other name


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    _add_backup(commands)
    _add_restore(commands)
    _add_receipt(commands)


def _add_backup(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "everything that is kept, sealed under the servers' keys, into one file"
    one = commands.add_parser(
        "backup",
        help=text,
        description=f"{text}: of DATABASE_URL, or of VIVA_DATA, whether viva runs or not. The keys "
        "are not in it: without them it cannot be opened by anybody.",
    )
    one.set_defaults(command=backup)
    one.add_argument("file", type=Path, metavar="FILE", help="must not be there yet")
    one.add_argument(
        "--keys", type=Path, metavar="KEYS", help="write the keys too, to a file of their own"
    )


def _add_restore(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "what `viva backup` kept, back into an empty place, and who was deleted since then out"
    one = commands.add_parser("restore", help=text, description=text)
    one.set_defaults(command=restore)
    one.add_argument("file", type=Path, metavar="FILE")
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


def _add_receipt(commands: Commands[argparse.ArgumentParser]) -> None:
    text = "what viva signed: a consent, or that somebody was deleted"
    one = commands.add_parser("receipt", help=text, description=text)
    what = one.add_subparsers(required=True, metavar="WHAT")
    text = "whether it is ours and unchanged; prints what it says"
    verifying = what.add_parser("verify", help=text, description=text)
    verifying.set_defaults(command=receipt)
    verifying.add_argument("file", type=Path, metavar="FILE")
    text = "all deletions so far, ids only, one a line; to be kept apart from the database"
    exporting = what.add_parser("export", help=text, description=text)
    exporting.set_defaults(command=export_receipts)
    exporting.add_argument("file", type=Path, metavar="FILE", help="what it holds stays in it")
    text = "delete again whom a restored backup brought back"
    applying = what.add_parser("apply", help=text, description=text)
    applying.set_defaults(command=apply_receipts)
    applying.add_argument("file", type=Path, nargs="+", metavar="FILE")
