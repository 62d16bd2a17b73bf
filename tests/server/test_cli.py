"""The command: what it refuses and how it says so, and ``migrate`` on a real database."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from server import cli
from server.assets import share
from server.manual import Parser
from server.queue import HEALTH_KEY
from server.settings import NAMES
from server.store import links
from server.store.scope import LOCAL


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """None of our variables set, and logging left as it is."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("server.log.configure", lambda *_: None)
    return monkeypatch


def test_a_wrong_value_is_named_and_nothing_starts(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("VIVA_HOST", "0.0.0.0")
    assert cli.main(["up"]) == 2
    said = capsys.readouterr().err
    assert "VIVA_HOST" in said
    assert "loopback only" in said


@pytest.mark.parametrize("command", ["serve", "work"])
def test_only_up_brings_databases_of_its_own(
    command: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command]) == 1
    assert "DATABASE_URL and REDIS_URL are not set" in capsys.readouterr().err
    environment.setenv("DATABASE_URL", "postgresql://viva@/viva?host=/nowhere")
    assert cli.main([command]) == 1
    assert "viva: REDIS_URL is not set" in capsys.readouterr().err


def test_a_taken_port_is_refused_before_anything_starts(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = tmp_path_factory.mktemp("data") / "viva"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment.setenv("VIVA_PORT", str(port))
        environment.setenv("VIVA_DATA", str(data))
        assert cli.main(["up"]) == 1
    assert f"port {port} on 127.0.0.1 is taken" in capsys.readouterr().err
    assert not data.exists()


async def test_migrate_migrates_once(
    empty_database_url: str,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment.setenv("DATABASE_URL", empty_database_url)
    assert await asyncio.to_thread(cli.main, ["migrate"]) == 0
    assert "0001_interviews.sql" in capsys.readouterr().out
    assert await asyncio.to_thread(cli.main, ["migrate"]) == 0
    assert "nothing to migrate" in capsys.readouterr().out
    assert await asyncio.to_thread(cli.main, ["migrate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"applied": []}


async def test_sign_in_makes_an_address_that_takes_the_place_of_earlier_ones(
    database_url: str,
    pool: asyncpg.Pool,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment.setenv("DATABASE_URL", database_url)
    environment.setenv("VIVA_PORT", "8123")
    found = []
    for _ in range(2):
        assert await asyncio.to_thread(cli.main, ["sign-in"]) == 0
        base, _, token = capsys.readouterr().out.strip().partition("#link=")
        assert base == "http://127.0.0.1:8123/sign-in"
        found.append(token)
    older, newer = [await links.find(pool, token) for token in found]
    assert older is None
    assert newer is not None
    assert (newer.kind, newer.user_id, newer.organisation_id) == ("sign_in", None, LOCAL)


async def test_an_organisation_is_added_with_whom_it_belongs_to(
    database_url: str,
    pool: asyncpg.Pool,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment.setenv("DATABASE_URL", database_url)
    add = ["organisation", "add", "Harrow Mills", "Imani@harrow.test"]
    assert await asyncio.to_thread(cli.main, add) == 0
    _, _, token = capsys.readouterr().out.strip().partition("/sign-in#link=")
    found = await links.find(pool, token)
    assert found is not None
    assert (found.kind, found.organisation) == ("join", "Harrow Mills")
    assert found.organisation_id != LOCAL
    who = "SELECT email || ' ' || role FROM users WHERE id = $1"
    assert await pool.fetchval(who, found.user_id) == "imani@harrow.test admin"
    default = "SELECT count(*) FROM templates WHERE organisation_id = $1 AND is_default"
    assert await pool.fetchval(default, found.organisation_id) == 1


@pytest.mark.parametrize(("name", "email"), [(" ", "a@b.test"), ("Mills", "nobody")])
def test_an_organisation_needs_a_name_and_an_address(
    name: str, email: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nowhere")
    assert cli.main(["organisation", "add", name, email]) == 1
    assert "e-mail address" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["sign-in", "migrate", "scrub", "reseal"])
def test_without_a_database_it_says_so(
    word: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment.setenv("VIVA_DATA", str(tmp_path))
    assert cli.main([word]) == 1
    assert "no database: set DATABASE_URL, or start `viva up`" in capsys.readouterr().err


async def test_a_worker_is_known_by_what_it_reports(
    redis_url: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("REDIS_URL", redis_url)
    assert await asyncio.to_thread(cli.main, ["work", "--check"]) == 1
    assert "no worker reports" in capsys.readouterr().err
    async with Redis.from_url(redis_url) as redis:
        await redis.set(HEALTH_KEY, "alive", ex=10)
    assert await asyncio.to_thread(cli.main, ["work", "--check"]) == 0
    environment.setenv("REDIS_URL", "unix:///nowhere.sock")
    assert await asyncio.to_thread(cli.main, ["work", "--check"]) == 1
    assert "does not answer" in capsys.readouterr().err


def test_a_database_that_is_away_is_told_without_its_password(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATABASE_URL", "postgresql://viva:s3cret@127.0.0.1:9/viva")
    assert cli.main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("viva: ")
    assert "s3cret" not in said


def commands(one: Parser, name: str = "viva") -> Iterator[tuple[str, Parser]]:
    yield name, one
    for word, (_, inner) in one.words().items():
        yield from commands(inner, f"{name} {word}")


COMMANDS = dict(commands(cli.parser()))


def test_every_word_stands_in_one_group() -> None:
    known = cli.parser()
    grouped = [name for names in known.groups.values() for name in names]
    assert sorted(grouped) == sorted(known.words())
    assert sorted(grouped) == sorted(set(grouped))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_word_explains_itself(name: str) -> None:
    one = COMMANDS[name]
    for action in one.arguments():
        assert action.help, f"{name} {action.dest}"
    for word, (does, _) in one.words().items():
        assert does, f"{name} {word}"
        assert does[0].islower(), does
        assert not does.endswith("."), does
    if one.words():
        return
    text = " ".join(one.format_help().split())
    assert "exit status:" in text
    assert f"usage: {name}" in text
    for status, what in one.statuses.items():
        assert f"{status} {what}" in text


def test_without_a_word_it_shows_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    said = capsys.readouterr().err
    assert all(f"  {word} " in said for word in cli.parser().words())


def test_it_says_which_version_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("viva 0.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_it(
    shell: str,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    environment.setenv("VIVA_HOST", "0.0.0.0")  # a wrong variable is no reason not to
    assert cli.main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in ("organisation", "receipt", "--receipts", "candidate"))
    assert "--door" not in script
    file = tmp_path / "script"
    file.write_text(script)
    if shutil.which(shell):
        subprocess.run([shell, "-n", str(file)], check=True)


def test_bash_offers_what_may_come_next(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cli.main(["completion", "bash"])
    file = tmp_path / "script"
    file.write_text(capsys.readouterr().out)
    for line, offered in (("viva rece", "receipt"), ("viva receipt ex", "export")):
        words = line.split()
        asks = (
            f"source {file}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; "
            f"_shtab_viva viva {words[-1]} {words[-2]}; echo ${{COMPREPLY[@]}}"
        )
        done = subprocess.run(["bash", "-c", asks], check=True, capture_output=True, text=True)
        assert done.stdout.split() == [offered]


def examined(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, dict[str, Any]]:
    """What `viva doctor` finds, by the part."""
    assert cli.main(["doctor", "--json", *more]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["ok"]
    return {one["what"]: one for one in told["findings"]}


def test_doctor_finds_what_the_wheels_bring(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment.setenv("VIVA_SST", "whisper")
    environment.setenv("VIVA_DATA", str(tmp_path / "none"))
    found = examined(capsys)
    assert "brings its own database up to date" in found["schema"]["detail"]
    assert "postgres of its own, 18." in found["postgresql"]["detail"]
    assert "valkey-server of its own, 9." in found["valkey"]["detail"]
    assert found["whisper-base"]["state"] == "ok"
    assert found["espeak-ng"]["state"] == "ok"
    assert "VIVA_SST" in found["environment"]["detail"]
    assert {"python", "gpu", "port", "chromium", "migrations", "static"} <= set(found)


def test_doctor_says_for_whom(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment.setenv("VIVA_DATA", str(tmp_path / "none"))
    environment.setenv("VIVA_PUBLIC_URL", "http://viva.example")
    assert "has no TLS: no microphone" in examined(capsys)["address"]["detail"]
    environment.setenv("VIVA_PUBLIC_URL", "https://viva.example")
    environment.setenv("VIVA_SMTP_URL", "smtps://mail.example")
    of = {
        role: examined(capsys, "--for", role) for role in ("candidate", "interviewer", "operator")
    }
    assert {"address", "whisper-base", "espeak-ng", "language packs"} <= set(of["candidate"])
    assert {"language model", "tesseract", "mail", "accounts"} <= set(of["interviewer"])
    assert {"postgresql", "schema", "disk", "keys"} <= set(of["operator"])
    assert of["candidate"]["address"]["state"] == of["interviewer"]["mail"]["state"] == "ok"
    assert cli.main(["doctor", "--for", "operator"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("for operators")
    assert all(line.split()[0] in {"ok", "note"} for line in lines[1:])


async def test_doctor_looks_at_the_stores_it_is_told_of_and_mends_the_schema(
    database_url: str,
    empty_database_url: str,
    redis_url: str,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment.setenv("DATABASE_URL", database_url)
    environment.setenv("REDIS_URL", redis_url)
    found = await asyncio.to_thread(examined, capsys)
    assert "of the database and Redis" in found["clocks"]["detail"]
    newest = max(path.stem for path in share("migrations").glob("*.sql"))
    assert (found["schema"]["state"], found["schema"]["detail"]) == ("ok", newest)
    assert "nobody has signed in yet" in found["accounts"]["detail"]
    assert "one VIVA_SOUND_KEY" in found["keys"]["detail"]
    assert "GiB left" in found["disk"]["detail"]
    environment.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    environment.setenv("DATABASE_URL", empty_database_url)
    found = await asyncio.to_thread(examined, capsys)
    assert "no answer by redis" in found["clocks"]["detail"]
    assert found["schema"]["detail"] == "empty: run viva migrate"
    assert found["schema"]["can_be_mended"]
    found = await asyncio.to_thread(examined, capsys, "--fix")
    assert (found["schema"]["state"], found["schema"]["detail"]) == ("ok", newest)


def test_doctor_closes_key_files_that_others_may_read(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment.setenv("VIVA_DATA", str(tmp_path))
    key = tmp_path / "sound.key"
    key.write_text("secret")
    key.chmod(0o644)
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert f"others of this machine may read {key}" in said
    assert said.splitlines()[-1] == "`viva doctor --fix` mends: keys"
    assert cli.main(["doctor", "--fix"]) == 0
    assert capsys.readouterr().out.startswith("mended ")
    assert key.stat().st_mode & 0o777 == 0o600


def test_doctor_says_which_folder_cannot_be_written_and_that_a_database_is_away(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment.setenv("DATABASE_URL", "postgresql://viva:s3cret@127.0.0.1:1/viva")
    monkeypatch.setattr("server.readiness.LEAST_FREE", 1 << 60)
    found = examined(capsys)
    assert found["disk"]["state"] == "note"
    assert "make room" in found["disk"]["detail"]
    assert "does not answer" in found["schema"]["detail"]
    assert "s3cret" not in str(found)


def test_doctor_says_when_the_port_is_taken(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment.setenv("VIVA_PORT", str(taken.getsockname()[1]))
        assert "is taken" in examined(capsys)["port"]["detail"]
