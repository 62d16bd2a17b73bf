"""The words by which an operator looks after what viva keeps."""

from __future__ import annotations

import argparse

from server.manual import Parser, Words, add
from server.upkeep import audit, migrate, organisation, reseal, scrub, sign_in

HERE = (
    "In the database at DATABASE_URL, else that of the running `viva up` with the same VIVA_DATA."
)


def add_words(words: Words[Parser]) -> None:
    looking = add(
        words,
        "doctor",
        "say what of this machine viva can use, what is missing, and for whom that matters",
        doctor,
        more="Looks at what candidates need to be heard, interviewers to follow and invite, and "
        "operators to keep it running. MISSING: viva cannot run so. note: it runs, and the line "
        "says what takes the place or what to do.",
        statuses={0: "nothing is missing that viva cannot run without", 1: "something is"},
        examples=[
            ("viva doctor --fix", "and mend what can be mended from here"),
            ("viva doctor --for candidate", "only what candidates need"),
        ],
        gives_json=True,
    )
    looking.add_argument(
        "--for",
        dest="role",
        metavar="WHO",
        choices=("candidate", "interviewer", "operator"),
        help="only what one of them needs: candidate, interviewer or operator",
    )
    looking.add_argument(
        "--fix",
        action="store_true",
        help="mend first: bring the database up to date, close key files to others, fetch the "
        "recogniser's model",
    )
    add(
        words,
        "migrate",
        "bring the database up to date with this version of viva",
        migrate,
        more=f"`viva up` does this by itself. {HERE} Servers of the version before may still be "
        "running.",
        gives_json=True,
    )
    add(
        words,
        "sign-in",
        "print an address that signs in once, as administrator, within an hour",
        sign_in,
        more=f"For the first administrator, and for one who is locked out. {HERE} `viva up` makes "
        "such an address when it starts.",
        gives_json=True,
    )
    companies = add(
        words, "organisation", "look after companies that share this server, apart", None
    )
    what = companies.add_subparsers(required=True, metavar="WHAT", parser_class=Parser)
    adding = add(
        what,
        "add",
        "add an organisation, and print the address at which its administrator joins",
        organisation,
        more=f"The address is good for a week. {HERE}",
        examples=[('viva organisation add "Harrow Mills" imani@harrow.example', "one more")],
        gives_json=True,
    )
    adding.add_argument("name", metavar="NAME", help="of the organisation")
    adding.add_argument("email", metavar="EMAIL", help="of its first administrator")
    log = add(words, "audit", "look at the log of who saw, changed, exported and deleted", None)
    what = log.add_subparsers(required=True, metavar="WHAT", parser_class=Parser)
    verifying = add(
        what,
        "verify",
        "check that nothing in the log was changed, left out or put elsewhere",
        audit,
        more=f"Prints each organisation's newest hash, its head. Keep it elsewhere: whoever owns "
        f"the database could write the whole log anew, but not so that the old head is in it. "
        f"{HERE}",
        statuses={0: "whole, with every --head in it", 1: "broken, or it could not be read"},
        gives_json=True,
    )
    verifying.add_argument(
        "--head",
        action="append",
        metavar="HASH",
        help="an earlier verify printed it: must still be in the log; may be given more than once",
    )
    add(
        words,
        "reseal",
        "seal anew, under the newest of VIVA_SOUND_KEY, what older keys sealed",
        reseal,
        more=f"After a new key was put before the old ones; then the old ones can go. {HERE}",
        statuses={0: "everything is sealed under the newest key", 1: "something cannot be opened"},
        gives_json=True,
    )
    add(
        words,
        "scrub",
        "take what was deleted out of the database's files",
        scrub,
        more=f"Writes tables anew, and locks each meanwhile: at a quiet hour. {HERE}",
        gives_json=True,
    )


def doctor(arguments: argparse.Namespace) -> int:
    from server.doctor import examine

    settings, role, fix = arguments.settings, arguments.role, arguments.fix
    return examine(settings, role, fix=fix, as_json=arguments.json)
