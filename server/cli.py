"""The command ``viva``: each of its words, and what it refuses."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from server import log, safekeeping_words
from server.certificates import Certificates
from server.demo import arguments as demo_arguments
from server.environment import secret
from server.load import arguments as load_arguments
from server.settings import Settings, SettingsError, unknown_names
from server.upkeep import audit, migrate, organisation, refused, reseal, scrub, sign_in


def main(argv: Sequence[str] | None = None) -> int:
    """0: done; 1: failed with a message on stderr; 2: the command or the environment is wrong."""
    arguments = parser().parse_args(argv)
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        print(f"viva: {error}", file=sys.stderr)
        return 2
    log.configure(settings.log, settings.log_level)
    for name in unknown_names(os.environ):
        print(f"viva: {name} is not a setting of viva and does nothing", file=sys.stderr)
    for doubt in settings.doubts():
        print(f"viva: {doubt}", file=sys.stderr)
    command: Callable[..., int] = arguments.command
    arguments.settings = settings
    return command(arguments if command in BY_ARGUMENTS else settings)


def up(settings: Settings) -> int:
    from server.crew import UpError
    from server.embedded import EmbeddedError
    from server.store.migrations import MigrationError
    from server.up import up as run_up

    try:
        asyncio.run(run_up(settings, os.environ))
    except (EmbeddedError, MigrationError, UpError, OSError) as error:
        return refused(error)
    return 0


def restart(settings: Settings) -> int:
    from server.embedded import EmbeddedError
    from server.renewal import RenewalError, renew

    try:
        done = renew(settings.data, settings.port, lambda said: print(said, flush=True))
    except (RenewalError, EmbeddedError, OSError) as error:
        return refused(error)
    except KeyboardInterrupt:
        print("viva: it goes on; the log of `viva up` says how it ends", file=sys.stderr)
        return 130
    return 0 if done else refused("not all of it was replaced; the log of `viva up` says why")


def serve(arguments: argparse.Namespace) -> int:
    settings: Settings = arguments.settings
    missing = _missing_urls(settings)
    if missing:
        return refused(missing)

    from server.language.pack import PackError, known
    from server.serving import serve as run_server

    try:
        known(settings.packs)
    except PackError as error:
        return refused(error)
    try:
        tls = _certificates(settings)
    except OSError as error:
        return refused(f"VIVA_TLS_CERT and VIVA_TLS_KEY cannot be used: {error}")
    given = arguments.door, arguments.ready, arguments.beside
    return 0 if run_server(settings, tls, *given) else 1


def _certificates(settings: Settings) -> Certificates | None:
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    return Certificates(settings.tls_cert, settings.tls_key)


def work(settings: Settings) -> int:
    missing = _missing_urls(settings)
    if not missing:
        os.execv(sys.executable, [sys.executable, "-P", "-m", "workers.main"])
    return refused(missing)


def check_worker(settings: Settings) -> int:
    """0 while a worker reports to Redis: the health check of a container."""
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    from server.queue import HEALTH_KEY

    if settings.redis_url is None:
        return refused("REDIS_URL is not set")

    async def alive(url: str) -> bool:
        async with Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3) as redis:
            return bool(await redis.exists(HEALTH_KEY))

    try:
        found = asyncio.run(alive(settings.redis_url.get_secret_value()))
    except (RedisError, OSError) as error:
        return refused(f"Redis does not answer ({type(error).__name__})")
    return 0 if found else refused("no worker reports to Redis")


def llm(settings: Settings) -> int:
    from server.vllm import launch
    from server.vllm import serve as become

    found = launch(settings)
    if isinstance(found, str):
        return refused(f"no language model is started: {found}")
    print(f"viva: starting {found.program} with {found.served_name}", file=sys.stderr, flush=True)
    try:
        become(found, settings, os.environ)
    except OSError as error:
        return refused(error)


def doctor(settings: Settings) -> int:
    from server.doctor import examine

    return examine(settings)


def talk(arguments: argparse.Namespace) -> int:
    from server.talk import Call, TalkError
    from server.talk import talk as hold

    try:
        key = secret(arguments.settings.interviewer_key)
        hold(Call(arguments.url, arguments.resume, arguments.token, arguments.wav or (), key))
    except TalkError as error:
        return refused(error)
    except KeyboardInterrupt:
        return 130
    return 0


def understand(arguments: argparse.Namespace) -> int:
    from server.understand import understand as answer

    return _advised(arguments, answer)


def guard(arguments: argparse.Namespace) -> int:
    from server.guard import judge

    return _advised(arguments, judge)


def probe(arguments: argparse.Namespace) -> int:
    from server.probe import probe as answer

    return _advised(arguments, answer)


def verify(arguments: argparse.Namespace) -> int:
    from server.verify import verify as examine

    return examine(arguments.file, arguments.key)


def _advised(arguments: argparse.Namespace, answer: Callable[..., int]) -> int:
    """Lines in, lines out, with the adapter that was asked for."""
    if arguments.adapter == "offline":
        return answer(sys.stdin, sys.stdout)

    from server.adviser import adviser
    from server.ports import EngineError

    try:
        with adviser(arguments.settings) as advises:
            return answer(sys.stdin, sys.stdout, advises)
    except EngineError as error:
        return refused(error)


def _missing_urls(settings: Settings) -> str | None:
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    missing = [name for name, url in urls.items() if url is None]
    if not missing:
        return None
    verb = "is" if len(missing) == 1 else "are"
    return f"{' and '.join(missing)} {verb} not set; only `viva up` brings its own"


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="viva", description="A real-time conversational voice interview server."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command, text in (
        (up, "everything: databases where no URL is given, migrations, server and worker"),
        (
            restart,
            "new processes in place of those of the `viva up` of this VIVA_DATA, without a break",
        ),
        (serve, "the server alone, on DATABASE_URL and REDIS_URL"),
        (work, "the background worker alone, on DATABASE_URL and REDIS_URL"),
        (llm, "vLLM alone, with the model that fits this machine's GPU or VIVA_LLM_MODEL"),
        (migrate, "bring the database at DATABASE_URL up to date"),
        (sign_in, "an address that signs in its first user, once: an administrator"),
        (reseal, "seal anew, under the newest of VIVA_SOUND_KEY, what older keys sealed"),
        (
            scrub,
            "take what was deleted out of the database's files; its tables are locked meanwhile",
        ),
        (doctor, "what of this machine viva can use, and what is missing"),
    ):
        name = command.__name__.replace("_", "-")
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(command=command)
        if command is serve:  # `viva up` gives them
            one.add_argument("--door", type=int, help=argparse.SUPPRESS)
            one.add_argument("--ready", type=int, help=argparse.SUPPRESS)
            one.add_argument("--beside", type=Path, help=argparse.SUPPRESS)
        if command is work:
            one.add_argument(
                "--check",
                dest="command",
                action="store_const",
                const=check_worker,
                help="only tell by the exit status whether a worker is alive",
            )
    _add_organisation(commands)
    _add_audit(commands)
    safekeeping_words.add(commands)
    _add_verify(commands)
    _add_talk(commands)
    load_arguments.add(commands)
    demo_arguments.add(commands)
    text = "how utterances are understood: JSON lines of id, language, question and utterance"
    _add_lines(commands, "understand", text, understand)
    text = "whether sentences may be spoken: JSON lines of id, language, role, text, and perhaps"
    _add_lines(commands, "guard", f"{text} question, answer and evidence", guard)
    text = "what is said next: JSON lines of id, language, role, question and answer, and perhaps"
    _add_lines(commands, "probe", f"{text} rubric and probes_so_far", probe)
    return parser


def _add_lines(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    text: str,
    command: Callable[[argparse.Namespace], int],
) -> None:
    one = commands.add_parser(name, help=text, description=text)
    one.set_defaults(command=command)
    one.add_argument(
        "--adapter",
        choices=("offline", "model"),
        default="offline",
        help="by which engine; model is the one at VIVA_LLM_URL; default: %(default)s",
    )


def _add_organisation(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "companies that share this server and see nothing of each other"
    one = commands.add_parser("organisation", help=text, description=text)
    what = one.add_subparsers(required=True, metavar="WHAT")
    text = "one more; prints the address, good for a week, at which its administrator joins"
    adding = what.add_parser("add", help=text, description=text)
    adding.set_defaults(command=organisation)
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("email", metavar="EMAIL", help="of its first administrator")


def _add_audit(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "the log of who saw, changed, exported and deleted, in the database at DATABASE_URL"
    one = commands.add_parser("audit", help=text, description=text)
    what = one.add_subparsers(required=True, metavar="WHAT")
    text = "whether nothing of it was changed, left out or put elsewhere"
    verifying = what.add_parser("verify", help=text, description=text)
    verifying.set_defaults(command=audit)
    verifying.add_argument(
        "--head",
        action="append",
        metavar="HASH",
        help="printed by an earlier verify: must still be in the log; may be given more than once",
    )


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "whether the archive of an interview is as it was when it was signed, and who signed it"
    one = commands.add_parser(
        "verify",
        help=text,
        description=f"{text}. Needs no database. Exit status 0: intact, and signed by the key; "
        "1: changed, or signed by another; 2: no such archive or key; 3: intact in itself, and "
        "nobody said whose key it has to be.",
    )
    one.set_defaults(command=verify)
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument(
        "--key",
        metavar="KEY",
        help="which has to have signed it: its fingerprint, or a file with a public key or a set "
        "of them (GET /v1/receipts/keys)",
    )


def _add_talk(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "an interview from the command line, at a running server"
    one = commands.add_parser("talk", help=text, description=text)
    one.set_defaults(command=talk)
    one.add_argument("--url", default="http://127.0.0.1:8000", help="default: %(default)s")
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


BY_ARGUMENTS = (
    *(serve, organisation, audit, verify, talk, understand, guard, probe),
    *safekeeping_words.BY_ARGUMENTS,
    load_arguments.load,
    demo_arguments.demo,
)

if __name__ == "__main__":
    sys.exit(main())
