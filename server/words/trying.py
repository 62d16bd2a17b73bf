"""The words that hold an interview, check an archive, or ask what viva makes of a text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from server import here
from server.manual import INTERRUPTED, Parser, Words, add, add_base, add_file, refused

LINES = (
    "Reads JSON lines from stdin and answers each on stdout, in order; fields it does not know are "
    "carried through, and a line it cannot answer has an `error`."
)
LINES_STATUSES = {0: "every line was answered", 1: "some were not: see their `error`"}


def add_words(words: Words[Parser]) -> None:
    _add_talk(words)
    _add_verify(words)
    _add_lines(
        words,
        "understand",
        "say how utterances are understood",
        understand,
        "id, language, question, utterance",
        '{"id": "1", "language": "en", "question": "What do you do?", '
        '"utterance": "Could you repeat that?"}',
    )
    _add_lines(
        words,
        "guard",
        "say whether sentences may be spoken to a candidate",
        guard,
        "id, language, role, text, and perhaps question, answer, evidence",
        '{"id": "1", "language": "en", "role": "Nurse", "text": "Do you have children?"}',
    )
    _add_lines(
        words,
        "probe",
        "say what the interviewer asks next after an answer",
        probe,
        "id, language, role, question, answer, and perhaps rubric, probes_so_far",
        '{"id": "1", "language": "en", "role": "Nurse", "question": "What went wrong?", '
        '"answer": "We ran out of beds."}',
    )


def _add_talk(words: Words[Parser]) -> None:
    one = add(
        words,
        "talk",
        "hold an interview from the command line, at a running server",
        talk,
        more="Speaks recordings, or what a microphone hears, and prints what both sides say: > is "
        "the interviewer. Once somebody has signed in, making an interview takes a key: that of "
        "VIVA_INTERVIEWER_KEY, an API key too, else the one that `viva up` keeps in VIVA_DATA.",
        statuses={0: "the interview is over", 1: "it could not be held, or the line broke"},
        examples=[
            ("viva talk --resume cv.pdf --wav answer.wav", "give one answer to every question"),
            ("viva talk --token TOKEN --mic", "in an interview that was made before"),
        ],
    )
    add_base(one, "--url")
    who = one.add_mutually_exclusive_group(required=True)
    who.add_argument("--resume", type=Path, metavar="PDF", help="make an interview from it")
    who.add_argument("--token", help="of an interview that was made before")
    how = one.add_mutually_exclusive_group(required=True)
    how.add_argument(
        "--wav",
        type=Path,
        action="append",
        metavar="FILE",
        help="an answer; may be given more than once, then each question gets the next",
    )
    how.add_argument("--mic", action="store_true", help="the microphone; wear headphones")


def _add_verify(words: Words[Parser]) -> None:
    one = add(
        words,
        "verify",
        "check that the archive of an interview is as it was when it was signed, and by whom",
        verify,
        more="Of an interview's dossier (GET /v1/interviews/ID/dossier/archive). Needs no "
        "database, no server and no account: anybody who was given an archive can do it.",
        statuses={
            0: "intact, and signed by the key you gave",
            1: "changed, or signed by another key",
            2: "no such archive or key, or the command line is wrong",
            3: "intact in itself, but you named no key that it has to be signed by",
        },
        gives_json=True,
    )
    add_file(one, "the archive, a ZIP file")
    one.add_argument(
        "--key",
        metavar="KEY",
        help="which has to have signed it: its fingerprint, or a file with a public key or a set "
        "of them (GET /v1/receipts/keys)",
    )


def _add_lines(
    words: Words[Parser],
    name: str,
    does: str,
    command: Callable[[argparse.Namespace], int],
    fields: str,
    example: str,
) -> None:
    one = add(
        words,
        name,
        does,
        command,
        more=f"{LINES} A line has: {fields}. For whoever edits language packs or the data that "
        "understanding is learned from.",
        statuses=LINES_STATUSES,
        examples=[(f"echo '{example}' | viva {name}", "one line in, one line out")],
    )
    one.add_argument(
        "--adapter",
        choices=("offline", "model"),
        default="offline",
        help="by which engine; model is the one at VIVA_LLM_URL; default: %(default)s",
    )


def talk(arguments: argparse.Namespace) -> int:
    from server.talk import Call, TalkError
    from server.talk import talk as hold

    settings = arguments.settings
    try:
        given = arguments.base or here.base(settings), arguments.resume, arguments.token
        hold(Call(*given, arguments.wav or (), here.key(settings)))
    except TalkError as error:
        return refused(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def verify(arguments: argparse.Namespace) -> int:
    from server.verify import verify as examine

    return examine(arguments.file, arguments.key, as_json=arguments.json)


def understand(arguments: argparse.Namespace) -> int:
    from server.understand import understand as answer

    return _advised(arguments, answer)


def guard(arguments: argparse.Namespace) -> int:
    from server.guard import judge

    return _advised(arguments, judge)


def probe(arguments: argparse.Namespace) -> int:
    from server.probe import probe as answer

    return _advised(arguments, answer)


def _advised(arguments: argparse.Namespace, answer: Callable[..., int]) -> int:
    """Lines in, lines out, with the adapter that was asked for."""
    try:
        if arguments.adapter == "offline":
            return answer(sys.stdin, sys.stdout)

        from server.adviser import adviser
        from server.ports import EngineError

        try:
            with adviser(arguments.settings) as advises:
                return answer(sys.stdin, sys.stdout, advises)
        except EngineError as error:
            return refused(error)
    except KeyboardInterrupt:
        return INTERRUPTED
