"""An interview leaves the house as JSON and as an archive, in which every change is found."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import asyncpg
import pytest

from server.cli import main
from server.store.scope import LOCAL
from tests.interviewed import Held, held, recorded
from tests.live import Viva
from tests.web.house import Company, company
from tests.web.test_reports import Desk, write

pytestmark = pytest.mark.viva(worker=False, recording="consent")


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


@pytest.fixture
async def made(pool: asyncpg.Pool, house: Company) -> Held:
    found = await held(pool)
    await recorded(pool, found)
    await write(pool, found)
    return found


async def test_out_of_the_house_and_verified_without_it(
    viva: Viva,
    house: Company,
    made: Held,
    pool: asyncpg.Pool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second = (Desk(viva, house, made, who) for who in ("interviewer", "recruiter"))
    await first.submit()
    assert (await first.ask("GET", "/dossier")).status_code == 403, "no right to take it out"
    told = (await second.ask("GET", "/dossier")).json()
    assert (told["format"], told["scorecards"], told["withheld"]) == ("viva-dossier-1", [], 1)
    await second.submit()
    await second.ask("POST", "/decision", {"outcome": "advance", "reason": "It was shown."})
    told = (await second.ask("GET", "/dossier")).json()
    assert [len(told[one]) for one in ("scorecards", "decisions", "reports")] == [2, 1, 1]

    plain = await second.ask("GET", "/dossier/archive")
    sounding = await second.ask("GET", "/dossier/archive?sound=true")
    assert 'filename="viva-interview-' in sounding.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(plain.content)) as archive:
        names = archive.namelist()
        assert not [name for name in names if name.startswith("sound/")]
        assert json.loads(archive.read("decisions.json"))[0]["reason"] == "It was shown."
        assert json.loads(archive.read("consent.json"))[0]["kind"] == "agreed"
        assert "evidence" in json.loads(archive.read("prompts.json"))
    with zipfile.ZipFile(io.BytesIO(sounding.content)) as archive:
        sound = {name for name in archive.namelist() if name.startswith("sound/")}
        assert sound == {f"sound/{turn}.ogg" for turn in made.spoken}
        assert archive.read("sound/1.ogg").startswith(b"OggS")

    path, keys = tmp_path / "dossier.zip", tmp_path / "keys.json"
    path.write_bytes(sounding.content)
    keys.write_bytes((await viva.http.get("/v1/receipts/keys")).content)
    assert main(["verify", str(path)]) == 3
    assert "Who that is was not checked" in capsys.readouterr().out
    assert main(["verify", str(path), "--key", str(keys)]) == 0
    said = capsys.readouterr().out
    assert f"interview: {made.interview_id}" in said
    assert said.endswith("Intact, and signed by the key that you trust.\n")
    whole = bytearray(sounding.content)
    whole[whole.index(b"It was shown.")] ^= 32
    path.write_bytes(whole)
    assert main(["verify", str(path), "--key", str(keys)]) == 1
    said = capsys.readouterr().out
    assert "CHANGED  decisions.json" in said
    assert said.endswith("do not rely on it.\n")


async def test_sound_whose_key_is_gone_is_named(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await pool.execute("DELETE FROM sound_keys")
    answer = await Desk(viva, house, made, "admin").ask("GET", "/dossier/archive?sound=true")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        missing = archive.read("missing.txt").decode().split()
    assert missing == [f"sound/{turn}.ogg" for turn in made.spoken]
