"""A language that viva does not come with, from résumé to interview: a folder of sentences."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from tests.french import written
from tests.live import Viva, browser, running, until

RESUME = [
    "Camille Durand",
    "camille.durand@example.com",
    "Poste visé : Infirmière",
    "Expérience avec une équipe de soins, dans un service des urgences et de la chirurgie,",
    "pour la prise en charge des patients et la coordination avec les médecins.",
]


@pytest.fixture
async def viva(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Viva]:
    written(tmp_path / "fr")
    async with running(database_url, redis_url, packs=tmp_path) as system:
        yield system


async def test_a_resume_in_it_becomes_an_interview_in_it(viva: Viva, pool: asyncpg.Pool) -> None:
    ticket = await viva.interview(RESUME)
    assert ticket["language"] == "fr"
    planned = await until(lambda: _plan(viva, ticket["interview_id"]))
    assert {question["language"] for question in planned} == {"fr"}
    texts = [question["text"] for question in planned]
    assert "Pour knowledge, de quoi êtes-vous fier ?" in texts
    kept = await pool.fetchval("SELECT elsewhere FROM questions WHERE ordinal = 1")
    assert set(kept) == {"en", "ko"}
    async with browser(ticket) as candidate:
        opening = await candidate.hear_question(1)
        assert opening.startswith("Bonjour, Camille Durand. Je suis l’intervieweur automatique")
        assert ticket["target_role"] in opening
        await candidate.send(type="viva.control", control="skip")
        following = await candidate.hear_question(2)
        assert following.endswith(tuple(texts[1:]))


async def _plan(viva: Viva, interview_id: str) -> list[dict[str, str]] | None:
    questions: list[dict[str, str]] = (await viva.show(interview_id))["questions"]
    return questions or None


async def test_its_pages_say_what_it_has_and_the_rest_in_another_language(viva: Viva) -> None:
    page = await viva.http.get("/", headers={"accept-language": "fr-FR,fr;q=0.9"})
    assert '<html lang="fr"' in page.text
    found = re.search(r'id="texts">(.*?)</script>', page.text)
    assert found is not None
    sent = json.loads(found[1])
    assert sent["languages"]["fr"]["name"] == "français"
    assert set(sent["languages"]) == {"en", "fr", "ko"}
    assert sent["strings"]["retry"] == "Réessayer"
    assert sent["strings"]["skip"] == "Skip to content"


async def test_its_family_is_asked_what_it_has_and_others_what_anybody_is(viva: Viva) -> None:
    ticket = await viva.interview([RESUME[0], "Poste visé : Soudeur", *RESUME[3:]])
    assert ticket["language"] == "fr"
    planned = await until(lambda: _plan(viva, ticket["interview_id"]))
    assert "votre travail" in planned[0]["text"]
