"""What OpenAPI says of the REST API is so: asked by Schemathesis, on a real server and database."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

import asyncpg
import msgspec
import pytest
from openapi_spec_validator import validate

from server.store.scope import LOCAL
from server.web.principal import CSRF_HEADER
from tests.live import running
from tests.web.house import Company, company
from tests.web.test_problems import SCHEMA

KEY: Final = "interviewers-only"
NAMED: Final = (
    "resume_id", "interview_id", "opening_id", "invitation_id", "template_id", "answer_id",
    "webhook_id", "delivery_id", "member_id", "mail_id", "version_id", "language",
)  # fmt: skip
"""What is asked for is there."""
CONFIG: Final = """
continue-on-failure = true
request-timeout = 60
[cache]
enabled = false
[headers]
{header} = "{csrf}"
[auth.openapi]
interviewer.bearer = "{interviewer}"
session.api_key = "{cookie}"
key.bearer = "{key}"
candidate.bearer = "{candidate}"
share.bearer = "{share}"
invitation.bearer = "{invitation}"
[parameters]
{parameters}
[phases.coverage]
unexpected-methods = ["TRACE"]
[checks.positive_data_acceptance]
# What fits the schema and means nothing is 422, or says in which state it would.
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "410", "415", "422", "429", "5xx"]
[checks.negative_data_rejection]
enabled = false   # 0 is taken for false, as "false" in a query is
"""


def config(of: Company) -> str:
    def bearer(who: str) -> str:
        return of.headers[who]["authorization"].removeprefix("Bearer ")

    admin = of.headers["admin"]
    return CONFIG.format(
        header=CSRF_HEADER,
        csrf=admin[CSRF_HEADER],
        cookie=admin["cookie"].partition("=")[2],
        interviewer=KEY,
        key=bearer("every key"),
        candidate=bearer("candidate"),
        share=bearer("colleague"),
        invitation=bearer("guest"),
        parameters="\n".join(f'"path.{name}" = "{of.ids[name]}"' for name in NAMED),
    )


def test_the_document_is_one() -> None:
    validate(msgspec.json.decode(msgspec.json.encode(SCHEMA)))  # as it is sent


@pytest.mark.skipif("VIVA_CONTRACT" not in os.environ, reason="minutes long: make contract")
async def test_every_answer_is_as_it_is_documented(
    database_url: str, redis_url: str, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    here = await company(pool, "Hereby", LOCAL)
    (tmp_path / "schemathesis.toml").write_text(config(here))
    async with running(database_url, redis_url, worker=False, interviewer_key=KEY) as viva:
        asked = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "schemathesis.cli",
            "--config-file", str(tmp_path / "schemathesis.toml"),
            "run", f"{viva.base}/schema/openapi.json",
            "--wait-for-schema", "120", "--exclude-deprecated",
            "--phases", "coverage", "--mode", "positive",
            "--seed", "1", "--generation-database", "none", "--no-color",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path,
        )  # fmt: skip
        told, _ = await asked.communicate()
        assert asked.returncode == 0, told.decode()[-20_000:]
