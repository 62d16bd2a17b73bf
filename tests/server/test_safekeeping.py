"""``viva backup`` and ``viva restore``: into an empty place, where interviews then go on."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server import cli
from server.core.events import InterviewStarted
from server.embedded import Embedded
from server.engines.opus import FRAME_MS
from server.settings import NAMES
from server.store import erasure, facts, interviews
from server.store.keys import Keys
from server.store.scope import LOCAL
from server.store.signing import Signer
from tests.driver import lease
from tests.engines.test_opus import decoded
from tests.interviewed import held, recorded
from tests.live import SOUND_KEY, Viva, browser, running
from tests.web.house import Company, company

Command = Callable[..., Any]


@pytest.fixture
def viva(monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, with these variables and no others."""
    monkeypatch.setattr("server.log.configure", lambda *_: None)

    async def run(*words: object, **variables: object) -> int:
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        return await asyncio.to_thread(cli.main, [str(one) for one in words])

    return run


async def test_what_was_kept_is_put_into_an_empty_place_and_interviews_go_on(
    viva: Command,
    pool: asyncpg.Pool,
    database_url: str,
    redis_url: str,
    short_folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    house = await company(pool, "Acme", LOCAL)
    over, gone = await held(pool), await held(pool, name="Ada")
    await recorded(pool, over)
    ticket = await _broken_off(pool, over.resume_id)
    old, new, keys, file, since = (
        short_folder / name for name in ("old", "new", "keys.txt", "today.viva", "receipts.txt")
    )
    old.mkdir()
    (old / "sound.key").write_text(SOUND_KEY)
    (old / "interviewer.key").write_text("interviewers-only")
    here = {"DATABASE_URL": database_url, "VIVA_DATA": old}
    capsys.readouterr()
    assert await viva("backup", file, "--keys", keys, "--json", **here) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["file"], told["bytes"]) == (str(file), file.stat().st_size)
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert b"Yuna" not in file.read_bytes()
    assert await viva("backup", file, **here) == 1
    assert f"{file} is there already; nothing is written over" in capsys.readouterr().err

    await erasure.erase(pool, gone.resume_id, Signer(Keys((bytes(32),))), "candidate")
    for _ in range(2):
        assert await viva("receipt", "export", since, **here) == 0
    assert len(since.read_text().splitlines()) == 1

    assert await viva("restore", file, "--receipts", since, VIVA_DATA=new) == 1, "no keys"
    assert not (new / "sound.key").exists()
    assert await viva("restore", file, "--keys", keys, "--receipts", since, VIVA_DATA=new) == 0
    assert (new / "interviewer.key").read_text() == "interviewers-only"
    assert (new / "sound.key").read_text() == SOUND_KEY

    async with Embedded(new, redis=False) as embedded:
        kept = embedded.database_url
        async with running(kept, redis_url, worker=False, recording="consent") as system:
            deleted = await system.http.get(f"/v1/resumes/{gone.resume_id}", headers=_key(house))
            assert deleted.status_code == 404
            await _heard_and_verified(viva, system, house, over.interview_id, short_folder)
            await _goes_on(system, house, ticket)
        # The database of a viva that is running is found by its folder.
        assert await viva("backup", short_folder / "again.viva", VIVA_DATA=new) == 0
        assert await viva("restore", file, "--no-receipts", VIVA_DATA=new) == 1, "it is in use"


def _key(house: Company) -> dict[str, str]:
    return house.headers["every key"]


async def _broken_off(pool: asyncpg.Pool, resume_id: UUID) -> dict[str, Any]:
    """An interview that was begun when the backup was made."""
    created = await interviews.create(pool, resume_id)
    assert created is not None
    epoch = await lease(pool, created.interview_id)
    begun = InterviewStarted("Data Engineer", "en")
    await facts.append(pool, created.interview_id, epoch, 1, [begun])
    return {"interview_id": str(created.interview_id), "token": created.token}


async def _heard_and_verified(
    viva: Command, system: Viva, house: Company, interview_id: UUID, folder: Path
) -> None:
    path = f"/v1/interviews/{interview_id}/dossier/archive?sound=true"
    answer = await system.http.get(path, headers=_key(house))
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "missing.txt" not in archive.namelist()
        assert len(decoded(archive.read("sound/1.ogg"))) >= 16 * FRAME_MS
    archive_file, keys = folder / "dossier.zip", folder / "keys.json"
    archive_file.write_bytes(answer.content)
    keys.write_bytes((await system.http.get("/v1/receipts/keys")).content)
    assert await viva("verify", archive_file, "--key", keys) == 0


async def _goes_on(system: Viva, house: Company, ticket: dict[str, Any]) -> None:
    url = f"{system.base.replace('http', 'ws')}/v1/realtime"
    async with browser({**ticket, "websocket_url": url}) as candidate:
        await candidate.event("viva.question", turn=1, seconds=60.0)
        content = [{"type": "input_text", "text": "I moved the nightly load to a queue."}]
        item = {"type": "message", "role": "user", "content": content}
        await candidate.send(type="conversation.item.create", item=item)
        await candidate.event("viva.question", turn=2, seconds=60.0)
        await candidate.send(type="viva.end")
        await candidate.event("viva.ended", seconds=60.0)
    path = f"/v1/interviews/{ticket['interview_id']}"
    shown = (await system.http.get(path, headers=_key(house))).json()
    assert [one["text"] for one in shown["answers"]] == ["I moved the nightly load to a queue."]


async def test_what_is_refused_says_what_to_do(
    viva: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, keys, none = tmp_path / "x.viva", tmp_path / "keys", tmp_path / "none"
    file.write_bytes(b"something else")
    keys.write_text(SOUND_KEY)
    other = base64.b64encode(b"?" * 32).decode()
    for words, variables, said in (
        (("backup", tmp_path / "new"), {}, "set VIVA_SOUND_KEY as the servers have it"),
        (
            ("backup", tmp_path / "new"),
            {"VIVA_SOUND_KEY": SOUND_KEY},
            "set DATABASE_URL, or start `viva up`",
        ),
        (("restore", file, "--no-receipts"), {}, "without the keys it was sealed with"),
        (("restore", file, "--no-receipts"), {"VIVA_SOUND_KEY": SOUND_KEY}, "no such file of"),
        (("restore", none, "--no-receipts", "--keys", keys), {}, "No such file"),
        (
            ("restore", file, "--no-receipts", "--keys", keys),
            {"VIVA_SOUND_KEY": other},
            "add those to VIVA_SOUND_KEY",
        ),
        (("receipt", "apply", file), {"VIVA_SOUND_KEY": SOUND_KEY}, "line 1: this is no"),
    ):
        assert await viva(*words, **{"VIVA_DATA": none, **variables}) == 1, words
        assert said in capsys.readouterr().err, words
    assert not none.exists(), "nothing was made"
    assert not (tmp_path / "new").exists()
    with pytest.raises(SystemExit):
        await viva("restore", file)
    assert "--receipts --no-receipts" in capsys.readouterr().err
