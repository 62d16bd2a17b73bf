"""Before it begins a candidate knows what is coming, and chooses the language it is held in."""

from __future__ import annotations

import asyncpg

from server.store import secret
from tests.driver import lease
from tests.live import running
from tests.realtime.stage import an_interview


async def test_the_language_is_the_candidates_choice_among_those_offered(
    database_url: str, redis_url: str, pool: asyncpg.Pool
) -> None:
    stored = await an_interview(pool)
    token = secret.new("viva_")
    known = "UPDATE interviews SET token_sha256 = $2 WHERE id = $1"
    await pool.execute(known, stored.id, secret.hashed(token))
    headers = {"authorization": f"Bearer {token}"}
    place = f"/v1/interviews/{stored.id}"
    async with running(database_url, redis_url, worker=False) as viva:

        async def choose(language: str) -> tuple[int, dict[str, object]]:
            order = {"language": language}
            answer = await viva.http.put(f"{place}/language", json=order, headers=headers)
            return answer.status_code, answer.json()

        told = (await viva.http.get(f"{place}/outline", headers=headers)).json()
        outline = {"language": "en", "languages": ["en", "ko"], "minutes": 30, "topics": 7}
        outline |= {"result_days": None, "result_by": ""}
        assert told == outline | {"voice": "browser"}
        promised = {"result_days": 7, "result_by": "Ms Han"}
        about = {"title": "Pilot", **promised}
        await pool.execute("UPDATE interviews SET opening = $1", about)
        outline |= promised
        told |= promised
        await pool.execute("UPDATE organisations SET cloud_voice = true")
        heard = (await viva.http.get(f"{place}/outline", headers=headers)).json()
        assert heard == outline | {"voice": "cloud"}
        await pool.execute("UPDATE organisations SET cloud_voice = false")
        assert await choose("ko") == (200, told | {"language": "ko"})
        assert (await viva.http.get(f"{place}/outline", headers=headers)).json()["language"] == "ko"
        for none in ("fr", "", "KO"):
            status, problem = await choose(none)
            assert (status, problem["code"]) == (422, "language_not_offered")
        of_opening = "UPDATE interviews SET template = template || $2 WHERE id = $1"
        await pool.execute(of_opening, stored.id, {"languages": ["ko"]})
        assert (await choose("en"))[1]["code"] == "language_not_offered"
        await pool.execute(of_opening, stored.id, {"languages": []})
        await lease(pool, stored.id)
        status, problem = await choose("en")
        assert (status, problem["code"]) == (409, "interview_started")
    role = "SELECT (language, target_role) FROM interviews WHERE id = $1"
    assert await pool.fetchval(role, stored.id) == ("ko", "Data Engineer")
